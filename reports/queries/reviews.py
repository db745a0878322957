"""What a review walks through, what has changed since the last one, and the reviews there are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from goals.models import CheckIn, Goal
from goals.queries.catalogue import open_goals
from goals.queries.checkins import next_due
from goals.queries.figures import Standing
from goals.queries.horizons import Horizon, horizons_of
from goals.queries.standing import standings
from goals.queries.steps import joined, worse_below
from goals.rules import amounts
from reports.models import Review, ReviewItem
from reports.rules.reviews import (
    Facts,
    Frozen,
    Outcome,
    Reason,
    Rhythm,
    reasons_of,
    thaw,
    worst_first,
)
from tasks.queries.cards import GoalWork, work_of_goals
from workspaces.models import Workspace

NO_WORK = GoalWork(open=0, late=0, done=0, late_cards=[])


@dataclass(frozen=True)
class Lineup:
    """The goals that need a look, the worst first, with the reasons; and all goals' numbers."""

    items: list[tuple[int, list[Reason]]]
    snapshot: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Change:
    """A goal's numbers against those of the last review, in the metric's unit or as shares.

    `restated` is what data that came later have changed of the value as it was known then.
    """

    since: date
    was: Frozen
    moved: Decimal | None
    restated: Decimal | None


@dataclass(frozen=True)
class ItemPage:
    """One goal of a review with everything that is looked at."""

    review: Review
    item: ReviewItem
    goal: Goal
    standing: Standing
    work: GoalWork
    change: Change | None
    horizons: list[Horizon] = field(default_factory=list)
    last_said: CheckIn | None = None
    before: ReviewItem | None = None
    after: ReviewItem | None = None
    count: int = 0


@dataclass(frozen=True)
class Summary:
    """A review with its items in order, and how many were looked at, skipped and left."""

    review: Review
    items: list[ReviewItem]

    @property
    def seen(self) -> int:
        """How many goals were looked at."""
        return self._count(Outcome.SEEN)

    @property
    def skipped(self) -> int:
        """How many were skipped."""
        return self._count(Outcome.SKIPPED)

    @property
    def waiting(self) -> int:
        """How many nobody has come to."""
        return self._count(Outcome.WAITING)

    @property
    def next_up(self) -> ReviewItem | None:
        """The first that nobody has come to."""
        return next((item for item in self.items if item.is_waiting), None)

    def _count(self, outcome: Outcome) -> int:
        return sum(item.outcome == outcome.value for item in self.items)


def reviews_of(workspace: Workspace) -> QuerySet[Review]:
    """All reviews with their counts, the newest first; 1 query."""
    rows = Review.objects.filter(workspace=workspace).select_related(
        "started_by__user", "ended_by__user"
    )
    return (
        rows.defer("snapshot")
        .annotate(
            goals=Count("items"),
            seen=Count("items", filter=Q(items__outcome=Outcome.SEEN.value)),
            skipped=Count("items", filter=Q(items__outcome=Outcome.SKIPPED.value)),
        )
        .order_by("-started_at", "-pk")
    )


def last_ended(workspace: Workspace, rhythm: Rhythm) -> Review | None:
    """The review of the rhythm that ended last; 1 query."""
    rows = Review.objects.filter(workspace=workspace, rhythm=rhythm.value).exclude(ended_at=None)
    return rows.order_by("-started_at", "-pk").first()


def summary_of(review: Review) -> Summary:
    """The review with its items; 1 query."""
    rows = review.items.select_related("goal__metric", "goal__owner__user", "looked_by__user")
    items = list(rows.order_by("place", "pk"))
    for item in items:
        item.review = review
    return Summary(review, items)


def lineup_of(workspace: Workspace, before: Review | None, at: datetime) -> Lineup:
    """Which open goals need a look now, the worst first; a constant number of queries."""
    goals = list(open_goals(workspace))
    found = standings(workspace, goals, at, curves=False)
    together = joined((goal, found[goal.pk]) for goal in goals)
    due, today = next_due(workspace, goals), workspace.day_of(at)
    was = before.snapshot if before else {}
    facts = []
    for goal in goals:
        standing, day = found[goal.pk], due[goal.pk]
        forecast = standing.forecast
        facts.append(
            Facts(
                goal_id=goal.pk,
                status=standing.status,
                was=was.get(str(goal.pk), {}).get("status", ""),
                chance=forecast.chance if forecast else None,
                pace=standing.pace,
                confidence=forecast.confidence if forecast else None,
                is_guardrail_broken=bool(standing.broken),
                are_steps_worse=bool(worse_below(standing, together.get(goal.pk))),
                is_check_in_due=day is not None and day <= today,
            )
        )
    ordered = [(one.goal_id, reasons_of(one)) for one in worst_first(facts)]
    return Lineup(
        [(pk, reasons) for pk, reasons in ordered if reasons],
        {str(goal.pk): numbers_of(found[goal.pk]) for goal in goals},
    )


def numbers_of(standing: Standing) -> dict[str, Any]:
    """A goal's numbers as a review keeps them: canonical text, empty where there is none."""
    forecast = standing.forecast
    return {
        "value": amounts.stored(standing.value),
        "progress": _short(standing.progress),
        "status": standing.status.value,
        "chance": amounts.stored(forecast.chance) if forecast else "",
        "until": standing.until.isoformat(),
        "data_until": standing.data_until.isoformat() if standing.data_until else "",
    }


def horizon_data(one: Horizon) -> dict[str, Any]:
    """A horizon as a review keeps it."""
    return {
        "reach": one.reach.value,
        "from": one.span.first.isoformat(),
        "to": one.span.last.isoformat(),
        "value": _short(one.value),
        "due": _short(one.due),
        "forecast": one.is_forecast,
    }


def item_page(workspace: Workspace, item: ReviewItem, at: datetime) -> ItemPage:
    """All that is looked at for one goal of a review; a constant number of queries."""
    review = Review.objects.select_related("before").get(pk=item.review_id)
    goal = Goal.objects.select_related("metric", "owner__user", "stakeholder").get(pk=item.goal_id)
    standing = standings(workspace, [goal], at)[goal.pk]
    items = list(review.items.order_by("place", "pk"))
    place = [one.pk for one in items].index(item.pk)
    said = CheckIn.objects.select_related("author__user").filter(goal=goal).exclude(told_at=None)
    monthly = review.rhythm == Rhythm.MONTHLY.value
    return ItemPage(
        review=review,
        item=item,
        goal=goal,
        standing=standing,
        work=work_of_goals(workspace, [goal.pk], workspace.day_of(at)).get(goal.pk, NO_WORK),
        change=change_of(workspace, goal, standing, review.before),
        horizons=horizons_of(workspace, goal, standing, at) if monthly else [],
        last_said=said.order_by("-told_at", "-pk").first(),
        before=items[place - 1] if place else None,
        after=items[place + 1] if place + 1 < len(items) else None,
        count=len(items),
    )


def change_of(
    workspace: Workspace, goal: Goal, standing: Standing, before: Review | None
) -> Change | None:
    """What has changed since the last review; None where that did not know the goal."""
    kept = before.snapshot.get(str(goal.pk)) if before else None
    if before is None or kept is None:
        return None
    was = thaw(kept)
    then = standings(workspace, [goal], before.started_at, curves=False)[goal.pk].value
    return Change(
        since=workspace.day_of(before.started_at),
        was=was,
        moved=_less(standing.value, was.value),
        restated=_less(then, was.value) or None,
    )


def next_waiting(items: Sequence[ReviewItem], item: ReviewItem) -> ReviewItem | None:
    """The next item that nobody has come to, from this one on and then from the first."""
    waiting = [one for one in items if one.is_waiting and one.pk != item.pk]
    return next((one for one in waiting if one.place > item.place), None) or next(
        iter(waiting), None
    )


def _less(value: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if value is None or other is None else value - other


def _short(value: Decimal | None) -> str:
    return "" if value is None else amounts.canonical(amounts.rounded(value))
