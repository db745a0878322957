"""The mail of the morning: made once for a person and local day, then sent from the outbox."""

from datetime import datetime

from django.db import IntegrityError, transaction

from workspaces.models import Delivery, Notification, User
from workspaces.operations.waking import wake
from workspaces.queries.letters import people_with_news, zone_of
from workspaces.queries.workdays import workdays_of
from workspaces.rules.digests import Due, Last, due_digest
from workspaces.rules.notices import Channel


def make_digests(*, at: datetime) -> int:
    """Make the digests that are due; how many. May run twice, at any time, and after a pause."""
    _forget_unwanted()
    return sum(_make(user, at=at) for user in people_with_news(at))


def _forget_unwanted() -> None:
    """What waits for who wants no digest is not kept for the day on which they want one."""
    waiting = Notification.objects.filter(in_digest=True, digest=None, read_at=None)
    waiting.filter(member__user__wants_digest=False).update(in_digest=False)


def _make(user: User, *, at: datetime) -> int:
    workdays = workdays_of(user) if user.quiet_days else range(7)
    due = due_digest(at, zone=zone_of(user), last=_last(user), workdays=workdays)
    return _write(user, due, at=at) if due else 0


def _last(user: User) -> Last | None:
    found = Delivery.objects.filter(user=user, channel=Channel.DIGEST.value).order_by("-day")
    row = found.first()
    return Last(row.day, row.made_at) if row is not None and row.day is not None else None


def _write(user: User, due: Due, *, at: datetime) -> int:
    """One row for the day, with all that happened before eight; 0 where that is nothing."""
    news = Notification.objects.filter(
        member__user=user, in_digest=True, digest=None, read_at=None, at__lt=due.until
    )
    if not news.exists():
        return 0
    try:
        with transaction.atomic():
            made = Delivery.objects.create(
                user=user, channel=Channel.DIGEST.value, day=due.day, made_at=at, send_at=at
            )
            news.update(digest=made)
            wake("send_mail")
    except IntegrityError:  # another worker was faster
        return 0
    return 1
