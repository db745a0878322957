"""How goals stand right now: live numbers for any number of goals, in constant queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from goals.models import Goal, GoalForecast
from goals.queries.courses import asked_spans, earlier_years, share_on
from goals.queries.curves import Curve, curve_of, curve_spans
from goals.queries.forecasts import forecasts_of, holding
from goals.queries.growth import asked_base, base_of
from goals.queries.guardrails import Guarded, guarded, watches_of
from goals.queries.lines import judged_spans, keeping_of
from goals.queries.notes import Told, note_of
from goals.queries.rhythms import Rhythm, Wait, rhythms
from goals.queries.windows import Numbers, Questions
from goals.rules import amounts
from goals.rules.aims import Keeping
from goals.rules.freshness import all_in, is_late
from goals.rules.growth import Base
from goals.rules.pace import elapsed_share, pace, too_early
from goals.rules.progress import SUMMED, Basis, growth, progress
from goals.rules.spans import Measure, last_whole, so_far, span_year_before
from goals.rules.status import BANDS, Facts, Held, Status, settle
from metrics.rules.periods import DAY, Grain, Span
from workspaces.models import Workspace
from workspaces.rules.days import last_complete_day

NOTHING = Curve()
COMPARED = {Basis.CUMULATIVE: "year", Basis.YOY: "year", Basis.LEVEL: "period"}


@dataclass(frozen=True)
class Standing:
    """One goal's numbers at the end of the last complete day; decimals are exact.

    `value`, `target`, `baseline` and `before` are in the metric's unit; `progress`, `expected`,
    `elapsed`, `pace`, `grown` and `change` are shares. `before` is what the value is compared with:
    the same days of the year before for sums, the period before for a level. A goal that keeps a
    line has `keeping` instead of progress and pace. `forecast` is what the last review stored.
    Growth has a `base`: its baseline is what the year before came to by what is known now, and its
    target follows; None while days of that year are still to come.
    """

    goal_id: int
    until: date
    value: Decimal | None
    target: Decimal | None
    baseline: Decimal | None
    before: Decimal | None
    compared_with: str
    compared_on: date | None
    grown: Decimal | None
    change: Decimal | None
    progress: Decimal | None
    expected: Decimal
    elapsed: Decimal
    pace: Decimal | None
    status: Status
    held: Held
    since: datetime | None
    previous: str
    data_until: date | None
    days_left: int
    needed_per_day: Decimal | None
    expected_value: Decimal | None
    facts: Facts
    curve: Curve
    keeping: Keeping | None = None
    forecast: GoalForecast | None = None
    base: Base | None = None
    guardrails: list[Guarded] = field(default_factory=list)
    note: str = ""

    @property
    def broken(self) -> list[Guarded]:
        """The guardrails that are broken now."""
        return [found for found in self.guardrails if found.is_broken]

    @property
    def points(self) -> list[Decimal | None]:
        """The values of the small curve."""
        return self.curve.points

    @property
    def difference(self) -> Decimal | None:
        """The value less what it is compared with, in the metric's unit."""
        return None if self.value is None or self.before is None else self.value - self.before

    @property
    def distance(self) -> Decimal | None:
        """The difference without its sign."""
        return None if self.difference is None else abs(self.difference)

    @property
    def is_quiet(self) -> bool:
        """Whether a card says it in one sentence: nothing to steer, or nothing known yet."""
        return self.status not in BANDS or not self.facts.begun

    @property
    def was(self) -> str:
        """The status before this one, empty where this is the first verdict."""
        return "" if self.previous in {"", Status.NEW.value} else self.previous

    @property
    def needed_shown(self) -> Decimal | None:
        """What each day must bring, to three digits, for people."""
        return None if self.needed_per_day is None else amounts.rounded(self.needed_per_day, 3)


@dataclass(frozen=True)
class _Look:
    """What has to be read for one goal: a value, what it is compared with, and a curve."""

    goal: Goal
    until: date
    now: date
    zone: str
    value: Measure | None = None
    before: Measure | None = None
    curve: Sequence[Span] = ()
    judged: Sequence[Span] = ()
    years: Sequence[Span] = ()
    base: Span | None = None
    forecast: GoalForecast | None = None

    @property
    def spans(self) -> list[Span]:
        """Every window that is read of its metric."""
        measured = [measure.span for measure in (self.value, self.before) if measure is not None]
        if self.base is not None:
            measured.append(self.base)
        days = [self.until, *(span.last for span in self.curve)]
        return [*measured, *self.curve, *self.judged, *asked_spans(self.years, days)]


def standings(
    workspace: Workspace,
    goals: Iterable[Goal],
    at: datetime,
    *,
    fresh: bool = False,
    curves: bool = True,
    paths: bool = False,
) -> dict[int, Standing]:
    """The standing of each goal with its guardrails, by its id, in at most ten queries.

    The goals must come with their metrics (`select_related("metric")`). `fresh` sums observations
    instead of waiting for rollups, at the price of queries per goal: for one goal just changed.
    `paths` brings the way of each forecast.
    """
    goals = list(goals)
    years = earlier_years(workspace, goals)
    rows = forecasts_of(goals, paths=paths) if goals else {}
    looks = [
        replace(_look_at(goal, workspace, at, curves=curves), years=years.get(goal.pk, ()))
        for goal in goals
    ]
    if not looks:
        return {}
    looks = [replace(look, forecast=holding(rows, look.goal, look.until)) for look in looks]
    watches = watches_of(workspace, [look.goal for look in looks], at)
    questions = Questions()
    for look in looks:
        for span in look.spans:
            questions.ask(look.goal, span)
    for watch in watches:
        questions.ask(watch.guardrail, watch.span)
    waits = [Wait(look.goal.metric_id, look.now, look.goal.end) for look in looks]
    waits += [Wait(watch.guardrail.metric_id, watch.now, watch.now) for watch in watches]
    known = rhythms(workspace, waits, fresh=fresh)
    numbers = questions.answer(workspace, fresh=fresh)
    found = {look.goal.pk: _standing(look, numbers, known[look.goal.metric_id]) for look in looks}
    for watch in watches:
        row = watch.guardrail
        value = numbers.over(row, watch.span)
        found[row.goal_id].guardrails.append(guarded(watch, value, known[row.metric_id]))
    return found


def _look_at(goal: Goal, workspace: Workspace, at: datetime, *, curves: bool) -> _Look:
    moment = at if goal.closed_at is None else min(at, goal.closed_at)
    now = last_complete_day(moment, workspace.timezone)
    until = min(now, goal.end)
    basis, grain = Basis(goal.basis), Grain(goal.grain)
    base = asked_base(goal, now)
    if until < goal.start:
        return _Look(goal, until, now, workspace.timezone, base=base)
    span = Span(goal.start, until)
    additive = goal.metric.kind == "additive"
    return _Look(
        goal,
        until,
        now,
        workspace.timezone,
        so_far(basis, grain, span, additive=additive),
        _compared(basis, grain, span),
        curve_spans(basis, grain, span) if curves else (),
        judged_spans(goal, span) if goal.stays else (),
        base=base,
    )


def _compared(basis: Basis, grain: Grain, span: Span) -> Measure | None:
    """The same days a year before for sums, the period before for a level."""
    if basis in SUMMED:
        return Measure(span_year_before(span))
    if basis is Basis.LEVEL:
        before = last_whole(grain, last_whole(grain, span.last).start - DAY)
        return Measure(Span(before.start, before.end))
    return None


def _standing(look: _Look, numbers: Numbers, rhythm: Rhythm) -> Standing:
    """Put one goal's numbers together and judge them."""
    goal, basis = look.goal, Basis(look.goal.basis)
    value = numbers.measured(goal, look.value)
    before = numbers.measured(goal, look.before)
    elapsed = elapsed_share(goal.window, look.until)
    share = share_on(goal, look.until, years=look.years, numbers=numbers)
    kept = keeping_of(goal, look.judged, numbers, present=value) if goal.stays else None
    done = None if kept else _progress(goal, value, before)
    facts = _facts(look, done, share, rhythm)
    if kept:
        facts = replace(facts, keeping=kept, pace=kept.share, early=facts.begun and not kept.days)
    if look.forecast is not None:
        facts = replace(facts, chance=look.forecast.chance)
    held = goal.held if goal.closed_at else settle(goal.held, facts, today=look.now + DAY)
    changed = held.status != goal.status
    left = (goal.end - look.until).days
    base = base_of(goal, numbers, look.now)
    target = base.asked(goal.target) if base else goal.target
    baseline = base.value if base else goal.baseline
    compared = before if look.before else baseline
    standing = Standing(
        goal_id=goal.pk,
        until=look.until,
        value=value,
        target=target,
        baseline=baseline,
        before=compared,
        compared_with=COMPARED.get(basis, "baseline"),
        compared_on=look.before.span.first if look.before else None,
        grown=_growth(value, before) if basis is Basis.YOY else None,
        change=_growth(value, compared),
        progress=done,
        expected=share,
        elapsed=elapsed,
        pace=None if facts.early or kept else facts.pace,
        status=held.status,
        held=held,
        since=None if changed else goal.status_since,
        previous=goal.status if changed else goal.previous_status,
        data_until=None if rhythm.until is None else min(rhythm.until, look.now),
        days_left=left,
        needed_per_day=_needed(goal, value, target, left),
        expected_value=_expected_value(goal, basis, share, before),
        facts=facts,
        curve=curve_of(goal, look.curve, numbers, years=look.years) if look.curve else NOTHING,
        keeping=kept,
        forecast=look.forecast,
        base=base,
    )
    return replace(standing, note=_note(look, standing))


def _progress(goal: Goal, value: Decimal | None, before: Decimal | None) -> Decimal | None:
    """How far a goal that reaches for a target has come."""
    return progress(
        Basis(goal.basis),
        value=value,
        target=goal.target,
        baseline=goal.baseline,
        year_ago=before,
    )


def _note(look: _Look, standing: Standing) -> str:
    """The sentence for the standing; a goal reached just now was reached today."""
    zone = ZoneInfo(look.zone)
    reached = standing.since.astimezone(zone).date() if standing.since else look.now
    return note_of(
        Told(
            goal=look.goal,
            facts=standing.facts,
            status=standing.status,
            until=standing.until,
            now=look.now,
            data_until=standing.data_until,
            value=standing.value,
            target=standing.target,
            base=standing.base,
            expected_value=standing.expected_value,
            needed_per_day=standing.needed_per_day,
            grown=standing.grown,
            reached_on=None if standing.facts.over else reached,
        )
    )


def _facts(look: _Look, done: Decimal | None, share: Decimal, rhythm: Rhythm) -> Facts:
    """What the verdict may look at."""
    goal, basis = look.goal, Basis(look.goal.basis)
    begun = look.until >= goal.start
    over = look.until == goal.end and all_in(rhythm.until, end=goal.end, gap=rhythm.gap)
    late = (
        begun
        and not over
        and is_late(rhythm.feed or rhythm.until, now=look.now, gap=rhythm.cadence, lag=rhythm.lag)
    )
    ceiling = basis is Basis.CUMULATIVE and goal.metric.direction == "down"
    return Facts(
        progress=done,
        pace=pace(done, share, ceiling=ceiling),
        begun=begun,
        early=begun and (too_early(goal.window, look.until) or share <= 0),
        late=late,
        over=over,
        sums=basis is Basis.CUMULATIVE,
        ceiling=ceiling,
    )


def _growth(value: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if value is None or before is None else growth(value, before)


def _needed(goal: Goal, value: Decimal | None, target: Decimal | None, left: int) -> Decimal | None:
    """What each remaining day must bring for a sum to reach its target."""
    if Basis(goal.basis) not in SUMMED or value is None or target is None or not left:
        return None
    return max(Decimal(0), target - value) / left


def _expected_value(
    goal: Goal, basis: Basis, share: Decimal, before: Decimal | None
) -> Decimal | None:
    """Where the value should be by now, in the metric's unit."""
    if basis is Basis.CUMULATIVE:
        return goal.target * share
    if goal.stays:
        return goal.target
    if goal.baseline is None:
        return None
    if basis is Basis.YOY:
        return None if before is None else before * goal.target / goal.baseline
    return goal.baseline + (goal.target - goal.baseline) * share
