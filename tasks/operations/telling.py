"""What a board's cards tell: the log, and whoever looks at the board."""

from datetime import datetime

from tasks.models import Board, Card
from workspaces.models import Membership
from workspaces.operations.recording import record_in
from workspaces.rules.verbs import Verb


def told(card: Card) -> dict[str, object]:
    """What every event of a card's own change says: its new version and what it is called."""
    return {"version": card.version, "number": card.number, "title": card.title}


def gained(assignee: object, labels: object, had: set[int]) -> dict[str, object]:
    """Who a card was given to and which labels it has got, by their ids, for rules that ask."""
    fresh = sorted({label.pk for label in labels} - had)  # type: ignore[attr-defined]
    news: dict[str, object] = {"labels_on": fresh} if fresh else {}
    return news | ({"assigned": assignee.pk} if isinstance(assignee, Membership) else {})


def tell_card(
    verb: Verb, card: Card, *, by: Membership | None, at: datetime, **data: object
) -> None:
    """Record a change of a card on the stream of its board."""
    record_in(card.board.stream_id, verb, card, by=by, at=at, **data)


def tell_board_of(
    place: Board, verb: Verb, card: Card, *, by: Membership | None, at: datetime, **data: object
) -> None:
    """Tell a board of a card that is not on it, or not any more."""
    record_in(place.stream_id, verb, card, by=by, at=at, **data)


def tell_board(
    verb: Verb, board: Board, *, by: Membership | None, at: datetime, **data: object
) -> None:
    """Record a change of a board on its stream."""
    record_in(board.stream_id, verb, board, by=by, at=at, **data)
