"""What a member has been told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from workspaces.models import Membership, Notification
from workspaces.queries.events import sentence_of
from workspaces.verbs import BUNDLED

PARTS = 100  # of one bundle


@dataclass(frozen=True)
class NoticeRow:
    """A notification with its sentence in the reader's language, and what a bundle holds.

    `parts` has the newest few of them; `more` says how many others there are.
    """

    notification: Notification
    sentence: str
    parts: list["NoticeRow"] = field(default_factory=list)
    more: int = 0


def notifications_of(member: Membership, *, unread: bool = False) -> QuerySet[Notification]:
    """What the member was told, newest first; `unread` leaves out what they have read.

    What is part of a bundle stands in its row.
    """
    rows = Notification.objects.filter(member=member, in_app=True, bundle=None).order_by(
        "-at", "-id"
    )
    return rows.filter(read_at=None) if unread else rows


def tell_notices(rows: Iterable[Notification], *, parts: int = PARTS) -> list[NoticeRow]:
    """Notifications as sentences, bundles with their newest parts; at most 1 query."""
    rows = list(rows)
    bundles = [row.pk for row in rows if row.verb == BUNDLED.name]
    found = _parts(bundles, parts) if bundles else {}
    return [_told(row, found.get(row.pk, [])) for row in rows]


def _told(row: Notification, parts: list[NoticeRow]) -> NoticeRow:
    more = row.data["count"] - len(parts) if row.verb == BUNDLED.name else 0
    return NoticeRow(row, sentence_of(row), parts, more)


def _parts(bundles: Sequence[int], most: int) -> dict[int, list[NoticeRow]]:
    """The newest parts of each bundle, so many of each."""
    place = Window(RowNumber(), partition_by=F("bundle_id"), order_by=F("id").desc())
    rows = Notification.objects.filter(bundle__in=bundles).annotate(place=place)
    found: dict[int, list[NoticeRow]] = {}
    for row in rows.filter(place__lte=most).order_by("-id"):
        found.setdefault(row.bundle_id or 0, []).append(NoticeRow(row, sentence_of(row)))
    return found


def count_unread(member: Membership) -> int:
    """How many notifications wait to be read; 1 query."""
    return Notification.objects.filter(
        member=member, in_app=True, bundle=None, read_at=None
    ).count()
