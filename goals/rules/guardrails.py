"""Whether a guardrail holds, and when it is told that this has changed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

MARGIN = Decimal("0.05")  # of the bound


class Health(StrEnum):
    """Whether a guardrail holds; late or missing data make it unknown, never fine."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Guard:
    """What was told of a guardrail last, and what waits for a second day to confirm it.

    `told` is unknown until the first verdict, and never again: silence mends nothing.
    """

    told: Health = Health.UNKNOWN
    pending: Health | None = None
    pending_on: date | None = None


def settle(guard: Guard, found: Health, *, clear: bool, today: date) -> Guard:
    """What stands after a look, so that a value on its bound is not told again and again.

    A change needs the same verdict on two local days, or one that is clear.
    """
    if found is Health.UNKNOWN or found is guard.told:
        return Guard(guard.told)
    if clear or (guard.told is Health.UNKNOWN and found is Health.HOLDS):
        return Guard(found)
    if guard.pending is found and guard.pending_on is not None and guard.pending_on != today:
        return Guard(found)
    return Guard(guard.told, found, today)


def is_clear(margin: Decimal | None, *, bound: Decimal) -> bool:
    """Whether a value lies away from its bound by at least a twentieth of it; never around zero."""
    return margin is not None and bound != 0 and abs(margin) >= MARGIN * abs(bound)
