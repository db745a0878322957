"""What is measured in a row: the `metrics`, `long` and `create` parts of a mapping document."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from metrics.rules.dims import NAME
from metrics.rules.documents import Walk, escaped
from metrics.rules.fileshapes import Where, where_as_json, where_of

MOST_METRICS = 100
KINDS = ("additive", "last", "unique", "ratio", "derived")
WAYS = ("column", "constant", "id")


@dataclass(frozen=True)
class MetricMap:
    """One metric: the column of its values, a constant that every row counts, or who did it.

    `id` names the column that says who, for unique metrics. Rows that `when` does not describe
    say nothing of the metric.
    """

    metric: str
    column: str = ""
    constant: str = ""
    id: str = ""
    when: Where = ()

    def as_json(self) -> dict[str, Any]:
        """The entry as it stands in the document."""
        found: dict[str, Any] = {"metric": self.metric}
        found |= {name: getattr(self, name) for name in ("column", "constant")}
        found |= {"id": {"column": self.id} if self.id else "", "when": where_as_json(self.when)}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True)
class LongMap:
    """Each row names its metric in one column and has the value in another.

    `names` are (text of the file, key of the metric).
    """

    metric: str
    value: str
    names: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """The part as it stands in the document."""
        return {"metric": self.metric, "value": self.value, "names": dict(self.names)}

    @property
    def metrics(self) -> tuple[MetricMap, ...]:
        """The same said row by row: a metric takes the values of the rows that name it."""
        texts: dict[str, list[str]] = {}
        for text, key in self.names:
            texts.setdefault(key, []).append(text)
        return tuple(
            MetricMap(key, column=self.value, when=((self.metric, tuple(names)),))
            for key, names in texts.items()
        )


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
    formula: str = ""
    counting: str = "exact"
    cadence_days: int | None = None
    lag_days: int = 0
    stage: str = ""
    allowed_dims: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The entry as it stands in the document."""
        found = asdict(self) | {"allowed_dims": list(self.allowed_dims)}
        found["lag_days"] = self.lag_days or None
        found["counting"] = "" if self.counting == "exact" else self.counting
        return {name: value for name, value in found.items() if value not in ("", None, [])}


CREATE_FIELDS = tuple(field.name for field in fields(NewMetric))
TEXTS = ("unit", "numerator", "denominator", "currency", "description", "counting", "stage")


def metric_maps(walk: Walk, value: object) -> tuple[MetricMap, ...]:
    """The metrics, each with a column, a constant or an id."""
    found, seen = [], set()
    for place, entry in enumerate(walk.array(value, "/metrics", least=1, most=MOST_METRICS)):
        at = f"/metrics/{place}"
        given = walk.members(entry, at, ("metric", *WAYS, "when"), needed=("metric",))
        if given and sum(way in given for way in WAYS) != 1:
            walk.fault(at, "mapping_column_or_constant")
        metric = walk.name(given, "metric", at)
        if metric in seen:
            walk.fault(f"{at}/metric", "mapping_twice", value=metric)
        seen.add(metric)
        column, constant = (walk.text(given, name, at, "") for name in ("column", "constant"))
        who = ""
        if "id" in given:
            part = walk.members(given["id"], f"{at}/id", ("column",), needed=("column",))
            who = walk.text(part, "column", f"{at}/id")
        when = where_of(walk, given.get("when", {}), f"{at}/when")
        found.append(MetricMap(metric, column, constant, who, when))
    return tuple(found)


def long_map(walk: Walk, value: object) -> LongMap:
    """The columns of a file in which each row names its metric, and what the names stand for."""
    at = "/long"
    given = walk.members(
        value, at, ("metric", "value", "names"), needed=("metric", "value", "names")
    )
    names = given.get("names", {})
    if not isinstance(names, Mapping) or not names or len(names) > MOST_METRICS:
        walk.fault(f"{at}/names", "mapping_object", value=names)
        names = {}
    for text, key in names.items():
        if not (isinstance(key, str) and NAME.match(key)):
            walk.fault(f"{at}/names/{escaped(text)}", "mapping_name", value=key)
    found = tuple((str(text).strip(), str(key)) for text, key in names.items())
    for text, times in Counter(text for text, _key in found).items():
        if times > 1:
            walk.fault(f"{at}/names/{escaped(text)}", "mapping_twice", value=text)
    return LongMap(walk.text(given, "metric", at), walk.text(given, "value", at), found)


def new_metrics(walk: Walk, value: object) -> tuple[NewMetric, ...]:
    """The metrics to define where they are not there yet."""
    found, seen = [], set()
    for place, entry in enumerate(walk.array(value, "/create", least=0, most=MOST_METRICS)):
        at = f"/create/{place}"
        given = walk.members(entry, at, CREATE_FIELDS, needed=("key", "name"))
        key = walk.name(given, "key", at)
        if key in seen:
            walk.fault(f"{at}/key", "mapping_twice", value=key)
        seen.add(key)
        found.append(_new_metric(walk, given, at, key))
    return tuple(found)


def _new_metric(walk: Walk, given: dict[str, Any], at: str, key: str) -> NewMetric:
    defaults = {"unit": "count", "counting": "exact"}
    texts = {name: walk.text(given, name, at, defaults.get(name, "")) for name in TEXTS}
    cadence = walk.whole(given, "cadence_days", at, None, (1, 366))
    return NewMetric(
        key=key,
        name=walk.text(given, "name", at),
        kind=walk.choice(given, "kind", at, KINDS, "additive"),
        decimals=walk.whole(given, "decimals", at, 0, (0, 6)) or 0,
        direction=walk.choice(given, "direction", at, ("up", "down"), "up"),
        scale=_scale(walk, given, at),
        formula=walk.text(given, "formula", at, ""),
        cadence_days=cadence,
        lag_days=walk.whole(given, "lag_days", at, 0, (0, 366)) or 0,
        allowed_dims=walk.texts(given.get("allowed_dims", []), f"{at}/allowed_dims", most=10),
        **texts,
    )


def _scale(walk: Walk, given: dict[str, Any], at: str) -> str:
    """The scale is a decimal text; a number is taken for one."""
    value = given.get("scale", "1")
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"{value:g}" if isinstance(value, float) else f"{Decimal(value):f}"
    return walk.text(given, "scale", at, "1")
