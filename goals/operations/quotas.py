"""Letting a metric measure a promise, and saying why a month was missed."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from goals.models import Quota, QuotaBreach
from goals.queries.quotas import quota_months, quotas_of
from goals.rules import amounts
from goals.rules.quotas import Aspect, Bound, Verdict
from goals.verbs import QUOTA_CHANGED, QUOTA_EXPLAINED, QUOTA_REMOVED, QUOTA_SET
from metrics.models import Metric
from metrics.models.definitions import DERIVED
from workspaces.models import Membership, SlaPromise
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused, Stale

MOST_QUOTAS = 10


@dataclass(frozen=True)
class QuotaDraft:
    """What a metric is to come to in each month, in its own unit."""

    metric: Metric
    amount: Decimal
    bound: Bound = Bound.AT_LEAST
    aspect: Aspect = Aspect.QUANTITY


@transaction.atomic
def set_quota(promise: SlaPromise, *, draft: QuotaDraft, by: Membership, at: datetime) -> Quota:
    """Let a metric measure what is promised, from the first whole month of the agreement on."""
    promise = _given(promise)
    _refuse_metric(promise, draft.metric)
    _refuse_amount(draft)
    if Quota.objects.filter(promise=promise, removed_at=None).count() >= MOST_QUOTAS:
        message = _("A promise is measured by at most %(count)s metrics.")
        raise Refused(message % {"count": MOST_QUOTAS}, code="too_many")
    try:
        with transaction.atomic():
            quota = Quota.objects.create(
                workspace_id=promise.workspace_id, promise=promise, **_columns(draft)
            )
    except IntegrityError as error:
        raise _taken() from error
    record(QUOTA_SET, promise.sla, by=by, at=at, **_told(quota))
    return quota


@transaction.atomic
def change_quota(
    quota: Quota, *, draft: QuotaDraft, version: int, by: Membership, at: datetime
) -> Quota:
    """Change what is promised; all months are judged by it, also those that are over."""
    row = _held(quota, version)
    if draft.metric.pk != row.metric_id:
        _refuse_metric(row.promise, draft.metric)
    _refuse_amount(draft)
    for name, value in _columns(draft).items():
        setattr(row, name, value)
    row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise _taken() from error
    record(QUOTA_CHANGED, row.promise.sla, by=by, at=at, **_told(row))
    return row


@transaction.atomic
def remove_quota(quota: Quota, *, version: int, by: Membership, at: datetime) -> None:
    """Measure the promise by this metric no more."""
    row = _held(quota, version)
    row.removed_at = at
    row.version += 1
    row.save(update_fields=["removed_at", "version"])
    record(QUOTA_REMOVED, row.promise.sla, by=by, at=at, **_told(row))


@transaction.atomic
def explain_month(
    quota: Quota, *, month: date, reason: str, mitigation: str, by: Membership, at: datetime
) -> QuotaBreach:  # fmt: skip
    """Say why a month was missed, with its value as it is known now; a second time corrects it."""
    row = quotas_of(quota.workspace).filter(pk=quota.pk).first()
    found = quota_months(row.workspace, [row], [month], at=at)[row.pk] if row else []
    if not found or found[0].verdict is not Verdict.BROKEN or month.day != 1:
        raise Refused(_("The promise was not broken in this month."), code="not_broken")
    if not reason.strip():
        raise Refused(_("Say why the promise was broken."), code="required", field="reason")
    breach, _made = QuotaBreach.objects.update_or_create(
        quota=row,
        month=month,
        defaults={
            "workspace_id": quota.workspace_id,
            "value": amounts.stored(found[0].value),
            "reason": reason.strip(),
            "mitigation": mitigation.strip(),
            "told_at": at,
            "told_by": by,
        },
    )
    told = {"month": month.isoformat(), "reason": breach.reason}
    record(QUOTA_EXPLAINED, quota.promise.sla, by=by, at=at, **told, **_told(quota))
    return breach


def _columns(draft: QuotaDraft) -> dict[str, object]:
    return {
        "metric_id": draft.metric.pk,
        "aspect": draft.aspect.value,
        "bound": draft.bound.value,
        "amount": amounts.stored(draft.amount),
    }


def _refuse_amount(draft: QuotaDraft) -> None:
    """A count is never below zero: such a promise could not be broken, or never be kept."""
    metric, always = draft.metric, draft.bound is Bound.AT_LEAST and draft.amount == 0
    if metric.unit != "count" or metric.kind == DERIVED or not (draft.amount < 0 or always):
        return
    message = _("“%(metric)s” counts and is never below zero: promise more than that.")
    told = message % {"metric": metric.name}
    raise Refused(told, code="below_zero", field="amount")


def _refuse_metric(promise: SlaPromise, metric: Metric) -> None:
    row = Metric.objects.filter(pk=metric.pk, workspace=promise.workspace_id).first()
    if row is None:
        message = _("There is no metric with this key.")
        raise Refused(message, code="not_found", field="metric")
    if row.retired_at is not None:
        message = _("This metric is retired: choose one that still gets data.")
        raise Refused(message, code="retired", field="metric")


def _given(promise: SlaPromise) -> SlaPromise:
    """The promise under lock, if it is still given."""
    rows = SlaPromise.objects.select_for_update(of=("self",)).select_related("sla")
    row = rows.get(pk=promise.pk)
    if row.withdrawn_at is not None or row.sla.ended_at is not None:
        raise Refused(_("This promise is not given any more."), code="ended")
    return row


def _held(quota: Quota, version: int) -> Quota:
    rows = Quota.objects.select_for_update(of=("self",)).select_related("metric", "promise__sla")
    row = rows.get(pk=quota.pk)
    if row.version != version:
        raise Stale(_("Somebody changed this promise meanwhile."), current=row)
    if row.removed_at is not None:
        raise Refused(_("This metric measures the promise no more."), code="removed")
    _given(row.promise)
    return row


def _told(quota: Quota) -> dict[str, object]:
    return {"metric": quota.metric.name, "deliverable": quota.promise.deliverable}


def _taken() -> Refused:
    return Refused(_("This metric measures the promise already."), code="taken", field="metric")
