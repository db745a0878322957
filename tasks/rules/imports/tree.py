"""What a board's file holds, whatever it was written by: one tree of plain values.

Keys name things inside of one tree and mean nothing outside of it. Texts carry no control
characters but line breaks and tabs. `left` says what the file has and the tree has not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

MOST_CARDS = 50_000
MOST_COLUMNS = 500
MOST_LEFT = 5_000  # rows of the report that are kept; all are counted


@dataclass(frozen=True)
class Flaw:
    """Something that stands at a place (a row, a JSON pointer) and cannot be brought, and why.

    `code` is a key of the sentences in queries.import_words; `what` is what is concerned.
    """

    code: str
    where: str = ""
    what: str = ""


class Unreadable(Exception):
    """The file is not what it says, or is cut, or too much: nothing of it can be brought."""

    def __init__(self, code: str, where: str = "", what: str = "") -> None:
        """Keep what is wrong and where it stands."""
        super().__init__(code)
        self.flaw = Flaw(code, where, what)


@dataclass(frozen=True)
class ColumnFound:
    """A stage: `is_done` where its cards are finished, `is_archived` where it was put away."""

    key: str
    name: str
    is_archived: bool = False
    is_done: bool = False
    wip_limit: int | None = None
    wip_limit_is_hard: bool = True
    lane_limit: int | None = None
    lane_limit_is_hard: bool = False
    entry: tuple[str, ...] = ()


@dataclass(frozen=True)
class LabelFound:
    """A label; one without a name is called by its colour, a word or "#rrggbb"."""

    key: str
    name: str
    colour: str = ""


@dataclass(frozen=True)
class PersonFound:
    """Somebody whom the file names, as far as it does."""

    key: str
    name: str
    login: str = ""
    email: str = ""


@dataclass(frozen=True)
class FieldFound:
    """A field of a team's own: text, number, day, choice, yes_no, person or link."""

    key: str
    name: str
    kind: str = "text"
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class ItemFound:
    """A line of a checklist; `who` is the key of a person."""

    text: str
    is_done: bool = False
    who: str = ""
    due: date | None = None
    done_at: datetime | None = None


@dataclass(frozen=True)
class CommentFound:
    """What somebody wrote on a card; `who` is the key of a person, "" where nobody is named.

    `answers` is the place of the card's comment that it answers: 1 is the first.
    """

    text: str
    who: str = ""
    at: datetime | None = None
    answers: int | None = None


@dataclass(frozen=True)
class LinkFound:
    """A file or page that a card points at, by its name and address; not the bytes."""

    name: str
    url: str


@dataclass
class CardFound:
    """One piece of work; cards stand in the order in which they stand in their columns.

    `key` is what its tool calls it for ever; columns, labels, people and `blocked_by` are keys.
    `came_from` is where it stood before it was done, `since` when it came to where it stands;
    `estimate` is in hours; `goal` is a title;
    `values` are those of fields by their keys: days in ISO 8601, true or false, keys of people.
    """

    key: str
    title: str
    column: str
    where: str = ""
    description: str = ""
    came_from: str = ""
    is_archived: bool = False
    start: date | None = None
    due: date | None = None
    done_at: datetime | None = None
    created_at: datetime | None = None
    since: datetime | None = None
    archived_at: datetime | None = None
    creator: str = ""
    goal: str = ""
    priority: str = ""  # urgent, high, medium, low or nothing
    estimate: Decimal | None = None
    labels: tuple[str, ...] = ()
    responsible: str = ""
    people: tuple[str, ...] = ()
    watchers: tuple[str, ...] = ()
    reports_to: str = ""
    items: list[ItemFound] = field(default_factory=list)
    comments: list[CommentFound] = field(default_factory=list)
    links: list[LinkFound] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    blocked_by: tuple[str, ...] = ()


@dataclass
class BoardFound:
    """One board of a file."""

    format: str
    name: str
    lanes: str = ""
    person_limit: int | None = None
    person_limit_is_hard: bool = False
    blocked_is_hard: bool = False
    hides: tuple[str, ...] = ()
    columns: list[ColumnFound] = field(default_factory=list)
    labels: list[LabelFound] = field(default_factory=list)
    people: list[PersonFound] = field(default_factory=list)
    fields: list[FieldFound] = field(default_factory=list)
    cards: list[CardFound] = field(default_factory=list)
    left: list[Flaw] = field(default_factory=list)

    def leave(self, code: str, where: str = "", what: str = "") -> None:
        """Say what cannot be brought."""
        self.left.append(Flaw(code, where, what))


def checked(board: BoardFound) -> BoardFound:
    """The same board, if it is within the limits and its keys are sound; else Unreadable."""
    if len(board.cards) > MOST_CARDS:
        raise Unreadable("too_many_cards", what=str(len(board.cards)))
    if len(board.columns) > MOST_COLUMNS:
        raise Unreadable("too_many_columns", what=str(len(board.columns)))
    twin = first_twin(card.key for card in board.cards)
    if twin is not None:
        raise Unreadable("twin_card", board.cards[twin].where, board.cards[twin].key)
    columns = {column.key for column in board.columns}
    for card in board.cards:
        if card.column not in columns:
            raise Unreadable("no_such_column", card.where, card.title)
    _cut_cycles(board)
    return board


def first_twin(keys: Iterable[str]) -> int | None:
    """The place of the first key that was there before."""
    seen: set[str] = set()
    for place, key in enumerate(keys):
        if key in seen:
            return place
        seen.add(key)
    return None


def _cut_cycles(board: BoardFound) -> None:
    """Leave out what a card waits for where that is no card of the board or closes a circle."""
    known = {card.key: card for card in board.cards}
    for card in board.cards:
        kept = [key for key in dict.fromkeys(card.blocked_by) if key in known and key != card.key]
        if len(kept) < len(set(card.blocked_by)):
            board.leave("blocker_unknown", card.where, card.title)
        card.blocked_by = tuple(kept)
    for key, other in _closing({card.key: card.blocked_by for card in board.cards}):
        card = known[key]
        card.blocked_by = tuple(one for one in card.blocked_by if one != other)
        board.leave("blocker_circle", card.where, card.title)


def _closing(waits: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """The edges that close circles, found by walking each edge once."""
    closing, ended, path = [], set(), dict.fromkeys(waits, False)
    for start in waits:
        stack = [] if start in ended else [(start, iter(waits[start]))]
        path[start] = bool(stack)
        while stack:
            here, further = stack[-1]
            other = next(further, None)
            if other is None:
                stack.pop()
                ended.add(here)
                path[here] = False
            elif path[other]:
                closing.append((here, other))
            elif other not in ended:
                path[other] = True
                stack.append((other, iter(waits[other])))
    return closing
