"""The evidence for a SMART goal, from the metric's own history and what stands around the goal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from goals.models import ForecastRecord, Goal, Waiver
from goals.queries.forecasts import terms_key
from goals.queries.promises import Promise
from goals.queries.rhythms import Wait, rhythms
from goals.queries.windows import Numbers, Questions
from goals.queries.wording import amount, figure, share
from goals.rules import amounts
from goals.rules.forecasting import Side
from goals.rules.freshness import is_late
from goals.rules.lint import Code, Evidence, Fault, Letter, lint, noise_of
from goals.rules.progress import SUMMED, Basis, growth
from goals.rules.spans import (
    MIDDLE_DAYS,
    SHORT_DAYS,
    Measure,
    last_whole,
    latest_buckets,
    so_far,
    span_year_before,
    years_before,
)
from goals.rules.track_record import Horizon
from metrics.models import Metric
from metrics.queries.series import first_weeks, inputs_of
from metrics.rules.periods import DAY, Grain, Span, period_of
from workspaces.models import Workspace
from workspaces.rules.days import last_complete_day

HISTORY = 24
MOST_WINDOWS = 60
WHOLE_YEAR = 350
MONTH = 31
DAYS_OF = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 30, Grain.QUARTER: 91, Grain.YEAR: 365}


class Pair(NamedTuple):
    """A past window and what it is compared with."""

    now: Measure
    before: Measure


@dataclass(frozen=True)
class Finding:
    """One finding in words, with its numbers; `waiver` is set where somebody gave a reason."""

    fault: Fault
    message: str
    waiver: Waiver | None = None

    @property
    def code(self) -> Code:
        """What was found."""
        return self.fault.code

    @property
    def letter(self) -> Letter:
        """Which of the five it concerns."""
        return self.fault.letter


def findings_of(workspace: Workspace, goal: Goal, at: datetime) -> list[Finding]:
    """What the lint finds in a goal, saved or not, with what was waived; a constant few queries."""
    known = _evidence(workspace, goal, at) if goal.has_number else _bare_evidence(goal)
    faults = lint(known)
    rows = Waiver.objects.select_related("by__user").filter(goal=goal) if goal.pk else ()
    waived = {waiver.code: waiver for waiver in rows}
    return [Finding(fault, said(goal, fault), waived.get(fault.code.value)) for fault in faults]


def _evidence(workspace: Workspace, goal: Goal, at: datetime) -> Evidence:
    complete = last_complete_day(at, workspace.timezone)
    before = min(goal.start - DAY, complete)
    grain = _history_grain(goal)
    history = [Span(one.start, one.end) for one in latest_buckets(grain, before, HISTORY)]
    since = _known_since(goal, grain)
    pairs = [pair for pair in _pairs(goal, before) if pair.before.span.first >= since]
    questions = Questions()
    for span in history:
        questions.ask(goal, span)
    for pair in pairs:
        questions.ask(goal, pair.now.span)
        questions.ask(goal, pair.before.span)
    numbers = questions.answer(workspace)
    values = [value for span in history if (value := numbers.over(goal, span)) is not None]
    rhythm = rhythms(workspace, [Wait(goal.metric.pk, complete, complete)])[goal.metric.pk]
    late = is_late(rhythm.feed or rhythm.until, now=complete, gap=rhythm.cadence, lag=rhythm.lag)
    found = Evidence(
        texts=(goal.title, goal.specific),
        has_owner=goal.owner_id is not None,
        late=late,
        periods=len(values),
        resources=goal.realistic,
        serves=goal.parent_id is not None or goal.stakeholder_id is not None,
        end_gone=goal.end <= complete and goal.pk is None,
        checks=len(goal.checkpoints),
        other_season=_other_season(goal),
        landing=_landing(goal) if goal.pk and not goal.stays else None,
    )
    if not goal.stays:
        found = _effort(goal, found, numbers, (pairs, values))
    return _around(goal, found)


def _bare_evidence(goal: Goal) -> Evidence:
    """What is known of a goal without a number of its own."""
    found = Evidence(
        texts=(goal.title, goal.specific),
        has_owner=goal.owner_id is not None,
        has_number=False,
        resources=goal.realistic,
        serves=goal.parent_id is not None or goal.stakeholder_id is not None,
    )
    return _around(goal, found)


def _landing(goal: Goal) -> tuple[Decimal, Decimal, Decimal] | None:
    """The target, and p50 and p90 (or p10) of the first forecast of its present terms; 1 query."""
    rows = ForecastRecord.objects.filter(
        goal=goal, horizon=Horizon.END.value, terms=terms_key(goal)
    )
    first = rows.order_by("made_on", "pk").first()
    if first is None:
        return None
    far = first.high if first.side == Side.AT_LEAST.value else first.low
    return goal.target, first.middle, far


def _known_since(goal: Goal, grain: Grain) -> date:
    """The first day of the first period with data; windows that begin earlier are not whole."""
    monday = first_weeks(inputs_of(goal.workspace, [goal.metric.pk])).get(goal.metric.pk)
    return date.max if monday is None else period_of(monday + 6 * DAY, grain).start


def _effort(
    goal: Goal,
    found: Evidence,
    numbers: Numbers,
    history: tuple[Sequence[Pair], Sequence[Decimal]],
) -> Evidence:
    """How much is promised, against noise and against every past window."""
    pairs, values = history
    if goal.baseline is None:
        return found
    down = goal.metric.direction == "down"
    grain = _history_grain(goal)
    summed = Basis(goal.basis) in SUMMED
    parts = max(1, goal.window.days // DAYS_OF[grain]) if summed else 1
    scaled = _as_long(goal)
    needed = growth(goal.target, scaled)
    past = [gain for pair in pairs if (gain := _gain(goal, numbers, pair)) is not None]
    turned = [-gain if down else gain for gain in past]
    return replace(
        found,
        gap=goal.target - scaled,
        error=noise_of(values, parts),
        needed=None if needed is None else (-needed if down else needed),
        past=turned,
    )


def _as_long(goal: Goal) -> Decimal:
    """The baseline, as if that of a total were as long as the goal."""
    span, baseline = goal.baseline_span, goal.baseline or Decimal(0)
    if span is None or Basis(goal.basis) is not Basis.CUMULATIVE:
        return baseline
    close = abs(span.days - goal.window.days) <= 1
    return baseline if close else baseline * goal.window.days / span.days


def _gain(goal: Goal, numbers: Numbers, pair: Pair) -> Decimal | None:
    now, before = numbers.measured(goal, pair.now), numbers.measured(goal, pair.before)
    return None if now is None or before is None else growth(now, before)


def _history_grain(goal: Goal) -> Grain:
    """The goal's own period for levels and averages, else by the length of the window."""
    if Basis(goal.basis) not in SUMMED:
        return Grain(goal.grain)
    days = goal.window.days
    if days <= SHORT_DAYS:
        return Grain.DAY
    return Grain.WEEK if days <= MIDDLE_DAYS else Grain.MONTH


def _pairs(goal: Goal, before: date) -> Iterator[Pair]:
    """Past windows as long as the goal, each compared as the goal is; ends on whole periods."""
    grain = _history_grain(goal)
    basis, length = Basis(goal.basis), goal.window.days
    additive = goal.metric.kind == "additive"
    for bucket in reversed(latest_buckets(grain, before, MOST_WINDOWS)):
        span = _window_to(bucket.end, goal)
        earlier = _window_to(span.first - DAY, goal)
        if basis is Basis.YOY:
            earlier = span_year_before(span)
        if basis is Basis.LEVEL:
            level, old = bucket, last_whole(Grain(goal.grain), span.first - DAY)
            now_ = Measure(Span(level.start, level.end))
            yield Pair(now_, Measure(Span(old.start, old.end)))
            continue
        now_found = so_far(basis, Grain(goal.grain), span, additive=additive)
        then = so_far(basis, Grain(goal.grain), earlier, additive=additive)
        if now_found is not None and then is not None and length:
            yield Pair(now_found, then)


def _window_to(end: date, goal: Goal) -> Span:
    """As many days as the goal has, up to an end; a year is the calendar's."""
    if WHOLE_YEAR <= goal.window.days <= WHOLE_YEAR + 16:
        return Span(years_before(end, 1) + DAY, end)
    return Span(end - DAY * (goal.window.days - 1), end)


def _other_season(goal: Goal) -> bool:
    """Whether a total shorter than a year is compared with other months than its own."""
    span = goal.baseline_span
    if span is None or Basis(goal.basis) is not Basis.CUMULATIVE or not goal.target_percent:
        return False
    if goal.window.days >= WHOLE_YEAR:
        return span.days < WHOLE_YEAR
    return abs((span_year_before(goal.window).first - span.first).days) % 365 > MONTH


def _around(goal: Goal, found: Evidence) -> Evidence:
    """Other open goals: on the metric at the same time, and of the same owner; 2 queries."""
    others = Goal.objects.filter(workspace=goal.workspace, closed_at=None).exclude(pk=goal.pk)
    family = Q(parent_id=goal.pk) if goal.pk else Q(pk=None)
    if goal.parent_id:
        family |= Q(pk=goal.parent_id) | Q(parent_id=goal.parent_id)
    same = Q(metric_id=goal.metric_id, start__lte=goal.end, end__gte=goal.start) & ~family
    same &= Q(metric__isnull=False)  # goals without a number are nobody's rivals
    counts = others.aggregate(
        rivals=Count("pk", filter=same),
        load=Count("pk", filter=Q(owner_id=goal.owner_id) & Q(owner__isnull=False)),
        steps=Count("pk", filter=Q(parent_id=goal.pk or 0, end__lt=goal.end)),
    )
    return replace(
        found,
        rivals=counts["rivals"],
        load=counts["load"],
        checks=found.checks + counts["steps"],
    )


def said(goal: Goal, fault: Fault) -> str:
    """One finding as a sentence, in the reader's language."""
    named = {
        name: value
        if isinstance(value, str)
        else (share(value) if name in {"needed", "best", "usual"} else figure(value, 0))
        for name, value in fault.facts.items()
    }
    for name in {"gap", "noise", "middle", "far"} & fault.facts.keys():
        value = fault.facts[name]
        named[name] = amount(Decimal(value), goal.metric)
    return SENTENCES[fault.code]() % named


SENTENCES = {
    Code.NO_OWNER: lambda: _("Nobody answers for it."),
    Code.VAGUE_WORDS: lambda: _("These words promise nothing that can be seen: %(words)s."),
    Code.NO_NUMBER: lambda: _("It has no number of its own: it is judged by its steps."),
    Code.DATA_LATE: lambda: _("The metric's data are late, so nobody could tell how it stands."),
    Code.SHORT_HISTORY: lambda: _(
        "Periods of history: %(periods)s. Measure a baseline first, then promise."
    ),
    Code.WITHIN_NOISE: lambda: _(
        "The change of %(gap)s is within the metric's own noise of %(noise)s."
    ),
    Code.HARDER_THAN_EVER: lambda: _(
        "Harder than every past window: it needs %(needed)s, the best of %(windows)s as long as it "
        "brought %(best)s."
    ),
    Code.EASIER_THAN_USUAL: lambda: _(
        "It needs %(needed)s, and half of %(windows)s past windows as long as it brought %(usual)s "
        "or more: perhaps too easy."
    ),
    Code.LANDS_ANYWAY: lambda: _(
        "If all goes on as before it lands at %(middle)s, which is enough: perhaps too easy."
    ),
    Code.STRETCH: lambda: _(
        "A stretch: if all goes on as before it lands at %(middle)s, and at %(far)s once in ten "
        "times."
    ),
    Code.IMPLAUSIBLE: lambda: _(
        "Hardly plausible: if all goes on as before it lands at %(middle)s, and at %(far)s once in "
        "ten times; the target lies more than twice as far."
    ),
    Code.NO_RESOURCES: lambda: _("No people, hours or money are named for it."),
    Code.RIVALS: lambda: _("Other open goals on this metric in the same days: %(goals)s."),
    Code.SERVES_NOBODY: lambda: _("It serves no other goal and no stakeholder."),
    Code.OWNER_BUSY: lambda: _("Its owner answers for %(goals)s other open goals."),
    Code.END_GONE: lambda: _("Its end lies in the past."),
    Code.NO_CHECKS: lambda: _("No checkpoint and no step on the way: the end is the first check."),
    Code.OTHER_SEASON: lambda: _(
        "The baseline is of other months than the goal: part of the change is the season."
    ),
}


LIVE = frozenset(
    {
        Code.VAGUE_WORDS,
        Code.DATA_LATE,
        Code.SHORT_HISTORY,
        Code.WITHIN_NOISE,
        Code.HARDER_THAN_EVER,
        Code.EASIER_THAN_USUAL,
        Code.OTHER_SEASON,
    }
)


def findings_of_terms(
    workspace: Workspace, metric: Metric, promise: Promise, texts: tuple[str, str], at: datetime
) -> list[Finding]:
    """What can be found while a form is filled in; `texts` are the title and what is specific."""
    terms = promise.terms
    tentative = Goal(
        workspace=workspace,
        metric=metric,
        definition_revision=metric.definition_revision,
        title=texts[0],
        specific=texts[1],
        aim=terms.aim.value,
        basis=terms.basis.value,
        grain=terms.grain.value,
        start=terms.window.first,
        end=terms.window.last,
        target_percent=amounts.stored(terms.target.percent),
        target_value=amounts.stored(promise.target),
        baseline_value=amounts.stored(promise.baseline),
        baseline_from=promise.span.first if promise.span else None,
        baseline_to=promise.span.last if promise.span else None,
    )
    return [found for found in findings_of(workspace, tentative, at) if found.code in LIVE]
