"""What every way to see the cards of a board, or of all boards, has around it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import now

from tasks.http import wanted_of
from tasks.models import Board, Card
from tasks.queries.choices import chips_of, filters_of, query_of
from tasks.queries.fields import AllBoards
from tasks.queries.filters import fits
from tasks.queries.listing import cards_on
from tasks.rules.filters import Wanted
from workspaces.http import MemberRequest, find_or_404

Place = Board | AllBoards
WAYS = {  # how the page is called: of a board, of all boards
    "board": ("tasks:board", "tasks:card_list"),
    "list": ("tasks:board_list", "tasks:card_list"),
    "calendar": ("tasks:board_calendar", "tasks:calendar"),
}


@dataclass(frozen=True)
class Sight:
    """Cards in some way: where they are, what is looked for, and the other words of the address."""

    request: MemberRequest
    place: Place
    way: str
    wanted: Wanted
    kept: tuple[tuple[str, str], ...] = ()

    @property
    def board(self) -> Board | None:
        """The board, None for all."""
        return self.place if isinstance(self.place, Board) else None

    @property
    def today(self) -> date:
        """The day, where the workspace is."""
        return self.request.workspace.day_of(now())

    @property
    def here(self) -> str:
        """The address without its query."""
        return way_url(self.request, self.place, self.way)

    def only(self) -> Q:
        """What a card must be to be shown."""
        return fits(self.wanted, self.place, member=self.request.member, today=self.today)

    def cards(self) -> QuerySet[Card]:
        """The cards that are looked for."""
        return cards_on(self.place).filter(self.only())

    def context(self) -> dict[str, object]:
        """What the bar above the cards shows."""
        kept, wanted, board = urlencode(self.kept), self.wanted, self.board
        chips = chips_of(wanted, self.place) if wanted else []
        return {
            "board": board,
            "place": self.place,
            "way": self.way,
            "way_url": self.here,
            "wanted": wanted,
            "query": query_of(wanted),
            "kept": self.kept,
            "kept_query": kept,
            "whole_query": joined(query_of(wanted), kept),
            "chips": [replace(chip, query=joined(chip.query, kept)) for chip in chips],
            "saved": filters_of(board, self.request.member) if board else [],
            "today": self.today,
        }


def sight(
    request: MemberRequest, pk: int | None, way: str, kept: Iterable[tuple[str, str]] = ()
) -> Sight:
    """How somebody looks at the cards of a board, or of all; another's board is not there."""
    place = place_of(request, pk)
    return Sight(request, place, way, wanted_of(request), tuple(kept))


def place_of(request: MemberRequest, pk: int | str | None) -> Place:
    """The board of that id, all of them without one."""
    if pk is None:
        return AllBoards(request.workspace)
    board = find_or_404(Board, pk, request)
    board.workspace = request.workspace
    return board


def way_url(request: MemberRequest, place: Place, way: str) -> str:
    """The address of a way to see these cards."""
    of_board, of_all = WAYS[way]
    slug = request.workspace.slug
    if place.pk is None:
        return reverse(of_all, kwargs={"slug": slug})
    return reverse(of_board, kwargs={"slug": slug, "pk": place.pk})


def joined(*queries: str) -> str:
    """Queries of addresses, made one."""
    return "&".join(filter(None, queries))
