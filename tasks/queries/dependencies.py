"""What cards wait for, and who waits for them; the number of cards adds no query."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from goals.models import Goal
from metrics.models import Metric
from tasks.models import Blocking, Board, Card, CardLink, Dependency
from workspaces.models import Workspace

UNDONE = Q(waits_for__done_at=None, waits_for__archived_at=None, waits_for__isnull=False)
HOLDS = Q(until=None) & (~Q(reason="") | UNDONE)
NEAR = ("board", "column", "assignee__user")


@dataclass(frozen=True)
class Ties:
    """What a card is tied to: what it waits for, what waits for it, and other goals and metrics.

    `by_hand` is the mark that somebody has put on it.
    """

    waits_for: list[Card] = field(default_factory=list)
    blocks: list[Card] = field(default_factory=list)
    by_hand: Blocking | None = None
    links: list[CardLink] = field(default_factory=list)

    @property
    def held(self) -> int:
        """How many things hold it up now."""
        undone = sum(not card.is_done and card.archived_at is None for card in self.waits_for)
        return undone + (self.by_hand is not None)


def holding() -> QuerySet[Blocking]:
    """The blockings that hold now, of all workspaces."""
    return Blocking.objects.filter(HOLDS)


def holds() -> Coalesce:
    """As an annotation of cards: how many things hold the card up; 0 where it is done."""
    rows = holding().filter(card=OuterRef("pk"), card__done_at=None).order_by()
    counted = rows.values("card").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def blocked_on(board: Board) -> dict[int, int]:
    """By card of the board that is held up now: how many things hold it up; 1 query."""
    rows = holding().filter(card__board=board, card__done_at=None, card__archived_at=None)
    return dict(rows.order_by().values_list("card_id").annotate(count=Count("pk")))


def blocked_cards(workspace: Workspace) -> QuerySet[Card]:
    """The open cards of the workspace that something holds up."""
    held = holding().filter(card=OuterRef("pk"))
    cards = Card.objects.filter(workspace=workspace, done_at=None, archived_at=None)
    return cards.filter(Exists(held))


def count_holds(card: Card) -> int:
    """How many things hold this card up now, 0 where it is done; 1 query."""
    return 0 if card.is_done else holding().filter(card=card).count()


def skipped_by(was: Card, now: Card) -> list[str]:
    """What a card did not wait for that has just been finished, in words; at most 2 queries.

    `was` is the card before it was moved, `now` afterwards.
    """
    if was.is_done or not now.is_done:
        return []
    undone = {"waits_for__done_at": None, "waits_for__archived_at": None}
    edges = Dependency.objects.filter(card=now, **undone).select_related("waits_for")
    marks = Blocking.objects.filter(card=now, until__gte=now.done_at).exclude(reason="")
    others = [f"#{e.waits_for.number} “{e.waits_for.title}”" for e in edges.order_by("pk")]
    return [*others, *marks.order_by("pk").values_list("reason", flat=True)]


def warning_of(was: Card, now: Card) -> str:
    """The sentence that a card was finished although it is blocked, "" where it was not."""
    skipped = skipped_by(was, now)
    if not skipped:
        return ""
    message = _("“%(title)s” is done although it is blocked by: %(others)s.")
    return message % {"title": now.title, "others": ", ".join(skipped)}


def ties_of(card: Card) -> Ties:
    """Everything that the card is tied to; 4 queries."""
    waits = Dependency.objects.filter(card=card).values("waits_for")
    blocks = Dependency.objects.filter(waits_for=card).values("card")
    by_hand = Blocking.objects.filter(card=card, until=None).exclude(reason="")
    links = CardLink.objects.filter(card=card).select_related("goal", "metric")
    return Ties(
        waits_for=list(_cards(waits)),
        blocks=list(_cards(blocks)),
        by_hand=by_hand.select_related("by__user").first(),
        links=list(links.order_by("goal__title", "metric__name", "pk")),
    )


def held_by(card_ids: Iterable[int]) -> dict[int, list[Blocking]]:
    """What holds each of these cards up now, the longest first; 1 query."""
    found: dict[int, list[Blocking]] = {}
    rows = holding().filter(card__in=list(card_ids)).select_related("waits_for")
    for row in rows.order_by("since", "pk"):
        found.setdefault(row.card_id, []).append(row)
    return found


def waits_above(card: Card) -> dict[int, list[int]]:
    """What the card waits for, what those wait for, and so on; 1 query a step of the way."""
    found: dict[int, list[int]] = {}
    edge = {card.pk}
    while edge:
        rows = Dependency.objects.filter(card__in=edge).values_list("card_id", "waits_for_id")
        following: set[int] = set()
        for one, other in rows:
            found.setdefault(one, []).append(other)
            following.add(other)
        edge = following - found.keys()
    return found


def linked_to(to: Goal | Metric) -> list[CardLink]:
    """The links of live cards to a goal or a metric, what is to be done first; 1 query."""
    end = {"goal" if isinstance(to, Goal) else "metric": to}
    live = {"card__archived_at": None, "card__board__archived_at": None}
    rows = CardLink.objects.filter(**end, **live, workspace=to.workspace_id)
    near = rows.select_related("card__assignee__user", "card__board", "card__column")
    order = (F("card__done_at").asc(nulls_first=True), F("card__due_on").asc(nulls_last=True))
    return list(near.order_by(*order, "card__number"))


def _cards(ids: "QuerySet[Dependency, Any]") -> QuerySet[Card]:
    """Cards as lists of them show: what is not done first."""
    cards = Card.objects.filter(pk__in=ids, trashed_at=None).select_related(*NEAR)
    return cards.order_by(F("done_at").asc(nulls_first=True), "number")
