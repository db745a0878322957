"""A metric over time: the one place where amounts become values, for pages and programs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Min, Sum

from metrics.models.definitions import Metric
from metrics.models.rollups import MetricRevision, MetricRollup
from metrics.queries import sums
from metrics.queries.amounts import Amounts, Wanted, counted, over_time, read_amounts
from metrics.queries.answers import Answer, Window
from metrics.queries.questions import Filters, SeriesQuestion
from metrics.queries.recipes import Book, book_of
from metrics.queries.shaping import shape_answer
from metrics.rules.aggregation import Kind, Leaf, Outcome, Recipe
from metrics.rules.periods import Grain, Span
from workspaces.models import Workspace


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
    """The metric by bucket; `ask` takes every other word that a question may have."""
    question = SeriesQuestion(Grain(grain), first, last, tuple(by), tuple(where), today)
    return ask(metric, question)


def ask(metric: Metric, question: SeriesQuestion, book: Book | None = None) -> Answer:
    """Answer a question about one metric, from its first to its last day with data unless told.

    Every bucket of the range is listed. Days are read from the facts, wider grains from rollups;
    a bucket that the range cuts is read from what lies inside. 1 query for the definition (none
    with a `book`), 1 for the state, 1 for the series where it is split or filtered, and those of
    `read_amounts`, whatever the range.
    """
    book = book or book_of(metric.workspace, [metric.pk])
    return shape_answer(metric, question, book)


def read_windows(workspace: Workspace, windows: Sequence[Window]) -> list[Decimal | None]:
    """The value over each window, None where there is none; a constant number of queries."""
    return [outcome.value for outcome in read_outcomes(workspace, windows)]


def read_outcomes(
    workspace: Workspace, windows: Sequence[Window], book: Book | None = None
) -> list[Outcome]:
    """The value over each window with its bounds, or the reason why there is none.

    3 queries for additive metrics (2 with a `book`), 4 more where levels or unique counts are
    among them, for any number of windows. A window is computed by the version in force on its last
    day, or by its own.
    """
    book = book or book_of(workspace, {window.metric_id for window in windows})
    recipes = [
        book.recipe(window.metric_id, window.last, pinned=window.version)
        if window.metric_id in book.metrics
        else None
        for window in windows
    ]
    leaves = {leaf.id: leaf for recipe in recipes if recipe for leaf in recipe.leaves}
    order = list(dict.fromkeys(Span(window.first, window.last) for window in windows))
    found = _amounts_of(leaves, order)
    place = {span: number for number, span in enumerate(order)}
    return [
        _outcome(recipe, found, place[Span(window.first, window.last)], order)
        if recipe
        else Outcome(None, "no_data")
        for window, recipe in zip(windows, recipes, strict=True)
    ]


def read_recipe(recipe: Recipe, spans: Sequence[Span]) -> list[Outcome]:
    """What a recipe, of a definition or not yet of one, gives over each span; 1-5 queries."""
    found = _amounts_of({leaf.id: leaf for leaf in recipe.leaves}, spans)
    return [_outcome(recipe, found, place, spans) for place in range(len(spans))]


def _amounts_of(leaves: Mapping[int, Leaf], spans: Sequence[Span]) -> dict[int, list[Amounts]]:
    """The amounts of every leaf over every span, by leaf."""
    until = _until(leaves.values())
    groups = {pk: ((str(pk),), pk) for pk in leaves}
    wanted = Wanted(list(leaves.values()), spans, groups, of_series=False, until=until)
    found = read_amounts(wanted)
    return {pk: found.get((str(pk),), []) for pk in leaves}


def _until(leaves: Iterable[Leaf]) -> dict[int, date]:
    """The last day with data of each level; 1 query where there are levels."""
    levels = [leaf.id for leaf in leaves if leaf.kind is Kind.LAST]
    return _last_days(levels) if levels else {}


def _outcome(
    recipe: Recipe, found: Mapping[int, Sequence[Amounts]], place: int, spans: Sequence[Span]
) -> Outcome:
    amounts = over_time(found[leaf][place] for leaf in recipe.inputs)
    return recipe.outcome(counted(amounts, spans[place]))


def read_value(
    metric: Metric, *, first: date, last: date, fresh: bool = False, version: int | None = None
) -> Decimal | None:
    """The value over one window; `fresh` sums the facts, never waiting for a rollup."""
    if fresh:
        return _read_fresh(metric, Span(first, last), version)
    return read_windows(metric.workspace, [Window(metric.pk, first, last, version)])[0]


def _read_fresh(metric: Metric, span: Span, version: int | None) -> Decimal | None:
    """The value from the facts alone."""
    recipe = book_of(metric.workspace, [metric.pk]).recipe(metric.pk, span.last, pinned=version)
    additive = [leaf.id for leaf in recipe.leaves if leaf.kind is Kind.ADDITIVE]
    found: Amounts = dict(sums.totals_of(additive, span.first, span.last)) if additive else {}
    others = {leaf.id: leaf for leaf in recipe.leaves if leaf.kind is not Kind.ADDITIVE}
    if others:
        found |= over_time(of[0] for of in _amounts_of(others, [span]).values())
    return recipe.value(counted(found, span))


def read_days(
    workspace: Workspace, metric_ids: Collection[int], first: date, last: date
) -> dict[int, dict[date, Decimal | None]]:
    """The value of each day that has observations, by metric; a constant number of queries."""
    book = book_of(workspace, metric_ids)
    recipes = {pk: book.recipe(pk) for pk in metric_ids if pk in book.metrics}
    leaves = {leaf.id: leaf for recipe in recipes.values() for leaf in recipe.leaves}
    days = sorted(sums.days_with_facts(leaves, first, last))
    spans = [Span(day, day) for day in days]
    found = _amounts_of(leaves, spans) if spans else {}
    return {
        pk: {
            day: _outcome(recipe, found, place, spans).value
            for place, day in enumerate(days)
            if any(found[leaf][place] for leaf in recipe.inputs)
        }
        for pk, recipe in recipes.items()
    }


def is_pending(metric: Metric, book: Book | None = None) -> bool:
    """Whether facts of the metric have changed that its rollups do not show yet; 1-2 queries."""
    inputs = (book or book_of(metric.workspace, [metric.pk])).leaves_of(metric.pk)
    return any(state.pending for state in sums.states_of(inputs, extents=False).values())


def extent_of(metric: Metric, book: Book | None = None) -> tuple[date, date] | None:
    """The first and the last day with a fact of the metric or of what it reads; 1-2 queries."""
    inputs = (book or book_of(metric.workspace, [metric.pk])).leaves_of(metric.pk)
    return sums.extent(sums.states_of(inputs, extents=True).values())


def latest_days(workspace: Workspace, metric_ids: Collection[int]) -> dict[int, date]:
    """Until when there are data, by metric (computed: the earliest of its inputs); 2 queries."""
    return latest_of(inputs_of(workspace, metric_ids))


def latest_of(inputs: Mapping[int, Collection[int]]) -> dict[int, date]:
    """The same by the inputs of each metric; 1 query."""
    last = _last_days({pk for parts in inputs.values() for pk in parts})
    return {
        pk: min(last[part] for part in parts)
        for pk, parts in inputs.items()
        if all(part in last for part in parts)
    }


def _last_days(metric_ids: Collection[int]) -> dict[int, date]:
    """The last day with a fact of each measured metric, by its rollups; 1 query."""
    rows = MetricRollup.objects.filter(metric_id__in=metric_ids, grain=Grain.YEAR.code)
    found: dict[int, date] = {}
    for pk, day in rows.values_list("metric_id", "last_day"):
        found[pk] = max(day, found.get(pk, day))
    return found


def first_weeks(inputs: Mapping[int, Collection[int]]) -> dict[int, date]:
    """Monday of the ISO week since which there are data of all inputs, by metric; 1 query."""
    parts = {part for parts in inputs.values() for part in parts}
    weeks = MetricRollup.objects.filter(metric_id__in=parts, grain=Grain.WEEK.code)
    first = dict(weeks.values_list("metric_id").annotate(Min("bucket")))
    return {
        pk: max(first[part] for part in parts)
        for pk, parts in inputs.items()
        if parts and all(part in first for part in parts)
    }


def revisions_of(workspace: Workspace, metric_ids: Collection[int]) -> dict[int, int]:
    """A number that grows whenever values or definitions may have changed; 1 query."""
    book = book_of(workspace, metric_ids)
    return {pk: book.revision_of(pk) for pk in metric_ids if pk in book.metrics}


def revision_of(workspace: Workspace) -> int:
    """A number that grows with every change of values or definitions; 2 queries."""
    counted = MetricRevision.objects.filter(metric__workspace=workspace)
    defined = Metric.objects.filter(workspace=workspace)
    values = counted.aggregate(total=Sum("value"))["total"] or 0
    return int(values) + int(defined.aggregate(total=Sum("version"))["total"] or 0)


def inputs_of(workspace: Workspace, metric_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The measured metrics that each metric is made of; 1 query."""
    book = book_of(workspace, metric_ids)
    return {pk: book.leaves_of(pk) for pk in metric_ids if pk in book.metrics}
