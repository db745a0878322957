"""The one door by which events enter the log."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from workspaces.models import Membership, WorkspaceOwned
from workspaces.models.actors import person
from workspaces.models.events import Event
from workspaces.operations.waking import announce
from workspaces.rules.verbs import Verb

MANY = 1000  # events in one statement


def record(
    verb: Verb,
    subject: WorkspaceOwned,
    *,
    by: Membership | None,
    at: datetime,
    **data: object,
) -> Event:
    """Append one event; call it inside the transaction of the change that it tells of."""
    return record_in(None, verb, subject, by=by, at=at, **data)


def record_in(
    stream_id: int | None,
    verb: Verb,
    subject: WorkspaceOwned,
    *,
    by: Membership | None,
    at: datetime,
    **data: object,
) -> Event:
    """Append one event which those who follow the stream are told of as well."""
    if stream_id is not None:
        announce(stream_id)
    return Event.objects.create(
        workspace_id=subject.workspace_id,
        verb=verb.name,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        by=person(by),
        by_name=by.user.display_name if by else "",
        at=at,
        data={**data, **by.says} if by else data,
        stream_id=stream_id,
    )


def record_many(
    stream_id: int | None,
    verb: Verb,
    told: Iterable[tuple[WorkspaceOwned, Mapping[str, object]]],
    *,
    by: Membership | None,
    at: datetime,
) -> None:
    """Append one event for each subject, with what is told of it; a few statements for thousands.

    The subjects are of one workspace; call it inside the transaction of their change.
    """
    Event.objects.bulk_create(
        (
            Event(
                workspace_id=subject.workspace_id,
                verb=verb.name,
                subject_type=subject._meta.label_lower,
                subject_id=subject.pk,
                by=by,
                by_name=by.user.display_name if by else "",
                at=at,
                data=data,
                stream_id=stream_id,
            )
            for subject, data in told
        ),
        batch_size=MANY,
    )
