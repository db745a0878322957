"""What a file is, by its first bytes; what it may be called; how a download names it."""

import re
import unicodedata
from urllib.parse import quote

from workspaces.rules.letters import seen

LONGEST_NAME = 200
HEAD = 8192  # bytes that tell what a file is
PICTURES = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
}  # as the drawing library calls them
PDF, TEXT, UNKNOWN = "application/pdf", "text/plain", "application/octet-stream"
BIDI = set(map(chr, (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))
JOINERS = "\u200c\u200d"
PLAIN = re.compile(r"[^A-Za-z0-9._ -]")
ADDRESS = re.compile(r"https://[^\s/?#\\@]+(?:[/?#]\S*)?\Z", re.IGNORECASE)
MARKUP = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<[!?a-z]", re.IGNORECASE)


def type_of(head: bytes) -> str:
    """What the first bytes say: a picture, a PDF, plain text, else "" for what is only kept.

    Text that begins like HTML, XML or SVG is only kept.
    """
    for signature, found in (
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"%PDF-", PDF),
    ):
        if head.startswith(signature):
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return TEXT if _is_text(head) else ""


def _is_text(head: bytes) -> bool:
    """Whether it is UTF-8 without control characters and no markup; a letter may be cut."""
    if not head or MARKUP.match(head):
        return False
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data" or len(head) < HEAD:
            return False
        text = head[: error.start].decode("utf-8")
    return all(letter.isprintable() or letter in "\t\r\n\f" or _is_mark(letter) for letter in text)


def _is_mark(letter: str) -> bool:
    """Spaces and format characters of other scripts, which are not printable but no controls."""
    return unicodedata.category(letter) in {"Zs", "Cf", "Zl", "Zp"}


def clean_name(name: str) -> str:
    """A file's name for people: no path, no control or direction characters; perhaps ""."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = seen("".join(letter for letter in last if _is_shown(letter))).strip(" .")
    if len(kept) <= LONGEST_NAME:
        return kept
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending) > 12:  # noqa: PLR2004  longer is no ending
        return kept[:LONGEST_NAME].strip()
    return f"{stem[: LONGEST_NAME - len(ending) - 1].strip()}.{ending}"


def link_name(name: str) -> str:
    """What a link is called: its text as it is, in one line of bounded length; perhaps ""."""
    line = re.sub(r"\s", " ", name)
    return seen("".join(letter for letter in line if _is_shown(letter))[:LONGEST_NAME])


def _is_shown(letter: str) -> bool:
    """Whether a name may have it; Persian joins and parts its letters with two that are unseen."""
    return letter in JOINERS or (letter.isprintable() and letter not in BIDI)


def disposition(name: str) -> str:
    """The Content-Disposition of a download (RFC 6266): never shown, a plain and the true name."""
    plain = PLAIN.sub("_", unicodedata.normalize("NFKD", name)) or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def is_address(text: str) -> bool:
    """Whether a link may lead there: https, a host without a name and password, no space."""
    return bool(ADDRESS.match(text)) and text.isprintable()


def served_type(content_type: str) -> str:
    """What a download says that it is: only what was recognised, and nothing that could run."""
    return content_type if content_type in {*PICTURES, PDF} else UNKNOWN
