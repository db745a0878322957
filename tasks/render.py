"""Cards as HTML: the one partial that Jinja2 draws, because boards draw it a thousand times.

Everything that many cards share (a due day, a person, a label, a checklist ring) is drawn once a
request by the product's own template tags; benchmarks/board.py has the figures.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from itertools import groupby

from django.conf import settings
from django.template import engines
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup

from tasks.models import Board, Card, CustomField, Label
from tasks.queries.boards import BoardView, ColumnView
from tasks.queries.faces import CardRow, Marks, SomeCards, marks_of, some_cards
from tasks.queries.lanes import LanedBoard, LaneView
from tasks.rules.faces import STALE_AFTER, Part
from workspaces.models import Membership

CARD = "tasks/_card.jinja"
MOST_FACES = 3  # people on a card; the rest is a number
DUE = "{% due day today done %}"
RING = "{% ring done every %}"
PERSON = "{% avatar member %}"
GOAL = '{% icon "target" "ic-xs" %}'
LABEL = '{% include "tasks/_label.html" %}'
PRIORITY = '{% include "tasks/_priority.html" %}'
FACE = '{% include "tasks/_face_mark.html" %}'


@dataclass(frozen=True)
class DrawnColumn:
    """A column whose cards are HTML already."""

    view: ColumnView
    html: SafeString


@dataclass(frozen=True)
class DrawnLane:
    """A swimlane whose cards are HTML already, one cell a column."""

    view: LaneView
    cells: list[DrawnColumn]


class Pencil:
    """Draws the cards of one request; what repeats is drawn once."""

    def __init__(self, board: Board, marks: Marks, today: date) -> None:
        self.workspace, self.marks, self.today = board.workspace, marks, today
        self.base = reverse("tasks:card", kwargs={"slug": self.workspace.slug, "pk": 0})[:-2]
        self.goal = _drawn(GOAL)
        self.due = cache(self._due)
        self.ring = cache(self._ring)
        self.person = cache(self._person)
        self.label = cache(self._label)
        self.priority = cache(self._priority)
        self.mark = cache(self._mark)
        self.approval = cache(self._approval)
        self.value = cache(self._value)

    def card(self, row: CardRow) -> str:
        """One card, ready to stand in its column's list."""
        shown, marks = self.marks.shown, self.marks
        done, every = marks.checklists.get(row.id, (0, 0))
        return _card_template().render(
            card=row,
            url=f"{self.base}{row.id}/",
            number=Part.NUMBER in shown,
            priority=self.priority(row.priority) if row.priority and Part.PRIORITY in shown else "",
            labels=[self.label(label) for label in marks.labels.get(row.id, ())],
            goal=self.goal if row.goal_id and Part.GOAL in shown else "",
            values=self._values(row),
            due=self._due_of(row),
            ring=self.ring(done, every) if every else "",
            marks=self._marks(row),
            people=self._people(row) if Part.PEOPLE in shown else [],
        )

    def _due_of(self, row: CardRow) -> Markup | str:
        if row.due_on is None or Part.DUE not in self.marks.shown:
            return ""
        return self.due(row.due_on, row.done_at is not None)

    def _marks(self, row: CardRow) -> list[Markup]:
        """The small figures of a card: why and how long it waits, what it costs, who talks."""
        shown, talk = self.marks.shown, self.marks.talk.get(row.id, (0, 0))
        found = {
            "blocked": 1 if row.id in self.marks.blocked else 0,
            "series": 1 if row.series_id else 0,
            "age": self._age(row) if Part.AGE in shown else 0,
            "estimate": row.estimate if Part.ESTIMATE in shown else None,
            "comments": talk[0],
            "attachments": talk[1],
        }
        drawn = [self.mark(kind, figure) for kind, figure in found.items() if figure]
        waits = self.marks.approvals.get(row.id)
        return [self.approval(*waits), *drawn] if waits else drawn

    def _age(self, row: CardRow) -> int:
        """Days in its column where that is long, else 0; what is done does not age."""
        if row.done_at is not None:
            return 0
        days = (self.today - self.workspace.day_of(row.column_since)).days
        return days if days > STALE_AFTER else 0

    def _people(self, row: CardRow) -> list[Markup]:
        ids = [row.assignee_id or 0, *self.marks.helpers.get(row.id, ())]
        members = [self.marks.members[pk] for pk in ids if pk in self.marks.members]
        faces = [self.person(member) for member in members[:MOST_FACES]]
        rest = len(members) - MOST_FACES
        return [*faces, self.mark("more_people", rest)] if rest > 0 else faces

    def _values(self, row: CardRow) -> list[Markup]:
        said = ((field, row.values.get(str(field.pk))) for field in self.marks.fields)
        return [self.value(field, value) for field, value in said if value is not None]

    def _due(self, day: date, done: bool) -> Markup:  # noqa: FBT001  a cache key
        return _due_in(get_language(), day, self.today, done)

    def _ring(self, done: int, every: int) -> Markup:
        return _drawn(RING, done=done, every=every)

    def _person(self, member: Membership) -> Markup:
        return _drawn(PERSON, member=member)

    def _label(self, label: Label) -> Markup:
        return _drawn(LABEL, label=label)

    def _priority(self, priority: int) -> Markup:
        return _drawn(PRIORITY, priority=priority)

    def _mark(self, kind: str, figure: int | Decimal) -> Markup:
        return _drawn(FACE, kind=kind, figure=figure)

    def _approval(self, given: int, needed: int) -> Markup:
        return _drawn(FACE, kind="approval", given=given, needed=needed)

    def _value(self, field: CustomField, value: object) -> Markup:
        person = self.marks.members.get(value) if isinstance(value, int) else None
        day = date.fromisoformat(str(value)) if field.kind == CustomField.Kind.DAY else None
        return _drawn(FACE, kind=field.kind, name=field.name, figure=value, person=person, day=day)


def draw_columns(view: BoardView) -> list[DrawnColumn]:
    """Every column with its cards as HTML."""
    pencil = Pencil(view.board, view.marks, view.today)
    return [DrawnColumn(column, joined(pencil, column.cards)) for column in view.columns]


def draw_lanes(laned: LanedBoard) -> list[DrawnLane]:
    """Every swimlane with its cards as HTML."""
    view = laned.view
    pencil = Pencil(view.board, view.marks, view.today)
    return [
        DrawnLane(lane, [DrawnColumn(cell, joined(pencil, cell.cards)) for cell in lane.cells])
        for lane in laned.lanes
    ]


def draw_more(board: Board, view: ColumnView, today: date) -> DrawnColumn:
    """More cards of one column."""
    marks = marks_of(board, [row.id for row in view.cards])
    return DrawnColumn(view, joined(Pencil(board, marks, today), view.cards))


def draw_some(cards: SomeCards) -> list[tuple[int, str, SafeString]]:
    """A few cards as HTML, by the ids of their columns and the keys of their swimlanes."""
    pencil = Pencil(cards.board, cards.marks, cards.today)

    def cell(row: CardRow) -> tuple[int, str]:
        return row.column_id, cards.lanes.get(row.id, "")

    rows = sorted(cards.rows, key=cell)  # keeps the order of places
    return [(*key, joined(pencil, some)) for key, some in groupby(rows, cell)]


def draw_card(card: Card, today: date) -> SafeString:
    """One card as the board would show it; "" for one that is not on it."""
    some = some_cards(card.board, [card.pk], today)
    return joined(Pencil(some.board, some.marks, today), some.rows)


def joined(pencil: Pencil, rows: Iterable[CardRow]) -> SafeString:
    """The cards one below the other."""
    cards = (pencil.card(row) for row in rows)
    return mark_safe("".join(cards))  # noqa: S308  Jinja2 has escaped what people wrote


@lru_cache(maxsize=1)
def _card_template() -> Template:
    loader = FileSystemLoader(settings.BASE_DIR / "templates")
    paper = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return paper.get_template(CARD)


@lru_cache(maxsize=16)
def _tag(source: str) -> object:
    return engines["django"].from_string(source)


@lru_cache(maxsize=4096)
def _due_in(_language: str, day: date, today: date, done: bool) -> Markup:  # noqa: FBT001
    """A due day as a reader of that language sees it; a year has few days, a board many cards."""
    return _drawn(DUE, day=day, today=today, done=done)


def _drawn(source: str, **values: object) -> Markup:
    return Markup(_tag(source).render(values))  # type: ignore[attr-defined]  # noqa: S704
