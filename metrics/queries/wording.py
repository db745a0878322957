"""Formulas and versions as people read them: by the names of metrics, each of which is a link."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from metrics.models.definitions import DERIVED, RATIO, Metric, MetricVersion
from metrics.rules.aggregation import ratio_node
from metrics.rules.formula import Node, parse, refs, text_of
from workspaces.models import Workspace

MARK = "\x00"
SIGNS = str.maketrans({"*": "×", "/": "÷", "-": "−"})


class Part(NamedTuple):
    """A piece of a formula: a metric's name with its key, or signs and numbers without one."""

    text: str
    key: str = ""


@dataclass(frozen=True)
class VersionRow:
    """A version with its formula in words; `until` is the day from which a later one holds.

    `is_coming` says that it is not in force yet, and will be.
    """

    version: MetricVersion
    parts: list[Part]
    until: date | None
    is_coming: bool = False

    @property
    def is_replaced(self) -> bool:
        """Whether a later version holds for all of its days."""
        return self.until is not None and self.until <= (self.version.effective_from or date.min)


def node_of(one: Metric | MetricVersion) -> Node | None:
    """What a computed metric, or a version of one, computes; None for what is measured."""
    if one.kind == RATIO and one.numerator and one.denominator:
        return ratio_node(one.numerator.key, one.denominator.key, _scale(one))
    return parse(one.formula) if one.kind == DERIVED else None


def keys_in(one: Metric | MetricVersion) -> list[str]:
    """The keys of the metrics that the definition names, each once, from left to right."""
    node = node_of(one)
    return list(dict.fromkeys(ref.name for ref in refs(node))) if node else []


def worded(one: Metric | MetricVersion, names: Mapping[str, str]) -> list[Part]:
    """The formula in pieces; a metric without a name in `names` stands by its key."""
    node = node_of(one)
    if node is None:
        return []
    pieces = text_of(node, lambda key: f"{MARK}{key}{MARK}").split(MARK)
    return [
        Part(names.get(text, text), text) if place % 2 else Part(text.translate(SIGNS))
        for place, text in enumerate(pieces)
        if text
    ]


def names_of(workspace: Workspace, keys: Collection[str]) -> dict[str, str]:
    """The names of metrics by key; 1 query."""
    rows = Metric.objects.filter(workspace=workspace, key__in=keys)
    return dict(rows.values_list("key", "name"))


def names_in(metric: Metric, rows: Iterable[VersionRow]) -> dict[str, str]:
    """The names that versions in words have for the metrics that they read."""
    found = {part.key: part.text for row in rows for part in row.parts if part.key}
    for one in (metric.numerator, metric.denominator):
        if one is not None:
            found[one.key] = one.name
    return found


def versions_of(metric: Metric) -> list[MetricVersion]:
    """How the metric has been computed, the first version first; 1 query."""
    rows = MetricVersion.objects.filter(metric=metric).order_by("number")
    return list(rows.select_related("numerator", "denominator", "by__user"))


def versions_by_metric(metrics: Iterable[Metric]) -> dict[int, list[MetricVersion]]:
    """The same of several metrics, by id; 1 query."""
    found: dict[int, list[MetricVersion]] = {}
    rows = MetricVersion.objects.filter(metric__in=[one.pk for one in metrics if one.is_computed])
    for row in rows.select_related("numerator", "denominator").order_by("number"):
        found.setdefault(row.metric_id, []).append(row)
    return found


@dataclass(frozen=True)
class InForce:
    """The version in force on a day (None: only one ever was), and those to come, in order."""

    now: MetricVersion | None
    coming: list[MetricVersion]


def in_force(versions: Sequence[MetricVersion], today: date) -> InForce:
    """Which of the versions, the first one first, holds today, and which will."""
    begun = [one for one in versions if one.effective_from is None or one.effective_from <= today]
    now = begun[-1] if begun else next(iter(versions), None)
    return InForce(now, standing([v for v in versions if now and v.number > now.number]))


def standing(versions: Sequence[MetricVersion]) -> list[MetricVersion]:
    """Those that hold on any day: no later one begins on their first day or before it."""
    found: list[MetricVersion] = []
    for one in reversed(versions):
        start = one.effective_from or date.min
        if all(start < (later.effective_from or date.min) for later in found):
            found.insert(0, one)
    return found


def version_rows(
    metric: Metric, versions: Iterable[MetricVersion], today: date
) -> list[VersionRow]:
    """The versions, newest first, in words; 1 query where something is computed."""
    rows = list(versions)
    coming = in_force(rows, today).coming
    keys = {key for one in rows for key in keys_in(one)}
    names = names_of(metric.workspace, keys) if keys else {}
    found: list[VersionRow] = []
    until: date | None = None
    for version in reversed(rows):
        found.append(VersionRow(version, worded(version, names), until, version in coming))
        starts = version.effective_from
        until = min(starts or date.min, until or date.max)
    return found


def _scale(one: Metric | MetricVersion) -> Decimal:
    return Decimal(one.scale_text)
