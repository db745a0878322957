"""Who does what for goals, and in which goals somebody is."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from goals.models import Goal, GoalSeat
from goals.queries.catalogue import goals_of
from goals.rules.raci import Letter, Party
from workspaces.models import Membership, Stakeholder, Workspace


@dataclass(frozen=True)
class Raci:
    """The four roles of one goal; `accountable` is its owner, None where nobody is left."""

    goal: Goal
    responsible: list[Membership | Stakeholder] = field(default_factory=list)
    consulted: list[Membership | Stakeholder] = field(default_factory=list)
    informed: list[Membership | Stakeholder] = field(default_factory=list)

    @property
    def accountable(self) -> Membership | None:
        """Who answers for the goal."""
        return self.goal.owner

    def letters(self) -> dict[Party, str]:
        """The letters of each who has any: R, C, I, A or AR."""
        found = {
            party_of(person): letter.value
            for letter, people in self._by_letter()
            for person in people
        }
        if self.accountable is not None:
            head = party_of(self.accountable)
            doing = found.get(head) == Letter.RESPONSIBLE
            found[head] = "AR" if doing else Letter.ACCOUNTABLE.value
        return found

    def _by_letter(self) -> list[tuple[Letter, list[Membership | Stakeholder]]]:
        return [
            (Letter.RESPONSIBLE, self.responsible),
            (Letter.CONSULTED, self.consulted),
            (Letter.INFORMED, self.informed),
        ]


@dataclass(frozen=True)
class Part:
    """A goal that a stakeholder is in: served by it, or with a letter."""

    goal: Goal
    is_served: bool
    letter: str


def party_of(person: Membership | Stakeholder) -> Party:
    """A person as the rules name them."""
    if isinstance(person, Membership):
        return Party(member=person.pk)
    return Party(stakeholder=person.pk)


def raci_of(goals: Iterable[Goal]) -> dict[int, Raci]:
    """The roles of each goal, people by name; 1 query for all of them."""
    found = {goal.pk: Raci(goal) for goal in goals}
    rows = GoalSeat.objects.select_related("member__user", "stakeholder")
    for seat in rows.filter(goal_id__in=found).order_by("pk"):
        raci = found[seat.goal_id]
        own = {
            Letter.RESPONSIBLE.value: raci.responsible,
            Letter.CONSULTED.value: raci.consulted,
            Letter.INFORMED.value: raci.informed,
        }[seat.letter]
        if person := seat.member or seat.stakeholder:
            own.append(person)
    return found


def raci_with_steps(workspace: Workspace, goal: Goal) -> tuple[Raci, list[Raci]]:
    """The roles of a goal and of the steps right below it; 2 queries."""
    rows = list(goals_of(workspace).filter(Q(pk=goal.pk) | Q(parent=goal)))
    found = raci_of(rows)
    return found[goal.pk], [found[row.pk] for row in rows if row.pk != goal.pk]


def audience_of(goals: Iterable[Goal]) -> dict[int, set[int]]:
    """The members (by id) whom each goal concerns; 2 queries for all of them.

    Its owner, everybody with a role, and who stands for a stakeholder that it serves or gives one.
    """
    found = {goal.pk: {goal.owner_id} for goal in goals}
    seats = GoalSeat.objects.filter(goal_id__in=found)
    for pk, own, behind in seats.values_list("goal_id", "member_id", "stakeholder__member_id"):
        found[pk] |= {own, behind}
    served = Goal.objects.filter(pk__in=found).exclude(stakeholder__member=None)
    for pk, behind in served.values_list("pk", "stakeholder__member_id"):
        found[pk].add(behind)
    return {pk: {one for one in people if one is not None} for pk, people in found.items()}


def parts_of(stakeholder: Stakeholder) -> list[Part]:
    """The goals that serve a stakeholder or give them a letter, open ones first; 2 queries."""
    seats = GoalSeat.objects.filter(stakeholder=stakeholder)
    letters = dict(seats.values_list("goal_id", "letter"))
    rows = goals_of(stakeholder.workspace).filter(Q(stakeholder=stakeholder) | Q(pk__in=letters))
    parts = [
        Part(goal, goal.stakeholder_id == stakeholder.pk, letters.get(goal.pk, "")) for goal in rows
    ]
    return sorted(parts, key=lambda part: (not part.goal.is_open, part.goal.end, part.goal.pk))
