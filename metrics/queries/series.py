"""A metric over time: the one place where sums become values, for pages and programs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Max
from django.utils.translation import gettext as _

from metrics.models.definitions import Metric
from metrics.models.rollups import MetricRevision, MetricRollup
from metrics.queries import sums
from metrics.queries.sums import Sums
from metrics.rules.aggregation import Recipe
from metrics.rules.periods import Grain, Period, count_periods, label, periods, tiles
from workspaces.models import Workspace
from workspaces.rules.errors import Invalid, Problem

MOST_POINTS = 10_000  # of all lines of an answer together
Group = tuple[str | None, ...]


@dataclass(frozen=True)
class Point:
    """One bucket of a line; `value` is None where there is no observation (or no denominator)."""

    period: str
    start: date
    end: date
    value: Decimal | None
    complete: bool


@dataclass(frozen=True)
class Total:
    """The value over a whole range; `exact` says that it is no estimate."""

    value: Decimal | None
    exact: bool


@dataclass(frozen=True)
class Line:
    """The points of one combination of dimension values, and their total."""

    dims: dict[str, str | None]
    points: list[Point]
    total: Total


@dataclass(frozen=True)
class Answer:
    """What a metric was; `pending` says that newer facts wait to be rolled up."""

    metric: str
    unit: str
    grain: str
    pending: bool
    series: list[Line]
    total: Total


@dataclass(frozen=True)
class Window:
    """A range of days of one metric, both included."""

    metric_id: int
    first: date
    last: date


class Range(NamedTuple):
    """The days that an answer covers; both None where the metric has no facts at all."""

    first: date | None
    last: date | None


Filters = Sequence[tuple[str, str | None]]


def read_series(  # noqa: PLR0913  the words that every caller uses
    metric: Metric,
    *,
    grain: Grain | str,
    first: date | None = None,
    last: date | None = None,
    by: Sequence[str] = (),
    where: Filters = (),
    today: date | None = None,
) -> Answer:
    """The metric by bucket, from its first to its last day with data unless told otherwise.

    Every bucket of the range is listed. Days are read from the facts, wider grains from rollups;
    a bucket that the range cuts is summed from the facts inside. `by` splits into lines, `where`
    keeps series by dimension value (None: without one;
    several values of one dimension are alternatives). `today` marks what still runs as incomplete.
    """
    grain, recipe = Grain(grain), metric.recipe
    pending = sums.are_pending(recipe.inputs)
    span = _range(recipe, first, last)
    if span.first is None or span.last is None:
        return _nothing(metric, grain, by, pending=pending)
    wanted = Range(span.first, span.last)
    groups = _groups(recipe, by, where)
    _refuse_too_many(grain, wanted, len({group for group, _metric in groups.values()}))
    found = _sums(grain, wanted, groups, of_series=bool(by or where))
    order = sorted({group for group, _metric in groups.values()}, key=_by_name) if by else [()]
    cells = _cells(grain, wanted, today)
    lines = [
        _line(recipe, dict(zip(by, group, strict=True)), found.get(group, {}), cells)
        for group in order
    ]
    everything = _added(of for group in found.values() for of in group.values())
    total = Total(recipe.value(everything), exact=True)
    return Answer(metric.key, metric.unit, grain.value, pending, lines, total)


def read_windows(workspace: Workspace, windows: Sequence[Window]) -> list[Decimal | None]:
    """The value over each window, None for no observations; 3 queries for any number of windows."""
    metrics = _metrics(workspace, {window.metric_id for window in windows})
    parts = [tiles(window.first, window.last) for window in windows]
    inputs: set[int] = set()
    for metric in metrics.values():
        inputs.update(metric.recipe.inputs)
    every = {part for tiled in parts for part in tiled}
    stored = _stored(inputs, {part for part in every if part.grain is not Grain.DAY})
    days = {part.start for part in every if part.grain is Grain.DAY}
    if days and inputs:
        for metric_id, day, total in sums.facts_on_days(inputs, days):
            stored[metric_id, Grain.DAY.code, day] = total
    return [
        _window(metrics.get(window.metric_id), tiled, stored)
        for window, tiled in zip(windows, parts, strict=True)
    ]


def read_value(metric: Metric, *, first: date, last: date, fresh: bool = False) -> Decimal | None:
    """The value over one window; `fresh` sums the facts, never waiting for a rollup."""
    if fresh:
        return metric.recipe.value(sums.totals_of(metric.recipe.inputs, first, last))
    return read_windows(metric.workspace, [Window(metric.pk, first, last)])[0]


def read_days(
    workspace: Workspace, metric_ids: Collection[int], first: date, last: date
) -> dict[int, dict[date, Decimal | None]]:
    """The value of each day that has observations, by metric; 2 queries."""
    metrics = _metrics(workspace, metric_ids)
    inputs = {pk for metric in metrics.values() for pk in metric.recipe.inputs}
    by_day: dict[date, Sums] = {}
    for pk, day, total in sums.facts_by_day(inputs, first, last, of_series=False):
        by_day.setdefault(day, {})[pk] = total
    return {
        pk: {
            day: metric.recipe.value(by_day[day])
            for day in sorted(by_day)
            if by_day[day].keys() & set(metric.recipe.inputs)
        }
        for pk, metric in metrics.items()
    }


def is_pending(metric: Metric) -> bool:
    """Whether facts of the metric have changed that its rollups do not show yet; 1-2 queries."""
    return sums.are_pending(metric.input_ids)


def latest_days(workspace: Workspace, metric_ids: Collection[int]) -> dict[int, date]:
    """Until when there are data, by metric (a ratio: the earlier of its inputs); 2 queries."""
    inputs = inputs_of(workspace, metric_ids)
    wanted = {pk for parts in inputs.values() for pk in parts}
    rows = MetricRollup.objects.filter(metric_id__in=wanted, grain=Grain.YEAR.code)
    last = dict(rows.values_list("metric_id").annotate(last=Max("last_day")).order_by())
    return {
        pk: min(last[part] for part in parts)
        for pk, parts in inputs.items()
        if all(part in last for part in parts)
    }


def revisions_of(workspace: Workspace, metric_ids: Collection[int]) -> dict[int, int]:
    """A number that grows whenever values or definition may have changed; 2 queries."""
    rows = Metric.objects.filter(workspace=workspace, pk__in=metric_ids)
    known = {
        pk: (revision, (top, below) if top and below else (pk,))
        for pk, revision, top, below in rows.values_list(
            "pk", "definition_revision", "numerator_id", "denominator_id"
        )
    }
    wanted = {pk for _revision, parts in known.values() for pk in parts}
    counted = dict(
        MetricRevision.objects.filter(metric_id__in=wanted).values_list("metric_id", "value")
    )
    return {
        pk: revision + sum(counted.get(part, 0) for part in set(parts))
        for pk, (revision, parts) in known.items()
    }


def inputs_of(workspace: Workspace, metric_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The additive metrics that each metric is made of; 1 query."""
    rows = Metric.objects.filter(workspace=workspace, pk__in=metric_ids)
    return {metric.pk: metric.input_ids for metric in rows}


def _metrics(workspace: Workspace, ids: Collection[int]) -> dict[int, Metric]:
    """Metrics of the workspace with what they divide; 1 query."""
    rows = Metric.objects.filter(workspace=workspace, pk__in=ids)
    return {metric.pk: metric for metric in rows.select_related("numerator", "denominator")}


def _range(recipe: Recipe, first: date | None, last: date | None) -> Range:
    """The asked range, filled up from the first to the last day that has a fact."""
    if first is not None and last is not None:
        return Range(first, last)
    extents = sums.extents_of(recipe.inputs).values()
    start = first or min((extent[0] for extent in extents), default=last)
    end = last or max((extent[1] for extent in extents), default=first)
    if start is not None and end is not None and start > end:
        return Range(start, start) if first else Range(end, end)
    return Range(start, end)


def _groups(recipe: Recipe, by: Sequence[str], where: Filters) -> dict[int, tuple[Group, int]]:
    """The group and the input of each wanted series, or of each input where all are."""
    if not by and not where:
        return {pk: ((), pk) for pk in recipe.inputs}
    known = sums.series_of(recipe.inputs)
    allowed: dict[str, set[str | None]] = {}
    for name, value in where:
        allowed.setdefault(name, set()).add(value)
    _refuse_unknown(by, where, {name for _pk, _metric, dims in known for name in dims}, bool(known))
    return {
        pk: (tuple(dims.get(name) for name in by), metric_id)
        for pk, metric_id, dims in known
        if all(dims.get(name) in values for name, values in allowed.items())
    }


def _refuse_unknown(by: Sequence[str], where: Filters, names: set[str], has_series: bool) -> None:  # noqa: FBT001
    """A dimension that no fact of the metric has is a mistake, not an empty answer."""
    asked = [("by", name) for name in by] + [("where", name) for name, _value in where]
    problems = [
        Problem(
            _("This metric has no dimension “%(name)s”.") % {"name": name},
            code="unknown_dimension",
            pointer=f"/{place}",
            column=place,
        )
        for place, name in asked
        if has_series and name not in names
    ]
    if problems:
        raise Invalid(problems)


def _refuse_too_many(grain: Grain, wanted: Range, lines: int) -> None:
    """An answer has a size that a browser can draw and a program can hold."""
    if wanted.first is None or wanted.last is None:
        return
    points = count_periods(grain, wanted.first, wanted.last) * lines
    if points > MOST_POINTS:
        raise Invalid(
            [
                Problem(
                    _(
                        "That would be %(points)s points in %(lines)s lines; an answer has at most "
                        "%(most)s. Ask for a wider grain, a shorter range or fewer dimensions."
                    )
                    % {"points": f"{points:,}", "lines": f"{lines:,}", "most": f"{MOST_POINTS:,}"},
                    code="too_many_points",
                    pointer="/grain",
                    column="grain",
                )
            ]
        )


Found = Mapping[object, Mapping[date, Sums]]


def _sums(
    grain: Grain,
    wanted: Range,
    groups: Mapping[int, tuple[Group, int]],
    *,
    of_series: bool,
) -> dict[object, dict[date, Sums]]:
    """Sums by group and first day inside the range: 1 query, 1 more for each cut end."""
    first, last = wanted
    if first is None or last is None or not groups:
        return {}
    owners = list(groups)
    if grain is Grain.DAY:
        rows = sums.facts_by_day(owners, first, last, of_series=of_series)
        return sums.grouped(rows, groups)
    whole = [part for part in periods(grain, first, last) if part == part.cut(first, last)]
    found: dict[object, dict[date, Sums]] = {}
    if whole:
        rows = sums.rollups_of(owners, grain, whole[0].start, whole[-1].start, of_series=of_series)
        found = sums.grouped(rows, groups)
    for part in periods(grain, first, last):
        cut = part.cut(first, last)
        if cut != part:
            days = sums.facts_by_day(owners, cut.start, cut.end, of_series=of_series)
            inside = ((owner, cut.start, total) for owner, _day, total in days)
            for group, of in sums.grouped(inside, groups).items():
                found.setdefault(group, {}).update(of)
    return found


class Cell(NamedTuple):
    """One bucket of the range: its name, its days inside, and whether those are all."""

    name: str
    start: date
    end: date
    complete: bool


def _cells(grain: Grain, wanted: Range, today: date | None) -> list[Cell]:
    """Every bucket that touches the range, cut to it; what has not ended is incomplete."""
    first, last = wanted
    if first is None or last is None:
        return []
    found = []
    for bucket in periods(grain, first, last):
        inside = bucket.cut(first, last)
        complete = inside == bucket and (today is None or bucket.end < today)
        found.append(Cell(label(bucket), inside.start, inside.end, complete))
    return found


def _line(
    recipe: Recipe, dims: dict[str, str | None], found: Mapping[date, Sums], cells: Sequence[Cell]
) -> Line:
    """One line of an answer: every bucket of the range, and the total of what they add up to."""
    points = [
        Point(
            cell.name, cell.start, cell.end, recipe.value(found.get(cell.start, {})), cell.complete
        )
        for cell in cells
    ]
    return Line(dims, points, Total(recipe.value(_added(found.values())), exact=True))


def _added(many: Iterable[Sums]) -> Sums:
    """The sums of the inputs over many buckets."""
    found: Sums = {}
    for one in many:
        for pk, total in one.items():
            found[pk] = found.get(pk, 0) + total
    return found


def _nothing(metric: Metric, grain: Grain, by: Sequence[str], *, pending: bool) -> Answer:
    """The answer of a metric without a single fact: no points, and no total."""
    none = Total(None, exact=True)
    lines = [] if by else [Line({}, [], none)]
    return Answer(metric.key, metric.unit, grain.value, pending, lines, none)


def _by_name(group: Group) -> tuple[tuple[bool, str], ...]:
    """Alphabetically, what has no value last."""
    return tuple((value is None, value or "") for value in group)


Stored = dict[tuple[int, int, date], int]


def _stored(inputs: Collection[int], parts: Collection[Period]) -> Stored:
    """The rolled-up sums of these parts of all inputs; 1 query."""
    if not parts or not inputs:
        return {}
    starts = [part.start for part in parts]
    grains = {part.grain for part in parts}
    return sums.metric_rollups(inputs, grains, min(starts), max(starts))


def _window(metric: Metric | None, parts: Sequence[Period], stored: Stored) -> Decimal | None:
    """The value over a window, from the sums of its parts."""
    if metric is None:
        return None
    recipe = metric.recipe
    found = (
        {pk: stored[pk, part.grain.code, part.start]}
        for part in parts
        for pk in recipe.inputs
        if (pk, part.grain.code, part.start) in stored
    )
    return recipe.value(_added(found))
