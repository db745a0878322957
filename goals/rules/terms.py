"""What a goal promises, before anything is measured; and which days make no sense."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from goals.rules.aims import STAYING, Aim
from goals.rules.courses import Checkpoint, Course, CourseFlaw
from goals.rules.courses import flaw_of_days as flaw_of_checkpoints
from goals.rules.progress import GRADUAL, Basis
from goals.rules.spans import LONGEST_DAYS, span_year_before, whole_buckets
from goals.rules.targets import Target
from metrics.rules.periods import Grain, Span

EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)
DAYS_OF_A_YEAR = 366


class DayFlaw(StrEnum):
    """Why the days of a goal or of its baseline cannot stand."""

    ENDS_BEFORE_START = "ends_before_start"
    OUT_OF_RANGE = "out_of_range"
    ENDS_TOO_LATE = "ends_too_late"
    TOO_LONG = "too_long"
    LONGER_THAN_A_YEAR = "longer_than_a_year"
    NO_WHOLE_PERIOD = "no_whole_period"
    BASELINE_BACKWARDS = "baseline_backwards"
    BASELINE_TOO_LONG = "baseline_too_long"
    BASELINE_NOT_BEFORE = "baseline_not_before"
    BASELINE_NOT_OVER = "baseline_not_over"
    BASELINE_NOT_YEAR_BEFORE = "baseline_not_year_before"


@dataclass(frozen=True)
class Terms:
    """The measurable part of a goal; `baseline` None asks for the default days."""

    basis: Basis
    grain: Grain
    window: Span
    target: Target
    baseline: Span | None = None
    aim: Aim = Aim.REACH
    course: Course = Course.LINEAR
    checkpoints: tuple[Checkpoint, ...] = ()

    @property
    def stays(self) -> bool:
        """Whether a line is to be kept instead of a target reached."""
        return self.aim in STAYING


def numberless(window: Span) -> Terms:
    """What a goal promises that has no number of its own: only its days."""
    return Terms(Basis.LEVEL, Grain.MONTH, window, Target())


def flaw_of_days(terms: Terms, *, complete: date) -> DayFlaw | None:
    """The first reason why the days cannot stand, where `complete` is the last complete day."""
    window = terms.window
    if window.last < window.first:
        return DayFlaw.ENDS_BEFORE_START
    if not (window.first >= EARLIEST and window.last <= LATEST):
        return DayFlaw.OUT_OF_RANGE if window.first < EARLIEST else DayFlaw.ENDS_TOO_LATE
    if window.days > LONGEST_DAYS:
        return DayFlaw.TOO_LONG
    return _flaw_of_year(terms) if terms.basis is Basis.YOY else _flaw_of_rest(terms, complete)


def _flaw_of_rest(terms: Terms, complete: date) -> DayFlaw | None:
    """A line needs a whole period to be judged by, a baseline days of its own."""
    if terms.stays and not whole_buckets(terms.grain, terms.window):
        return DayFlaw.NO_WHOLE_PERIOD
    return None if terms.baseline is None else _flaw_of_baseline(terms, terms.baseline, complete)


def _flaw_of_year(terms: Terms) -> DayFlaw | None:
    """Year over year compares with the same days of the year before and with no others."""
    if terms.window.days > DAYS_OF_A_YEAR:
        return DayFlaw.LONGER_THAN_A_YEAR
    if terms.baseline not in {None, span_year_before(terms.window)}:
        return DayFlaw.BASELINE_NOT_YEAR_BEFORE
    return None


def _flaw_of_baseline(terms: Terms, span: Span, complete: date) -> DayFlaw | None:
    """A baseline runs forward, is over, and does not reach into the goal's own days."""
    if span.last < span.first:
        return DayFlaw.BASELINE_BACKWARDS
    if span.first < EARLIEST or span.days > LONGEST_DAYS:
        return DayFlaw.BASELINE_TOO_LONG
    if span.last >= terms.window.first:
        return DayFlaw.BASELINE_NOT_BEFORE
    return DayFlaw.BASELINE_NOT_OVER if span.last > complete else None


def flaw_of_course(terms: Terms) -> CourseFlaw | None:
    """The first reason why the course cannot be taken, as far as no number is needed."""
    if terms.course is not Course.PHASED and terms.checkpoints:
        return CourseFlaw.NOT_PHASED
    if terms.course is Course.LINEAR:
        return None
    if terms.stays or terms.basis not in GRADUAL:
        return CourseFlaw.NOT_GRADUAL
    return _flaw_of_phases(terms) if terms.course is Course.PHASED else _flaw_of_season(terms)


def _flaw_of_phases(terms: Terms) -> CourseFlaw | None:
    if not terms.checkpoints:
        return CourseFlaw.NO_CHECKPOINTS
    return flaw_of_checkpoints(terms.window, terms.checkpoints)


def _flaw_of_season(terms: Terms) -> CourseFlaw | None:
    if terms.basis is not Basis.CUMULATIVE:
        return CourseFlaw.NOT_A_TOTAL
    return CourseFlaw.LONGER_THAN_A_YEAR if terms.window.days > DAYS_OF_A_YEAR else None
