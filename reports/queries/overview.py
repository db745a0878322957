"""Is the plan working, and what needs me: all that the Overview shows, in constant queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from goals.models import Goal
from goals.queries import Standing, standings
from goals.queries.quotas import QuotaMonth, pressing_quotas
from goals.rules.status import Status
from metrics.queries.catalogue import MetricRow, catalogue
from metrics.queries.saved_views import PinnedTile, pinned_tiles
from reports.queries.verdict import Verdict, verdict_of
from tasks.queries.cards import GoalWork, MyCard, due_now, work_of_goals
from workspaces.models import Membership, Workspace
from workspaces.queries.events import Told, latest_events
from workspaces.queries.sla import ClockLine, pressing
from workspaces.rules.days import last_complete_day

TILES = 6
NO_WORK = GoalWork(open=0, late=0, done=0, late_cards=[])
LANES = (
    Status.OFF_TRACK,
    Status.AT_RISK,
    Status.ON_TRACK,
    Status.UNKNOWN,
    Status.NEW,
    Status.ACHIEVED,
)
GROUPS = {
    "status": _("Status"),
    "owner": _("Owner"),
    "stakeholder": _("Stakeholder"),
    "parent": _("Parent goal"),
}
TELLING = (
    "goal.status_changed",
    "goal.set",
    "goal.closed",
    "import.ended",
    "card.done",
    "member.joined",
)


@dataclass(frozen=True)
class GoalCard:
    """One goal as the Overview shows it."""

    goal: Goal
    standing: Standing
    work: GoalWork


@dataclass(frozen=True)
class Lane:
    """A column of goal cards; `status` is empty when grouped by something else."""

    key: str
    title: str
    status: str
    cards: list[GoalCard] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """What the reader chose: how to group, whose goals, and whether closed ones are shown."""

    group: str = "status"
    owner_id: int | None = None
    closed: bool = False


@dataclass(frozen=True)
class Overview:
    """The page: a sentence, tiles, lanes, and what is beside them."""

    verdict: Verdict
    tiles: list[MetricRow]
    pinned: list[PinnedTile]
    lanes: list[Lane]
    due: list[MyCard]
    promises: list[ClockLine]  # answers that are owed and late, or at risk of it
    quotas: list[QuotaMonth]  # months at risk, or broken without a reason
    news: list[Told]
    today: date
    goals: int
    hidden: int
    until: date | None  # the last day of the oldest numbers, where that is before yesterday

    @property
    def pressing(self) -> int:
        """How many promises are at risk or broken."""
        return len(self.promises) + len(self.quotas)


def overview(workspace: Workspace, member: Membership, asked: Asked, *, at: datetime) -> Overview:
    """Everything on the Overview, at most 39 queries however many goals, metrics and cards.

    Each pinned view, of which there are at most six, adds those of its answer.
    """
    today = workspace.day_of(at)
    found = _goals(workspace, asked)
    standing = standings(workspace, found, at)
    work = work_of_goals(workspace, [goal.pk for goal in found], today)
    cards = [GoalCard(g, standing[g.pk], work.get(g.pk, NO_WORK)) for g in found]
    shown = [card for card in cards if asked.closed or not _is_over(card)]
    return Overview(
        verdict=verdict_of([(c.goal, c.standing) for c in shown], work),
        tiles=tiles(workspace, [c.goal for c in sorted(shown, key=_worry)], at=at),
        pinned=pinned_tiles(workspace, at=at),
        lanes=_lanes(shown, asked.group),
        due=due_now(member, today),
        promises=pressing(workspace, at),
        quotas=pressing_quotas(workspace, at),
        news=latest_events(workspace, since=at - timedelta(days=7), verbs=TELLING),
        today=today,
        until=_oldest(shown, last_complete_day(at, workspace.timezone)),
        goals=len(shown),
        hidden=len(cards) - len(shown),
    )


def _oldest(cards: Sequence[GoalCard], yesterday: date) -> date | None:
    """The last day with data of the goal whose data end first, unless all reach yesterday."""
    known = [card.standing.data_until for card in cards if card.standing.data_until]
    until = min(known, default=yesterday)
    return until if until < yesterday else None


def _goals(workspace: Workspace, asked: Asked) -> list[Goal]:
    """The workspace's goals, worst order left to the lanes."""
    related = ("metric", "owner__user", "stakeholder", "parent")
    found = Goal.objects.select_related(*related).filter(workspace=workspace)
    if asked.owner_id is not None:
        found = found.filter(owner_id=asked.owner_id)
    return list(found.order_by("end", "pk"))


def _is_over(card: GoalCard) -> bool:
    """Closed by hand, or missed: behind the filter."""
    return card.goal.closed_at is not None or card.standing.status is Status.MISSED


def tiles(workspace: Workspace, goals: Iterable[Goal], *, at: datetime) -> list[MetricRow]:
    """The KPI tiles: metrics that goals stand on first, each once, at most six."""
    wanted = {goal.metric_id: order for order, goal in reversed(list(enumerate(goals)))}
    rows = catalogue(workspace, at=at)
    rows.sort(key=lambda row: (wanted.get(row.metric.pk, len(wanted)), row.metric.name))
    return rows[:TILES]


def _lanes(cards: Sequence[GoalCard], group: str) -> list[Lane]:
    """Columns by status in the order of worry, or by what was asked for."""
    if group == "status":
        shown = [*LANES, *([Status.MISSED] if any(_missed(c) for c in cards) else [])]
        lanes = {s.value: Lane(s.value, "", s.value) for s in shown}
    else:
        lanes = {}
    for card in sorted(cards, key=_worry):
        key, title = _place(card, group)
        lanes.setdefault(key, Lane(key, title, "")).cards.append(card)
    return list(lanes.values())


def _missed(card: GoalCard) -> bool:
    return card.standing.status is Status.MISSED


def _worry(card: GoalCard) -> tuple[int, float, int]:
    """Worst status first, then the slowest pace."""
    order = [*LANES, Status.MISSED]
    pace = card.standing.pace
    return order.index(card.standing.status), 1.0 if pace is None else float(pace), card.goal.pk


def _place(card: GoalCard, group: str) -> tuple[str, str]:
    """The lane of a card: its key and its title."""
    goal = card.goal
    if group == "owner":
        return f"m{goal.owner_id}", goal.owner.user.display_name if goal.owner else str(_("Nobody"))
    if group == "stakeholder":
        return f"s{goal.stakeholder_id}", str(goal.stakeholder or _("Nobody named"))
    if group == "parent":
        return f"g{goal.parent_id}", str(goal.parent or _("Goals of their own"))
    return card.standing.status.value, ""
