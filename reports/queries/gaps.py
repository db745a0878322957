"""Overlaps and orphans: what two do at once, and what nobody does or nobody asked for."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from django.db.models import QuerySet

from goals.models import Goal
from goals.queries.catalogue import open_goals
from goals.rules.status import FINAL
from reports.rules.gaps import Claim, overlaps
from tasks.models import Card
from workspaces.models import Stakeholder, Workspace
from workspaces.queries.stakeholders import stakeholders_of
from workspaces.rules.tree import upwards

MOST = 50
Row = TypeVar("Row")


@dataclass(frozen=True)
class Found(Generic[Row]):
    """The first `MOST` of what was found, and how many there are."""

    rows: list[Row]
    count: int


@dataclass(frozen=True)
class Overlap:
    """Two goals of two owners on the same metric at once."""

    one: Goal
    other: Goal


@dataclass(frozen=True)
class Gaps:
    """Everything found. Of overlaps at most `MOST` are looked for."""

    overlaps: Found[Overlap]
    without_owner: Found[Goal]
    without_need: Found[Goal]
    without_work: Found[Goal]
    unserved: Found[Stakeholder]
    loose_cards: Found[Card]
    nobodys_cards: Found[Card]

    @property
    def count(self) -> int:
        """How many findings there are."""
        goals = self.overlaps.count + self.without_owner.count + self.without_need.count
        work = self.without_work.count + self.loose_cards.count + self.nobodys_cards.count
        return goals + work + self.unserved.count


def gaps_of(workspace: Workspace) -> Gaps:
    """What is done twice, and what has no owner, no need, no work or no goal; 7 queries.

    A step serves whom a goal above it serves; a goal is worked on where it or a step has a card.
    """
    goals = {goal.pk: goal for goal in open_goals(workspace)}
    parents = {goal.pk: goal.parent_id for goal in goals.values()}
    people = list(stakeholders_of(workspace))
    needing = {person.pk for person in people if person.need.strip() or person.unspoken.strip()}
    serving = {goal.stakeholder_id for goal in goals.values()}
    pairs = islice(overlaps(_claim(goal) for goal in goals.values()), MOST)
    return Gaps(
        overlaps=_found([Overlap(goals[one.goal_id], goals[two.goal_id]) for one, two in pairs]),
        without_owner=_found([goal for goal in goals.values() if goal.owner_id is None]),
        without_need=_found(
            [
                goal
                for goal in goals.values()
                if not needing & {goals[k].stakeholder_id for k in _chain(goal, goals, parents)}
            ]
        ),
        without_work=_found(_without_work(workspace, goals, parents)),
        unserved=_found([person for person in people if person.pk in needing - serving]),
        loose_cards=_cards(_open_cards(workspace).filter(goal=None)),
        nobodys_cards=_cards(_open_cards(workspace).filter(assignee=None)),
    )


def _found(rows: Collection[Row]) -> Found[Row]:
    return Found(list(islice(rows, MOST)), len(rows))


def _cards(cards: QuerySet[Card]) -> Found[Card]:
    """Two queries: the first cards, and how many there are."""
    return Found(list(cards[:MOST]), cards.count())


def _claim(goal: Goal) -> Claim:
    return Claim(goal.pk, goal.metric_id, goal.owner_id, goal.start, goal.end, goal.parent_id)


def _chain(goal: Goal, goals: dict[int, Goal], parents: dict[int, int | None]) -> list[int]:
    return [key for key in upwards(parents, goal.pk) if key in goals]


def _without_work(
    workspace: Workspace, goals: dict[int, Goal], parents: dict[int, int | None]
) -> list[Goal]:
    """The goals without a verdict that no card, done or not, serves, nor one of their steps."""
    cards = Card.objects.filter(workspace=workspace, archived_at=None).exclude(goal=None)
    worked: set[int] = set()
    for goal_id in cards.order_by().values_list("goal_id", flat=True).distinct():
        worked.update(upwards(parents, goal_id))
    waiting = (goal for goal in goals.values() if goal.status not in FINAL)
    return [goal for goal in waiting if goal.pk not in worked]


def _open_cards(workspace: Workspace) -> QuerySet[Card]:
    """Cards that wait, the oldest first."""
    cards = Card.objects.select_related("board", "assignee__user")
    waiting = cards.filter(workspace=workspace, archived_at=None, done_at=None)
    return waiting.filter(board__archived_at=None).order_by("created_at", "pk")
