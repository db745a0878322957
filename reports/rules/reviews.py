"""Which goals a review walks through, in which order, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from goals.rules.amounts import loaded
from goals.rules.outlooks import are_apart
from goals.rules.status import WORST_FIRST, Status

TROUBLED = frozenset({Status.OFF_TRACK, Status.AT_RISK, Status.MISSED})


class Rhythm(StrEnum):
    """How often a team reviews its goals."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Reason(StrEnum):
    """Why a goal needs a look."""

    STATUS = "status"
    LATE = "late"
    CHANGED = "changed"
    GUARDRAIL = "guardrail"
    STEPS = "steps"
    CHECK_IN = "check_in"
    DOUBT = "doubt"


class Outcome(StrEnum):
    """What became of a goal in a review."""

    WAITING = "waiting"
    SEEN = "seen"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Facts:
    """What a review looks at; shares and chances from 0 to 1, `was` the status last time."""

    goal_id: int
    status: Status
    was: str = ""
    chance: Decimal | None = None
    pace: Decimal | None = None
    confidence: Decimal | None = None
    is_guardrail_broken: bool = False
    are_steps_worse: bool = False
    is_check_in_due: bool = False


@dataclass(frozen=True)
class Stretch:
    """What days of a goal brought and should have; `reach` is month, quarter or end (forecast)."""

    reach: str
    first: date
    last: date
    value: Decimal | None
    due: Decimal | None


@dataclass(frozen=True)
class Frozen:
    """A goal's numbers as a review kept them; empty where it knew none."""

    status: str = ""
    value: Decimal | None = None
    progress: Decimal | None = None
    chance: Decimal | None = None
    data_until: date | None = None
    horizons: tuple[Stretch, ...] = ()


def thaw(kept: Mapping[str, Any]) -> Frozen:
    """Read what a review stored of a goal."""
    return Frozen(
        status=kept.get("status", ""),
        value=loaded(kept.get("value", "")),
        progress=loaded(kept.get("progress", "")),
        chance=loaded(kept.get("chance", "")),
        data_until=_day(kept.get("data_until", "")),
        horizons=tuple(
            Stretch(
                one["reach"],
                date.fromisoformat(one["from"]),
                date.fromisoformat(one["to"]),
                loaded(one["value"]),
                loaded(one["due"]),
            )
            for one in kept.get("horizons", ())
        ),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def reasons_of(facts: Facts) -> list[Reason]:
    """Why the goal needs a look; empty where it does not."""
    found = {
        Reason.STATUS: facts.status in TROUBLED,
        Reason.LATE: facts.status is Status.UNKNOWN,
        Reason.CHANGED: bool(facts.was) and facts.was != facts.status.value,
        Reason.GUARDRAIL: facts.is_guardrail_broken,
        Reason.STEPS: facts.are_steps_worse,
        Reason.CHECK_IN: facts.is_check_in_due,
        Reason.DOUBT: are_apart(facts.confidence, facts.chance),
    }
    return [reason for reason, holds in found.items() if holds]


def worst_first(found: Iterable[Facts]) -> list[Facts]:
    """The worst status first, within it the least chance, then the slowest pace."""
    return sorted(found, key=_worry)


def _worry(facts: Facts) -> tuple[int, Decimal, Decimal, int]:
    one = Decimal(1)
    chance = one if facts.chance is None else facts.chance
    pace = one if facts.pace is None else facts.pace
    return WORST_FIRST.index(facts.status), chance, pace, facts.goal_id
