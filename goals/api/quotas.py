from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from goals.api.fields import metric_at
from goals.api.shapes import AmountField
from goals.models import Quota, QuotaBreach
from goals.operations.quotas import (
    QuotaDraft,
    change_quota,
    explain_month,
    remove_quota,
    set_quota,
)
from goals.queries.quotas import QuotaMonth, quotas_in, quotas_of
from goals.queries.slas import MONTHS, Kept, attainment, month_table
from goals.rules.quotas import Aspect, Bound, Verdict
from metrics.models import Metric
from workspaces.models import Sla, SlaPromise
from workspaces.queries.sla import slas_of
from workspaces.rest import Pages, StrictSerializer, WorkspaceView, find_or_404
from workspaces.rules.errors import Invalid, at_field
from workspaces.rules.sla import Attainment

MOST_MONTHS = 60
ASPECTS = [aspect.value for aspect in Aspect]
BOUNDS = [bound.value for bound in Bound]
VERDICTS = [verdict.value for verdict in Verdict]


class QuotaIn(StrictSerializer):
    metric = serializers.CharField(max_length=80)
    amount = AmountField(help_text="What each month has to come to, in the metric's unit.")
    bound = serializers.ChoiceField(choices=BOUNDS, required=False)
    aspect = serializers.ChoiceField(choices=ASPECTS, required=False)

    def validate_metric(self, key: str) -> Metric:
        """A metric of this workspace; another's does not exist."""
        found = metric_at(self.context["view"].workspace, key)
        if found is None:
            raise serializers.ValidationError(
                _("There is no metric with this key."), code="not_found"
            )
        return found


class QuotaPatch(QuotaIn):
    version = serializers.IntegerField(min_value=1)
    metric = serializers.CharField(max_length=80, required=False)
    amount = AmountField(required=False)


class QuotaBreachIn(StrictSerializer):
    reason = serializers.CharField(max_length=2000)
    mitigation = serializers.CharField(
        max_length=2000, required=False, allow_blank=True, default=""
    )


class QuotaOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    promise = serializers.IntegerField()
    metric = serializers.CharField()
    amount = serializers.CharField()
    bound = serializers.ChoiceField(choices=BOUNDS)
    aspect = serializers.ChoiceField(choices=ASPECTS)


class QuotaBreachOut(serializers.Serializer):
    month = serializers.DateField()
    value = serializers.CharField(help_text="As it was known when the reason was given.")
    reason = serializers.CharField()
    mitigation = serializers.CharField()


class AnswersOut(serializers.Serializer):
    kept = serializers.IntegerField()
    broken = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True, help_text="null where nothing was due")


class QuotaMonthOut(serializers.Serializer):
    quota = serializers.IntegerField()
    value = serializers.CharField(allow_null=True)
    verdict = serializers.ChoiceField(choices=VERDICTS)
    breach = QuotaBreachOut(allow_null=True)


class VerdictsOut(serializers.Serializer):
    kept = serializers.IntegerField()
    broken = serializers.IntegerField()
    running = serializers.IntegerField()
    at_risk = serializers.IntegerField()
    unknown = serializers.IntegerField()


class KeptMonthOut(serializers.Serializer):
    month = serializers.DateField()
    answers = AnswersOut()
    quotas = VerdictsOut(help_text="How many quotas stand how.")


class KeptOut(serializers.Serializer):
    sla = serializers.IntegerField()
    name = serializers.CharField()
    months = KeptMonthOut(many=True, help_text="The newest first; none from before it held.")


class SlaMonthOut(serializers.Serializer):
    month = serializers.DateField()
    answers = AnswersOut()
    quotas = QuotaMonthOut(many=True)


def quota_out(quota: Quota) -> dict[str, Any]:
    return {
        "id": quota.pk,
        "version": quota.version,
        "promise": quota.promise_id,
        "metric": quota.metric.key,
        "amount": quota.amount,
        "bound": quota.bound,
        "aspect": quota.aspect,
    }


def breach_out(breach: QuotaBreach) -> dict[str, Any]:
    return {
        "month": breach.month.isoformat(),
        "value": breach.value,
        "reason": breach.reason,
        "mitigation": breach.mitigation,
    }


def answers_out(answers: Attainment) -> dict[str, Any]:
    return {"kept": answers.kept, "broken": answers.broken, "share": answers.share}


def plain(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def month_out(one: QuotaMonth) -> dict[str, Any]:
    return {
        "quota": one.quota.pk,
        "value": plain(one.value),
        "verdict": one.verdict.value,
        "breach": None if one.breach is None else breach_out(one.breach),
    }


def drafted(fields: dict[str, Any]) -> QuotaDraft:
    words = {"bound": Bound, "aspect": Aspect}
    return QuotaDraft(**{k: words[k](v) if k in words else v for k, v in fields.items()})


class QuotasOfPromise(WorkspaceView):
    can = {"GET": "workspace.view", "POST": "sla.edit"}

    @extend_schema(responses=QuotaOut(many=True), operation_id="quotas")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        promise = find_or_404(SlaPromise, pk, self)
        rows = quotas_of(self.workspace).filter(promise=promise)
        return Response([quota_out(row) for row in rows])

    @extend_schema(request=QuotaIn, responses={201: QuotaOut}, operation_id="set_quota")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        promise = find_or_404(SlaPromise, pk, self)
        draft = drafted(self.shape(QuotaIn, request.data))
        return Response(
            quota_out(set_quota(promise, draft=draft, by=self.member, at=now())), status=201
        )


class QuotaDetail(WorkspaceView):
    can = {"GET": "workspace.view", "PATCH": "sla.edit", "DELETE": "sla.edit"}

    def render_current(self, quota: Quota) -> dict[str, Any]:
        """The quota as it stands, for a 409."""
        return quota_out(quota)

    @extend_schema(responses=QuotaOut, operation_id="quota")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(quota_out(find_or_404(Quota, pk, self)))

    @extend_schema(request=QuotaPatch, responses=QuotaOut, operation_id="change_quota")
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        found = find_or_404(Quota, pk, self)
        asked = self.shape(QuotaPatch, request.data)
        version = asked.pop("version")
        fields = {
            "metric": found.metric,
            "amount": found.target,
            "bound": found.bound,
            "aspect": found.aspect,
        }
        draft = drafted({**fields, **asked})
        return Response(
            quota_out(change_quota(found, draft=draft, version=version, by=self.member, at=now()))
        )

    @extend_schema(responses={204: None}, operation_id="remove_quota")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        found = find_or_404(Quota, pk, self)
        remove_quota(found, version=found.version, by=self.member, at=now())
        return Response(status=204)


class QuotaMonthDetail(WorkspaceView):
    can = {"PUT": "sla.run"}

    @extend_schema(request=QuotaBreachIn, responses=QuotaBreachOut, operation_id="explain_month")
    def put(self, request: Request, slug: str, pk: str, month: str) -> Response:
        quota = find_or_404(Quota, pk, self)
        asked = self.shape(QuotaBreachIn, request.data)
        breach = explain_month(quota, month=month_named(month), **asked, by=self.member, at=now())
        return Response(breach_out(breach))


def month_named(word: str) -> date:
    """The first day of a month such as 2026-03; anything else is not there."""
    try:
        return date.fromisoformat(f"{word}-01")
    except ValueError as error:
        raise Http404 from error


class SlaMonths(WorkspaceView):
    """The last twelve months of an agreement, the newest first."""

    @extend_schema(responses=SlaMonthOut(many=True), operation_id="sla_months")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        sla = find_or_404(Sla, pk, self)
        quotas = quotas_in(self.workspace, [sla.pk])
        return Response(
            [
                {
                    "month": row.first.isoformat(),
                    "answers": answers_out(row.answers),
                    "quotas": [month_out(one) for one in row.quotas if one is not None],
                }
                for row in month_table(self.workspace, sla, quotas, now())
            ]
        )


class Attainments(WorkspaceView):
    """How all agreements were kept, month by month."""

    asks = [
        OpenApiParameter(
            "months", {"type": "integer", "minimum": 1, "maximum": MOST_MONTHS, "default": MONTHS}
        )
    ]
    pagination_class = Pages

    @extend_schema(responses=KeptOut(many=True), operation_id="attainment")
    def get(self, request: Request, slug: str) -> Response:
        pages, count = Pages(), months_asked(request.query_params.get("months"))
        slas = pages.paginate_queryset(slas_of(self.workspace), request, view=self)
        found = attainment(self.workspace, slas, now(), count=count)
        return pages.get_paginated_response([kept_out(one) for one in found])


def months_asked(word: str | None) -> int:
    """How many months, or a 400."""
    if word is None:
        return MONTHS
    if not (word.isascii() and word.isdigit() and 1 <= int(word[:4]) <= MOST_MONTHS):
        message = _("Write a whole number from 1 to %(most)s.") % {"most": MOST_MONTHS}
        raise Invalid([at_field("months", "not_a_number", message)])
    return int(word)


def kept_out(found: Kept) -> dict[str, Any]:
    months = [
        {
            "month": month.first.isoformat(),
            "answers": answers_out(month.answers),
            "quotas": month.verdicts,
        }
        for month in found.months
    ]
    return {"sla": found.sla.pk, "name": found.sla.name, "months": months}
