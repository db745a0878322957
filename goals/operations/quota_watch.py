"""Noticing months of promises that are at risk or were missed, and telling both parties."""

from datetime import datetime

from django.db import IntegrityError, transaction

from goals.models import Quota, QuotaBreach
from goals.queries.quotas import QuotaMonth, quota_months, quotas_of
from goals.rules import amounts
from goals.rules.quotas import Verdict
from goals.verbs import QUOTA_AT_RISK, QUOTA_BROKEN
from workspaces.models import Stakeholder, Workspace
from workspaces.operations.notifications import Notice, notify
from workspaces.operations.recording import record
from workspaces.queries.sla import months_back
from workspaces.rules.verbs import Verb
from workspaces.verbs import SLA_NOTICE

LOOKED_AT = 2  # months: this one, and the one before, whose data may come late
EARLIEST = 7  # days of data before a month can be called at risk


def watch_quotas(*, at: datetime) -> int:
    """Tell of months that have turned out missed or at risk, once each; how many."""
    given = Quota.objects.filter(removed_at=None, promise__withdrawn_at=None)
    spaces = given.filter(promise__sla__ended_at=None).values("workspace_id")
    return sum(
        _watch(workspace, at)
        for workspace in Workspace.objects.filter(pk__in=spaces).order_by("pk")
    )


def _watch(workspace: Workspace, at: datetime) -> int:
    rows = quotas_of(workspace).filter(promise__withdrawn_at=None, promise__sla__ended_at=None)
    days = months_back(workspace.day_of(at), LOOKED_AT)
    found = quota_months(workspace, list(rows), days, at=at)
    return sum(_judge(month, at) for months in found.values() for month in months)


def _judge(month: QuotaMonth, at: datetime) -> int:
    """Tell of one month what has not been told yet."""
    if month.verdict is Verdict.BROKEN and month.breach is None:
        return _break(month, at)
    if month.verdict is Verdict.AT_RISK and month.quota.warned_month != month.month.first:
        days = (month.until - month.month.first).days + 1 if month.until else 0
        return _warn(month, at) if days >= EARLIEST else 0
    return 0


def _break(month: QuotaMonth, at: datetime) -> int:
    """Write the missed month down; who comes second finds it there."""
    try:
        with transaction.atomic():
            QuotaBreach.objects.create(
                workspace_id=month.quota.workspace_id,
                quota=month.quota,
                month=month.month.first,
                value=amounts.stored(month.value),
                told_at=at,
            )
            _tell(QUOTA_BROKEN, month, at)
    except IntegrityError:
        return 0
    return 1


@transaction.atomic
def _warn(month: QuotaMonth, at: datetime) -> int:
    first = month.month.first
    same = Quota.objects.filter(pk=month.quota.pk).exclude(warned_month=first)
    if not same.update(warned_month=first):
        return 0
    _tell(QUOTA_AT_RISK, month, at)
    return 1


def _tell(verb: Verb, month: QuotaMonth, at: datetime) -> None:
    """One event, and a notice to the members behind both parties."""
    quota, sla = month.quota, month.quota.promise.sla
    told: dict[str, object] = {
        "month": month.month.first.isoformat(),
        "metric": quota.metric.name,
        "deliverable": quota.promise.deliverable,
    }
    record(verb, sla, by=None, at=at, **told)
    parties = Stakeholder.objects.filter(pk__in=(sla.provider_id, sla.receiver_id))
    people = set(parties.exclude(member=None).values_list("member_id", flat=True))
    link = f"/w/{sla.workspace.slug}/sla/{sla.pk}/"
    notify(Notice(SLA_NOTICE, verb, link, told), sla, to=people, by=None, at=at)
