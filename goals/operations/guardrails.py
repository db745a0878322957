"""Setting and removing guardrails."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from goals.models import Goal, Guardrail
from goals.rules import amounts
from goals.rules.aims import Aim
from goals.rules.guardrails import Health
from goals.verbs import GUARDRAIL_REMOVED, GUARDRAIL_SET
from metrics.models import Metric
from metrics.rules.periods import Grain
from workspaces.models import Membership
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused

MOST = 10
UNTOLD = {  # where the line moves, what was told of the old one says nothing of it
    "told": Health.UNKNOWN.value,
    "told_at": None,
    "pending": "",
    "pending_on": None,
    "watched_revision": -1,
    "watched_on": None,
}


@dataclass(frozen=True)
class Bound:
    """The line that a metric must stay on one side of; the value is in the metric's unit."""

    metric: Metric
    side: Aim
    value: Decimal
    grain: Grain = Grain.MONTH


@transaction.atomic
def set_guardrail(goal: Goal, *, bound: Bound, by: Membership, at: datetime) -> Guardrail:
    """Put a guardrail beside the goal, or move the line of the one on that metric and side."""
    row = Goal.objects.select_for_update().get(pk=goal.pk)
    if not row.is_open:
        raise Refused(_("This goal is closed. Reopen it first."), code="closed")
    metric = bound.metric
    _refuse_metric(row, metric)
    others = row.guardrails.exclude(metric=metric, side=bound.side.value)
    if others.count() >= MOST:
        message = _("A goal has at most %(count)s guardrails.") % {"count": MOST}
        raise Refused(message, code="too_many")
    terms = {
        "bound_value": amounts.canonical(bound.value),
        "grain": bound.grain.value,
        "definition_revision": metric.definition_revision,
    }
    guardrail, _made = Guardrail.objects.update_or_create(
        goal=row,
        metric=metric,
        side=bound.side.value,
        defaults={**terms, **UNTOLD},
        create_defaults={**terms, "workspace_id": row.workspace_id, "created_at": at},
    )
    words = {"title": row.title, "metric": metric.name, "side": guardrail.side}
    record(GUARDRAIL_SET, row, by=by, at=at, bound=guardrail.bound_value, **words)
    return guardrail


@transaction.atomic
def remove_guardrail(guardrail: Guardrail, *, by: Membership, at: datetime) -> Goal:
    """Take a guardrail away; the log keeps what it was."""
    row = Goal.objects.select_for_update().get(pk=guardrail.goal_id)
    if not row.is_open:
        raise Refused(_("This goal is closed. Reopen it first."), code="closed")
    words = {"title": row.title, "metric": guardrail.metric.name, "side": guardrail.side}
    record(GUARDRAIL_REMOVED, row, by=by, at=at, bound=guardrail.bound_value, **words)
    guardrail.delete()
    return row


def _refuse_metric(goal: Goal, metric: Metric) -> None:
    """A guardrail is on another metric than the goal, of the same workspace, still in use."""
    if metric.workspace_id != goal.workspace_id:
        message = _("There is nothing of the kind here.")
        raise Refused(message, code="not_found", field="metric")
    if metric.retired_at is not None:
        message = _("This metric is retired: choose one that still gets data.")
        raise Refused(message, code="retired", field="metric")
    if metric.pk == goal.metric_id:
        message = _("The goal itself is on this metric: a guardrail watches another one.")
        raise Refused(message, code="same_metric", field="metric")
