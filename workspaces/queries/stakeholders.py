"""The register of those whom the plan serves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import QuerySet

from workspaces.models import Membership, Stakeholder, Workspace
from workspaces.queries.events import Told, events_of
from workspaces.queries.people import members_of
from workspaces.rules.stakes import Approach, Level, approach_to
from workspaces.rules.tree import walk

SUBJECT = "workspaces.stakeholder"
LEVELS = (Level.HIGH, Level.MEDIUM, Level.LOW)
Person = TypeVar("Person", Stakeholder, Membership)


@dataclass(frozen=True)
class Cell:
    """One field of the grid: who has this influence and this interest."""

    influence: Level
    interest: Level
    approach: Approach | None
    people: list[Stakeholder]


@dataclass(frozen=True)
class Line(Generic[Person]):
    """Somebody in the tree of reporting lines: how deep, and how many report to them."""

    person: Person
    depth: int
    below: int


@dataclass(frozen=True)
class Lines:
    """Who reports to whom, among stakeholders and among members."""

    stakeholders: list[Line[Stakeholder]]
    members: list[Line[Membership]]


@dataclass(frozen=True)
class StakeholderPage:
    """One stakeholder with those right below, and what happened."""

    stakeholder: Stakeholder
    below: list[Stakeholder]
    history: list[Told]


def stakeholders_of(workspace: Workspace) -> QuerySet[Stakeholder]:
    """Everybody not retired, by name, with the member behind the name; 1 query."""
    people = Stakeholder.objects.select_related("member__user", "reports_to")
    return people.filter(workspace=workspace, retired_at=None).order_by("name", "pk")


def grid_of(people: Iterable[Stakeholder]) -> list[list[Cell]]:
    """Rows by influence and in them cells by interest, both from high to low; no query."""
    placed: dict[tuple[int | None, int | None], list[Stakeholder]] = {}
    for person in people:
        placed.setdefault((person.influence, person.interest), []).append(person)
    return [
        [
            Cell(high, wide, approach_to(high, wide), placed.get((high, wide), []))
            for wide in reversed(LEVELS)
        ]
        for high in LEVELS
    ]


def stakeholder_page(stakeholder: Stakeholder) -> StakeholderPage:
    """What a stakeholder's own page says; 3 queries."""
    related = ("member__user", "reports_to", "workspace", "calendar")
    found = Stakeholder.objects.select_related(*related)
    row = found.get(pk=stakeholder.pk)
    below = list(stakeholders_of(row.workspace).filter(reports_to=row))
    return StakeholderPage(row, below, events_of(row.workspace, SUBJECT, row.pk))


def reporting_lines(workspace: Workspace) -> Lines:
    """All reporting lines as indented lists; 2 queries."""
    return Lines(
        _lined(list(stakeholders_of(workspace))),
        _lined(list(members_of(workspace))),
    )


def _lined(people: Sequence[Person]) -> list[Line[Person]]:
    by_id = {person.pk: person for person in people}
    above = {person.pk: person.reports_to_id for person in people}
    return [Line(by_id[place.key], place.depth, place.below) for place in walk(above, list(by_id))]
