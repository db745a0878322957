"""What has left a board: archived cards, and those in the trash."""

from django.db.models import Count, Q, QuerySet

from tasks.models import Board, Card
from tasks.queries.filters import with_words

TRASH, ARCHIVED = "trash", "archived"


def put_away(board: Board, *, place: str, q: str = "") -> QuerySet[Card]:
    """The board's archived cards, or those in its trash, the last one first; 1 query."""
    in_trash = place == TRASH
    cards = Card.objects.filter(with_words(q), board=board, archived_at__isnull=False)
    found = cards.filter(trashed_at__isnull=not in_trash)
    return found.order_by("-trashed_at" if in_trash else "-archived_at", "-pk")


def count_away(board: Board) -> dict[str, int]:
    """How many are archived and how many in the trash; 1 query."""
    cards = Card.objects.filter(board=board, archived_at__isnull=False)
    thrown = Q(trashed_at__isnull=False)
    counts = cards.aggregate(archived=Count("pk", filter=~thrown), trash=Count("pk", filter=thrown))
    return {ARCHIVED: counts["archived"], TRASH: counts["trash"]}
