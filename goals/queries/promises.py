"""What a goal's terms come to when they meet the data: the baseline measured, the target in units.

Setting a goal and the live preview of its form ask the same question here.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from goals.queries.wording import amount
from goals.rules.amounts import rounded, shared_out
from goals.rules.courses import CourseFlaw, flaw_of_values
from goals.rules.progress import Basis
from goals.rules.spans import Measure, default_baseline, of_baseline
from goals.rules.targets import Flaw, flaw, percent_of, value_of
from goals.rules.terms import DayFlaw, Terms, flaw_of_course, flaw_of_days
from metrics.models import Metric
from metrics.queries.series import read_value
from metrics.rules.periods import Span
from workspaces.rules.errors import Refused

SAID: dict[str, tuple[str, object]] = {
    DayFlaw.ENDS_BEFORE_START: ("end", _("The goal must end on or after the day it starts.")),
    DayFlaw.OUT_OF_RANGE: ("start", _("Choose days between 1970 and 2199.")),
    DayFlaw.ENDS_TOO_LATE: ("end", _("Choose days between 1970 and 2199.")),
    DayFlaw.TOO_LONG: ("end", _("A goal spans at most ten years.")),
    DayFlaw.LONGER_THAN_A_YEAR: (
        "end",
        _("A goal on the year before spans at most one year: its days must not meet themselves."),
    ),
    DayFlaw.BASELINE_BACKWARDS: (
        "baseline",
        _("The baseline must end on or after the day it starts."),
    ),
    DayFlaw.BASELINE_TOO_LONG: ("baseline", _("A baseline spans at most ten years, after 1970.")),
    DayFlaw.BASELINE_NOT_BEFORE: (
        "baseline",
        _("The baseline must end before the goal starts: a goal is not compared with itself."),
    ),
    DayFlaw.BASELINE_NOT_OVER: (
        "baseline",
        _("The baseline must be over: measure days that lie in the past."),
    ),
    DayFlaw.BASELINE_NOT_YEAR_BEFORE: (
        "baseline",
        _("Growth on the year before is measured against the same days of the year before."),
    ),
    DayFlaw.NO_WHOLE_PERIOD: (
        "grain",
        _("The goal's days hold no whole period to judge: choose a shorter one."),
    ),
    Flaw.NO_BASELINE: (
        "baseline",
        _("The metric has no data on the baseline's days. Choose others, or import them first."),
    ),
    Flaw.PERCENT_OF_NOTHING: (
        "target",
        _("A percent of a baseline of zero or less says nothing: give the target as a value."),
    ),
    Flaw.NOT_POSITIVE: ("target", _("A total needs a target above zero.")),
    Flaw.SAME_AS_BASELINE: (
        "target",
        _("The target equals the baseline, so there is nothing to reach."),
    ),
}
COURSES: dict[str, tuple[str, object]] = {
    CourseFlaw.NOT_GRADUAL: (
        "course",
        _("Only a total or a level is reached step by step; this goal is due at every moment."),
    ),
    CourseFlaw.NOT_A_TOTAL: ("course", _("Only a total can follow the seasons of earlier years.")),
    CourseFlaw.LONGER_THAN_A_YEAR: (
        "course",
        _("A goal that follows the seasons spans at most one year."),
    ),
    CourseFlaw.NO_CHECKPOINTS: ("checkpoints", _("Give at least one checkpoint.")),
    CourseFlaw.NOT_PHASED: ("checkpoints", _("Checkpoints belong to a phased course.")),
    CourseFlaw.TOO_MANY: ("checkpoints", _("A goal has at most 60 checkpoints.")),
    CourseFlaw.OUTSIDE: (
        "checkpoints",
        _("Checkpoints lie inside the goal's days, before the last one."),
    ),
    CourseFlaw.OUT_OF_ORDER: ("checkpoints", _("Give each checkpoint a later day than the last.")),
    CourseFlaw.OFF_THE_WAY: (
        "checkpoints",
        _("Each checkpoint must be as far on the way to the target as the one before, or farther."),
    ),
}
LOWER = _(
    "Less is better for this metric, but the target lies above the measured baseline of "
    "%(baseline)s: there is nothing to reach."
)
HIGHER = _(
    "More is better for this metric, but the target lies below the measured baseline of "
    "%(baseline)s: there is nothing to reach."
)
RETIRED = _("This metric is retired: choose one that still gets data.")
RATIO_SUM = _("A ratio cannot be added up: choose level, average or growth on the year before.")
STAYS_BY_LEVEL = _("Staying above or below a line is judged period by period: choose the level.")
NO_WHOLE = _("The baseline's days hold no whole period of the goal: make them longer.")


@dataclass(frozen=True)
class Promise:
    """Terms and what they come to; `refusal` says why they cannot stand, None when they can."""

    terms: Terms
    span: Span | None = None
    baseline: Decimal | None = None
    target: Decimal | None = None
    percent: Decimal | None = None
    refusal: Refused | None = None

    @property
    def percent_shown(self) -> Decimal | None:
        """The change to four digits, for people."""
        return None if self.percent is None else rounded(self.percent, 4)

    @property
    def unlike_spans(self) -> bool:
        """Whether a percent of a total compares spans of clearly different length."""
        if self.span is None or self.terms.basis is not Basis.CUMULATIVE:
            return False
        gap = abs(self.span.days - self.terms.window.days)
        return self.terms.target.percent is not None and gap * 8 > self.terms.window.days


def promise_of(
    metric: Metric | None, terms: Terms, *, complete: date, known: Decimal | None = None
) -> Promise:
    """Measure the baseline from the observations and work out the target.

    `complete` is the last complete day of the workspace; a `known` baseline stays as it was
    measured. A sum with a target value may do without history, unless the days of its baseline
    were asked for. Without a metric only the days are looked at.
    """
    if metric is None:
        off = flaw_of_days(terms, complete=complete)
        return Promise(terms, refusal=_said(off) if off else None)
    refusal = _refusal_of_terms(metric, terms, complete)
    if refusal:
        return Promise(terms, refusal=refusal)
    additive = metric.kind == "additive"
    span = terms.baseline or default_baseline(
        terms.basis, terms.grain, terms.window, complete=complete
    )
    measure = of_baseline(terms.basis, terms.grain, span, additive=additive)
    if measure is None:
        return Promise(terms, span, refusal=_no(NO_WHOLE, "no_whole_period", "baseline"))
    baseline = value_over(metric, measure, fresh=True) if known is None else known
    return _weigh(metric, terms, span, baseline)


def value_over(metric: Metric, measure: Measure, *, fresh: bool = False) -> Decimal | None:
    """The metric over the days of a measure, divided among its parts."""
    span = measure.span
    value = read_value(metric, first=span.first, last=span.last, fresh=fresh)
    return None if value is None else shared_out(value, measure.parts)


def _weigh(metric: Metric, terms: Terms, span: Span, baseline: Decimal | None) -> Promise:
    """Set the target against the measured baseline."""
    lower = metric.direction == "down"
    found = flaw(terms.basis, terms.target, baseline, lower_is_better=lower, stays=terms.stays)
    if found is None and baseline is None and terms.baseline is not None:
        found = Flaw.NO_BASELINE
    if found is Flaw.WRONG_WAY and baseline is not None:
        message = str(LOWER if lower else HIGHER) % {"baseline": amount(baseline, metric)}
        return Promise(terms, span, baseline, refusal=_no(message, found, "target"))
    if found is not None:
        return Promise(terms, span, baseline, refusal=_said(found))
    target = value_of(terms.target, baseline)
    if terms.checkpoints and target is not None:
        start = (baseline or Decimal(0)) if terms.basis is Basis.LEVEL else Decimal(0)
        if off := flaw_of_values(terms.checkpoints, baseline=start, target=target):
            return Promise(terms, span, baseline, target, refusal=_said(off))
    percent = terms.target.percent
    if percent is None and target is not None:
        percent = percent_of(target, baseline)
    return Promise(terms, None if baseline is None else span, baseline, target, percent)


def _refusal_of_terms(metric: Metric, terms: Terms, complete: date) -> Refused | None:
    """What can be said without reading a number."""
    if metric.retired_at is not None:
        return _no(RETIRED, "retired", "metric")
    if terms.stays and terms.basis is not Basis.LEVEL:
        return _no(STAYS_BY_LEVEL, "stays_by_level", "basis")
    if terms.basis is Basis.CUMULATIVE and metric.kind != "additive":
        return _no(RATIO_SUM, "sum_of_ratio", "basis")
    found = flaw_of_days(terms, complete=complete) or flaw_of_course(terms)
    return _said(found) if found else None


def _said(found: DayFlaw | Flaw | CourseFlaw) -> Refused:
    field, message = (SAID | COURSES)[found]
    return _no(message, found, field)


def _no(message: object, code: str, field: str) -> Refused:
    return Refused(str(message), code=str(code), field=field)
