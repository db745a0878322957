"""How goals stand right now: live numbers for any number of goals, in constant queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from goals.models import Goal, GoalForecast
from goals.queries.by_steps import steps_below, stood_by_steps
from goals.queries.courses import asked_spans, earlier_years, share_on
from goals.queries.curves import Curve, curve_of, curve_spans
from goals.queries.figures import Standing
from goals.queries.forecasts import forecasts_of, holding
from goals.queries.guardrails import guarded, watches_of
from goals.queries.lines import judged_spans, keeping_of
from goals.queries.notes import Told, note_of
from goals.queries.rhythms import Rhythm, Wait, rhythms
from goals.queries.windows import Numbers, Questions
from goals.rules.freshness import all_in, is_late
from goals.rules.pace import elapsed_share, pace, too_early
from goals.rules.progress import SUMMED, Basis, growth, progress
from goals.rules.spans import Measure, last_whole, so_far, span_year_before
from goals.rules.status import Facts, settle
from metrics.rules.periods import DAY, Grain, Span
from workspaces.models import Workspace
from workspaces.rules.days import last_complete_day

NOTHING = Curve()
COMPARED = {Basis.CUMULATIVE: "year", Basis.YOY: "year", Basis.LEVEL: "period"}


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
    forecast: GoalForecast | None = None

    @property
    def spans(self) -> list[Span]:
        """Every window that is read of its metric."""
        measured = [measure.span for measure in (self.value, self.before) if measure is not None]
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
    `paths` brings the way of each forecast. Goals without a number are read by their steps, which
    takes 1 query more, and a few for their guardrails.
    """
    goals = list(goals)
    bare = [goal for goal in goals if not goal.has_number]
    if not bare:
        return _measured(workspace, goals, at, fresh=fresh, curves=curves, paths=paths)
    below = steps_below(workspace, bare)
    read = {goal.pk: goal for goal in (*goals, *below.measured) if goal.has_number}
    found = _measured(workspace, read.values(), at, fresh=fresh, curves=curves, paths=paths)
    found |= stood_by_steps(workspace, bare, below, found, at)
    return {goal.pk: found[goal.pk] for goal in goals}


def _measured(
    workspace: Workspace,
    goals: Iterable[Goal],
    at: datetime,
    *,
    fresh: bool,
    curves: bool,
    paths: bool,
) -> dict[int, Standing]:
    """The standings of goals that have a metric."""
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
    waits = [Wait(look.goal.metric.pk, look.now, look.goal.end) for look in looks]
    waits += [Wait(watch.guardrail.metric_id, watch.now, watch.now) for watch in watches]
    known = rhythms(workspace, waits, fresh=fresh)
    numbers = questions.answer(workspace, fresh=fresh)
    found = {look.goal.pk: _standing(look, numbers, known[look.goal.metric.pk]) for look in looks}
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
    if until < goal.start:
        return _Look(goal, until, now, workspace.timezone)
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
    compared = before if look.before else goal.baseline
    standing = Standing(
        goal_id=goal.pk,
        until=look.until,
        value=value,
        target=goal.target,
        baseline=goal.baseline,
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
        needed_per_day=_needed(goal, value, left),
        expected_value=_expected_value(goal, basis, share, before),
        facts=facts,
        curve=curve_of(goal, look.curve, numbers, years=look.years) if look.curve else NOTHING,
        keeping=kept,
        forecast=look.forecast,
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


def _needed(goal: Goal, value: Decimal | None, left: int) -> Decimal | None:
    """What each remaining day must bring for a sum to reach its target."""
    if Basis(goal.basis) not in SUMMED or value is None or not left:
        return None
    return max(Decimal(0), goal.target - value) / left


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
