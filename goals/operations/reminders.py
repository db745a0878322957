"""Reminding people of what they owe: once for each due day, on the workspace's own day."""

from datetime import datetime

from goals.queries.reminders import Kind, Owed, owed_in
from goals.verbs import CHECKIN_DUE, CHECKIN_WAITS, DECISION_DUE, NOTICE_REMINDER
from workspaces.models import Workspace
from workspaces.operations.notifications import Notice, Telling, notify_all

VERBS = {
    Kind.CHECK_IN: CHECKIN_DUE,
    Kind.READING: CHECKIN_WAITS,
    Kind.DECISION: DECISION_DUE,
}


def remind(*, at: datetime) -> int:
    """Remind everybody of what is due today or was before; how many reminders.

    May run twice and at any time: nobody is reminded of the same due day again.
    """
    return sum(_remind(workspace, at=at) for workspace in Workspace.objects.order_by("pk"))


def _remind(workspace: Workspace, *, at: datetime) -> int:
    owed = owed_in(workspace, workspace.day_of(at))
    return notify_all([_telling(one) for one in owed], by=None, at=at)


def _telling(owed: Owed) -> Telling:
    said: dict[str, object] = {
        "title": owed.title,
        "day": owed.due.isoformat(),
        "name": owed.by_name,
    }
    occasion = f"check-in {owed.checkin_id}" if owed.checkin_id else f"due {owed.due}"
    notice = Notice(NOTICE_REMINDER, VERBS[owed.kind], owed.link, said, occasion)
    return Telling(notice, owed.subject, [owed.member_id])
