"""The pulse as people see it: what is open, what the months came to, who is to get a link."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from goals.models import Pulse, PulseRound, PulseTurn
from goals.rules.pulse import Group, Result, last_day, month_of, together
from workspaces.models import Membership, Stakeholder, Workspace
from workspaces.queries.people import members_of
from workspaces.queries.stakeholders import stakeholders_of

MONTHS = 24


@dataclass(frozen=True)
class Taking:
    """How many of those who were asked have answered."""

    group: str
    asked: int
    answered: int

    @property
    def rate(self) -> float | None:
        """The share of those asked; None where nobody was."""
        return self.answered / self.asked if self.asked else None


@dataclass(frozen=True)
class PulseMonth:
    """A closed month; `whole` is everybody's result, None where it may not be told."""

    round: PulseRound
    whole: Result | None
    groups: dict[str, Result]
    taking: Taking

    @property
    def team(self) -> Result | None:
        """The team's result, where it may be told apart."""
        return self.groups.get(Group.TEAM)

    @property
    def stakeholders(self) -> Result | None:
        """The stakeholders' result, where it may be told apart."""
        return self.groups.get(Group.STAKEHOLDERS)


@dataclass(frozen=True)
class OpenPulse:
    """The month's question for one member: `asked` until they have answered."""

    round: PulseRound
    until: date
    asked: bool
    answered: bool


def pulse_of(workspace: Workspace) -> Pulse | None:
    """How the pulse is set up, with its metrics; 1 query."""
    rows = Pulse.objects.select_related("points", "answers", "score")
    return rows.filter(workspace=workspace).first()


def open_pulse(member: Membership, *, at: datetime) -> OpenPulse | None:
    """The round that is open now, and whether it still asks the member; 1-2 queries."""
    month = month_of(member.workspace.day_of(at))
    rows = PulseRound.objects.filter(workspace=member.workspace_id, closed_at=None, month=month)
    row = rows.first()
    if row is None:
        return None
    answered = row.asks_team and PulseTurn.objects.filter(round=row, member=member).exists()
    return OpenPulse(row, last_day(month), row.asks_team and not answered, answered)


def taking_part(row: PulseRound) -> list[Taking]:
    """How many of each group have answered an open round; 3 queries."""
    turns = PulseTurn.objects.filter(round=row)
    linked = list(turns.exclude(stakeholder=None).values_list("has_answered", flat=True))
    team = turns.exclude(member=None).count()
    found = []
    if row.asks_team:
        asked = members_of(row.workspace).count()
        found.append(Taking(Group.TEAM.value, asked, team))
    if row.asks_stakeholders:
        found.append(Taking(Group.STAKEHOLDERS.value, len(linked), sum(linked)))
    return found


def months_of(workspace: Workspace) -> QuerySet[PulseRound]:
    """The closed months, the newest first; 1 query."""
    rows = PulseRound.objects.filter(workspace=workspace).exclude(closed_at=None)
    return rows.order_by("-month")


def month_row(row: PulseRound) -> PulseMonth:
    """A closed month as it may be told."""
    told = row.told
    return PulseMonth(
        round=row,
        whole=together(told) if told else None,
        groups={one.group: one for one in told if one.group},
        taking=Taking("", sum(row.asked.values()), sum(row.answered.values())),
    )


def pulse_months(workspace: Workspace) -> list[PulseMonth]:
    """The last two years of months, the newest first; 1 query."""
    return [month_row(row) for row in months_of(workspace)[:MONTHS]]


@dataclass(frozen=True)
class Linkable:
    """A stakeholder who is no member: their turn says whether there is a link and an answer."""

    stakeholder: Stakeholder
    turn: PulseTurn | None

    @property
    def waits(self) -> bool:
        """Whether a link can be made for them."""
        return self.turn is None or not self.turn.has_answered


def linkable_in(row: PulseRound) -> list[Linkable]:
    """The stakeholders who would answer by link; 2 queries."""
    found = stakeholders_of(row.workspace).filter(member=None)
    turns = PulseTurn.objects.filter(round=row).exclude(stakeholder=None)
    by_stakeholder = {turn.stakeholder_id: turn for turn in turns}
    return [Linkable(one, by_stakeholder.get(one.pk)) for one in found]


def turn_by_hash(digest: str, *, at: datetime) -> PulseTurn | None:
    """The turn whose link that is, while its round is open; 1 query."""
    rows = PulseTurn.objects.select_related("round__workspace", "stakeholder", "workspace")
    turn = rows.filter(secret_hash=digest, round__closed_at=None).first()
    if turn is None or turn.stakeholder is None or turn.stakeholder.retired_at is not None:
        return None
    return turn if turn.round.month == month_of(turn.workspace.day_of(at)) else None
