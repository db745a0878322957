"""The chart of one goal: each period, what was planned for it, and the year before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from goals.models import Goal, GoalForecast
from goals.queries.courses import asked_spans, earlier_years, share_on
from goals.queries.windows import Questions
from goals.rules import amounts
from goals.rules.courses import Course
from goals.rules.fans import Band, shown_grain
from goals.rules.progress import SUMMED, Basis
from metrics.queries.questions import SeriesQuestion
from metrics.queries.series import ask
from metrics.rules.periods import DAY, Grain, Span, label, periods, year_before

PER_PERIOD, TO_DATE = "period", "sum"


@dataclass(frozen=True)
class Bar:
    """One period: its value, its target, the same period a year before; None is no data.

    `fan` is p10, p50 and p90 of a period to come, or of the whole of one that is partly over.
    """

    start: date
    label: str
    value: Decimal | None
    target: Decimal | None
    past: Decimal | None
    partial: bool
    fan: Band | None = None

    @property
    def plotted(self) -> dict[str, str]:
        """The numbers as a script reads them, whatever the language; empty for no data."""
        named = {"value": self.value, "target": self.target, "past": self.past}
        if self.fan:
            named |= dict(zip(("low", "middle", "high"), self.fan, strict=True))
        return {
            name: amounts.stored(None if number is None else amounts.rounded(number))
            for name, number in named.items()
        }


@dataclass(frozen=True)
class Chart:
    """The bars and how to read them."""

    grain: Grain
    view: str
    bars: list[Bar]
    can_sum: bool

    @property
    def summed(self) -> bool:
        """Whether each bar is the total from the start to its end."""
        return self.view == TO_DATE

    @property
    def is_partial(self) -> bool:
        """Whether a bar that is drawn is incomplete."""
        return any(bar.partial and bar.value is not None for bar in self.bars)

    @property
    def has_fan(self) -> bool:
        """Whether anything is forecast."""
        return any(bar.fan is not None for bar in self.bars)

    @property
    def has_past(self) -> bool:
        """Whether anything is known of the year before."""
        return any(bar.past is not None for bar in self.bars)


def chart_of(goal: Goal, *, until: date, view: str, forecast: GoalForecast | None = None) -> Chart:
    """The chart from the goal's start to its end, with data up to `until`; a few queries.

    With a `forecast` that holds, its path stands at the periods to come.
    """
    basis = Basis(goal.basis)
    grain = shown_grain(basis, Grain(goal.grain), goal.window)
    can_sum = basis in SUMMED
    actual = _values(goal, grain, Span(goal.start, until)) if until >= goal.start else {}
    last_year = Span(year_before(goal.start), year_before(goal.end))
    past = _values(goal, grain, last_year)
    due = _due(goal, grain)
    bars = list(_bars(goal, grain, actual, past, (until, due)))
    steps = {step.days.first: step for step in forecast.steps} if forecast else {}
    if can_sum and view == TO_DATE:
        totals = {first: step.to_date for first, step in steps.items()}
        return Chart(grain, TO_DATE, _fanned(_running(bars, until), totals), can_sum)
    own = {first: step.period for first, step in steps.items()}
    return Chart(grain, PER_PERIOD, _fanned(bars, own), can_sum)


def _fanned(bars: Iterable[Bar], bands: dict[date, Band | None]) -> list[Bar]:
    return [replace(bar, fan=bands.get(bar.start)) for bar in bars]


def _values(goal: Goal, grain: Grain, span: Span) -> dict[date, Decimal | None]:
    """The metric in each bucket that touches the span, by the bucket's first day in it."""
    question = SeriesQuestion(grain, span.first, span.last, version=goal.definition_revision)
    answer = ask(goal.metric, question)
    points = answer.series[0].points if answer.series else []
    return {max(point.start, span.first): point.value for point in points}


def _bars(
    goal: Goal,
    grain: Grain,
    actual: dict[date, Decimal | None],
    past: dict[date, Decimal | None],
    told: tuple[date, dict[date, Decimal]],
) -> Iterator[Bar]:
    """One bar for each bucket of the window, those to come without a value.

    `told` is until when there are data, and the expected share at the end of each bucket. What the
    year before is only partly known of has neither a past nor, for growth, a target.
    """
    until, due = told
    before = list(past.values())
    for place, bucket in enumerate(periods(grain, goal.start, goal.end)):
        days = Span(max(bucket.start, goal.start), min(bucket.end, goal.end))
        year_ago = before[place] if place < len(before) else None
        if year_before(days.last) > until:
            year_ago = None
        yield Bar(
            start=days.first,
            label=label(bucket),
            value=actual.get(days.first),
            target=_target(goal, days, year_ago, due),
            past=year_ago,
            partial=days.first <= until < days.last,
        )


def _due(goal: Goal, grain: Grain) -> dict[date, Decimal]:
    """The expected share at the end of each bucket, and 0 on the day before the start."""
    ends = [min(bucket.end, goal.end) for bucket in periods(grain, goal.start, goal.end)]
    years = earlier_years(goal.workspace, [goal]).get(goal.pk, [])
    questions = Questions()
    for span in asked_spans(years, ends):
        questions.ask(goal, span)
    numbers = questions.answer(goal.workspace)
    shares = {day: share_on(goal, day, years=years, numbers=numbers) for day in ends}
    return {goal.start - DAY: Decimal(0), **shares}


def _target(
    goal: Goal, days: Span, year_ago: Decimal | None, due: dict[date, Decimal]
) -> Decimal | None:
    """What the bucket should bring: its part of a sum, the promised growth, or the level."""
    basis = Basis(goal.basis)
    if basis is Basis.CUMULATIVE:
        return goal.target * (due[days.last] - due[days.first - DAY])
    if basis is Basis.YOY:
        if year_ago is None or not goal.baseline:
            return None
        return year_ago * goal.target / goal.baseline
    if goal.course == Course.PHASED.value and goal.baseline is not None:
        return goal.baseline + (goal.target - goal.baseline) * due[days.last]
    return goal.target


def _running(bars: Iterable[Bar], until: date) -> Iterator[Bar]:
    """The same bars added up from the start; each line stops at the last period with any."""
    bars = list(bars)
    value = target = past = Decimal(0)
    known = [place for place, bar in enumerate(bars) if bar.past is not None]
    for place, bar in enumerate(bars):
        value += bar.value or 0
        target += bar.target or 0
        past += bar.past or 0
        went_on = bool(known) and place <= known[-1]
        yield Bar(
            bar.start,
            bar.label,
            value if bar.start <= until else None,
            target if went_on or bar.target is not None else None,
            past if went_on else None,
            bar.partial,
        )
