"""In which encoding a file is written: told by its bytes, or asked where they read two ways."""

import codecs
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from charset_normalizer import from_bytes

from metrics.rules.faults import Fault, Unreadable, shown
from metrics.rules.fileshapes import known_encoding
from metrics.sources.detection import CHUNK, SAMPLE, utf16_guess

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNS = "€£§°–—“”„‘’‚«»…·©®™\u00a0\u00ad"
LATIN = {
    "cp1252": frozenset(
        _SIGNS + "àâäáãåçéèêëíìîïñóòôöõøúùûüýß" + "ÀÂÄÁÃÅÇÉÈÊËÍÌÎÏÑÓÒÔÖÕØÚÙÛÜÝ" + "¡ºª²½´"
    ),
    "cp1250": frozenset(
        _SIGNS
        + ("ąćęłńóśźżáčďéěíňřšťúůýžöüőűäôĺľŕăâîşţđ")
        + ("ĄĆĘŁŃÓŚŹŻÁČĎÉĚÍŇŘŠŤÚŮÝŽÖÜŐŰÄÔĹĽŔĂÂÎŞŢĐß")
    ),
}
ISOLATED = (
    "cp1250",
    "cp1251",
    "cp1252",
    "cp1256",
    "cp1258",
    "cp874",
    "big5",
    "gb18030",
    "shift_jis",
    "euc_kr",
)
MOST_FOREIGN = 0.85
SAME_CHAOS, SAME_COHERENCE = 0.1, 0.1  # readings that differ by less may both be right
MOST_READINGS = 5
PIECE = 1024 * 1024
BROKEN = re.compile("[\udc80-\udcff]")  # bytes that are no UTF-8, as surrogateescape has them
WIDE = re.compile("[^\x00-\x7f\udc80-\udcff]")
MIXED = re.compile(
    "[A-Za-z][^\\W\\d_\\u0000-\\u024f]|[^\\W\\d_\\u0000-\\u024f][A-Za-z]"
)  # of two scripts
CELLS = re.compile("[,;\t|]")


def detect_encoding(path: Path) -> str:
    """The encoding of the whole file, nothing where it cannot be told.

    A mark or UTF-8 leave no doubt, nor does UTF-8 with some broken letters, which are told when
    they are read. Unreadable asks where the bytes can be read in several ways.
    """
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    for mark, name in BOMS:
        if head.startswith(mark):
            return name
    if b"\0" in head:
        return utf16_guess(head)
    if _is_utf8(path) or is_mostly_utf8(path):
        return "utf-8"
    return _guess(path)


def _is_utf8(path: Path) -> bool:
    """Whether every byte of the file is UTF-8; a character cut off at the very end is forgiven."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    with path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK):
                if not chunk.isascii() or decoder.getstate()[0]:  # else nothing to decode
                    decoder.decode(chunk)
        except UnicodeDecodeError:
            return False
    return True


def is_mostly_utf8(path: Path) -> bool:
    """Whether letters in UTF-8 stand there, at least as many as bytes that are none.

    In other encodings four of five such bytes and more are no UTF-8.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    wide = broken = 0
    with path.open("rb") as file:
        while chunk := file.read(PIECE):
            if chunk.isascii() and not decoder.getstate()[0]:
                continue
            text = decoder.decode(chunk)
            wide += sum(1 for _found in WIDE.finditer(text))
            broken += sum(1 for _found in BROKEN.finditer(text))
            if broken > max(wide, SAMPLE):
                return False
    return wide >= max(broken, 1)


def _guess(path: Path) -> str:
    """The likeliest of the encodings that MOps knows; Unreadable asks where several are."""
    sample = _foreign_lines(path)
    likely = {
        name: sample.decode(name, "replace")
        for name, letters in LATIN.items()
        if _is_latin(sample, name, letters)
    } or _likely(sample)
    if len(set(likely.values())) > 1:
        raise Unreadable(_which(path, sample, likely))
    return next(iter(likely), "")


def _foreign_lines(path: Path) -> bytes:
    """The first lines that are not plain ASCII."""
    found, size = [], 0
    with path.open("rb") as file:
        while size < SAMPLE and (chunk := file.read(CHUNK)):
            for line in re.findall(rb"[^\r\n]*[\x80-\xff][^\r\n]*", chunk):
                found.append(line[:SAMPLE])
                size += len(found[-1])
                if size >= SAMPLE:
                    break
    return b"\n".join(found)[:SAMPLE]


def _is_latin(sample: bytes, encoding: str, letters: frozenset[str]) -> bool:
    """Whether the text in this encoding has none but the usual letters, words not all foreign."""
    text = sample.decode(encoding, "replace")
    words = [word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()]
    odd = {letter for letter in text if not letter.isascii()}
    foreign = sum(not letter.isascii() for word in words for letter in word)
    return odd <= letters and foreign <= MOST_FOREIGN * sum(map(len, words))


def _likely(sample: bytes) -> dict[str, str]:
    """The encodings in which the sample reads best, with the text in each."""
    found = list(from_bytes(sample, cp_isolation=list(ISOLATED)))
    found = [one for one in found if not MIXED.search(str(one))][:MOST_READINGS]
    return {
        name: str(one)
        for one in found
        if one.chaos - found[0].chaos <= SAME_CHAOS
        and found[0].coherence - one.coherence <= SAME_COHERENCE
        and (name := known_encoding(one.encoding))
    }


def _which(path: Path, sample: bytes, likely: Mapping[str, str]) -> Fault:
    """The question which of the encodings it is, with a cell that they read differently."""
    lines = zip(sample.split(b"\n"), *(text.split("\n") for text in likely.values()), strict=False)
    line, *read = next(
        (found for found in lines if len(set(found[1:])) > 1), (sample, *likely.values())
    )
    cells = next(_differing(read), tuple(read))
    told = "; ".join(
        f"{name}: {shown(cell.strip())}" for name, cell in zip(likely, cells, strict=True)
    )
    row = _row_of(path, line)
    more = (("readings", told), ("at", str(row)))
    return Fault("which_encoding", row=row, pointer="/file/encoding", more=more)


def _differing(lines: list[str]) -> Iterator[tuple[str, ...]]:
    """The cells of one line that are not the same in each reading."""
    for cells in zip(*map(CELLS.split, lines), strict=False):
        if len(set(cells)) > 1:
            yield cells


def _row_of(path: Path, line: bytes) -> int:
    with path.open("rb") as file:
        return next((row for row, found in enumerate(file, 1) if line in found), 1)
