"""Judging goals: one that was just set, and all whose numbers moved or whose day has turned."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from goals.models import Goal
from goals.operations.forecasts import forecast_goals
from goals.operations.guardrail_watch import watch_guardrails
from goals.operations.updates import said_of, tell_status
from goals.queries.figures import Standing
from goals.queries.forecasts import unforecast
from goals.queries.standing import standings
from goals.rules.status import FINAL, Held, Status
from goals.verbs import STATUS_CHANGED
from metrics.queries.series import revisions_of
from workspaces.models import Workspace
from workspaces.operations.recording import record
from workspaces.rules.days import last_complete_day
from workspaces.rules.tree import DEEPEST

BATCH = 200
UNSEEN = -1  # the revision of a goal that is to be reviewed whatever its metric's is
STATUS_FIELDS = ("status", "status_since", "previous_status", "pending_status", "pending_on")
REVIEW_FIELDS = (*STATUS_FIELDS, "reviewed_revision", "reviewed_on")


def judge(goal: Goal, *, at: datetime, anew: bool = False) -> Standing:
    """Give one goal the status that its observations deserve now; called by what changed it.

    `anew` forgets the status that stands, as after a change of terms. No event is recorded: the
    change that calls this tells it.
    """
    workspace = goal.workspace
    revision = _revision(goal, revisions_of(workspace, _metrics([goal])))
    was = goal.status
    if anew:
        goal.status, goal.pending_status, goal.pending_on = Status.NEW.value, "", None
    found = standings(workspace, [goal], at, fresh=True, curves=False)[goal.pk]
    goal.status = was
    _hold(goal, found.held, revision=revision, today=workspace.day_of(at), at=at)
    goal.save(update_fields=REVIEW_FIELDS)
    return found


def review_goals(*, at: datetime) -> int:
    """Review every open goal whose metric has another revision or whose local day has turned.

    Safe to run twice and by two at once: a goal that changed while its numbers were read is left
    for the next sweep. Returns how many goals were reviewed.
    """
    workspaces = Workspace.objects.filter(
        pk__in=Goal.objects.filter(closed_at=None).values("workspace_id").distinct()
    )
    reviewed = 0
    for workspace in workspaces.order_by("pk"):
        reviewed += review_workspace(workspace, at=at)
        watch_guardrails(workspace, at=at)
    return reviewed


def review_workspace(workspace: Workspace, *, at: datetime) -> int:
    """Review the goals of one workspace that need it, in batches of constant queries.

    A goal whose forecast is of other terms than its own needs it too; forecasts are drawn here.
    """
    today = workspace.day_of(at)
    goals = list(
        Goal.objects.select_related("metric")
        .filter(workspace=workspace, closed_at=None)
        .order_by("pk")
    )
    # The revision is read before the numbers: a race costs one review too many, never too few.
    revisions = revisions_of(workspace, _metrics(goals))
    until = last_complete_day(at, workspace.timezone)
    measured = [goal for goal in goals if goal.has_number]
    bare = unforecast(measured, until)
    due = [goal for goal in measured if goal.pk in bare or _is_due(goal, revisions, today)]
    for start in range(0, len(due), BATCH):
        batch = due[start : start + BATCH]
        forecast_goals(workspace, batch, revisions, until=until, at=at)
        found = standings(workspace, batch, at, curves=False)
        _store(batch, found, revisions, today=today, at=at)
    return len(due) + _review_by_steps(workspace, today=today, at=at)


def _review_by_steps(workspace: Workspace, *, today: date, at: datetime) -> int:
    """Review the goals without a number, those right above what has changed again and again."""
    rows = Goal.objects.filter(workspace=workspace, metric=None, closed_at=None).order_by("pk")
    reviewed = 0
    for _level in range(DEEPEST):
        due = [goal for goal in rows.all() if _is_due(goal, {}, today)]
        if not due:
            break
        _store(due, standings(workspace, due, at, curves=False), {}, today=today, at=at)
        reviewed += len(due)
    return reviewed


def remind_above(goals: Sequence[Goal]) -> None:
    """Let the goals that are judged by these steps be looked at again; inside the transaction."""
    above = {goal.parent_id for goal in goals if goal.parent_id is not None}
    if above:
        Goal.objects.filter(pk__in=above, metric=None).update(reviewed_revision=UNSEEN)


def _metrics(goals: Sequence[Goal]) -> set[int]:
    return {goal.metric_id for goal in goals if goal.metric_id is not None}


def _revision(goal: Goal, revisions: Mapping[int, int]) -> int:
    """Of the goal's metric; of a goal without one it is 0."""
    return revisions.get(goal.metric_id or 0, 0)


def _is_due(goal: Goal, revisions: Mapping[int, int], today: date) -> bool:
    """New numbers, or a new day for a goal whose verdict time can still change."""
    if goal.reviewed_revision != _revision(goal, revisions):
        return True
    settled = goal.status in FINAL and goal.reviewed_on is not None and goal.reviewed_on > goal.end
    return goal.reviewed_on != today and not settled


@transaction.atomic
def _store(
    batch: Sequence[Goal],
    found: Mapping[int, Standing],
    revisions: Mapping[int, int],
    *,
    today: date,
    at: datetime,
) -> None:
    """Write what a batch came to, one event for each status that changed."""
    seen = {goal.pk: _fingerprint(goal) for goal in batch}
    rows = Goal.objects.select_for_update().filter(pk__in=seen).order_by("pk")
    kept = [row for row in rows if _fingerprint(row) == seen[row.pk]]
    changed = [
        row
        for row in kept
        if _hold(row, found[row.pk].held, revision=_revision(row, revisions), today=today, at=at)
    ]
    Goal.objects.bulk_update(kept, REVIEW_FIELDS)
    remind_above(changed)
    _tell(changed, at=at)


def _fingerprint(goal: Goal) -> tuple[object, ...]:
    """What must not have changed between reading the numbers and writing the verdict."""
    return (
        goal.version,
        goal.status,
        goal.pending_status,
        goal.pending_on,
        goal.reviewed_revision,
        goal.reviewed_on,
        goal.closed_at,
    )


def _hold(goal: Goal, held: Held, *, revision: int, today: date, at: datetime) -> bool:
    """Put the settled status on the row; say whether it is another than before."""
    changed = goal.status != held.status.value
    if changed:
        goal.previous_status, goal.status = goal.status, held.status.value
        goal.status_since = at
    goal.pending_status = held.pending.value if held.pending else ""
    goal.pending_on = held.pending_on
    goal.reviewed_revision, goal.reviewed_on = revision, today
    return changed


def _tell(changed: Sequence[Goal], *, at: datetime) -> None:
    for goal in changed:
        record(
            STATUS_CHANGED,
            goal,
            by=None,
            at=at,
            **said_of(goal),
        )
    tell_status(changed, at=at)
