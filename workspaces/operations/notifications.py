"""Telling members, and their reading of it; a notification is no change and leaves no event."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from workspaces.models import Membership, NoticePreference, Notification, WorkspaceOwned
from workspaces.rules.errors import Refused
from workspaces.rules.notices import REGISTRY, WITHIN, is_too_much
from workspaces.rules.verbs import Verb
from workspaces.verbs import BUNDLED


@dataclass(frozen=True)
class Notice:
    """What is told: its kind, its verb, where to look (a path), and what the sentence needs.

    `occasion` tells two times of the same thing apart; usually that is the instant.
    """

    kind: str
    verb: Verb
    link: str = ""
    data: dict[str, object] = field(default_factory=dict)
    occasion: str = ""


@dataclass(frozen=True)
class Telling:
    """A notice of one thing, for members by their ids."""

    notice: Notice
    subject: WorkspaceOwned
    to: Collection[int]


def notify(
    notice: Notice,
    subject: WorkspaceOwned,
    *,
    to: Collection[int],
    by: Membership | None,
    at: datetime,
) -> int:
    """Tell members of one thing, as `notify_all` does."""
    return notify_all([Telling(notice, subject, to)], by=by, at=at)


@transaction.atomic
def notify_all(tellings: Sequence[Telling], *, by: Membership | None, at: datetime) -> int:
    """Tell members once of each thing; not who did it, nor who wants no such notices. How many.

    The things are of one workspace. What is too much of a kind within an hour stands in a bundle.
    """
    rows = _untold(_wanted(tellings, by=by, at=at))
    by_reader: dict[tuple[int, str], list[Notification]] = defaultdict(list)
    for row in rows:
        by_reader[row.member_id, row.kind].append(row)
    for (member_id, kind), some in by_reader.items():
        _bundle(member_id, kind, some, at=at)
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _wanted(
    tellings: Sequence[Telling], *, by: Membership | None, at: datetime
) -> list[Notification]:
    """A row for each thing and each member who wants to be told of it."""
    named = {pk for telling in tellings for pk in telling.to} - ({by.pk} if by else set())
    if not named:
        return []
    workspace_id = tellings[0].subject.workspace_id
    people = Membership.objects.filter(
        workspace_id=workspace_id, pk__in=named, user__is_active=True
    ).order_by("pk")
    members = list(people.values_list("pk", flat=True))
    refusing = NoticePreference.objects.filter(member_id__in=members, wanted=False)
    deaf = set(refusing.values_list("member_id", "kind"))
    return [
        Notification(
            workspace_id=workspace_id,
            member_id=member_id,
            kind=telling.notice.kind,
            verb=telling.notice.verb.name,
            subject_type=telling.subject._meta.label_lower,
            subject_id=telling.subject.pk,
            occasion=telling.notice.occasion or at.isoformat(),
            by_name=by.user.display_name if by else "",
            data=telling.notice.data,
            link=telling.notice.link,
            at=at,
        )
        for telling in tellings
        for member_id in members
        if member_id in telling.to and (member_id, telling.notice.kind) not in deaf
    ]


def _untold(rows: Sequence[Notification]) -> list[Notification]:
    """The rows whose member has not been told of that thing and occasion; 1 query."""
    if not rows:
        return []
    told = Notification.objects.filter(
        member__in={row.member_id for row in rows},
        verb__in={row.verb for row in rows},
        occasion__in={row.occasion for row in rows},
    )
    names = ("member_id", "verb", "subject_type", "subject_id", "occasion")
    known = set(told.values_list(*names))
    return [row for row in rows if tuple(getattr(row, name) for name in names) not in known]


def _bundle(member_id: int, kind: str, rows: Sequence[Notification], *, at: datetime) -> None:
    """Put new rows of one member and kind into a bundle where they are too many at once.

    An unread bundle takes them in, and so do the unread ones of the last hour that stand alone.
    """
    lately = Notification.objects.filter(
        member_id=member_id, kind=kind, bundle=None, read_at=None, at__gt=at - WITHIN, at__lte=at
    )
    standing = list(lately.select_for_update().order_by("-pk"))
    open_bundle = next((row for row in standing if row.verb == BUNDLED.name), None)
    alone = [row.pk for row in standing if row.verb != BUNDLED.name]
    if open_bundle is None and not is_too_much(len(alone), len(rows)):
        return
    bundle = open_bundle or Notification.objects.create(
        workspace_id=rows[0].workspace_id,
        member_id=member_id,
        kind=kind,
        verb=BUNDLED.name,
        subject_type=rows[0].subject_type,
        subject_id=rows[0].subject_id,
        occasion=f"{kind} {at.isoformat()}",
        data={"count": 0},
        at=at,
    )
    Notification.objects.filter(pk__in=alone).update(bundle=bundle)
    for row in rows:
        row.bundle = bundle
    bundle.data = {"count": bundle.data["count"] + len(alone) + len(rows)}
    bundle.at = at
    bundle.save(update_fields=["data", "at"])


def read_notification(notification: Notification, *, at: datetime) -> Notification:
    """Take a notification and its parts as read; again, it keeps when it was read first."""
    same = Q(pk=notification.pk) | Q(bundle_id=notification.pk)
    Notification.objects.filter(same, read_at=None).update(read_at=at)
    notification.refresh_from_db()
    return notification


def read_all_notifications(member: Membership, *, at: datetime) -> int:
    """Take everything that the member has been told as read; how many rows of the list it was."""
    unread = Notification.objects.filter(member=member, read_at=None)
    count = unread.filter(bundle=None).count()
    unread.update(read_at=at)
    return count


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
