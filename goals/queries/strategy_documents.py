"""The strategy as it stands now, written out as the document that would be published."""

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from goals.models import (
    Goal,
    Strategy,
    StrategyGoal,
    StrategyMetric,
    StrategyOutcome,
    StrategySigner,
)
from goals.rules.strategy import AgreementLine, Document, GoalLine, MetricLine, OutcomeLine
from metrics.models import Metric
from workspaces.models import Sla, SlaPromise
from workspaces.queries.sla import promises_of


def document_of(strategy: Strategy) -> Document:
    """The draft, with the names and the numbers of the things that it links; 7 queries."""
    linked = goals_in(strategy)
    goals = [line.goal for line in linked]
    outcomes = list(outcomes_in(strategy))
    return Document(
        title=strategy.title,
        start=strategy.start.isoformat(),
        end=strategy.end.isoformat(),
        words=dict(strategy.words),
        outcomes=tuple(_outcome(line) for line in outcomes),
        agreements=_agreements([line.stakeholder_id for line in outcomes]),
        metrics=tuple(_metric(line.metric, line.why) for line in metrics_in(strategy)),
        goals=tuple(_goal(line.goal, line.change) for line in linked),
        steps=tuple(_goal(step) for step in _steps_under(goals)),
        questions=tuple(strategy.questions),
        signers=tuple(signer.name for signer in signers_of(strategy)),
        feedback_until=strategy.feedback_until.isoformat() if strategy.feedback_until else "",
        anonymous=strategy.anonymous,
    )


def outcomes_in(strategy: Strategy) -> QuerySet[StrategyOutcome]:
    """The stakeholders of the draft and their outcomes, in order; 1 query."""
    rows = StrategyOutcome.objects.select_related("stakeholder")
    return rows.filter(strategy=strategy).order_by("position", "pk")


def metrics_in(strategy: Strategy) -> QuerySet[StrategyMetric]:
    """The metrics of the draft, in order; 1 query."""
    rows = StrategyMetric.objects.select_related("metric")
    return rows.filter(strategy=strategy).order_by("position", "pk")


def goals_in(strategy: Strategy) -> QuerySet[StrategyGoal]:
    """The goals of the draft with what the document says of them, in order; 1 query."""
    told = ("metric", "owner__user", "owner__reports_to__user", "stakeholder")
    rows = StrategyGoal.objects.select_related("goal", *(f"goal__{name}" for name in told))
    return rows.filter(strategy=strategy).order_by("position", "pk")


def signers_of(strategy: Strategy) -> QuerySet[StrategySigner]:
    """Who is asked to sign, the longest asked first; 1 query."""
    rows = StrategySigner.objects.select_related("member__user", "stakeholder__member")
    return rows.filter(strategy=strategy).order_by("pk")


def _steps_under(goals: Iterable[Goal]) -> QuerySet[Goal]:
    """The open goals right below those of the strategy, by their ends; 1 query."""
    rows = Goal.objects.select_related(
        "metric", "owner__user", "owner__reports_to__user", "stakeholder"
    )
    own = [goal.pk for goal in goals]
    found = rows.filter(parent__in=own, closed_at=None).exclude(pk__in=own)
    return found.order_by("end", "start", "pk")


def _outcome(line: StrategyOutcome) -> OutcomeLine:
    who = line.stakeholder
    return OutcomeLine(who.pk, who.name, who.role, who.need, line.outcome)


def _agreements(parties: Collection[int]) -> tuple[AgreementLine, ...]:
    """The agreements that hold of these stakeholders, by name; 2 queries."""
    either = Q(provider__in=parties) | Q(receiver__in=parties)
    held = Sla.objects.select_related("provider", "receiver").filter(either, ended_at=None)
    rows = list(held.order_by("name", "pk"))
    promised = promises_of(rows) if rows else {}
    return tuple(_agreement(row, promised[row.pk]) for row in rows)


def _agreement(sla: Sla, promises: Iterable[SlaPromise]) -> AgreementLine:
    told = [f"{sla.party(one.side).name}: {one.deliverable}" for one in promises]
    parties = f"{sla.provider.name} ⇄ {sla.receiver.name}"
    return AgreementLine(sla.pk, sla.name, parties, "\n".join(told))


def _metric(metric: Metric, why: str = "") -> MetricLine:
    return MetricLine(
        id=metric.pk,
        key=metric.key,
        name=metric.name,
        unit=metric.unit,
        decimals=metric.decimals,
        currency=metric.currency,
        why=why,
    )


def _goal(goal: Goal, change: str = "") -> GoalLine:
    owner = goal.owner
    above = owner.reports_to if owner else None
    return GoalLine(
        id=goal.pk,
        title=goal.title,
        metric=_metric(goal.metric) if goal.has_number else MetricLine(0),
        basis=goal.basis if goal.has_number else "",
        percent=goal.target_percent,
        target=goal.target_value,
        baseline=goal.baseline_value,
        start=goal.start.isoformat(),
        end=goal.end.isoformat(),
        owner=owner.user.display_name if owner else "",
        owner_id=owner.pk if owner else 0,
        reports_to=above.user.display_name if above else "",
        stakeholder=goal.stakeholder.name if goal.stakeholder else "",
        parent=goal.parent_id or 0,
        change=change,
    )
