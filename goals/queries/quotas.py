"""How promised quantities and qualities stand, month by month."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from goals.models import Quota, QuotaBreach
from goals.rules.quotas import Bound, Verdict, month_of, verdict_of
from metrics.queries.answers import Window
from metrics.queries.series import latest_days, read_windows
from metrics.rules.periods import Span
from workspaces.models import Workspace
from workspaces.queries.sla import months_back
from workspaces.rules.days import last_complete_day

PRESSING = (Verdict.AT_RISK, Verdict.BROKEN)
PRESSING_MONTHS = 2  # this one and the one before


@dataclass(frozen=True)
class QuotaMonth:
    """One month of a quota; `until` is the last day with data, `breach` what was said of it."""

    quota: Quota
    month: Span
    value: Decimal | None
    verdict: Verdict
    until: date | None = None
    breach: QuotaBreach | None = None

    @property
    def word(self) -> str:
        """The month as addresses name it: 2026-03."""
        return f"{self.month.first:%Y-%m}"

    @property
    def key(self) -> str:
        """What tells this month from those of other quotas on a page: 7-2026-03."""
        return f"{self.quota.pk}-{self.word}"

    @property
    def share(self) -> Decimal | None:
        """How much of an amount that is to be reached is there; None where that says nothing."""
        target = self.quota.target
        reaches = self.quota.bound == Bound.AT_LEAST.value and target > 0
        return self.value / target if reaches and self.value is not None else None


def quotas_of(workspace: Workspace) -> QuerySet[Quota]:
    """All quotas that hold, with metric and promise; 1 query."""
    rows = Quota.objects.select_related("metric", "promise__sla__workspace")
    return rows.filter(workspace=workspace, removed_at=None).order_by("promise_id", "aspect", "pk")


def quotas_in(workspace: Workspace, slas: Collection[int]) -> list[Quota]:
    """The quotas of promises that are given in these agreements; 1 query."""
    given = quotas_of(workspace).filter(promise__withdrawn_at=None)
    return list(given.filter(promise__sla__in=slas))


def pressing_quotas(workspace: Workspace, at: datetime) -> list[QuotaMonth]:
    """Months that need somebody: at risk now, or broken lately without a reason; 1-12 queries.

    Only what the watch has told of is looked at, and told as it stands now.
    """
    days = months_back(workspace.day_of(at), PRESSING_MONTHS)
    unexplained = QuotaBreach.objects.filter(workspace=workspace, month__in=days, reason="")
    given = quotas_of(workspace).filter(promise__withdrawn_at=None, promise__sla__ended_at=None)
    noticed = Q(warned_month=days[0]) | Q(pk__in=unexplained.values("quota_id"))
    months = quota_months(workspace, list(given.filter(noticed)), days, at=at)
    return [
        one
        for own in months.values()
        for one in own
        if one.verdict in PRESSING and not (one.breach and one.breach.reason)
    ]


def quota_months(
    workspace: Workspace, quotas: Sequence[Quota], months: Sequence[date], *, at: datetime
) -> dict[int, list[QuotaMonth]]:
    """How each quota stands in each of the months, newest first as asked; 10 queries at most.

    A month that began before the agreement held is left out.
    """
    if not quotas:
        return {}
    complete = last_complete_day(at, workspace.timezone)
    today = workspace.day_of(at)
    spans = [month_of(day) for day in months]
    wanted = [
        (quota, span)
        for quota in quotas
        for span in spans
        if quota.promise.sla.starts_on <= span.first <= today
    ]
    windows = [
        Window(quota.metric_id, span.first, min(span.last, max(complete, span.first)))
        for quota, span in wanted
    ]
    values = read_windows(workspace, windows)
    until = latest_days(workspace, {quota.metric_id for quota in quotas})
    told = {
        (row.quota_id, row.month): row
        for row in QuotaBreach.objects.filter(quota__in=[quota.pk for quota in quotas])
    }
    found: dict[int, list[QuotaMonth]] = {quota.pk: [] for quota in quotas}
    for (quota, span), value in zip(wanted, values, strict=True):
        last = until.get(quota.metric_id)
        verdict = verdict_of(quota.rule, value, span, until=last, complete=complete)
        breach = told.get((quota.pk, span.first))
        found[quota.pk].append(QuotaMonth(quota, span, value, verdict, last, breach))
    return found
