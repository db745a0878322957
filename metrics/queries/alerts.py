"""Alert rules, what they have raised, and the periods that a rule is judged by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from metrics.models.alerts import Alert, AlertRule
from metrics.models.definitions import Metric
from metrics.queries.answers import Point
from metrics.queries.series import read_series
from metrics.rules.alerts import Bucket, Compare, Condition, Terms
from metrics.rules.baselines import MOST, Expected, expect
from metrics.rules.periods import Grain, bucket_start, label, period_of
from workspaces.models import Membership, Workspace

BACK = {
    Grain.DAY: timedelta(days=MOST),
    Grain.WEEK: timedelta(days=7 * 260),
    Grain.MONTH: timedelta(days=31 * 120),
    Grain.QUARTER: timedelta(days=92 * 40),
    Grain.YEAR: timedelta(days=366 * 20),
}
HUNDRED = Decimal(100)
STATES = OPEN, SILENT, WATCHING = "open", "silent", "watching"


@dataclass(frozen=True)
class Look:
    """The newest whole periods of a rule, oldest first, each with its point of the series."""

    buckets: list[Bucket]
    points: list[Point]


@dataclass(frozen=True)
class RuleRow:
    """An alert rule, with what it has open and whether it sleeps; `amount` is in percent for it."""

    rule: AlertRule
    open: Alert | None
    asleep: bool
    amount: Decimal | None
    is_share: bool


def rule_row(rule: AlertRule, at: datetime) -> RuleRow:
    """A rule as `rules_of` fetches it, as pages show it."""
    opened = rule.open_alerts  # type: ignore[attr-defined]
    share = rule.condition in {Condition.RISE, Condition.FALL}
    amount = rule.threshold * HUNDRED if share and rule.threshold is not None else rule.threshold
    asleep = rule.snoozed_until is not None and rule.snoozed_until > at
    return RuleRow(rule, opened[0] if opened else None, asleep, amount, share)


def rules_in(
    workspace: Workspace, *, metric: Metric | None = None, state: str = "", at: datetime
) -> QuerySet[AlertRule]:
    """The rules in force that are in a state now: open, silent, watching, or any."""
    rows = rules_of(workspace, metric)
    is_open = Exists(Alert.objects.filter(rule=OuterRef("pk"), closed_at=None))
    asleep = Q(snoozed_until__isnull=False, snoozed_until__gt=at)
    return {
        OPEN: rows.filter(is_open),
        SILENT: rows.filter(~is_open, asleep),
        WATCHING: rows.filter(~is_open).exclude(asleep),
    }.get(state, rows)


def rules_of(workspace: Workspace, metric: Metric | None = None) -> QuerySet[AlertRule]:
    """The rules in force by name, with the open alert (`open_alerts`) of each; 3 queries."""
    rows = AlertRule.objects.select_related("metric", "by__user").filter(
        workspace=workspace, retired_at=None
    )
    rows = rows if metric is None else rows.filter(metric=metric)
    opened = Prefetch("alerts", Alert.objects.filter(closed_at=None), to_attr="open_alerts")
    people = Prefetch("watchers", Membership.objects.select_related("user").order_by("pk"))
    return rows.prefetch_related(opened, people).order_by("name", "pk")


def alerts_of(
    workspace: Workspace, *, metric: Metric | None = None, is_open: bool | None = None
) -> QuerySet[Alert]:
    """What was raised, newest first."""
    rows = Alert.objects.select_related("rule__metric").filter(workspace=workspace)
    if metric is not None:
        rows = rows.filter(rule__metric=metric)
    if is_open is not None:
        rows = rows.filter(closed_at__isnull=is_open)
    return rows.order_by("-opened_at", "-pk")


def terms_of(rule: AlertRule) -> Terms:
    """What a rule asks for."""
    return Terms(Condition(rule.condition), rule.threshold, rule.floor, rule.persistence)


def look(rule: AlertRule, *, until: date, today: date) -> Look:
    """The last whole periods up to the day until which there are data; 2-4 queries."""
    grain = Grain(rule.grain)
    first = bucket_start(today - BACK[grain], grain)
    points = _points(rule.metric, rule, first, until, today)
    volumes = points
    if rule.metric.denominator is not None:
        volumes = _points(rule.metric.denominator, rule, first, until, today)
    by_start = {point.start: point.value for point in volumes}
    known = {point.start: point.value for point in points}
    last = [point for point in points if point.complete][-rule.persistence :]
    usual = _usual(rule, points, last)
    buckets = []
    for at, point in enumerate(last):
        before = known.get(_compared(rule, point.start))
        volume = by_start.get(point.start)
        if rule.metric.denominator is None:
            volume = max((abs(v) for v in (volume, before) if v is not None), default=None)
        range_of = usual[at] if usual else None
        buckets.append(
            Bucket(
                point.value,
                before,
                volume,
                _exact(range_of.low) if range_of else None,
                _exact(range_of.high) if range_of else None,
            )
        )
    return Look(buckets, last)


def _exact(value: float) -> Decimal:
    return Decimal(repr(round(value, 6)))


def _points(metric: Metric, rule: AlertRule, first: date, until: date, today: date) -> list[Point]:
    """The series of the rule's metric or its denominator, by its grain and filters."""
    where = [(name, value) for name, value in rule.where]
    answer = read_series(
        metric, grain=rule.grain, first=first, last=until, where=where, today=today
    )
    return answer.series[0].points if answer.series else []


def _usual(
    rule: AlertRule, points: Sequence[Point], last: Sequence[Point]
) -> list[Expected] | None:
    """The usual ranges of the last periods, by what was before them."""
    if rule.condition != Condition.ANOMALY or not last:
        return None
    before = [point for point in points if point.start < last[0].start]
    history = [None if point.value is None else float(point.value) for point in before]
    return expect(history, Grain(rule.grain), len(last))


def _compared(rule: AlertRule, start: date) -> date:
    """The first day of the period that a period is compared with."""
    grain = Grain(rule.grain)
    if rule.compare == Compare.PREVIOUS:
        return bucket_start(start - timedelta(days=1), grain)
    if grain in {Grain.DAY, Grain.WEEK}:
        return start - timedelta(days=364)  # 52 weeks: the same weekday
    return bucket_start(period_of(start, grain).start.replace(year=start.year - 1), grain)


def period_word(rule: AlertRule, point: Point) -> str:
    """What the period of a point is called."""
    return label(period_of(point.start, Grain(rule.grain)))
