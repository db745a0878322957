"""What a goal aims at: to reach a target, or to stay on the right side of a line."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

ZERO = Decimal(0)


class Aim(StrEnum):
    """Reach a target, or keep each period above or below a line; exactly on it counts as kept."""

    REACH = "reach"
    ABOVE = "above"
    BELOW = "below"


STAYING = frozenset({Aim.ABOVE, Aim.BELOW})


def margin(aim: Aim, value: Decimal | None, *, line: Decimal) -> Decimal | None:
    """How far the value is on the right side of the line, in its unit; negative: broken."""
    if value is None:
        return None
    return line - value if aim is Aim.BELOW else value - line


@dataclass(frozen=True)
class Keeping:
    """How a line is kept: the days of judged periods, those of kept ones, the present margin."""

    days: int = 0
    kept: int = 0
    margin: Decimal | None = None

    @property
    def share(self) -> Decimal | None:
        """The share of days on the right side; None while no period has been judged."""
        return Decimal(self.kept) / self.days if self.days else None

    @property
    def gap(self) -> Decimal | None:
        """The margin without its sign."""
        return None if self.margin is None else abs(self.margin)

    @property
    def is_broken(self) -> bool:
        """Whether the last period lies on the wrong side."""
        return self.margin is not None and self.margin < ZERO


def keeping(
    aim: Aim,
    periods: Iterable[tuple[int, Decimal | None]],
    *,
    line: Decimal,
    present: Decimal | None,
) -> Keeping:
    """Judge periods given as (days, value); one without a value is neither kept nor broken."""
    judged = [(days, margin(aim, value, line=line)) for days, value in periods]
    known = [(days, side) for days, side in judged if side is not None]
    return Keeping(
        days=sum(days for days, _side in known),
        kept=sum(days for days, side in known if side >= ZERO),
        margin=margin(aim, present, line=line),
    )
