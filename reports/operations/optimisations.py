"""Writing optimisations down, correcting them, and saying what they taught."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from goals.models import Goal
from metrics.models import Metric
from metrics.rules.periods import is_known_day
from reports.models import Optimisation
from reports.models.optimisations import TEXT_LENGTH, TITLE_LENGTH
from reports.rules.effects import LENGTHS
from reports.verbs import (
    OPTIMISATION_BEGUN,
    OPTIMISATION_CHANGED,
    OPTIMISATION_ENDED,
    OPTIMISATION_REMOVED,
)
from tasks.models import Card, Cycle
from workspaces.models import Membership, Workspace
from workspaces.operations.recording import record
from workspaces.operations.texts import refuse_long
from workspaces.rules.errors import Refused, Stale


@dataclass(frozen=True)
class Draft:
    """An optimisation as somebody writes it down."""

    title: str
    metric: Metric
    started_on: date
    hypothesis: str = ""
    days: int = 7
    goal: Goal | None = None
    card: Card | None = None
    cycle: Cycle | None = None


@transaction.atomic
def begin_optimisation(
    workspace: Workspace, *, draft: Draft, by: Membership, at: datetime
) -> Optimisation:
    """Write down what is changed, when, and which metric is to show it."""
    _refuse(draft, workspace)
    row = Optimisation(workspace=workspace, written_by=by, written_at=at)
    _put(row, draft)
    row.save()
    record(OPTIMISATION_BEGUN, row, by=by, at=at, title=row.title)
    return row


@transaction.atomic
def change_optimisation(
    optimisation: Optimisation, *, draft: Draft, version: int, by: Membership, at: datetime
) -> Optimisation:
    """Correct one, until somebody has said what was learnt."""
    row = _locked(optimisation, version)
    if not row.is_open:
        raise Refused(_("What was learnt is written down already."), code="ended")
    _refuse(draft, row.workspace)
    _put(row, draft)
    row.version += 1
    row.save()
    record(OPTIMISATION_CHANGED, row, by=by, at=at, title=row.title)
    return row


@transaction.atomic
def end_optimisation(
    optimisation: Optimisation, *, learnt: str, version: int, by: Membership, at: datetime
) -> Optimisation:
    """Write down what was learnt, which ends it; again, to correct the words."""
    row = _locked(optimisation, version)
    if not learnt.strip():
        raise Refused(_("Say what was learnt."), code="required", field="learnt")
    refuse_long(TEXT_LENGTH, learnt=learnt)
    row.learnt, row.ended_at = learnt.strip(), at
    row.version += 1
    row.save(update_fields=["learnt", "ended_at", "version"])
    record(OPTIMISATION_ENDED, row, by=by, at=at, title=row.title, learnt=row.learnt)
    return row


@transaction.atomic
def remove_optimisation(optimisation: Optimisation, *, by: Membership, at: datetime) -> None:
    """Take one away that was written down by mistake, once; the log keeps its name."""
    row = Optimisation.objects.select_for_update().filter(pk=optimisation.pk).first()
    if row is not None:
        record(OPTIMISATION_REMOVED, row, by=by, at=at, title=row.title)
        row.delete()


def _locked(optimisation: Optimisation, version: int) -> Optimisation:
    rows = Optimisation.objects.select_related("workspace").select_for_update(of=("self",))
    row = rows.filter(pk=optimisation.pk).first()
    if row is None:
        raise Refused(_("Somebody removed this optimisation meanwhile."), code="removed")
    if row.version != version:
        raise Stale(_("Somebody changed this optimisation meanwhile."), current=row)
    return row


def _put(row: Optimisation, draft: Draft) -> None:
    row.title, row.hypothesis = draft.title.strip(), draft.hypothesis.strip()
    row.metric, row.goal = draft.metric, draft.goal
    row.card, row.cycle = draft.card, draft.cycle
    row.started_on, row.days = draft.started_on, draft.days


def _refuse(draft: Draft, workspace: Workspace) -> None:
    if not draft.title.strip():
        raise Refused(_("Say what is changed."), code="required", field="title")
    refuse_long(TITLE_LENGTH, title=draft.title)
    refuse_long(TEXT_LENGTH, hypothesis=draft.hypothesis)
    for name in ("metric", "goal", "card", "cycle"):
        row = getattr(draft, name)
        if row is not None and row.workspace_id != workspace.pk:
            message = _("There is nothing of the kind here.")
            raise Refused(message, code="not_found", field=name)
    if draft.metric.retired_at is not None:
        message = _("This metric is retired: choose one that still gets data.")
        raise Refused(message, code="retired", field="metric")
    if not is_known_day(draft.started_on):
        message = _("Choose a day from 1900 to 2200.")
        raise Refused(message, code="out_of_range", field="started_on")
    if draft.days not in LENGTHS:
        raise Refused(_("Compare 7, 14 or 28 days."), code="invalid_choice", field="days")
