"""What the built-in metrics should say of the work, and which of them a workspace keeps."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count

from goals.models import Goal
from metrics.models import Metric
from metrics.rules.dims import Dims, canonical, hash_of
from tasks.models import Board, Card, ToldCount, WorkCount
from tasks.queries.cards import live_cards
from workspaces.models import Membership, SlaClock, Workspace
from workspaces.rules.days import local_day
from workspaces.rules.sla import State, state_of

BOARD, ASSIGNEE, GOAL, AGREEMENT = "board", "assignee", "goal", "agreement"
OF_CARDS = (BOARD, ASSIGNEE, GOAL)
LONGEST_NAME = 150
Kind = WorkCount.Kind


@dataclass(frozen=True)
class Fact:
    """One observation of the work: on a local day, so many, of what."""

    day: date
    value: int
    dims: Dims = ()


@dataclass(frozen=True)
class Counted:
    """A built-in metric as its switch shows it; without a row it was never switched on."""

    kind: Kind
    row: WorkCount | None

    @property
    def is_on(self) -> bool:
        """Whether the work feeds it now."""
        return self.row is not None and self.row.is_on

    @property
    def metric(self) -> Metric | None:
        """Where its numbers are."""
        return self.row.metric if self.row else None


def counts_of(workspace: Workspace) -> list[Counted]:
    """Every kind of work that can be counted, and its metric; 1 query."""
    rows = WorkCount.objects.filter(workspace=workspace).select_related("metric")
    found = {row.kind: row for row in rows}
    return [Counted(kind, found.get(kind.value)) for kind in Kind]


def facts_of_work(count: WorkCount, at: datetime) -> dict[str, Fact]:
    """What the metric should have by key: of the open cards those of today, else all that was.

    A day on which nothing was done says so by a fact of nothing; 4 queries at most.
    """
    zone, today = count.workspace.timezone, count.workspace.day_of(at)
    if count.kind == Kind.OPEN:
        return _open(count, today)
    source = _kept(count, zone, at) if count.kind == Kind.KEPT else _done(count, zone)
    facts = dict(source)
    first = min((fact.day for fact in facts.values()), default=count.begins_on)
    every = (first + timedelta(days=n) for n in range((today - first).days + 1))
    return {f"day:{day}": Fact(day, 0) for day in every} | facts


def told_of(count: WorkCount, today: date) -> dict[str, ToldCount]:
    """What the metric was told, as far as it can still change; 1 query."""
    rows = ToldCount.objects.filter(count=count)
    if count.kind == Kind.OPEN:
        rows = rows.filter(day=today)
    return {row.key: row for row in rows}


def _done(count: WorkCount, zone: str) -> Iterator[tuple[str, Fact]]:
    """One fact for each card that is done; for ON_TIME only by its due day."""
    names = _Names(count.workspace)
    cards = Card.objects.filter(workspace=count.workspace, trashed_at=None)
    rows = cards.exclude(done_at=None).values_list(
        "pk", "done_at", "due_on", "board_id", "assignee_id", "goal_id"
    )
    for pk, done_at, due_on, *ids in rows:
        assert done_at is not None  # noqa: S101  for the types: the query excludes it
        day = local_day(done_at, zone)
        if count.kind == Kind.DONE or (due_on is not None and day <= due_on):
            yield f"card:{pk}", Fact(day, 1, names.dims(*ids))


def _kept(count: WorkCount, zone: str, at: datetime) -> Iterator[tuple[str, Fact]]:
    """One fact for each answer that came in time."""
    clocks = SlaClock.objects.filter(workspace=count.workspace).exclude(stopped_at=None)
    for clock in clocks.select_related("promise__sla"):
        if clock.stopped_at is not None and state_of(clock.clock, at) is State.KEPT:
            sla = clock.promise.sla
            dims = canonical({AGREEMENT: named(sla.name, sla.pk)})
            yield f"clock:{clock.pk}", Fact(local_day(clock.stopped_at, zone), 1, dims)


def _open(count: WorkCount, today: date) -> dict[str, Fact]:
    """How many open cards there are now, by board, person and goal.

    What had some on the last day that was counted and has none now says so: a level stays as it is
    until it is told another.
    """
    names = _Names(count.workspace)
    rows = live_cards(count.workspace).filter(done_at=None).order_by()
    counted = rows.values_list("board_id", "assignee_id", "goal_id").annotate(count=Count("pk"))
    now: dict[Dims, int] = {}
    for board, assignee, goal, number in counted:
        dims = names.dims(board, assignee, goal)
        now[dims] = now.get(dims, 0) + number
    before = ToldCount.objects.filter(count=count, day__lt=today).order_by("-day")
    last = before.values_list("day", flat=True).first()
    ended = before.filter(day=last, value__gt=0) if last else before.none()
    for text in ended.values_list("dims", flat=True):
        now.setdefault(canonical(json.loads(text)), 0)
    return {f"{today}|{hash_of(dims)}": Fact(today, value, dims) for dims, value in now.items()}


def named(name: str, pk: int) -> str:
    """A thing as a value of a dimension: its name, and its id, which no other has."""
    return f"{name[:LONGEST_NAME]} #{pk}"


class _Names:
    """The names of a workspace's boards, people and goals, read once; 3 queries."""

    def __init__(self, workspace: Workspace) -> None:
        ours = {"workspace": workspace}
        self.boards = dict(Board.objects.filter(**ours).values_list("pk", "name"))
        members = Membership.objects.filter(**ours).select_related("user")
        self.people = {member.pk: member.user.display_name for member in members}
        self.goals = dict(Goal.objects.filter(**ours).values_list("pk", "title"))

    def dims(self, board: int, assignee: int | None, goal: int | None) -> Dims:
        """The dimensions of a card; one that it has not is missing."""
        found: dict[str, str | None] = {BOARD: named(self.boards[board], board)}
        if assignee in self.people:
            found[ASSIGNEE] = named(self.people[assignee], assignee)
        if goal in self.goals:
            found[GOAL] = named(self.goals[goal], goal)
        return canonical(found)
