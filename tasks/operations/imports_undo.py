"""Taking an import of a board back."""

from datetime import datetime

from django.db.models import F, Value
from django.db.models.functions import Coalesce

from tasks.models import BoardImport, Card
from tasks.operations.boards import archive_board
from tasks.operations.telling import told
from tasks.queries.imports import cards_brought
from tasks.verbs import CARD_TRASHED
from workspaces.models import Membership
from workspaces.operations.recording import record_many

BATCH = 500


def take_back(run: BoardImport, *, by: Membership, at: datetime) -> int:
    """Archive the board that the import made, or put its cards in the trash; how many cards."""
    if run.made_board:
        count = cards_brought(run).count()
        if run.board is not None:
            archive_board(run.board, by=by, at=at)
        return count
    ids = list(cards_brought(run).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        _trash(ids[start : start + BATCH], by=by, at=at)
    return len(ids)


def _trash(ids: list[int], *, by: Membership, at: datetime) -> None:
    cards = Card.objects.filter(pk__in=ids, trashed_at=None)
    list(cards.select_for_update(no_key=True).order_by("pk"))
    kept = list(cards.select_related("board").order_by("pk"))
    Card.objects.filter(pk__in=[card.pk for card in kept]).update(
        trashed_at=at, archived_at=Coalesce("archived_at", Value(at)), version=F("version") + 1
    )
    streams: dict[int, list[Card]] = {}
    for card in kept:
        card.version += 1
        streams.setdefault(card.board.stream_id, []).append(card)
    for stream_id, theirs in streams.items():
        record_many(stream_id, CARD_TRASHED, ((card, told(card)) for card in theirs), by=by, at=at)
