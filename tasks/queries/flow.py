"""How the work of a board, a goal or a whole workspace has flowed; the number of cards adds none.

What is in the trash counts nowhere. A card counts for the board where it stands now.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from goals.models import Goal
from tasks.models import Blocking, Board, Card, CardLabel, CardLink, Column, Label, Stay
from tasks.rules.flow import (
    Dwelling,
    Journey,
    Leg,
    Span,
    Spread,
    Stage,
    cumulative,
    cycle_time,
    dwellings,
    lead_time,
    spread_of,
    started_at,
    throughput,
)
from workspaces.models import Workspace
from workspaces.rules.days import end_of_day, local_day

DAY = 86_400
MOST_POINTS = 300
MOST_AGEING = 50
FIELDS = (
    "pk", "number", "title", "created_at", "done_at", "archived_at", "board__archived_at",
    "column_id", "column_since",
)  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """Whose work is looked at: of the workspace, of one board, goal or label."""

    workspace: Workspace
    board: Board | None = None
    goal: Goal | None = None
    label: Label | None = None


@dataclass(frozen=True)
class Band:
    """A column, or a stage of several boards, with its cards at the end of each day.

    A column that `is_gone` has been removed.
    """

    name: str
    stage: Stage
    values: list[int]
    is_gone: bool = False


@dataclass(frozen=True)
class Point:
    """A finished card: on which day, and its cycle time in seconds."""

    id: int
    number: int
    title: str
    day: date
    seconds: float

    @property
    def days(self) -> float:
        """The cycle time in days."""
        return self.seconds / DAY


@dataclass(frozen=True)
class Ageing:
    """A card in work since `seconds`; `share` is the highest of 50 and 85 that it has passed."""

    card: Card
    seconds: float
    share: int
    held: bool


@dataclass(frozen=True)
class Place:
    """A column with the times that finished cards stood in it."""

    name: str
    dwelling: Dwelling
    is_gone: bool = False


@dataclass(frozen=True)
class Flow:
    """Everything that is told of the flow from `first` to `last`, both local days.

    `straight` is how many were done without having been in work; `points` has the newest
    MOST_POINTS, `ageing` the oldest MOST_AGEING of `in_work`.
    """

    first: date
    last: date
    days: list[date]
    bands: list[Band]
    cycle: Spread
    lead: Spread
    points: list[Point]
    weeks: list[tuple[date, int]]
    places: list[Place]
    ageing: list[Ageing]
    done: int
    straight: int
    in_work: int
    held: int

    @property
    def a_week(self) -> float:
        """Cards done in seven days, on average over the whole time."""
        return self.done * 7 / len(self.days)

    @property
    def half_days(self) -> float:
        """The cycle time of half of the cards, in days."""
        return (self.cycle.p50 or 0) / DAY

    @property
    def most_days(self) -> float:
        """The cycle time of 85 of 100 cards, in days."""
        return (self.cycle.p85 or 0) / DAY

    @property
    def table(self) -> list[tuple[date, list[int]]]:
        """By day, how many cards stood in each band."""
        return [
            (day, [band.values[place] for band in self.bands])
            for place, day in enumerate(self.days)
        ]


class _Row(NamedTuple):
    """What is read of a card."""

    id: int
    number: int
    title: str
    made: datetime
    done: datetime | None
    archived: datetime | None
    shut: datetime | None
    column: int
    since: datetime


class _Known(NamedTuple):
    """A column that is there: of which board, its name, its stage, its place."""

    board: int
    name: str
    stage: Stage
    position: int


def flow_of(scope: Scope, first: date, last: date, *, at: datetime) -> Flow:
    """How the work of a scope flowed on these local days, and how old it is now; 6 queries."""
    zone = scope.workspace.timezone
    begin = end_of_day(first - timedelta(days=1), zone)
    columns = _columns(scope.workspace)
    old, cards = _cards(scope, begin)
    rows = [_Row._make(row) for row in cards.values_list(*FIELDS)]
    journeys = _journeys(rows, cards, columns)
    done_on = {way.card: local_day(way.done, zone) for way in journeys if way.done is not None}
    finished = [way for way in journeys if first <= done_on.get(way.card, date.min) <= last]
    cycles = {way.card: time for way in finished if (time := cycle_time(way)) is not None}
    cycle = spread_of(cycles.values())
    working = [way for way in journeys if _is_in_work(way)]
    days = (first, last)
    return Flow(
        first=first,
        last=last,
        days=[first + timedelta(days=n) for n in range((last - first).days + 1)],
        bands=_bands(scope, journeys, columns, days=days, old=_by_column(old)),
        cycle=cycle,
        lead=spread_of(time for way in finished if (time := lead_time(way)) is not None),
        points=_points(rows, cycles, done_on),
        weeks=throughput(
            (done_on[way.card] for way in finished), *days, scope.workspace.week_starts_on
        ),
        places=_places(finished, columns),
        ageing=_ageing(working, cycle, at=at),
        done=len(finished),
        straight=len(finished) - len(cycles),
        in_work=len(working),
        held=sum(_is_held(way) for way in journeys),
    )


def _cards(scope: Scope, begin: datetime) -> tuple[QuerySet[Card], QuerySet[Card]]:
    """What was done before, and what was open or done since."""
    cards = Card.objects.filter(workspace=scope.workspace, trashed_at=None)
    if scope.board is not None:
        cards = cards.filter(board=scope.board)
    if scope.goal is not None:
        drives = CardLink.objects.filter(
            card=OuterRef("pk"), goal=scope.goal, part=CardLink.Part.DRIVES
        )
        cards = cards.filter(Q(goal=scope.goal) | Exists(drives))
    if scope.label is not None:
        cards = cards.filter(
            Exists(CardLabel.objects.filter(card=OuterRef("pk"), label=scope.label))
        )
    put_away = Q(done_at=None, archived_at__lte=begin)
    recent = cards.exclude(put_away).filter(Q(done_at=None) | Q(done_at__gt=begin))
    return cards.filter(done_at__lte=begin), recent


def _columns(workspace: Workspace) -> dict[int, _Known]:
    """Every column by its id; the first of each board is where work has not begun."""
    found: dict[int, _Known] = {}
    boards: set[int] = set()
    rows = Column.objects.filter(workspace=workspace).order_by("board_id", "position")
    for pk, board, name, place, is_done in rows.values_list(
        "pk", "board_id", "name", "position", "is_done"
    ):
        stage = Stage.WORK if board in boards else Stage.TO_DO
        boards.add(board)
        found[pk] = _Known(board, name, Stage.DONE if is_done else stage, place)
    return found


def _journeys(
    rows: Iterable[_Row], cards: QuerySet[Card], columns: dict[int, _Known]
) -> list[Journey]:
    """The ways of the cards; where nothing is known of a card's begin, it stood in no column."""
    ids = cards.order_by().values("pk")
    stays: dict[int, list[Leg]] = defaultdict(list)
    names = ("card_id", "column_id", "column_name", "came_at", "left_at")
    found = Stay.objects.filter(card__in=ids).order_by("came_at", "pk").values_list(*names)
    for card, column, name, came, left in found:
        known = columns.get(column or 0)
        place = str(column) if known else f"-{name}"
        stays[card].append(Leg(place, known.stage if known else Stage.WORK, came, left))
    halts: dict[int, list[Span]] = defaultdict(list)
    blocked = Blocking.objects.filter(card__in=ids).order_by("since", "pk")
    for card, since, until in blocked.values_list("card_id", "since", "until"):
        halts[card].append((since, until))
    return [
        Journey(
            card=row.id,
            made=row.made,
            done=row.done,
            gone=min((when for when in (row.archived, row.shut) if when), default=None),
            legs=(
                *stays.get(row.id, ()),
                Leg(str(row.column), columns[row.column].stage, row.since, None),
            ),
            halts=tuple(halts.get(row.id, ())),
        )
        for row in rows
    ]


def _bands(
    scope: Scope,
    journeys: Iterable[Journey],
    columns: dict[int, _Known],
    *,
    days: tuple[date, date],
    old: dict[int, int],
) -> list[Band]:
    """Of one board its columns from first to last and then those that are gone, else the stages."""
    length = (days[1] - days[0]).days + 1
    zone = scope.workspace.timezone
    if scope.board is None:
        band_of = {str(pk): known.stage.value for pk, known in columns.items()}
        gone = {leg.place for way in journeys for leg in way.legs if leg.place.startswith("-")}
        band_of |= dict.fromkeys(gone, Stage.WORK.value)
        told = cumulative(journeys, band_of, days=days, zone=zone)
        told[Stage.DONE.value] = [
            count + sum(old.values()) for count in told.get(Stage.DONE.value, [0] * length)
        ]
        return [Band("", stage, told.get(stage.value, [0] * length)) for stage in Stage]
    told = cumulative(journeys, {}, days=days, zone=zone)
    ours = {pk: known for pk, known in columns.items() if known.board == scope.board.pk}
    bands = [
        Band(
            known.name,
            known.stage,
            [count + old.get(pk, 0) for count in told.get(str(pk), [0] * length)],
        )
        for pk, known in sorted(ours.items(), key=lambda pair: pair[1].position)
    ]
    gone = {place for place, counts in told.items() if place.startswith("-") and any(counts)}
    removed = [Band(place[1:], Stage.WORK, told[place], is_gone=True) for place in sorted(gone)]
    return [*bands, *removed]


def _by_column(old: QuerySet[Card]) -> dict[int, int]:
    """How many cards were done before, by the column where they stand."""
    return dict(old.order_by().values_list("column_id").annotate(count=Count("pk")))


def _points(
    rows: Iterable[_Row], cycles: dict[int, float], done_on: dict[int, date]
) -> list[Point]:
    """The newest finished cards, in the order in which they were done."""
    known = sorted((row for row in rows if row.id in cycles), key=lambda row: (row.done, row.id))
    return [
        Point(row.id, row.number, row.title, done_on[row.id], cycles[row.id])
        for row in known[-MOST_POINTS:]
    ]


def _places(finished: Iterable[Journey], columns: dict[int, _Known]) -> list[Place]:
    """The columns where finished cards stood, as they stand on their boards; the gone ones last."""
    found = dwellings(finished)
    there = {place: columns[int(place)] for place in found if not place.startswith("-")}
    known = sorted(there, key=lambda place: (there[place].board, there[place].position))
    gone = sorted(place for place in found if place.startswith("-"))
    return [
        *(Place(there[place].name, found[place]) for place in known),
        *(Place(place[1:], found[place], is_gone=True) for place in gone),
    ]


def _ageing(working: Iterable[Journey], cycle: Spread, *, at: datetime) -> list[Ageing]:
    """The oldest cards in work, with who has them; 1 query."""
    ages = {
        way.card: ((at - start).total_seconds(), _is_held(way))
        for way in working
        if (start := started_at(way)) is not None
    }
    oldest = sorted(ages, key=lambda pk: (-ages[pk][0], pk))[:MOST_AGEING]
    related = ("board", "column", "assignee__user")
    cards = Card.objects.filter(pk__in=oldest).select_related(*related).in_bulk()
    return [
        Ageing(cards[pk], ages[pk][0], _passed(ages[pk][0], cycle), ages[pk][1]) for pk in oldest
    ]


def _passed(age: float, cycle: Spread) -> int:
    """Which share of the finished cards was done by that age already: 85, 50, or 0 for neither."""
    if cycle.p50 is None or cycle.p85 is None or age <= cycle.p50:
        return 0
    return 85 if age > cycle.p85 else 50


def _is_in_work(way: Journey) -> bool:
    """Whether it was started and is neither done nor put away."""
    return way.done is None and way.gone is None and started_at(way) is not None


def _is_held(way: Journey) -> bool:
    open_now = way.done is None and way.gone is None
    return open_now and any(until is None for _since, until in way.halts)


@dataclass(frozen=True)
class Choices:
    """What the flow of a workspace can be narrowed to: open boards, open goals, labels by name."""

    boards: list[Board]
    goals: list[Goal]
    labels: list[Label]


def choices_of(workspace: Workspace) -> Choices:
    """Whose flow can be looked at; 3 queries."""
    ours = {"workspace": workspace}
    return Choices(
        list(Board.objects.filter(**ours, archived_at=None).order_by("name", "pk")),
        list(Goal.objects.filter(**ours, closed_at=None).order_by("title", "pk")),
        list(Label.objects.filter(**ours).order_by("name", "pk")),
    )
