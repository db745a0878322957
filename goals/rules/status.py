"""The word for how a goal stands, and when that word may change."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from goals.rules.aims import Keeping
from goals.rules.progress import ONE


class Status(StrEnum):
    """The word shown on the goal's badge."""

    NEW = "new"
    UNKNOWN = "unknown"
    OFF_TRACK = "off_track"
    AT_RISK = "at_risk"
    ON_TRACK = "on_track"
    ACHIEVED = "achieved"
    MISSED = "missed"

    @property
    def word(self) -> str:
        """The status in plain English, which is also its name in the translations."""
        return self.value.replace("_", " ").capitalize()


ON_TRACK_FROM = Decimal("0.90")
AT_RISK_FROM = Decimal("0.70")
MARGIN = Decimal("0.05")
BANDS: dict[Status, tuple[Decimal | None, Decimal | None]] = {
    Status.OFF_TRACK: (None, AT_RISK_FROM),
    Status.AT_RISK: (AT_RISK_FROM, ON_TRACK_FROM),
    Status.ON_TRACK: (ON_TRACK_FROM, None),
}
LIKELY_FROM = Decimal("0.70")
OPEN_FROM = Decimal("0.30")
CHANCES: dict[Status, tuple[Decimal | None, Decimal | None]] = {
    Status.OFF_TRACK: (None, OPEN_FROM),
    Status.AT_RISK: (OPEN_FROM, LIKELY_FROM),
    Status.ON_TRACK: (LIKELY_FROM, None),
}
FINAL = frozenset({Status.ACHIEVED, Status.MISSED})
WORST_FIRST = (
    Status.OFF_TRACK,
    Status.AT_RISK,
    Status.UNKNOWN,
    Status.MISSED,
    Status.NEW,
    Status.ON_TRACK,
    Status.ACHIEVED,
)


@dataclass(frozen=True)
class Facts:
    """All that a verdict may look at; `chance` is the forecast probability that it is met."""

    progress: Decimal | None
    pace: Decimal | None
    begun: bool
    early: bool
    late: bool
    over: bool
    sums: bool = False
    ceiling: bool = False
    keeping: Keeping | None = None
    chance: Decimal | None = None

    @property
    def is_forecast(self) -> bool:
        """Whether a probability decides, and not the pace."""
        return self.chance is not None and self.keeping is None

    @property
    def met(self) -> bool:
        """Whether the target is met by today's numbers; exactly at the target counts.

        A line is kept when as many days were on its right side as being on track takes.
        """
        if self.keeping is not None:
            return self.keeping.share is not None and self.keeping.share >= ON_TRACK_FROM
        if self.progress is None:
            return False
        return self.progress <= ONE if self.ceiling else self.progress >= ONE

    @property
    def measured(self) -> bool:
        """Whether there is any number to judge by."""
        return self.progress is not None or (self.keeping is not None and self.keeping.days > 0)


def verdict(facts: Facts) -> Status:
    """Judge by product.md 5.5, in its order: reached, not begun, late, over, early, chance, pace.

    A sum that has reached its target is Achieved at once, however late other data are, because
    nothing that still comes can take it back; a level is only met for now until the window closes.
    """
    if facts.begun and facts.sums and not facts.ceiling and facts.met:
        return Status.ACHIEVED
    if not facts.begun:
        return Status.NEW
    if facts.late or (facts.over and not facts.measured):
        return Status.UNKNOWN
    if facts.over:
        return Status.ACHIEVED if facts.met else Status.MISSED
    return Status.NEW if facts.early else _underway(facts)


def _underway(facts: Facts) -> Status:
    """By the forecast where there is one, else by the pace."""
    return _by_chance(facts) if facts.is_forecast else _by_pace(facts)


def _by_chance(facts: Facts) -> Status:
    """How likely the forecast finds it; a ceiling that is already broken has no chance left."""
    if facts.chance is None or facts.chance < OPEN_FROM or (facts.ceiling and not facts.met):
        return Status.OFF_TRACK
    return Status.ON_TRACK if facts.chance >= LIKELY_FROM else Status.AT_RISK


def _by_pace(facts: Facts) -> Status:
    """Workfront's bands; a ceiling that is already broken is off track whatever the pace.

    Where a line is to be kept, the pace is the share of days on its right side, and while the last
    period lies on the wrong one nothing is better than at risk.
    """
    if facts.pace is None:
        return Status.UNKNOWN
    if facts.keeping is not None and facts.keeping.is_broken and facts.pace >= ON_TRACK_FROM:
        return Status.AT_RISK
    if facts.pace < AT_RISK_FROM or (facts.ceiling and not facts.met):
        return Status.OFF_TRACK
    return Status.ON_TRACK if facts.pace >= ON_TRACK_FROM else Status.AT_RISK


@dataclass(frozen=True)
class Held:
    """The status that stands, and the one that waits for a second day to confirm it."""

    status: Status
    pending: Status | None = None
    pending_on: date | None = None


def settle(held: Held, facts: Facts, *, today: date) -> Held:
    """What stands after a verdict, so that a goal on the border of two bands does not flicker.

    Between two bands a change needs the same verdict on two local days, or a chance (a pace) 0.05
    outside the present band. Everything else changes at once; a reached sum stays reached.
    """
    if held.status is Status.ACHIEVED and facts.sums and not facts.ceiling:
        return Held(Status.ACHIEVED)
    found = verdict(facts)
    if found is held.status:
        return Held(found)
    if not {found, held.status} <= BANDS.keys() or _clearly_outside(held.status, facts):
        return Held(found)
    if held.pending is found and held.pending_on is not None and held.pending_on != today:
        return Held(found)
    return Held(held.status, found, today)


def _clearly_outside(status: Status, facts: Facts) -> bool:
    """Whether chance or pace lies at least the margin outside the band, or a ceiling broke."""
    found, bands = (facts.chance, CHANCES) if facts.is_forecast else (facts.pace, BANDS)
    if found is None or (facts.ceiling and not facts.met):
        return True
    if facts.keeping is not None and found >= ON_TRACK_FROM and status is not Status.OFF_TRACK:
        return False  # only the last period differs, and one period may be noise
    low, high = bands[status]
    below = low is not None and found <= low - MARGIN
    above = high is not None and found >= high + MARGIN
    return below or above
