"""What a member has been told."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from workspaces.models import Membership, NoticePreference, Notification
from workspaces.queries.events import sentence_of
from workspaces.rules.notices import REGISTRY


@dataclass(frozen=True)
class NoticeRow:
    """A notification with its sentence in the reader's language."""

    notification: Notification
    sentence: str


@dataclass(frozen=True)
class Preference:
    """A kind of notices, in words, and whether the member wants it."""

    kind: str
    words: str
    wanted: bool


def notifications_of(member: Membership, *, unread: bool = False) -> QuerySet[Notification]:
    """What the member was told, newest first; `unread` leaves out what they have read."""
    rows = Notification.objects.filter(member=member).order_by("-id")
    return rows.filter(read_at=None) if unread else rows


def tell_notices(rows: Iterable[Notification]) -> list[NoticeRow]:
    """Notifications as sentences."""
    return [NoticeRow(row, sentence_of(row)) for row in rows]


def count_unread(member: Membership) -> int:
    """How many notifications wait to be read; 1 query."""
    return Notification.objects.filter(member=member, read_at=None).count()


def preferences_of(member: Membership) -> list[Preference]:
    """Every kind of notices, and whether the member wants it; 1 query."""
    rows = NoticePreference.objects.filter(member=member)
    chosen = dict(rows.values_list("kind", "wanted"))
    return [
        Preference(kind, _(words), chosen.get(kind, True))
        for kind, words in sorted(REGISTRY.items())
    ]
