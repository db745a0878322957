"""What earlier splits of a goal left: the plan, as the log keeps it, and the steps that stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from goals.models import Goal
from goals.rules import amounts
from goals.rules.decomposition import Mode
from goals.verbs import GOAL_SPLIT
from metrics.rules.periods import Grain, Span
from workspaces.queries.events import log_of


@dataclass(frozen=True)
class Plan:
    """By which mode, and the amount of each part."""

    mode: Mode
    parts: tuple[Decimal, ...]


@dataclass(frozen=True)
class Step:
    """A step that stands; `by_hand` says that its target is not what a split gave it last."""

    goal: Goal
    by_hand: bool


@dataclass(frozen=True)
class SplitsMade:
    """What the log says of each split, newest first, and the steps on the goal's own metric."""

    told: Sequence[dict[str, Any]]
    steps: Sequence[Goal]

    def plan(self, into: Grain, names: Sequence[str]) -> Plan | None:
        """The last plan into parts of these names; a later rebalancing leaves it alone."""
        made = (one for one in self.told if one["into"] == into.value and not one["rebalanced"])
        last = next(made, None)
        if last is None or [name for name, _value in last["parts"]] != list(names):
            return None
        parts = tuple(amounts.loaded(value) or Decimal(0) for _name, value in last["parts"])
        return Plan(Mode(last["mode"]), parts)

    def step_of(self, span: Span) -> Step | None:
        """The step of these days; an open one before one that was closed."""
        here = [step for step in self.steps if step.window == span]
        found = next((step for step in here if step.is_open), next(iter(here), None))
        return None if found is None else Step(found, self._given(found.pk) != found.target_value)

    def _given(self, pk: int) -> str | None:
        """The target that the last split which touched a step gave it."""
        given = (one.get("steps", {}).get(str(pk)) for one in self.told)
        return next((target for target in given if target is not None), None)


def splits_made(goal: Goal) -> SplitsMade:
    """The splits and steps of a goal; 2 queries."""
    events = log_of(goal.workspace).filter(
        subject_type="goals.goal", subject_id=goal.pk, verb=GOAL_SPLIT.name
    )
    steps = Goal.objects.select_related("metric", "workspace").filter(
        parent=goal, metric=goal.metric_id, basis=goal.basis
    )
    told = list(events.values_list("data", flat=True))
    return SplitsMade(told, list(steps.order_by("start", "pk")))
