"""The mapping document: how the columns of a file become observations (version 1)."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from metrics.rules.dayformats import MONTH_NAMES, directives_of
from metrics.rules.dims import NAME
from metrics.rules.documents import Walk, escaped
from metrics.rules.faults import SHOWN, Fault, Unreadable
from metrics.rules.numbers import number_reader

VERSION = 1
DELIMITERS = (",", ";", "\t", "|", ":", " ")
DECIMALS = (".", ",")
THOUSANDS = ("", ",", ".", " ", "'")
ENCODINGS = (
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii", "cp1250", "cp1251", "cp1252", "cp1253",
    "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp437", "cp850", "cp852", "cp866", "cp874",
    "cp932", "cp949", "big5", "euc-jp", "euc-kr", "gb18030", "gbk", "iso8859-1", "iso8859-2",
    "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-9",
    "iso8859-10", "iso8859-11", "iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16", "koi8-r",
    "koi8-u", "mac-roman", "mac-latin2", "shift-jis", "tis-620",
)  # fmt: skip
MOST_METRICS = 100
MOST_DIMS = 10
MOST_KEYS = 10
HIGHEST_HEADER = 100
CREATE_FIELDS = (
    "key", "name", "kind", "unit", "decimals", "direction", "numerator", "denominator", "scale",
    "currency", "description",
)  # fmt: skip


@dataclass(frozen=True)
class FileShape:
    """How the file is written; an empty encoding or delimiter is detected from the file."""

    encoding: str = ""
    delimiter: str = ""
    decimal: str = "."
    thousands: str = ""
    header_row: int = 1
    missing: tuple[str, ...] = ("",)


@dataclass(frozen=True)
class DayMap:
    """Where the day stands: one column with a format, or month and day in columns of their own."""

    column: str = ""
    format: str = "%Y-%m-%d"
    month: str = ""
    day: str = ""
    year_column: str = ""
    year: int | None = None
    month_names: str = "en"

    @property
    def in_parts(self) -> bool:
        """Whether month and day have columns of their own."""
        return bool(self.month)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read for the day."""
        found = (self.month, self.day, self.year_column) if self.in_parts else (self.column,)
        return tuple(name for name in found if name)


@dataclass(frozen=True)
class MetricMap:
    """One metric: the column that holds its values, or a constant that every row counts."""

    metric: str
    column: str = ""
    constant: str = ""


@dataclass(frozen=True)
class NewMetric:
    """A metric that the mapping asks to define where it does not exist yet."""

    key: str
    name: str
    kind: str = "additive"
    unit: str = "count"
    decimals: int = 0
    direction: str = "up"
    numerator: str = ""
    denominator: str = ""
    scale: str = "1"
    currency: str = ""
    description: str = ""


@dataclass(frozen=True)
class MappingDocument:
    """The whole document, checked."""

    source: str
    day: DayMap
    metrics: tuple[MetricMap, ...]
    file: FileShape = field(default_factory=FileShape)
    key: tuple[str, ...] = ()
    dims: tuple[tuple[str, str], ...] = ()
    create: tuple[NewMetric, ...] = ()

    @property
    def columns(self) -> dict[str, str]:
        """Every column that is read, with the pointer that asks for it."""
        day = "/day/parts" if self.day.in_parts else "/day/column"
        found = dict.fromkeys(self.day.columns, day)
        found |= {name: f"/key/{place}" for place, name in enumerate(self.key)}
        found |= {column: f"/dims/{name}/column" for name, column in self.dims}
        found |= {
            entry.column: f"/metrics/{place}/column"
            for place, entry in enumerate(self.metrics)
            if entry.column
        }
        return found

    @property
    def width(self) -> int:
        """How many columns a table of readings has: the day, the dimensions, the metrics."""
        return 1 + len(self.dims) + len(self.metrics)

    def as_json(self) -> dict[str, Any]:
        """The document as `parse_mapping` reads it; equal documents give equal JSON."""
        shape = asdict(self.file) | {"missing": list(self.file.missing)}
        return {
            "version": VERSION,
            "source": self.source,
            "file": {name: value for name, value in shape.items() if value not in ("", None)},
            "day": _day_as_json(self.day),
            "key": list(self.key),
            "dims": {name: {"column": column} for name, column in self.dims},
            "metrics": [
                {name: value for name, value in asdict(entry).items() if value}
                for entry in self.metrics
            ],
            "create": [
                {name: value for name, value in asdict(entry).items() if value != ""}
                for entry in self.create
            ],
        }


def _day_as_json(day: DayMap) -> dict[str, Any]:
    if not day.in_parts:
        found: dict[str, Any] = {"column": day.column, "format": day.format}
        return found if day.month_names == "en" else found | {"month_names": day.month_names}
    parts = {"month": day.month, "day": day.day}
    if day.year_column:
        parts["year"] = day.year_column
    found = {"parts": parts, "month_names": day.month_names}
    return found if day.year is None else found | {"year": day.year}


def parse_mapping(document: object) -> MappingDocument:
    """Check a document read from JSON; raise Unreadable naming each fault by its JSON pointer."""
    walk = Walk()
    top = walk.members(
        document, "", ("version", "source", "file", "day", "key", "dims", "metrics", "create"),
        needed=("version", "source", "day", "metrics"),
    )  # fmt: skip
    if walk.faults and not top:
        raise Unreadable(*walk.faults)
    if "version" in top and top["version"] != VERSION:
        walk.fault("/version", "mapping_version", value=top["version"])
    found = MappingDocument(
        source=walk.text(top, "source", ""),
        file=_file(walk, top.get("file", {})),
        day=_day(walk, top.get("day", {})),
        key=walk.texts(top.get("key", []), "/key", most=MOST_KEYS),
        dims=_dims(walk, top.get("dims", {})),
        metrics=_metrics(walk, top.get("metrics", [])),
        create=_create(walk, top.get("create", [])),
    )
    _check_constants(walk, found)
    if walk.faults:
        raise Unreadable(*walk.faults)
    return found


def _check_constants(walk: Walk, found: MappingDocument) -> None:
    """A constant is read as the rows' values are; one that is no number is told once, here."""
    read = number_reader(found.file.decimal or ".", found.file.thousands)
    for place, entry in enumerate(found.metrics):
        if entry.constant and isinstance(read(entry.constant), str):
            walk.fault(f"/metrics/{place}/constant", "mapping_constant", value=entry.constant)


def read_document(content: bytes | str) -> MappingDocument:
    """A mapping document from JSON; Unreadable where it is none."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unreadable(Fault("mapping_json", more=(("why", str(error)[:SHOWN]),))) from error
    return parse_mapping(document)


def _file(walk: Walk, value: object) -> FileShape:
    """The part on how the file is written."""
    at = "/file"
    given = walk.members(
        value, at, ("encoding", "delimiter", "decimal", "thousands", "header_row", "missing")
    )
    decimal = walk.choice(given, "decimal", at, DECIMALS, ".")
    thousands = walk.choice(given, "thousands", at, THOUSANDS, "")
    if thousands and thousands == decimal:
        walk.fault(f"{at}/thousands", "mapping_same_marks", value=thousands)
    encoding = given.get("encoding", "")
    if encoding != "":
        encoding = known_encoding(str(encoding))
        if not encoding:
            walk.fault(f"{at}/encoding", "mapping_encoding", value=given["encoding"])
    missing = walk.texts(given.get("missing", [""]), f"{at}/missing", most=50, empty=True)
    return FileShape(
        encoding=encoding,
        delimiter=walk.choice(given, "delimiter", at, ("", *DELIMITERS), ""),
        decimal=decimal,
        thousands=thousands,
        header_row=walk.whole(given, "header_row", at, 1, (1, HIGHEST_HEADER)) or 1,
        missing=tuple(sorted({"", *(text.strip() for text in missing)})),
    )


def known_encoding(name: str) -> str:
    """The name by which MOps knows the encoding, or nothing."""
    plain = name.strip().lower().replace("_", "-")
    plain = re.sub(r"^iso-8859", "iso8859", plain)
    plain = re.sub(r"^(windows-|win-)", "cp", plain)
    plain = {"utf8": "utf-8", "utf-8-sig": "utf-8", "utf16": "utf-16", "latin-1": "iso8859-1"}.get(
        plain, plain
    )
    return plain if plain in ENCODINGS else ""


def _day(walk: Walk, value: object) -> DayMap:
    """The part on the day, in either form."""
    if isinstance(value, Mapping) and "parts" in value:
        return _day_in_parts(walk, value)
    given = walk.members(value, "/day", ("column", "format", "month_names"), needed=("column",))
    form = walk.text(given, "format", "/day", "%Y-%m-%d")
    try:
        directives_of(form)
    except ValueError as error:
        walk.fault("/day/format", "mapping_day_format", value=form, why=str(error))
    names = walk.choice(given, "month_names", "/day", tuple(MONTH_NAMES), "en")
    return DayMap(column=walk.text(given, "column", "/day"), format=form, month_names=names)


def _day_in_parts(walk: Walk, value: object) -> DayMap:
    given = walk.members(value, "/day", ("parts", "month_names", "year"), needed=("parts",))
    at = "/day/parts"
    parts = walk.members(given.get("parts"), at, ("month", "day", "year"), needed=("month", "day"))
    year = walk.whole(given, "year", "/day", None, (1900, 2200))
    if ("year" in parts) == (year is not None):
        walk.fault("/day/year", "mapping_one_year")
    return DayMap(
        month=walk.text(parts, "month", at),
        day=walk.text(parts, "day", at),
        year_column=walk.text(parts, "year", at, ""),
        year=year,
        month_names=walk.choice(given, "month_names", "/day", tuple(MONTH_NAMES), "en"),
    )


def _dims(walk: Walk, value: object) -> tuple[tuple[str, str], ...]:
    """The dimensions by name."""
    if not isinstance(value, Mapping):
        walk.fault("/dims", "mapping_object", value=value)
        return ()
    if len(value) > MOST_DIMS:
        walk.fault("/dims", "mapping_too_many", value=len(value), most=MOST_DIMS)
    found = []
    for name, entry in value.items():
        at = f"/dims/{escaped(name)}"
        if not NAME.match(str(name)):
            walk.fault(at, "mapping_name", value=name)
        given = walk.members(entry, at, ("column",), needed=("column",))
        found.append((str(name), walk.text(given, "column", at)))
    return tuple(sorted(found))


def _metrics(walk: Walk, value: object) -> tuple[MetricMap, ...]:
    """The metrics, each with a column or a constant."""
    found, seen = [], set()
    for place, entry in enumerate(walk.array(value, "/metrics", least=1, most=MOST_METRICS)):
        at = f"/metrics/{place}"
        given = walk.members(entry, at, ("metric", "column", "constant"), needed=("metric",))
        if given and ("column" in given) == ("constant" in given):
            walk.fault(at, "mapping_column_or_constant")
        metric = walk.name(given, "metric", at)
        if metric in seen:
            walk.fault(f"{at}/metric", "mapping_twice", value=metric)
        seen.add(metric)
        texts = (walk.text(given, name, at, "") for name in ("column", "constant"))
        found.append(MetricMap(metric, *texts))
    return tuple(found)


def _create(walk: Walk, value: object) -> tuple[NewMetric, ...]:
    """The metrics to define where they are not there yet."""
    found, seen = [], set()
    for place, entry in enumerate(walk.array(value, "/create", least=0, most=MOST_METRICS)):
        at = f"/create/{place}"
        given = walk.members(entry, at, CREATE_FIELDS, needed=("key", "name"))
        key = walk.name(given, "key", at)
        if key in seen:
            walk.fault(f"{at}/key", "mapping_twice", value=key)
        seen.add(key)
        texts = {
            name: walk.text(given, name, at, str(NewMetric.__dataclass_fields__[name].default))
            for name in ("unit", "numerator", "denominator", "scale", "currency", "description")
        }
        found.append(
            NewMetric(
                key=key,
                name=walk.text(given, "name", at),
                kind=walk.choice(given, "kind", at, ("additive", "ratio"), "additive"),
                decimals=walk.whole(given, "decimals", at, 0, (0, 6)) or 0,
                direction=walk.choice(given, "direction", at, ("up", "down"), "up"),
                **texts,
            )
        )
    return tuple(found)
