"""How goals stand that have no number of their own: by their steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from goals.models import Goal, Guardrail
from goals.queries.curves import Curve
from goals.queries.figures import Standing
from goals.queries.guardrails import guarded_of
from goals.queries.wording import day, share
from goals.rules.pace import elapsed_share
from goals.rules.status import Facts, Held, Status
from goals.rules.steps import Step, Together, judged_by_steps, together
from workspaces.models import Workspace
from workspaces.rules.days import last_complete_day

ONE, ZERO = Decimal(1), Decimal(0)


@dataclass(frozen=True)
class Below:
    """The steps of goals without a number, by the goal, down to those that have one."""

    steps: Mapping[int, Sequence[Goal]]

    @property
    def measured(self) -> list[Goal]:
        """The open ones that are read by their metrics."""
        every = [step for steps in self.steps.values() for step in steps]
        return [step for step in every if step.has_number and step.is_open]


def steps_below(workspace: Workspace, bare: Sequence[Goal]) -> Below:
    """The steps of these goals, and of steps that have no number either; 1 query."""
    rows = Goal.objects.select_related("metric").filter(workspace=workspace)
    every: dict[int, list[Goal]] = {}
    for step in rows.exclude(parent=None).order_by("pk"):
        every.setdefault(step.parent_id or 0, []).append(step)
    found: dict[int, list[Goal]] = {}
    waiting = [goal.pk for goal in bare]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found[key] = every.get(key, [])
            waiting += [step.pk for step in found[key] if not step.has_number]
    return Below(found)


def stood_by_steps(
    workspace: Workspace,
    bare: Sequence[Goal],
    below: Below,
    known: Mapping[int, Standing],
    at: datetime,
) -> dict[int, Standing]:
    """The standings of goals without a number, from those `known` of the steps that have one."""
    rows = Guardrail.objects.select_related("metric", "goal").filter(goal__in=bare).order_by("pk")
    rails = guarded_of(workspace, rows, at) if rows else {}
    found = {goal.pk: _standing(goal, below, known, at, workspace.timezone) for goal in bare}
    for guarded in rails.values():
        found[guarded.guardrail.goal_id].guardrails.append(guarded)
    return found


def _standing(
    goal: Goal, below: Below, known: Mapping[int, Standing], at: datetime, zone: str
) -> Standing:
    now = last_complete_day(at, zone)
    until = min(now, goal.end)
    begun = until >= goal.start
    elapsed = elapsed_share(goal.window, until) if begun else ZERO
    stood = {
        step.pk: known.get(step.pk) or _standing(step, below, known, at, zone)
        for step in below.steps[goal.pk]
        if step.is_open
    }
    steps = [one for step in below.steps[goal.pk] if (one := _step(step, stood.get(step.pk)))]
    found = together(steps)
    status = judged_by_steps(found, steps, begun=begun, over=now >= goal.end)
    done = found.progress if found and begun else None
    changed = status.value != goal.status
    return Standing(
        goal_id=goal.pk,
        until=until,
        value=None,
        target=None,
        baseline=None,
        before=None,
        compared_with="",
        compared_on=None,
        grown=None,
        change=None,
        progress=done,
        expected=_expected(steps, stood) or elapsed,
        elapsed=elapsed,
        pace=None,
        status=status,
        held=Held(status),
        since=None if changed else goal.status_since,
        previous=goal.status if changed else goal.previous_status,
        data_until=min((one.data_until for one in stood.values() if one.data_until), default=None),
        days_left=(goal.end - until).days,
        needed_per_day=None,
        expected_value=None,
        facts=Facts(done, None, begun, early=False, late=False, over=now >= goal.end),
        curve=Curve(),
        note=_note(goal, found, status, begun=begun),
    )


def _step(goal: Goal, standing: Standing | None) -> Step | None:
    """A step as it stands; a closed one by its verdict, and without one it counts no more."""
    if standing is not None:
        return Step(goal.pk, standing.status, goal.weighs, standing.progress)
    if not goal.verdict:
        return None
    return Step(goal.pk, Status(goal.verdict), goal.weighs, goal.final_share)


def _expected(steps: Sequence[Step], stood: Mapping[int, Standing]) -> Decimal | None:
    """What should be done by now, by the weights of the steps whose progress counts."""
    counted = [step for step in steps if step.progress is not None]
    weight = sum((step.weight for step in counted), ZERO)
    due = sum(
        (step.weight * (stood[step.goal_id].expected if step.goal_id in stood else ONE))
        for step in counted
    )
    return due / weight if weight else None


def _note(goal: Goal, found: Together | None, status: Status, *, begun: bool) -> str:
    """One sentence, in the reader's language."""
    if goal.closed_at is not None:
        return _("Closed: %(reason)s") % {"reason": goal.close_reason}
    if not begun:
        return _("Starts on %(day)s.") % {"day": day(goal.start)}
    if found is None:
        return _("It is judged by its steps and has none that weigh yet.")
    if status in {Status.ON_TRACK, Status.ACHIEVED}:
        return _("Judged by its steps: less than a quarter of their weight is behind.")
    told = {"share": share(found.share, 0)}
    return _("Judged by its steps: those that decide carry %(share)s of the weight.") % told
