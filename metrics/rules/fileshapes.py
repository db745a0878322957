"""How a file is written: the `file` part of a mapping document."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from metrics.rules.digits import ASCII, NATIVE
from metrics.rules.documents import Walk, escaped

DELIMITERS = (",", ";", "\t", "|", ":", " ")
DECIMALS = (".", ",")
OTHER_MARK = {".": ",", ",": "."}
THOUSANDS = ("", ",", ".", " ", "'")
ENCODINGS = (
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii", "cp1250", "cp1251", "cp1252", "cp1253",
    "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp437", "cp850", "cp852", "cp866", "cp874",
    "cp932", "cp949", "big5", "euc-jp", "euc-kr", "gb18030", "gbk", "iso8859-1", "iso8859-2",
    "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-9",
    "iso8859-10", "iso8859-11", "iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16", "koi8-r",
    "koi8-u", "mac-roman", "mac-latin2", "shift-jis", "tis-620",
)  # fmt: skip
HIGHEST_HEADER = 100
HIGHEST_SECTION = 50
MOST_SIGNS = 50
Where = tuple[tuple[str, tuple[str, ...]], ...]  # columns, and the texts that each may have
MEMBERS = (
    "encoding", "delimiter", "decimal", "thousands", "header_row", "missing", "digits", "signs",
    "skip_first_cell", "skip_where", "footer", "sheet", "section",
)  # fmt: skip


@dataclass(frozen=True)
class FileShape:
    """How the file is written; an empty encoding or delimiter is detected from the file.

    An empty decimal mark is the one that its numbers prove; where none does it is the point, and
    what could be grouped digits as well is refused.
    `header_row` 0 is the first row that holds the columns which are read. Rows whose first cell
    is a text of `skip_first_cell` (also with a colon and more), and those of `skip_where`, are no
    data; the first row that begins with a text of `footer` ends the table. `section` 0 is the only
    table of the file.
    """

    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    thousands: str = ""
    header_row: int = 0
    missing: tuple[str, ...] = ("",)
    digits: str = ASCII
    signs: tuple[str, ...] = ()
    skip_first_cell: tuple[str, ...] = ()
    skip_where: Where = ()
    footer: tuple[str, ...] = ()
    sheet: str = ""
    section: int = 0

    def as_json(self) -> dict[str, Any]:
        """The part as `file_shape` reads it, without what says nothing."""
        found: dict[str, Any] = {
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "decimal": self.decimal,
            "thousands": self.thousands,
            "header_row": self.header_row,
            "missing": list(self.missing),
            "digits": "" if self.digits == ASCII else self.digits,
            "signs": list(self.signs),
            "skip_first_cell": list(self.skip_first_cell),
            "skip_where": where_as_json(self.skip_where),
            "footer": list(self.footer),
            "sheet": self.sheet,
            "section": self.section,
        }
        return {name: value for name, value in found.items() if value}


def file_shape(walk: Walk, value: object) -> FileShape:
    """Read the part; what is wrong is noted on the walk."""
    at = "/file"
    given = walk.members(value, at, MEMBERS)
    thousands = walk.choice(given, "thousands", at, THOUSANDS, "")
    implied = OTHER_MARK.get(thousands, "")
    decimal = walk.choice(given, "decimal", at, ("", *DECIMALS), "") or implied
    if thousands and thousands == decimal:
        walk.fault(f"{at}/thousands", "mapping_same_marks", value=thousands)
    encoding = given.get("encoding", "")
    if encoding != "":
        encoding = known_encoding(str(encoding))
        if not encoding:
            walk.fault(f"{at}/encoding", "mapping_encoding", value=given["encoding"])
    missing = _texts(walk, given, "missing", [""], empty=True)
    return FileShape(
        encoding=encoding,
        delimiter=walk.choice(given, "delimiter", at, ("", *DELIMITERS), ""),
        decimal=decimal,
        thousands=thousands,
        header_row=walk.whole(given, "header_row", at, None, (1, HIGHEST_HEADER)) or 0,
        missing=tuple(sorted({"", *(text.strip() for text in missing)})),
        digits=walk.choice(given, "digits", at, (ASCII, NATIVE), ASCII),
        signs=_texts(walk, given, "signs", []),
        skip_first_cell=_texts(walk, given, "skip_first_cell", []),
        skip_where=where_of(walk, given.get("skip_where", {}), f"{at}/skip_where"),
        footer=_texts(walk, given, "footer", []),
        sheet=walk.text(given, "sheet", at, ""),
        section=walk.whole(given, "section", at, None, (1, HIGHEST_SECTION)) or 0,
    )


def _texts(
    walk: Walk, given: Mapping[str, Any], name: str, default: list[str], *, empty: bool = False
) -> tuple[str, ...]:
    return walk.texts(given.get(name, default), f"/file/{name}", most=MOST_SIGNS, empty=empty)


def where_of(walk: Walk, value: object, at: str) -> Where:
    """Conditions `{"column": "text"}` or `{"column": ["text", ...]}`, sorted by column."""
    if not isinstance(value, Mapping):
        walk.fault(at, "mapping_object", value=value)
        return ()
    found = []
    for column, texts in value.items():
        step = f"{at}/{escaped(column)}"
        wanted = texts if isinstance(texts, list) else [texts]
        plain = walk.texts(wanted, step, most=MOST_SIGNS, empty=True)
        if not plain and not wanted:
            walk.fault(step, "mapping_too_few", value=0, least=1)
        found.append((str(column), tuple(text.strip() for text in plain)))
    return tuple(sorted(found))


def where_as_json(where: Where) -> dict[str, Any]:
    """Conditions as `where_of` reads them."""
    return {column: texts[0] if len(texts) == 1 else list(texts) for column, texts in where}


def known_encoding(name: str) -> str:
    """The name by which MOps knows the encoding, or nothing."""
    plain = name.strip().lower().replace("_", "-")
    plain = re.sub(r"^iso-8859", "iso8859", plain)
    plain = re.sub(r"^(windows-|win-)", "cp", plain)
    plain = {"utf8": "utf-8", "utf-8-sig": "utf-8", "utf16": "utf-16", "latin-1": "iso8859-1"}.get(
        plain, plain
    )
    return plain if plain in ENCODINGS else ""
