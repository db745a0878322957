"""Cards beside each other in time, with what they wait for; the number of cards adds no query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tasks.models import Board, Card, CardLabel, Dependency
from tasks.queries.cards import live_cards
from tasks.queries.dependencies import holds
from tasks.rules.schedules import Chains, Slack, chains, days_of
from tasks.rules.timelines import Scale, Tick, Zoom, scale_of, ticks_of
from workspaces.models import Workspace
from workspaces.rules.days import end_of_day

MOST = 500  # cards that are shown
DONE_LASTS = timedelta(days=30)  # in which a finished card is still shown
ROW, THICK = 32, 16  # of a line and of a bar, in pixels
BEND, HEAD = 6, 5  # of an arrow
NEAR = ("board", "column", "assignee__user", "goal")
ENDS = ("card_id", "waits_for_id", "card__start_on", "card__due_on", "waits_for__start_on",
        "waits_for__due_on")  # fmt: skip


class By(StrEnum):
    """What the cards are grouped by."""

    NONE = "none"
    COLUMN = "column"
    ASSIGNEE = "assignee"
    GOAL = "goal"
    LABEL = "label"


@dataclass(frozen=True)
class Asked:
    """What of the cards is wanted, and how: of one board, or of all (None)."""

    workspace: Workspace
    today: date
    board: Board | None = None
    only: Q = field(default_factory=Q)
    by: By = By.NONE
    zoom: Zoom = Zoom.WEEKS
    done: bool = False  # all that is done, however long ago


@dataclass(frozen=True)
class Bar:
    """A card on its line; `x` and `width` are pixels, both 0 where it lies outside.

    `slack` is None where nothing is tied to it; `is_early` says that it begins before a card is
    done that it waits for.
    """

    card: Card
    row: int
    x: int
    width: int
    slack: Slack | None
    is_early: bool
    waits_for: list[int]

    @property
    def y(self) -> int:
        """Where the bar itself begins."""
        return self.row * ROW + (ROW - THICK) // 2

    @property
    def middle(self) -> int:
        """The height at which arrows come and go."""
        return self.row * ROW + ROW // 2

    @property
    def text_x(self) -> int:
        """Where words behind the bar begin."""
        return self.x + self.width + BEND

    @property
    def end_x(self) -> int:
        """Where one takes hold of its end."""
        return self.x + max(self.width - BEND, 0)

    @property
    def is_critical(self) -> bool:
        """Whether it is on the longest chain."""
        return self.slack is not None and self.slack.is_critical


@dataclass(frozen=True)
class Lane:
    """Bars that belong together, under a name unless there is but one lane."""

    name: str
    row: int
    bars: list[Bar]

    @property
    def y(self) -> int:
        """Where its name begins."""
        return self.row * ROW


@dataclass(frozen=True)
class Arrow:
    """From a card to one that waits for it, as the path of a line and of its head."""

    line: str
    head: str
    is_critical: bool
    is_early: bool


@dataclass(frozen=True)
class Timeline:
    """Lanes of bars on a scale; `more` cards are not shown, `undated` have no day at all.

    `chain_days` is how long the longest chain takes.
    """

    scale: Scale
    ticks: list[Tick]
    today_x: int
    lanes: list[Lane]
    arrows: list[Arrow]
    undated: list[Card]
    rows: int
    more: bool
    chain_days: int

    @property
    def bars(self) -> list[Bar]:
        """All cards with a day."""
        return [bar for lane in self.lanes for bar in lane.bars]

    @property
    def height(self) -> int:
        """All lines together, in pixels."""
        return self.rows * ROW

    @property
    def chain(self) -> list[Bar]:
        """The cards of the longest chain, in time."""
        return sorted((b for b in self.bars if b.is_critical), key=lambda bar: begins(bar.card))


def begins(card: Card) -> date:
    """The first day that a card names."""
    return card.start_on or card.due_on or date.max


def ends(card: Card) -> date:
    """The last day that a card names."""
    return card.due_on or card.start_on or date.max


def timeline_of(asked: Asked) -> Timeline:
    """The cards in time; 2 queries, 3 by labels."""
    cards = list(_cards(asked)[: MOST + 1])
    shown = cards[:MOST]
    dated = [card for card in shown if card.start_on or card.due_on]
    found, waits, early = _network(asked)
    days = [day for card in dated for day in (begins(card), ends(card))]
    week = asked.workspace.week_starts_on
    scale = scale_of(days, asked.today, asked.zoom, week)
    lanes: list[Lane] = []
    row = 0
    for name, group in _grouped(dated, asked.by):
        head, row = row, row + (asked.by != By.NONE)
        bars = []
        for card in sorted(group, key=lambda one: (begins(one), ends(one), one.number)):
            x, width = scale.span(begins(card), ends(card)) or (0, 0)
            ties = (found.slack.get(card.pk), card.pk in early, waits.get(card.pk, []))
            bars.append(Bar(card, row, x, width, *ties))
            row += 1
        lanes.append(Lane(name, head, bars))
    return Timeline(
        scale=scale,
        ticks=ticks_of(scale, asked.zoom, week),
        today_x=scale.x(asked.today),
        lanes=lanes,
        arrows=_arrows([bar for lane in lanes for bar in lane.bars]),
        undated=[c for c in shown if not (c.start_on or c.due_on or c.done_at)],
        rows=row,
        more=len(cards) > MOST,
        chain_days=found.days,
    )


def _cards(asked: Asked) -> QuerySet[Card]:
    """What is shown: what is to be done, and what has been done lately."""
    on_board = Card.objects.filter(board=asked.board, archived_at=None)
    cards = on_board if asked.board else live_cards(asked.workspace)
    if not asked.done:
        since = end_of_day(asked.today - DONE_LASTS, asked.workspace.timezone)
        lately = Q(done_at__gt=since)
        cards = cards.filter(Q(done_at=None) | lately)
    rows = cards.filter(asked.only).select_related(*NEAR).defer("description", "touched")
    return rows.annotate(held=holds()).order_by("done_at", "due_on", "start_on", "pk")


def _network(asked: Asked) -> tuple[Chains, dict[int, list[int]], set[int]]:
    """The chains and what is waited for, of all open cards, shown or not; who is early."""
    still = {
        f"{end}__{name}": None
        for end in ("card", "waits_for")
        for name in ("done_at", "archived_at")
    }
    edges = Dependency.objects.filter(workspace=asked.workspace, **still)
    if asked.board:
        edges = edges.filter(Q(card__board=asked.board) | Q(waits_for__board=asked.board))
    days: dict[int, int] = {}
    waits: dict[int, list[int]] = {}
    early = set()
    for card, other, start, due, other_start, other_due in edges.order_by("pk").values_list(*ENDS):
        days[card], days[other] = days_of(start, due), days_of(other_start, other_due)
        waits.setdefault(card, []).append(other)
        first, last = start or due, other_due or other_start
        if first and last and first < last:
            early.add(card)
    return chains(days, waits), waits, early


def _grouped(cards: list[Card], by: By) -> list[tuple[str, list[Card]]]:
    """The cards in lanes with their names; a card with several labels stands under the first."""
    if by == By.NONE:
        return [("", cards)] if cards else []
    labels = _first_labels(cards) if by == By.LABEL else {}
    found: dict[tuple[object, ...], list[Card]] = {}
    for card in cards:
        found.setdefault(_lane(card, by, labels), []).append(card)
    return [(str(key[-1]), found[key]) for key in sorted(found)]


def _lane(card: Card, by: By, labels: Mapping[int, str]) -> tuple[object, ...]:
    """Where a card belongs: what lanes are sorted by, and at last the name of its lane."""
    if by == By.COLUMN:
        name = f"{card.board.name} · {card.column.name}"
        return (card.board.opened_at, card.board_id, card.column.position, name)
    if by == By.LABEL:
        return _named(labels.get(card.pk), _("No label"))
    if by == By.GOAL:
        return _named(card.goal.title if card.goal else None, _("No goal"))
    person = card.assignee.user.display_name if card.assignee else None
    return _named(person, pgettext("MOps", "Nobody"))


def _named(name: str | None, otherwise: str) -> tuple[object, ...]:
    return (name is None, name or otherwise)


def _first_labels(cards: Iterable[Card]) -> dict[int, str]:
    rows = CardLabel.objects.filter(card__in=[card.pk for card in cards])
    names = rows.order_by("-label__name", "-label_id").values_list("card_id", "label__name")
    return dict(names)


def _arrows(bars: list[Bar]) -> list[Arrow]:
    """Between the cards that are both shown."""
    by_card = {bar.card.pk: bar for bar in bars if bar.width}
    return [
        _arrow(by_card[other], bar)
        for bar in by_card.values()
        for other in bar.waits_for
        if other in by_card
    ]


def _arrow(first: Bar, then: Bar) -> Arrow:
    """Out of the end of one bar into the start of another."""
    x, y, to, below = first.x + first.width, first.middle, then.x - HEAD, then.middle
    if to >= x + BEND:
        line = f"M{x} {y}H{x + BEND}V{below}H{to}"
    else:
        between = y + (ROW // 2 if below > y else -ROW // 2)
        line = f"M{x} {y}H{x + BEND}V{between}H{to - BEND}V{below}H{to}"
    half = HEAD - 1
    head = f"M{to} {below - half}L{to + HEAD} {below}L{to} {below + half}Z"
    both = first.is_critical and then.is_critical
    return Arrow(line, head, both, begins(then.card) < ends(first.card))


def followers_of(card: Card) -> list[Card]:
    """The open cards with a day that wait for this one, and for those; 1 query a step."""
    found: set[int] = set()
    edge = {card.pk}
    while edge:
        rows = Dependency.objects.filter(waits_for__in=edge).values_list("card_id", flat=True)
        edge = set(rows) - found
        found |= edge
    dated = Q(start_on__isnull=False) | Q(due_on__isnull=False)
    cards = Card.objects.filter(dated, pk__in=found, done_at=None, archived_at=None)
    return list(cards.order_by("pk"))
