"""The mapping document: how the columns of a file become observations (version 1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from metrics.rules.daymaps import DayMap, day_map
from metrics.rules.digits import NATIVE
from metrics.rules.dims import MOST_DIMS, NAME
from metrics.rules.documents import Walk, escaped, read_json
from metrics.rules.faults import Unreadable
from metrics.rules.fileshapes import FileShape, Where, file_shape, where_as_json, where_of
from metrics.rules.measures import (
    LongMap,
    MetricMap,
    NewMetric,
    long_map,
    metric_maps,
    new_metrics,
)
from metrics.rules.numbers import ReadNumber, number_reader

VERSION = 1
LONGEST_SOURCE = 80
MOST_KEYS = 10
REPLACE_DAYS = "replace_days"
MODES = ("", REPLACE_DAYS)
MEMBERS = (
    "version", "source", "file", "day", "key", "dims", "metrics", "long", "expect", "mode",
    "create",
)  # fmt: skip


@dataclass(frozen=True)
class MappingDocument:
    """The whole document, checked.

    `expect` are texts that each row must have in a column, such as one currency. With the mode
    `replace_days` the file is all that its source has to say of the days that it covers.
    """

    source: str
    day: DayMap
    metrics: tuple[MetricMap, ...]
    file: FileShape = field(default_factory=FileShape)
    key: tuple[str, ...] = ()
    dims: tuple[tuple[str, str], ...] = ()
    create: tuple[NewMetric, ...] = ()
    long: LongMap | None = None
    expect: Where = ()
    mode: str = ""

    @property
    def columns(self) -> dict[str, str]:
        """Every column that is read, with the pointer that asks for it."""
        found = dict.fromkeys(self.day.columns, self.day.pointer)
        found |= {name: f"/key/{place}" for place, name in enumerate(self.key)}
        found |= {column: f"/dims/{name}/column" for name, column in self.dims}
        found |= {column: f"/expect/{escaped(column)}" for column, _texts in self.expect}
        skipped = self.file.skip_where
        found |= {column: f"/file/skip_where/{escaped(column)}" for column, _texts in skipped}
        if self.long:
            return found | {self.long.metric: "/long/metric", self.long.value: "/long/value"}
        for place, entry in enumerate(self.metrics):
            at = f"/metrics/{place}"
            found |= {column: f"{at}/when/{escaped(column)}" for column, _texts in entry.when}
            found |= {entry.column: f"{at}/column"} if entry.column else {}
            found |= {entry.id: f"{at}/id/column"} if entry.id else {}
        return found

    @property
    def width(self) -> int:
        """How many columns a table of readings has: the day, the dimensions, the metrics."""
        return 1 + len(self.dims) + len(self.metrics)

    @property
    def read_number(self) -> ReadNumber:
        """How the file writes numbers."""
        return reader_of(self.file)

    def as_json(self) -> dict[str, Any]:
        """The document as `parse_mapping` reads it; equal documents give equal JSON."""
        found: dict[str, Any] = {
            "version": VERSION,
            "source": self.source,
            "file": self.file.as_json(),
            "day": self.day.as_json(),
            "key": list(self.key),
            "dims": {name: {"column": column} for name, column in self.dims},
            "create": [entry.as_json() for entry in self.create],
        }
        if self.long:
            found["long"] = self.long.as_json()
        else:
            found["metrics"] = [entry.as_json() for entry in self.metrics]
        if self.expect:
            found["expect"] = where_as_json(self.expect)
        return found | ({"mode": self.mode} if self.mode else {})


def reader_of(shape: FileShape) -> ReadNumber:
    """How a file of this shape writes numbers."""
    return number_reader(
        shape.decimal, shape.thousands, native=shape.digits == NATIVE, signs=shape.signs
    )


def parse_mapping(document: object) -> MappingDocument:
    """Check a document read from JSON; raise Unreadable naming each fault by its JSON pointer."""
    walk = Walk()
    top = walk.members(document, "", MEMBERS, needed=("version", "source", "day"))
    if walk.faults and not top:
        raise Unreadable(*walk.faults)
    if "version" in top and top["version"] != VERSION:
        walk.fault("/version", "mapping_version", value=top["version"])
    long = long_map(walk, top["long"]) if "long" in top else None
    found = MappingDocument(
        source=walk.text(top, "source", ""),
        file=file_shape(walk, top.get("file", {})),
        day=day_map(walk, top.get("day", {})),
        key=walk.texts(top.get("key", []), "/key", most=MOST_KEYS),
        dims=_dims(walk, top.get("dims", {})),
        metrics=_metrics(walk, top, long),
        create=new_metrics(walk, top.get("create", [])),
        long=long,
        expect=where_of(walk, top.get("expect", {}), "/expect"),
        mode=walk.choice(top, "mode", "", MODES, ""),
    )
    if len(found.source) > LONGEST_SOURCE:
        walk.fault("/source", "mapping_text", value=found.source, most=LONGEST_SOURCE)
    _check_constants(walk, found)
    if walk.faults:
        raise Unreadable(*walk.faults)
    return found


def _metrics(walk: Walk, top: dict[str, Any], long: LongMap | None) -> tuple[MetricMap, ...]:
    """The metrics of a wide file, or those that the rows of a long one name."""
    if long is None:
        if "metrics" not in top:
            walk.fault("/metrics", "mapping_needed", value="metrics")
            return ()
        return metric_maps(walk, top["metrics"])
    if top.get("metrics"):
        walk.fault("/metrics", "mapping_long_or_wide")
    return long.metrics


def _check_constants(walk: Walk, found: MappingDocument) -> None:
    """A constant is read as the rows' values are; one that is no number is told once, here."""
    read = found.read_number
    for place, entry in enumerate(found.metrics):
        if entry.constant and isinstance(read(entry.constant), str):
            walk.fault(f"/metrics/{place}/constant", "mapping_constant", value=entry.constant)


def read_document(content: bytes | str) -> MappingDocument:
    """A mapping document from JSON; Unreadable where it is none."""
    return parse_mapping(read_json(content))


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
