"""What waits for somebody on a day: check-ins due or unread, decisions to be looked at again."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from goals.models import CheckIn, Decision, Goal
from goals.queries.checkins import next_due
from goals.rules.checkins import Cadence, reader_of
from workspaces.models import Membership, Workspace
from workspaces.rules.days import end_of_day
from workspaces.rules.roles import Role

MOST = 500  # of each


class Kind(StrEnum):
    """What is waited for."""

    CHECK_IN = "check_in"
    READING = "reading"
    DECISION = "decision"


@dataclass(frozen=True)
class Owed:
    """One thing that a member owes since the day `due`; `subject` says it once and for all."""

    kind: Kind
    member_id: int
    due: date
    title: str
    subject: Goal | Decision
    link: str
    by_name: str = ""  # who waits to be read
    checkin_id: int | None = None


def owed_in(workspace: Workspace, today: date) -> list[Owed]:
    """All that waits in a workspace on a local day, the longest first; 4 queries."""
    found = [
        *_checkins(workspace, today),
        *_readings(workspace, today),
        *_decisions(workspace, today),
    ]
    return sorted(found, key=lambda owed: (owed.due, owed.kind, owed.subject.pk))


def owed_by(member: Membership, today: date) -> list[Owed]:
    """What waits for one member, the longest first; 4 queries."""
    return [owed for owed in owed_in(member.workspace, today) if owed.member_id == member.pk]


def _checkins(workspace: Workspace, today: date) -> list[Owed]:
    """Check-ins that owners of open goals owe; 2 queries."""
    rows = Goal.objects.filter(workspace=workspace, closed_at=None, start__lte=today)
    goals = list(rows.exclude(cadence=Cadence.NEVER.value).exclude(owner=None).order_by("pk"))
    days = next_due(workspace, goals)
    found = []
    for goal in goals:
        due = days[goal.pk]
        if due is not None and due <= today and goal.owner_id is not None:
            link = _link(workspace, goal)
            found.append(Owed(Kind.CHECK_IN, goal.owner_id, due, goal.title, goal, link))
    return found


def _readings(workspace: Workspace, today: date) -> list[Owed]:
    """Check-ins of earlier days that nobody acknowledged; 1 query."""
    yesterday = end_of_day(date.fromordinal(today.toordinal() - 1), workspace.timezone)
    rows = (
        CheckIn.objects.select_related(
            "author__user", "author__reports_to", "goal__owner", "goal__parent__owner"
        )
        .filter(workspace=workspace, goal__closed_at=None, acknowledged_at=None)
        .filter(told_at__lte=yesterday)
        .exclude(author=None)
        .order_by("-told_at", "-pk")
    )
    found, seen = [], set()
    for row in rows[:MOST]:
        reader = _reader(row)
        if reader is None or row.told_at is None or row.goal_id in seen:
            continue
        seen.add(row.goal_id)  # who reads the newest has read what was said before
        name = row.author.user.display_name if row.author else ""
        day, link = workspace.day_of(row.told_at), _link(workspace, row.goal)
        found.append(Owed(Kind.READING, reader, day, row.goal.title, row.goal, link, name, row.pk))
    return found


def _reader(row: CheckIn) -> int | None:
    """Who is to acknowledge a check-in: whoever of its people may edit goals."""
    author, above = row.author, row.goal.parent
    people = (row.goal.owner, author.reports_to if author else None, above.owner if above else None)
    able = [one.pk for one in people if one is not None and one.rank >= Role.EDITOR]
    return reader_of(able, author=row.author_id)


def _decisions(workspace: Workspace, today: date) -> list[Owed]:
    """Decisions to be looked at again; 1 query."""
    rows = Decision.objects.filter(
        workspace=workspace,
        closed_at=None,
        review_on__lte=today,
        strategy__closed_at=None,
        decided_by__isnull=False,
    )
    found = []
    for row in rows.order_by("review_on", "pk")[:MOST]:
        if row.review_on is not None and row.decided_by_id is not None:
            link = f"/w/{workspace.slug}/strategy/{row.strategy_id}/decisions/"
            decider = row.decided_by_id
            found.append(Owed(Kind.DECISION, decider, row.review_on, row.title, row, link))
    return found


def _link(workspace: Workspace, goal: Goal) -> str:
    return f"/w/{workspace.slug}/goals/{goal.pk}/#check-ins"
