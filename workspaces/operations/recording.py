"""The one door by which events enter the log."""

from datetime import datetime

from workspaces.models import Membership, WorkspaceOwned
from workspaces.models.events import Event
from workspaces.rules.verbs import Verb


def record(
    verb: Verb, subject: WorkspaceOwned, *, by: Membership | None, at: datetime, **data: object
) -> Event:
    """Append one event; call it inside the transaction of the change that it tells of."""
    return Event.objects.create(
        workspace_id=subject.workspace_id,
        verb=verb.name,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        by=by,
        by_name=by.user.display_name if by else "",
        at=at,
        data=data,
    )
