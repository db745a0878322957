"""Finding boards by name and cards by title or number."""

from django.db.models import Q

from tasks.models import Board, Card
from tasks.queries.cards import live_cards
from workspaces.models import Workspace
from workspaces.queries.search import matching, zero_if
from workspaces.rules.search import MOST_HITS, number_in


def find_cards(workspace: Workspace, text: str, limit: int = MOST_HITS) -> list[Card]:
    """Live cards by title or "#12", best first, open before done, with their places; 1 query."""
    numbered = Q(number=number_in(text))
    rows = live_cards(workspace).select_related("board", "column")
    found = matching(rows, text, ["title"], also=numbered).annotate(
        other=zero_if(numbered), closed=zero_if(Q(done_at=None))
    )
    return list(found.order_by("other", "inside", "closed", "later", "-pk")[:limit])


def find_boards(workspace: Workspace, text: str, limit: int = MOST_HITS) -> list[Board]:
    """Boards by name, best first, open before archived; 1 query."""
    rows = Board.objects.filter(workspace=workspace)
    found = matching(rows, text, ["name"]).annotate(closed=zero_if(Q(archived_at=None)))
    return list(found.order_by("inside", "closed", "later", "name", "pk")[:limit])
