"""Secret addresses where calendars fetch cards: told once, stored as a hash."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from goals.operations.links import LinkTokens
from tasks.models import Board, CalendarFeed
from tasks.verbs import FEED_MADE, FEED_RENEWED, FEED_WITHDRAWN
from workspaces.models import Membership
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused

TOKENS = LinkTokens("tasks.calendar_feed")
MOST_FEEDS = 50
OWN = "my cards"


@transaction.atomic
def make_feed(board: Board | None, *, by: Membership, at: datetime) -> tuple[CalendarFeed, str]:
    """Give the member an address for a board's cards, or for their own; an older one ends.

    Returns the row and the token of the address, which is told only now.
    """
    Membership.objects.select_for_update(no_key=True).get(pk=by.pk)
    mine = CalendarFeed.objects.filter(member=by)
    old = mine.filter(board=board).first()
    if old is None and mine.count() >= MOST_FEEDS:
        raise Refused(_("You have too many addresses; withdraw some first."), code="too_many")
    token, secret_hash = TOKENS.new()
    if old is not None:
        old.secret_hash, old.made_at = secret_hash, at
        old.save(update_fields=["secret_hash", "made_at"])
        record(FEED_RENEWED, old, by=by, at=at, name=_called(old))
        return old, token
    feed = CalendarFeed.objects.create(
        workspace_id=by.workspace_id, member=by, board=board, secret_hash=secret_hash, made_at=at
    )
    record(FEED_MADE, feed, by=by, at=at, name=_called(feed))
    return feed, token


@transaction.atomic
def withdraw_feed(feed: CalendarFeed, *, by: Membership, at: datetime) -> None:
    """Close an address; the next calendar that asks finds nothing."""
    record(FEED_WITHDRAWN, feed, by=by, at=at, name=_called(feed))
    feed.delete()


def _called(feed: CalendarFeed) -> str:
    return feed.board.name if feed.board else OWN
