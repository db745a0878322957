"""The decision log: what was decided, on which evidence, and what came of it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from goals.models import Decision, Goal, Strategy
from goals.operations.strategy import locked
from goals.verbs import DECISION_CLOSED, DECISION_LOGGED
from workspaces.models import Membership
from workspaces.operations.days import refuse_far_days
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused, Stale


@dataclass(frozen=True)
class DecisionDraft:
    """A decision as somebody writes it down."""

    title: str
    decided_on: date
    why: str = ""
    evidence: str = ""
    goal: Goal | None = None
    review_on: date | None = None


@transaction.atomic
def log_decision(
    strategy: Strategy, *, draft: DecisionDraft, by: Membership, at: datetime
) -> Decision:
    """Write a decision down; it was taken today or earlier and is looked at later."""
    row = locked(strategy)
    if not draft.title.strip():
        raise Refused(_("Say what was decided."), code="required", field="title")
    refuse_far_days(decided_on=draft.decided_on, review_on=draft.review_on)
    if draft.decided_on > row.workspace.day_of(at):
        message = _("A decision is written down once it is taken.")
        raise Refused(message, code="future", field="decided_on")
    if draft.review_on is not None and draft.review_on < draft.decided_on:
        message = _("Look at it again after it was decided.")
        raise Refused(message, code="before", field="review_on")
    if draft.goal is not None and draft.goal.workspace_id != row.workspace_id:
        raise Refused(_("There is nothing of the kind here."), code="not_found", field="goal")
    made = Decision.objects.create(
        workspace=row.workspace,
        strategy=row,
        title=draft.title.strip(),
        why=draft.why.strip(),
        evidence=draft.evidence.strip(),
        goal=draft.goal,
        decided_on=draft.decided_on,
        decided_by=by,
        review_on=draft.review_on,
    )
    record(DECISION_LOGGED, row, by=by, at=at, title=row.title, decision=made.title)
    return made


@transaction.atomic
def close_decision(
    decision: Decision, *, came_of_it: str, version: int, by: Membership, at: datetime
) -> Decision:
    """Write down what came of a decision, which closes it; again, to correct the words."""
    row = Decision.objects.select_related("strategy").select_for_update(of=("self",))
    found = row.get(pk=decision.pk)
    if found.version != version:
        raise Stale(_("Somebody changed this decision meanwhile."), current=found)
    if not came_of_it.strip():
        raise Refused(_("Say what came of it."), code="required", field="came_of_it")
    found.came_of_it, found.closed_at = came_of_it.strip(), at
    found.version += 1
    found.save(update_fields=["came_of_it", "closed_at", "version"])
    record(DECISION_CLOSED, found.strategy, by=by, at=at, decision=found.title)
    return found
