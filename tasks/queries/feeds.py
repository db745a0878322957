"""What calendars fetch by a secret address: cards with a day, as entries."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tasks.models import CalendarFeed, Card, CardPerson, Priority
from tasks.queries.cards import SUBJECT, extras_of, live_cards
from tasks.rules.ical import Entry
from workspaces.models import Membership
from workspaces.queries.events import last_told

LOOKS_BACK = timedelta(days=366)
MOST_CARDS = 2000
RANKS = {Priority.URGENT: 1, Priority.HIGH: 3, Priority.MEDIUM: 5, Priority.LOW: 7}
TICK = "\u2713 "


def feeds_of(member: Membership) -> QuerySet[CalendarFeed]:
    """The member's addresses: of their own cards first, then by board; 1 query."""
    rows = CalendarFeed.objects.filter(member=member).select_related("board")
    return rows.order_by("board__name", "pk")


def feed_by_hash(digest: str) -> CalendarFeed | None:
    """The address of that hash, if its person may still come in; 1 query."""
    rows = CalendarFeed.objects.select_related("member__user", "workspace", "board")
    return rows.filter(secret_hash=digest, member__user__is_active=True).first()


def name_of(feed: CalendarFeed) -> str:
    """What the calendar is called."""
    return f"{feed.board.name if feed.board else _('My cards')} · {feed.workspace.name}"


def entries_of(feed: CalendarFeed, *, today: date, base: str) -> Iterator[Entry]:
    """Its cards of the last year and of all days to come; 4 queries, however many.

    `base` is the address of the workspace's cards, with / at its end.
    """
    cards = list(_dated(feed, today)[:MOST_CARDS])
    ids = [card.pk for card in cards]
    extras, told = extras_of(ids), last_told(feed.workspace, SUBJECT, ids)
    for card in cards:
        first, last = _days(card)
        place = f"{card.board.name} · {card.column.name}"
        goal = [_("Goal: %(title)s") % {"title": card.goal.title}] if card.goal else []
        yield Entry(
            uid=f"{card.pk}.{int(card.created_at.timestamp() * 1_000_000)}.card@mops",
            sequence=card.version,
            made_at=card.created_at,
            changed_at=told.get(card.pk, card.created_at),
            first=first,
            last=last,
            summary=f"{TICK if card.is_done else ''}{card.title}",
            description="\n".join([place, *goal]),
            url=f"{base}{card.pk}/",
            categories=tuple(label.name for label in extras[card.pk].labels),
            priority=RANKS.get(Priority(card.priority), 0),
            done_at=card.done_at,
        )


def _days(card: Card) -> tuple[date, date]:
    """From the start to the due day; one that says only one of them has one day."""
    first, last = card.start_on or card.due_on, card.due_on or card.start_on
    if first is None or last is None:
        raise ValueError("a card without a day")
    return first, last


def _dated(feed: CalendarFeed, today: date) -> QuerySet[Card]:
    since = today - LOOKS_BACK
    cards = live_cards(feed.workspace).filter(
        Q(due_on__gte=since) | Q(due_on=None, start_on__gte=since)
    )
    if feed.board_id is None:
        helps = CardPerson.objects.filter(member=feed.member_id, part=CardPerson.Part.HELPER)
        cards = cards.filter(Q(assignee=feed.member_id) | Q(pk__in=helps.values("card")))
    else:
        cards = cards.filter(board=feed.board_id)
    return cards.select_related("board", "column", "goal").order_by("due_on", "pk")
