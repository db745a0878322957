"""What the steps below a goal say together: a status by weight, a weighted progress, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from goals.rules.status import FINAL, Status

QUARTER = Decimal("0.25")
ORDER = (
    Status.OFF_TRACK,
    Status.AT_RISK,
    Status.UNKNOWN,
    Status.NEW,
    Status.ON_TRACK,
    Status.ACHIEVED,
)


@dataclass(frozen=True)
class Step:
    """One step: its weight is 0 or more, its progress None where it has none."""

    goal_id: int
    status: Status
    weight: Decimal
    progress: Decimal | None = None


@dataclass(frozen=True)
class Together:
    """The steps as one: `drivers` are those at the status or worse, the heaviest first.

    `share` is the part of the weight that they carry; `progress` the weighted mean of the steps
    that have one, `measured` the part of the weight that those carry.
    """

    status: Status
    drivers: tuple[int, ...]
    share: Decimal
    progress: Decimal | None
    measured: Decimal


def weighs_nothing(weights: Sequence[Decimal]) -> bool:
    """Whether there are weights and they sum to nothing, so that no mean can be taken."""
    return bool(weights) and sum(weights) <= 0


def together(steps: Sequence[Step]) -> Together | None:
    """The worst status such that steps at it or worse carry a quarter of the weight or more.

    A missed step counts as off track. None where there are no steps or they weigh nothing.
    """
    total = sum((step.weight for step in steps), Decimal(0))
    if total <= 0:
        return None
    worst = _heavy_enough([step for step in steps if step.weight > 0], total)
    share = sum((step.weight for step in worst), Decimal(0)) / total
    drivers = sorted(worst, key=lambda step: (-step.weight, _rank(step), step.goal_id))
    known = [(step.weight, step.progress) for step in steps if step.progress is not None]
    measured = sum((weight for weight, _progress in known), Decimal(0))
    done = sum((weight * progress for weight, progress in known), Decimal(0))
    return Together(
        status=ORDER[max(map(_rank, worst))],
        drivers=tuple(step.goal_id for step in drivers),
        share=share,
        progress=done / measured if measured else None,
        measured=measured / total,
    )


def judged_by_steps(
    found: Together | None, steps: Sequence[Step], *, begun: bool, over: bool
) -> Status:
    """The status of a goal without a number of its own; without steps that weigh it is unknown.

    When its days are over and every step has its verdict, it has its own: achieved where less than
    a quarter of the weight is not, else missed.
    """
    if not begun:
        return Status.NEW
    if found is None:
        return Status.UNKNOWN
    if over and all(step.status in FINAL for step in steps):
        return Status.ACHIEVED if found.status is Status.ACHIEVED else Status.MISSED
    return found.status


def is_worse(one: Status, other: Status) -> bool:
    """Whether the first of two statuses is the worse one."""
    return _place(one) < _place(other)


def _heavy_enough(steps: Sequence[Step], total: Decimal) -> list[Step]:
    """The worst steps that carry a quarter of the weight: those of one status come together."""
    for place in range(len(ORDER)):
        worst = [step for step in steps if _rank(step) <= place]
        if sum(step.weight for step in worst) >= QUARTER * total:
            return worst
    return list(steps)


def _rank(step: Step) -> int:
    return _place(step.status)


def _place(status: Status) -> int:
    """The place of a status, worst first."""
    return ORDER.index(Status.OFF_TRACK if status is Status.MISSED else status)
