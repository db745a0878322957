"""What the bytes of an uploaded file are: not a CSV at all, or cells between which delimiter."""

import codecs
import csv
import re
import zipfile
from pathlib import Path

from metrics.rules.faults import Fault, Unreadable

CHUNK = 8 * 1024 * 1024
SAMPLE = 64 * 1024
CANDIDATES = (",", ";", "\t", "|")
SAMPLE_ROWS = 25
MAGIC = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file_is_xls"),
    (b"%PDF-", "file_is_pdf"),
    (b"\x1f\x8b", "file_is_archive"),
    (b"7z\xbc\xaf\x27\x1c", "file_is_archive"),
    (b"Rar!\x1a\x07", "file_is_archive"),
    (b"\x89PNG\r\n", "file_is_binary"),
    (b"\xff\xd8\xff", "file_is_binary"),
    (b"PAR1", "file_is_binary"),
    (b"SQLite format 3\0", "file_is_binary"),
)
HALF = 0.3  # UTF-16 without its mark shows as NULs in every other byte of mostly Latin text
TOO_MANY_CONTROLS = 0.02


def refuse_other_kinds(path: Path) -> None:
    """Raise Unreadable for an empty file and for what is no text: workbooks, archives, pictures."""
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise Unreadable(Fault("file_is_empty"))
    if head.startswith(b"PK\x03\x04"):
        raise Unreadable(Fault(_kind_of_zip(path)))
    for magic, code in MAGIC:
        if head.startswith(magic):
            raise Unreadable(Fault(code))
    if re.match(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|table)", head, re.IGNORECASE):
        raise Unreadable(Fault("file_is_html"))
    if _is_binary(head):
        raise Unreadable(Fault("file_is_binary"))


def _kind_of_zip(path: Path) -> str:
    """Which of the formats that are zip archives inside."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()[:200]
    except (zipfile.BadZipFile, OSError, NotImplementedError, UnicodeDecodeError):
        return "file_is_archive"
    if any(name.startswith("xl/") for name in names):
        return "file_is_xlsx"
    return "file_is_ods" if "content.xml" in names else "file_is_archive"


def _is_binary(head: bytes) -> bool:
    """NUL bytes that are not the half of UTF-16, or too many control characters."""
    if b"\0" in head:
        return not utf16_guess(head)
    controls = sum(
        head.count(bytes([code])) for code in (*range(9), *range(14, 27), *range(28, 32))
    )
    return controls > len(head) * TOO_MANY_CONTROLS


def utf16_guess(head: bytes) -> str:
    """The byte order of UTF-16 text, by its mark or by where the NULs stand; else nothing."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    half = len(head) // 2 or 1
    even, odd = head[0::2].count(0) / half, head[1::2].count(0) / half
    if odd > HALF and even < odd / 10:
        return "utf-16-le"
    if even > HALF and odd < even / 10:
        return "utf-16-be"
    return ""


def detect_delimiter(lines: list[str]) -> str:
    """The delimiter that cuts most lines into the same number of cells; a comma where none does."""
    best, chosen = (0.0, 0), ","
    for candidate in CANDIDATES:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=candidate) if row]
        except csv.Error:
            continue
        several = [width for width in widths if width > 1]  # titles and comments have one cell
        width = max(set(several), key=lambda n: (several.count(n), n), default=0)
        score = (widths.count(width) / (len(widths) or 1), width)
        if width > 1 and score > best:
            best, chosen = score, candidate
    return chosen
