"""Telling members, and their reading of it; a notification is no change and leaves no event."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from workspaces.models import Membership, Notification, WorkspaceOwned
from workspaces.operations.outbox import post
from workspaces.queries.preferences import chosen_by
from workspaces.rules.notices import (
    NOWHERE,
    REGISTRY,
    WITHIN,
    Channel,
    Chosen,
    Place,
    is_too_much,
    wants,
)
from workspaces.rules.verbs import Verb
from workspaces.verbs import BUNDLED

LATEST = ("verb", "data", "by_name", "link", "occasion", "at", "in_app", "by_mail", "in_digest")


@dataclass(frozen=True)
class Notice:
    """What is told: its kind, its verb, where to look (a path), and what the sentence needs.

    `occasion` tells two times of the same thing apart; usually that is the instant. `place` is the
    board that it belongs to, if any. What `overtakes` makes earlier words of its verb old.
    """

    kind: str
    verb: Verb
    link: str = ""
    data: dict[str, object] = field(default_factory=dict)
    occasion: str = ""
    place: Place | None = None
    overtakes: bool = False


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


@transaction.atomic(savepoint=False)
def notify_all(tellings: Sequence[Telling], *, by: Membership | None, at: datetime) -> int:
    """Tell members once of each thing; not who did it, nor who wants no such notices. How many.

    The things are of one workspace. What is too much of a kind within an hour stands in a bundle;
    of a kind that gathers, what happens to one thing within an hour is one row. Mails are left in
    the outbox, in this transaction; nothing is sent here.
    """
    told = _untold(_wanted(tellings, by=by, at=at))
    _overtake(tellings, told, at=at)
    rows = _gather(told, at=at)
    by_reader: dict[tuple[int, str], list[Notification]] = defaultdict(list)
    for row in rows:
        if row.in_app:
            by_reader[row.member_id, row.kind].append(row)
    for (member_id, kind), some in by_reader.items():
        _bundle(member_id, kind, some, at=at)
    post([row for row in rows if row.by_mail], at=at)
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return len(told)


def _wanted(
    tellings: Sequence[Telling], *, by: Membership | None, at: datetime
) -> list[Notification]:
    """A row for each thing and each member who wants to be told of it in any way; 2 queries."""
    named = {pk for telling in tellings for pk in telling.to} - ({by.pk} if by else set())
    if not named:
        return []
    workspace_id = tellings[0].subject.workspace_id
    people = Membership.objects.filter(
        workspace_id=workspace_id, pk__in=named, user__is_active=True
    ).order_by("pk")
    members = list(people)
    chosen = chosen_by([member.pk for member in members])
    rows = []
    for telling in tellings:
        for member in members:
            if member.pk in telling.to:
                row = _row(telling, member, by=by, at=at)
                _choose_ways(row, chosen.get(member.pk, {}))
                if row.in_app or row.by_mail or row.in_digest:
                    rows.append(row)
    return rows


def _row(
    telling: Telling, member: Membership, *, by: Membership | None, at: datetime
) -> Notification:
    notice, subject = telling.notice, telling.subject
    place = notice.place or Place(*NOWHERE)
    return Notification(
        workspace_id=subject.workspace_id,
        member=member,
        kind=notice.kind,
        verb=notice.verb.name,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        occasion=notice.occasion or at.isoformat(),
        by_name=by.user.display_name if by else "",
        data=notice.data,
        link=notice.link,
        place_type=place.type,
        place_id=place.id,
        place_name=place.name,
        at=at,
    )


def _choose_ways(row: Notification, chosen: Chosen) -> None:
    place = (row.place_type, row.place_id)
    row.in_app = wants(row.kind, Channel.IN_APP, place, chosen)
    row.by_mail = wants(row.kind, Channel.MAIL, place, chosen)
    row.in_digest = wants(row.kind, Channel.DIGEST, place, chosen)


def _overtake(tellings: Sequence[Telling], rows: Sequence[Notification], *, at: datetime) -> None:
    """What a new row makes old is taken as read, so that it is told nowhere any more."""
    verbs = {one.notice.verb.name for one in tellings if one.notice.overtakes}
    mine = [row for row in rows if row.verb in verbs]
    if not mine:
        return
    standing = Notification.objects.filter(
        verb__in=verbs,
        read_at=None,
        member__in={row.member_id for row in mine},
        subject_id__in={row.subject_id for row in mine},
    )
    things = {_thing(row) for row in mine}
    old = [row.pk for row in standing.select_for_update().order_by("pk") if _thing(row) in things]
    Notification.objects.filter(pk__in=old).update(read_at=at)


def unread_subjects(verb: Verb, subject_type: str) -> set[int]:
    """The ids of the things of which words of this verb stand unread; 1 query."""
    rows = Notification.objects.filter(verb=verb.name, subject_type=subject_type, read_at=None)
    return set(rows.values_list("subject_id", flat=True))


def overtake(verb: Verb, subject_type: str, ids: Collection[int], *, at: datetime) -> int:
    """Take words about these things as read, for they are true no more; how many."""
    rows = Notification.objects.filter(verb=verb.name, subject_type=subject_type, read_at=None)
    return rows.filter(subject_id__in=ids).update(read_at=at) if ids else 0


def _gather(rows: Sequence[Notification], *, at: datetime) -> list[Notification]:
    """Put what happened again to a thing into the unread row that tells of it; the others."""
    kinds = {row.kind for row in rows if row.kind in REGISTRY and REGISTRY[row.kind].gathers}
    if not kinds:
        return list(rows)
    standing = Notification.objects.filter(
        member__in={row.member_id for row in rows if row.kind in kinds},
        subject_id__in={row.subject_id for row in rows if row.kind in kinds},
        kind__in=kinds, read_at=None, at__gt=at - WITHIN, at__lte=at,
    )  # fmt: skip
    held = standing.select_related("member").select_for_update(of=("self",))
    found = {_thing(row): row for row in held.order_by("pk")}
    grown, others = [], []
    for row in rows:
        old = found.get(_thing(row)) if row.kind in kinds else None
        if old is None:
            others.append(row)
        else:
            _grow(old, row)
            grown.append(old)
    post([row for row in grown if row.by_mail], at=at)
    Notification.objects.bulk_update(grown, [*LATEST, "count", "mail", "digest"])
    return others


def _thing(row: Notification) -> tuple[int, str, str, int]:
    return row.member_id, row.kind, row.subject_type, row.subject_id


def _grow(old: Notification, new: Notification) -> None:
    """The standing row tells of the latest time, and counts; the next digest tells it again."""
    for name in LATEST:
        setattr(old, name, getattr(new, name))
    old.count += 1
    old.digest = None


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
        member_id=member_id, kind=kind, in_app=True, bundle=None, read_at=None,
        at__gt=at - WITHIN, at__lte=at,
    )  # fmt: skip
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
