"""Cards as HTML: the one partial that Jinja2 draws, because boards draw it a thousand times.

Everything that many cards share (a due day, a person, a checklist ring) is drawn once a request by
the product's own template tags; benchmarks/board.py has the figures.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from django.conf import settings
from django.template import engines
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup

from tasks.models import Card
from tasks.queries.boards import BoardView, CardRow, ColumnView, card_row, checklist_of
from workspaces.models import Membership, Workspace

CARD = "tasks/_card.jinja"
DUE = "{% due day today done %}"
RING = "{% ring done every %}"
PERSON = "{% avatar member %}"
GOAL = '{% icon "target" "ic-xs" %}'


@dataclass(frozen=True)
class DrawnColumn:
    """A column whose cards are HTML already."""

    view: ColumnView
    html: SafeString


class Pencil:
    """Draws the cards of one request; what repeats is drawn once."""

    def __init__(self, workspace: Workspace, today: date) -> None:
        self.today = today
        self.base = reverse("tasks:card", kwargs={"slug": workspace.slug, "pk": 0})[:-2]
        self.goal = _drawn(GOAL)
        self.due = cache(self._due)
        self.ring = cache(self._ring)
        self.person = cache(self._person)

    def card(
        self, row: CardRow, checklist: tuple[int, int] | None, member: Membership | None
    ) -> str:
        """One card, ready to stand in its column's list."""
        return _card_template().render(
            card=row,
            url=f"{self.base}{row.id}/",
            goal=self.goal,
            due=self.due(row.due_on, row.done_at is not None) if row.due_on else "",
            ring=self.ring(*checklist) if checklist and checklist[1] else "",
            person=self.person(member) if member else "",
        )

    def _due(self, day: date, done: bool) -> Markup:  # noqa: FBT001  a cache key
        return _drawn(DUE, day=day, today=self.today, done=done)

    def _ring(self, done: int, every: int) -> Markup:
        return _drawn(RING, done=done, every=every)

    def _person(self, member: Membership) -> Markup:
        return _drawn(PERSON, member=member)


def draw_columns(view: BoardView) -> list[DrawnColumn]:
    """Every column with its cards as HTML."""
    pencil = Pencil(view.board.workspace, view.today)
    return [DrawnColumn(column, _joined(pencil, view, column)) for column in view.columns]


def draw_card(card: Card, today: date) -> SafeString:
    """One card as the board would show it."""
    checklist = checklist_of(card)
    html = Pencil(card.workspace, today).card(card_row(card), checklist, card.assignee)
    return mark_safe(html)  # noqa: S308  Jinja2 has escaped what people wrote


def _joined(pencil: Pencil, view: BoardView, column: ColumnView) -> SafeString:
    cards = (
        pencil.card(row, view.checklists.get(row.id), view.members.get(row.assignee_id or 0))
        for row in column.cards
    )
    return mark_safe("".join(cards))  # noqa: S308  Jinja2 has escaped what people wrote


@lru_cache(maxsize=1)
def _card_template() -> Template:
    loader = FileSystemLoader(settings.BASE_DIR / "templates")
    paper = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return paper.get_template(CARD)


@lru_cache(maxsize=8)
def _tag(source: str) -> object:
    return engines["django"].from_string(source)


def _drawn(source: str, **values: object) -> Markup:
    return Markup(_tag(source).render(values))  # type: ignore[attr-defined]  # noqa: S704
