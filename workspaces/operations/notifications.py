"""Telling members, and their reading of it; a notification is no change and leaves no event."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from workspaces.models import Membership, NoticePreference, Notification, WorkspaceOwned
from workspaces.rules.errors import Refused
from workspaces.rules.notices import REGISTRY
from workspaces.rules.verbs import Verb


@dataclass(frozen=True)
class Notice:
    """What is told: its kind, its verb, where to look (a path), and what the sentence needs."""

    kind: str
    verb: Verb
    link: str = ""
    data: dict[str, object] = field(default_factory=dict)


@transaction.atomic
def notify(
    notice: Notice,
    subject: WorkspaceOwned,
    *,
    to: Collection[int],
    by: Membership | None,
    at: datetime,
) -> int:
    """Tell members (by id) once; not who did it, nor who wants no such notices. How many."""
    deaf = NoticePreference.objects.filter(member_id__in=to, kind=notice.kind, wanted=False)
    mute = set(deaf.values_list("member_id", flat=True)) | ({by.pk} if by else set())
    people = Membership.objects.filter(
        workspace_id=subject.workspace_id, pk__in=set(to) - mute, user__is_active=True
    )
    rows = [
        Notification(
            workspace_id=subject.workspace_id,
            member=member,
            kind=notice.kind,
            verb=notice.verb.name,
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            by_name=by.user.display_name if by else "",
            data=notice.data,
            link=notice.link,
            at=at,
        )
        for member in people.order_by("pk")
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def read_notification(notification: Notification, *, at: datetime) -> Notification:
    """Take a notification as read; reading it again keeps when it was read first."""
    Notification.objects.filter(pk=notification.pk, read_at=None).update(read_at=at)
    notification.refresh_from_db()
    return notification


def read_all_notifications(member: Membership, *, at: datetime) -> int:
    """Take everything that the member has been told as read; how many there were."""
    return Notification.objects.filter(member=member, read_at=None).update(read_at=at)


@transaction.atomic
def prefer_notices(member: Membership, *, wanted: dict[str, bool]) -> None:
    """Switch kinds of notices on or off for a member; kinds that are not named stay."""
    unknown = sorted(set(wanted) - set(REGISTRY))
    if unknown:
        message = _("There is no notice “%(kind)s”.") % {"kind": unknown[0]}
        raise Refused(message, code="unknown_kind", field=unknown[0])
    for kind, is_wanted in sorted(wanted.items()):
        NoticePreference.objects.update_or_create(
            member=member,
            kind=kind,
            defaults={"wanted": is_wanted, "workspace_id": member.workspace_id},
        )
