"""The plan that a goal was split by, as the log keeps it: a later rebalancing leaves it alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from goals.models import Goal
from goals.rules import amounts
from goals.rules.decomposition import Mode, split_by_hand
from goals.rules.progress import GRADUAL, Basis
from goals.verbs import GOAL_SPLIT
from metrics.rules.periods import Grain
from workspaces.queries.events import log_of


@dataclass(frozen=True)
class Plan:
    """By which mode, and the amount of each part."""

    mode: Mode
    parts: tuple[Decimal, ...]


def plan_of(goal: Goal, into: Grain, names: Sequence[str]) -> Plan | None:
    """The last plan into parts of these names that still makes the goal; 1 query or none."""
    basis = Basis(goal.basis)
    if basis not in GRADUAL:
        return None
    event = (
        log_of(goal.workspace)
        .filter(subject_type="goals.goal", subject_id=goal.pk, verb=GOAL_SPLIT.name)
        .filter(data__into=into.value, data__rebalanced=False)
        .first()
    )
    if event is None or [name for name, _value in event.data["parts"]] != list(names):
        return None
    parts = tuple(amounts.loaded(value) or Decimal(0) for _name, value in event.data["parts"])
    ends = {"end": goal.target} if basis is Basis.LEVEL else {"total": goal.target}
    if split_by_hand(parts, len(names), **ends).flaw is not None:
        return None
    return Plan(Mode(event.data["mode"]), parts)
