"""A goal split into quarters, months or weeks: the plan, what came, and the plan anew."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.models import Goal
from goals.queries.courses import asked_spans, covered_years, season_on
from goals.queries.splits_made import Plan, plan_of
from goals.queries.windows import Questions
from goals.queries.wording import amount, figure
from goals.rules import amounts
from goals.rules.decomposition import (
    MOST_PARTS,
    Missed,
    Mode,
    Reading,
    Split,
    SplitFlaw,
    readings,
    rebalance,
    rebalance_level,
    split_by_hand,
    split_level,
    split_total,
)
from goals.rules.progress import GRADUAL, SUMMED, Basis
from goals.rules.spans import Measure, so_far, span_year_before
from goals.rules.targets import HUNDRED, percent_of
from metrics.rules.periods import Grain, Period, Span, count_periods, label, period_of, periods
from workspaces.rules.days import last_complete_day
from workspaces.rules.errors import Refused

GRAINS = (Grain.QUARTER, Grain.MONTH, Grain.WEEK)
GROWING = frozenset({"additive", "unique"})  # a longer period holds more of such a metric
MODES = {
    Basis.CUMULATIVE: (Mode.COMPOUND, Mode.LINEAR, Mode.SEASONAL, Mode.MANUAL),
    Basis.LEVEL: (Mode.COMPOUND, Mode.LINEAR, Mode.MANUAL),
    Basis.AVERAGE: (Mode.EACH,),
    Basis.YOY: (Mode.EACH,),
}
SAID = {
    SplitFlaw.NO_BASE: gettext_lazy("Growth needs a baseline above zero: choose another way."),
    SplitFlaw.NEGATIVE: gettext_lazy("A part would be less than nothing: choose another way."),
    SplitFlaw.MANUAL_COUNT: gettext_lazy("Give exactly %(count)s parts."),
    SplitFlaw.MANUAL_SUM: gettext_lazy("The parts come to %(sum)s, the goal is %(total)s."),
    SplitFlaw.MANUAL_END: gettext_lazy("The last part is %(end)s, the goal is %(total)s."),
    SplitFlaw.REACHED: gettext_lazy("The parts that are over have reached the target already."),
    SplitFlaw.MISSING: gettext_lazy("A closed part has no data, so what is left is not known."),
}


@dataclass(frozen=True)
class Asked:
    """How to split: into which periods, by which mode; `parts` are amounts given by hand."""

    into: Grain = Grain.QUARTER
    mode: Mode | None = None
    parts: tuple[Decimal, ...] = ()
    rebalanced: bool = False


@dataclass(frozen=True)
class Part:
    """One part: amounts in the metric's unit, None where unknown or, for `actual`, still open."""

    name: str
    span: Span
    planned: Decimal | None
    year_ago: Decimal | None
    actual: Decimal | None
    closed: bool
    anew: Decimal | None = None

    @property
    def written(self) -> str:
        """The planned amount as a form takes it."""
        return amounts.stored(self.planned)


@dataclass(frozen=True)
class Way:
    """One mode for this goal: shares, None where unknown; `total` and `exit` are on the base."""

    mode: Mode
    rate: Decimal | None
    total: Decimal | None
    exit: Decimal | None
    refusal: str = ""


@dataclass(frozen=True)
class SplitPage:
    """What splitting a goal comes to; `refusal` says why the chosen way cannot be taken."""

    goal: Goal
    asked: Asked
    mode: Mode
    parts: list[Part]
    ways: list[Way]
    readings: list[Reading]
    promised: Decimal | None
    refusal: str = ""
    anew_refusal: str = ""

    @property
    def missed(self) -> bool:
        """Whether a part is closed, so that it can be told what came."""
        return any(part.closed for part in self.parts)

    @property
    def spreads(self) -> bool:
        """Whether what is left of such a goal can be spread anew over its open parts."""
        return Basis(self.goal.basis) in GRADUAL

    @property
    def amounts(self) -> list[Decimal | None]:
        """The parts that were asked for: as planned, or spread anew."""
        return [part.anew if self.asked.rebalanced else part.planned for part in self.parts]


@dataclass(frozen=True)
class _Known:
    """What splitting reads: buckets cut by the window, their sizes, shares, base and values."""

    spans: Sequence[Span]
    sizes: Sequence[Decimal]
    shares: Sequence[Decimal]
    base: Decimal | None
    came: Sequence[Decimal | None]
    year_ago: Sequence[Decimal | None]


def split_of(goal: Goal, asked: Asked, at: datetime) -> SplitPage:
    """The goal split as asked; Refused where it cannot be split at all. A few queries."""
    _refuse_bare(goal)
    buckets = _buckets(goal, asked.into)
    modes = MODES[Basis(goal.basis)]
    plan = plan_of(goal, asked.into, [label(bucket) for bucket in buckets])
    mode = asked.mode or (plan.mode if plan else modes[0])
    if mode not in modes:
        raise Refused(_("This goal cannot be split that way."), code="wrong_mode", field="mode")
    known = _read(goal, buckets)
    ways = {one: _split(goal, one, known, asked.parts) for one in modes if one is not Mode.MANUAL}
    chosen = _split(goal, mode, known, asked.parts)
    complete = last_complete_day(at, goal.workspace.timezone)
    over = [span.last <= complete for span in known.spans]
    if plan and plan.mode is mode and _stands(asked, plan, over):
        chosen = Split(plan.parts, chosen.rate)
    parts = _parts(buckets, known, chosen, over)
    page = SplitPage(
        goal=goal,
        asked=asked,
        mode=mode,
        parts=parts,
        ways=[_way(goal, one, split, known) for one, split in ways.items()],
        readings=_readings(goal, len(parts)),
        promised=percent_of(goal.target, goal.baseline),
        refusal=_said(goal, chosen, len(parts)),
    )
    return _spread_anew(page, known, chosen)


def _stands(asked: Asked, plan: Plan, over: Sequence[bool]) -> bool:
    """Whether the plan that was made is kept: once a part is over, and what was typed at once."""
    return not asked.parts and (any(over) or plan.mode is Mode.MANUAL)


def _refuse_bare(goal: Goal) -> None:
    if not goal.has_number:
        message = _("A goal without a number of its own cannot be split: add its steps one by one.")
        raise Refused(message, code="no_number")


def longest_parts(goal: Goal) -> Grain:
    """The longest parts into which the goal can be split; quarters where there are none."""
    _refuse_bare(goal)
    counts = {into: count_periods(into, goal.start, goal.end) for into in GRAINS}
    fit = [into for into, count in counts.items() if 1 < count <= MOST_PARTS]
    return next((into for into in fit if not _too_short(goal, into)), Grain.QUARTER)


def _buckets(goal: Goal, into: Grain) -> list[Period]:
    """The periods of the window, cut by it; Refused where there are too few or too many."""
    if goal.stays:
        message = _("A line is kept in every part alike: there is nothing to split.")
        raise Refused(message, code="nothing_to_split")
    if into not in GRAINS:
        raise Refused(_("Split into quarters, months or weeks."), code="wrong_grain", field="into")
    if count_periods(into, goal.start, goal.end) > MOST_PARTS:
        message = _("That would be more than %(most)s parts: choose longer ones.")
        raise Refused(message % {"most": MOST_PARTS}, code="too_many_parts", field="into")
    if _too_short(goal, into):
        message = _("The goal looks at longer periods than these: choose longer parts.")
        raise Refused(message, code="shorter_than_period", field="into")
    found = [bucket.cut(goal.start, goal.end) for bucket in periods(into, goal.start, goal.end)]
    if len(found) == 1:
        message = _("The goal lies in a single one of these: choose shorter parts.")
        raise Refused(message, code="one_part", field="into")
    return found


def _read(goal: Goal, buckets: Sequence[Period]) -> _Known:
    """Read the parts, the same parts a year ago, and what the season needs."""
    spans = [Span(bucket.start, bucket.end) for bucket in buckets]
    pairs = zip(spans, buckets, strict=True)
    sizes = [Decimal(span.days) / _whole(bucket) for span, bucket in pairs]
    questions = Questions()
    came = [_measure(goal, span, buckets[0].grain) for span in spans]
    year_ago = [_measure(goal, span_year_before(span), buckets[0].grain) for span in spans]
    for measure in filter(None, (*came, *year_ago)):
        questions.ask(goal, measure.span)
    ends = [span.last for span in spans]
    totals = goal.basis == Basis.CUMULATIVE.value
    years = covered_years(goal.workspace, [goal] if totals else []).get(goal.pk, [])
    for span in asked_spans(years, ends):
        questions.ask(goal, span)
    numbers = questions.answer(goal.workspace)
    due = [season_on(goal, day, years=years, numbers=numbers) for day in ends]
    before = [Decimal(0), *due]
    shares = [after - first for first, after in zip(before, due, strict=False)]
    return _Known(
        spans,
        sizes,
        shares,
        _base(goal, sizes),
        [numbers.measured(goal, measure) for measure in came],
        [numbers.measured(goal, measure) for measure in year_ago],
    )


def _measure(goal: Goal, span: Span, into: Grain) -> Measure | None:
    """What a part brought, as the goal measures it: a total by its days, a level at its end."""
    additive = goal.metric.kind == "additive"
    return so_far(Basis(goal.basis), grain_of_parts(goal, into), span, additive=additive)


def grain_of_parts(goal: Goal, into: Grain) -> Grain:
    """The period that the parts look at: the goal's, or the part's where that is the shorter."""
    own = Grain(goal.grain)
    return own if own.code <= into.code else into


def _too_short(goal: Goal, into: Grain) -> bool:
    """Whether amounts of a part cannot be compared with those of the goal's longer periods."""
    summed = Basis(goal.basis) in SUMMED
    return not summed and goal.metric.kind in GROWING and into.code < Grain(goal.grain).code


def _whole(bucket: Period) -> int:
    """The days of the period that was cut."""
    whole = period_of(bucket.start, bucket.grain)
    return (whole.end - whole.start).days + 1


def _base(goal: Goal, sizes: Sequence[Decimal]) -> Decimal | None:
    """What one whole part brought before: the baseline, as if it were as long as the window."""
    span = goal.baseline_span
    if goal.baseline is None or span is None:
        return None
    return goal.baseline * goal.window.days / span.days / sum(sizes, Decimal(0))


def _split(goal: Goal, mode: Mode, known: _Known, by_hand: Sequence[Decimal]) -> Split:
    """The goal's amounts by one mode."""
    basis, digits, count = Basis(goal.basis), goal.metric.decimals, len(known.spans)
    if mode is Mode.MANUAL and by_hand:
        ends = {"end": goal.target} if basis is Basis.LEVEL else {"total": goal.target}
        return split_by_hand(by_hand, count, **ends)
    if mode is Mode.MANUAL:  # something to begin with
        mode = Mode.LINEAR if basis is Basis.LEVEL else Mode.SEASONAL
    if mode is Mode.EACH:
        return _each(goal, known)
    if basis is Basis.LEVEL:
        return split_level(goal.baseline or Decimal(0), goal.target, mode, count, digits=digits)
    return split_total(
        goal.target, mode, known.sizes, base=known.base, shares=known.shares, digits=digits
    )


def _each(goal: Goal, known: _Known) -> Split:
    """The same average in each part; the same growth on each part of the year before."""
    if Basis(goal.basis) is Basis.AVERAGE:
        return Split((goal.target,) * len(known.spans))
    if not goal.baseline or None in known.year_ago:
        return Split(flaw=SplitFlaw.MISSING)
    factor = goal.target / goal.baseline
    return Split(tuple((value or Decimal(0)) * factor for value in known.year_ago), factor - 1)


def _parts(
    buckets: Sequence[Period], known: _Known, split: Split, over: Sequence[bool]
) -> list[Part]:
    filled = [*split.parts, *[None] * len(buckets)]
    return [
        Part(
            name=label(bucket),
            span=known.spans[place],
            planned=filled[place],
            year_ago=known.year_ago[place],
            actual=known.came[place] if over[place] else None,
            closed=over[place],
        )
        for place, bucket in enumerate(buckets)
    ]


def _way(goal: Goal, mode: Mode, split: Split, known: _Known) -> Way:
    """What one mode means: the rate of each part, and total and exit against the baseline."""
    if split.flaw is not None:
        return Way(mode, None, None, None, _said(goal, split, len(known.spans)))
    basis = Basis(goal.basis)
    base = goal.baseline if basis is Basis.LEVEL else known.base
    if basis in {Basis.AVERAGE, Basis.YOY} or base is None or base <= 0:
        return Way(mode, split.rate, None, None)
    last = split.parts[-1] / (Decimal(1) if basis is Basis.LEVEL else known.sizes[-1])
    every = sum(split.parts, Decimal(0))
    whole = base * (len(split.parts) if basis is Basis.LEVEL else sum(known.sizes, Decimal(0)))
    return Way(mode, split.rate, every / whole - 1, last / base - 1)


def _readings(goal: Goal, count: int) -> list[Reading]:
    """What the goal's percent can mean in so many parts; nothing where it promises no percent."""
    percent = percent_of(goal.target, goal.baseline) if goal.baseline else None
    if percent is None or percent <= -HUNDRED or Basis(goal.basis) is Basis.AVERAGE:
        return []
    return readings(percent / HUNDRED, count)


def _spread_anew(page: SplitPage, known: _Known, chosen: Split) -> SplitPage:
    """The same page with what is left spread over the open parts."""
    closed = [part.actual for part in page.parts if part.closed]
    open_ = len(page.parts) - len(closed)
    if not (closed and open_ and page.spreads and chosen.flaw is None):
        return page
    missed = Missed(chosen.parts, closed, known.sizes)
    goal, digits = page.goal, page.goal.metric.decimals
    if Basis(goal.basis) is Basis.LEVEL:
        way = goal.baseline or Decimal(0), goal.target
        found = rebalance_level(*way, page.mode, missed, digits=digits)
    else:
        found = rebalance(goal.target, page.mode, missed, digits=digits)
    if found.flaw is not None:
        return replace(page, anew_refusal=_said(goal, found, len(page.parts)))
    pairs = zip(page.parts, found.parts, strict=True)
    return replace(page, parts=[replace(part, anew=value) for part, value in pairs])


def _said(goal: Goal, split: Split, count: int) -> str:
    """Why there are no parts, in the reader's language; empty where there are."""
    if split.flaw is None:
        return ""
    parts = split.parts or (Decimal(0),)
    named = {
        "count": figure(Decimal(count), 0),
        "total": amount(goal.target, goal.metric),
        "sum": amount(sum(parts, Decimal(0)), goal.metric),
        "end": amount(parts[-1], goal.metric),
    }
    return str(SAID[split.flaw]) % named


def due_by(page: SplitPage) -> list[tuple[date, Decimal]]:
    """The checkpoints that the parts are: what is due by the end of each but the last.

    A level that fell back on the way asks for no less than was due before it.
    """
    level = Basis(page.goal.basis) is Basis.LEVEL
    start = page.goal.baseline or Decimal(0)
    farther = max if page.goal.target >= start else min
    running = start if level else Decimal(0)
    found: list[tuple[date, Decimal]] = []
    for part, value in zip(page.parts, page.amounts, strict=True):
        amount_ = value or Decimal(0)
        running = farther(running, amount_) if level else running + amount_
        found.append((part.span.last, running))
    return found[:-1]
