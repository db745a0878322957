"""The parts of a goal: the periods of its window, and what is known of each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from goals.models import Goal
from goals.queries.courses import asked_spans, covered_years, season_on
from goals.queries.windows import Questions
from goals.rules.decomposition import MOST_PARTS
from goals.rules.progress import SUMMED, Basis
from goals.rules.spans import Measure, so_far, span_year_before
from metrics.rules.periods import Grain, Period, Span, count_periods, period_of, periods
from workspaces.rules.errors import Refused

GRAINS = (Grain.QUARTER, Grain.MONTH, Grain.WEEK)
GROWING = frozenset({"additive", "unique"})  # a longer period holds more of such a metric


@dataclass(frozen=True)
class Known:
    """What splitting reads: buckets cut by the window, their sizes, shares, base and values."""

    spans: Sequence[Span]
    sizes: Sequence[Decimal]
    shares: Sequence[Decimal]
    came: Sequence[Decimal | None]
    year_ago: Sequence[Decimal | None]
    base: Decimal | None = None

    @property
    def total_before(self) -> Decimal | None:
        """What the parts came to a year ago together; None where one has no data."""
        found = [value for value in self.year_ago if value is not None]
        return sum(found, Decimal(0)) if len(found) == len(self.year_ago) else None

    @property
    def days(self) -> list[Decimal]:
        """How long each part is: what it weighs in a mean."""
        return [Decimal(span.days) for span in self.spans]


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


def buckets_of(goal: Goal, into: Grain) -> list[Period]:
    """The periods of the window, cut by it; Refused where there are too few or too many."""
    _refuse_bare(goal)
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


def read_parts(goal: Goal, buckets: Sequence[Period]) -> Known:
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
    totals = Basis(goal.basis) in SUMMED
    years = covered_years(goal.workspace, [goal] if totals else []).get(goal.pk, [])
    for span in asked_spans(years, ends):
        questions.ask(goal, span)
    numbers = questions.answer(goal.workspace)
    due = [season_on(goal, day, years=years, numbers=numbers) for day in ends]
    before = [Decimal(0), *due]
    shares = [after - first for first, after in zip(before, due, strict=False)]
    known = Known(
        spans,
        sizes,
        shares,
        [numbers.measured(goal, measure) for measure in came],
        [numbers.measured(goal, measure) for measure in year_ago],
    )
    return _with_base(goal, known)


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


def _with_base(goal: Goal, known: Known) -> Known:
    """With what one whole part brought before: the baseline, as if it were as long as the window.

    Of growth it is what the same parts came to a year ago.
    """
    span, before = goal.baseline_span, goal.baseline
    if Basis(goal.basis) is Basis.YOY:
        before = known.total_before
    elif before is not None and span is not None:
        before = before * goal.window.days / span.days
    if before is None or span is None:
        return known
    return replace(known, base=before / sum(known.sizes, Decimal(0)))
