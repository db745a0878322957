"""From a question to its answer: range, lines, cells, values, totals."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from metrics.models.definitions import Metric
from metrics.queries import sums
from metrics.queries.amounts import (
    Amounts,
    Group,
    Groups,
    Wanted,
    counted,
    over_groups,
    over_time,
    read_amounts,
)
from metrics.queries.answers import Answer, Break, Line, Point, Total
from metrics.queries.questions import (
    Cell,
    Plan,
    Reach,
    SeriesQuestion,
    plan_of,
    refuse_too_many,
)
from metrics.queries.recipes import Book
from metrics.rules.aggregation import Kind, Leaf, Outcome, Recipe
from metrics.rules.periods import Span, bucket_start
from workspaces.rules.errors import Invalid, Problem, at_field

ZERO = Decimal(0)


def shape_answer(metric: Metric, question: SeriesQuestion, book: Book) -> Answer:
    """The answer; see `ask`."""
    _refuse_unknown_version(book, metric, question.version)
    makers = _Makers(book, metric.pk, question.version)
    leaves = makers.leaves
    ids = [leaf.id for leaf in leaves]
    levels = any(leaf.kind is Kind.LAST for leaf in leaves)
    states = sums.states_of(ids, extents=levels or _needs_first_day(question))
    pending = any(state.pending for state in states.values())
    first, last = _range(question, states.values())
    if first is None or last is None:
        return _nothing(metric, question, pending=pending)
    groups = _groups(ids, question)
    names = {group for group, _leaf in groups.values()}
    refuse_too_many(question, first, last, len(names))
    ends = {pk: state.last for pk, state in states.items() if state.last}
    until = ends if question.known_at is None else _capped(ends, metric, question.known_at)
    plan = plan_of(question, first, last, _reach(metric, states, until))
    of_series = bool(question.by or question.where)
    spans = plan.spans
    wanted = Wanted(leaves, spans, groups, of_series, until, question.known_at)
    found = read_amounts(wanted)
    writer = _Writer(question, plan, makers, {span: n for n, span in enumerate(spans)})
    lines, total, before = writer.lines(found)
    breaks = [Break(day, number) for day, number in makers.breaks if first < day <= last]
    return Answer(
        metric.key, metric.unit, question.grain.value, pending, lines, total, before, breaks
    )


def _refuse_unknown_version(book: Book, metric: Metric, number: int | None) -> None:
    """Invalid for a version that the metric never had: another one's values would be told."""
    if number is not None and not book.metrics[metric.pk].has_version(number):
        message = _("The metric has no such version.")
        raise Invalid([at_field("version", "unknown_version", message)])


def _capped(ends: Mapping[int, date], metric: Metric, known_at: datetime) -> dict[int, date]:
    """The last day with data of each level, as far as it was known of at that instant."""
    day = metric.workspace.day_of(known_at)
    return {pk: min(last, day) for pk, last in ends.items()}


def _needs_first_day(question: SeriesQuestion) -> bool:
    """Whether the answer begins with the first day with data, or cuts a bucket at its beginning."""
    first = question.first
    if first is None or question.last is None:
        return True
    return first != bucket_start(first, question.grain, question.calendar)


def _reach(metric: Metric, states: Mapping[int, sums.State], ends: Mapping[int, date]) -> Reach:
    """How far the data go: of inputs with a stated cadence each counts, of others the latest."""
    if not ends:
        return Reach()
    begin = min((state.first for state in states.values() if state.first), default=None)
    cadences = {pk: metric.cadence_days or states[pk].cadence for pk in ends}
    others = [end for pk, end in ends.items() if not cadences[pk]]
    covered = [ends[pk] + timedelta(days=days - 1) for pk, days in cadences.items() if days]
    until = min([*covered, max(others)] if others else covered)
    return Reach(begin, max(ends.values()), until)


class _Makers:
    """The recipe of each day: definitions have versions."""

    def __init__(self, book: Book, metric_id: int, version: int | None) -> None:
        self.breaks = book.breaks_of(metric_id, version)
        starts: list[date | None] = [date.min, *(day for day, _number in self.breaks)]
        self._starts = starts
        self._recipes = [book.recipe(metric_id, day, pinned=version) for day in starts]
        every = {leaf.id: leaf for recipe in self._recipes for leaf in recipe.leaves}
        self.leaves: list[Leaf] = list(every.values())
        self.levels = frozenset(pk for pk, leaf in every.items() if leaf.kind is Kind.LAST)

    def on(self, day: date) -> Recipe:
        """The recipe in force on a day."""
        place = sum(1 for start in self._starts[1:] if start is not None and start <= day)
        return self._recipes[place]

    def breaks_in(self, span: Span) -> bool:
        """Whether another version begins inside."""
        return any(span.first < day <= span.last for day, _number in self.breaks)


def _range(
    question: SeriesQuestion, states: Iterable[sums.State]
) -> tuple[date | None, date | None]:
    """The asked range, filled up from the first to the last day that has a fact."""
    first, last = question.first, question.last
    if first is not None and last is not None:
        return first, last
    begin, until = sums.extent(states) or (last, first)
    start, end = first or begin, last or until
    if start is not None and end is not None and start > end:
        return (start, start) if first else (end, end)
    return start, end


def _groups(ids: Sequence[int], question: SeriesQuestion) -> Groups:
    """The group and the leaf of each wanted series, or of each leaf where all are."""
    if not question.by and not question.where:
        return {pk: ((), pk) for pk in ids}
    known = sums.series_of(ids)
    allowed: dict[str, set[str | None]] = {}
    for name, value in question.where:
        allowed.setdefault(name, set()).add(value)
    if known:
        _refuse_unknown(question, {name for _pk, _metric, dims in known for name in dims})
    return {
        pk: (tuple(dims.get(name) for name in question.by), metric_id)
        for pk, metric_id, dims in known
        if all(dims.get(name) in values for name, values in allowed.items())
    }


def _refuse_unknown(question: SeriesQuestion, names: set[str]) -> None:
    """A dimension that no fact of the metric has is a mistake, not an empty answer."""
    asked = [("by", name) for name in question.by]
    asked += [("where", name) for name, _value in question.where]
    problems = [
        Problem(
            _("This metric has no dimension “%(name)s”.") % {"name": name},
            code="unknown_dimension",
            pointer=f"/{place}",
            column=place,
        )
        for place, name in asked
        if name not in names
    ]
    if problems:
        raise Invalid(problems)


@dataclass(frozen=True)
class _Writer:
    """Writes lines from amounts; `place` says where a span stands among them."""

    question: SeriesQuestion
    plan: Plan
    makers: _Makers
    place: Mapping[Span, int]

    def lines(self, found: Mapping[Group, list[Amounts]]) -> tuple[list[Line], Total, Total | None]:
        """The lines in order, the total of all, and that of the comparison."""
        whole = self._together(found.values())
        question = self.question
        if not question.by:
            amounts = found.get((), whole)
            lines = [self._line({}, amounts)]
            return lines, lines[0].total, lines[0].before_total
        order = sorted(found, key=_by_name)
        kept, rest = self._ranked(found, order)
        lines = [
            self._line(dict(zip(question.by, group, strict=True)), found[group]) for group in kept
        ]
        if rest:
            others = self._together(found[group] for group in rest)
            lines.append(self._line(dict.fromkeys(question.by), others, len(rest)))
        total, before = self._totals(whole)
        return lines, total, before

    def _ranked(
        self, found: Mapping[Group, list[Amounts]], order: Sequence[Group]
    ) -> tuple[Sequence[Group], Sequence[Group]]:
        """The groups that get a line, the largest first where only some do, and the others."""
        top = self.question.top
        if top is None:
            return order, ()
        size = {group: self._totals(found[group])[0].value for group in order}
        ranked = sorted(order, key=lambda group: (size[group] is None, -abs(size[group] or ZERO)))
        return ranked[:top], ranked[top:]

    def _together(self, many: Iterable[Sequence[Amounts]]) -> list[Amounts]:
        """The amounts of several groups as those of one."""
        rows = list(many)
        return [over_groups(row[n] for row in rows) for n in range(len(self.place))]

    def _line(
        self, dims: dict[str, str | None], amounts: Sequence[Amounts], others: int | None = None
    ) -> Line:
        plan = self.plan
        total, before_total = self._totals(amounts)
        return Line(
            dims,
            self._points(amounts, plan.lead, plan.cells),
            total,
            self._points(amounts, plan.before_lead, plan.before),
            before_total,
            others,
        )

    def _totals(self, amounts: Sequence[Amounts]) -> tuple[Total, Total | None]:
        before = self._total(amounts, self.plan.before) if self.plan.before else None
        return self._total(amounts, self.plan.cells), before

    def _total(self, amounts: Sequence[Amounts], cells: Sequence[Cell]) -> Total:
        return Total.of(self._outcome(amounts, cells))

    def _outcome(self, amounts: Sequence[Amounts], cells: Sequence[Cell]) -> Outcome:
        """The value over several cells that follow each other."""
        return self._valued(self._joined(amounts, cells), Span(cells[0].start, cells[-1].end))

    def _joined(self, amounts: Sequence[Amounts], cells: Sequence[Cell]) -> Amounts:
        parts = (amounts[self.place[cell.span]] for cell in cells)
        return over_time(parts, self.makers.levels)

    def _valued(self, amounts: Amounts, span: Span) -> Outcome:
        return self.makers.on(span.last).outcome(counted(amounts, span))

    def _points(
        self, amounts: Sequence[Amounts], lead: Sequence[Cell], cells: Sequence[Cell]
    ) -> list[Point]:
        if self.question.running:
            return list(self._running(amounts, cells))
        every, width = [*lead, *cells], self.question.window
        found = []
        for number, cell in enumerate(cells, len(lead)):
            inside = every[max(0, number - width + 1) : number + 1]
            span = Span(inside[0].start, cell.end)
            found.append(self._point(cell, self._outcome(amounts, inside), span))
        return found

    def _running(self, amounts: Sequence[Amounts], cells: Sequence[Cell]) -> Iterator[Point]:
        """Each cell with all before it in the range."""
        so_far: Amounts = {}
        for cell in cells:
            so_far = over_time((so_far, amounts[self.place[cell.span]]), self.makers.levels)
            span = Span(cells[0].start, cell.end)
            yield self._point(cell, self._valued(so_far, span), span)

    def _point(self, cell: Cell, outcome: Outcome, span: Span) -> Point:
        return Point(
            cell.name,
            cell.start,
            cell.end,
            outcome.value,
            cell.complete,
            outcome.reason,
            outcome.exact,
            outcome.lower,
            outcome.upper,
            self.makers.breaks_in(span),
        )


def _nothing(metric: Metric, question: SeriesQuestion, *, pending: bool) -> Answer:
    """The answer of a metric without a single fact: no points, and no total."""
    none = Total(None, exact=True, reason="no_data")
    lines = [] if question.by else [Line({}, [], none)]
    return Answer(metric.key, metric.unit, question.grain.value, pending, lines, none)


def _by_name(group: Group) -> tuple[tuple[bool, str], ...]:
    """Alphabetically, what has no value last."""
    return tuple((value is None, value or "") for value in group)
