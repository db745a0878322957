from dataclasses import replace
from datetime import date
from typing import Any

from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.forms.asking import Asking
from metrics.models import Metric
from metrics.models.definitions import (
    COUNTING_CHOICES,
    DIRECTION_CHOICES,
    KIND_CHOICES,
    STAGE_CHOICES,
    UNIT_CHOICES,
    MetricVersion,
)
from metrics.operations.definition_checks import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    MOST_DAYS,
    Definition,
    refuse_misplaced,
)
from metrics.operations.definitions import (
    ALWAYS,
    define_metric,
    definition_of,
    redefine_metric,
    retire_metric,
)
from metrics.operations.formulas import Beginning
from metrics.operations.purging import delete_metric
from metrics.queries.catalogue import find_metric, metrics_of, warnings_about
from metrics.queries.series import latest_days
from metrics.queries.wording import (
    InForce,
    in_force,
    keys_in,
    versions_by_metric,
    versions_of,
)
from metrics.rules.amounts import MOST_DECIMALS
from metrics.rules.days import read_day
from metrics.rules.dims import MOST_DIMS, NAME
from metrics.rules.formula import KEY, LONGEST
from metrics.rules.periods import is_known_day
from workspaces.rest import Pages, StrictSerializer, WorkspaceView


class MetricFields(StrictSerializer):
    """The fields of a definition; which of them go together is judged by the operation."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    kind = serializers.ChoiceField(choices=KIND_CHOICES)
    unit = serializers.ChoiceField(choices=UNIT_CHOICES, required=False)
    decimals = serializers.IntegerField(min_value=0, max_value=MOST_DECIMALS, required=False)
    direction = serializers.ChoiceField(choices=DIRECTION_CHOICES, required=False)
    numerator = serializers.CharField(
        max_length=63, required=False, allow_blank=True, allow_null=True
    )
    denominator = serializers.CharField(
        max_length=63, required=False, allow_blank=True, allow_null=True
    )
    scale = serializers.CharField(
        max_length=24, required=False, help_text="Decimal text above 0, such as 100 for percent."
    )
    currency = serializers.CharField(max_length=3, required=False, allow_blank=True)
    description = serializers.CharField(
        max_length=LONGEST_DESCRIPTION, required=False, allow_blank=True
    )
    formula = serializers.CharField(
        max_length=LONGEST,
        required=False,
        allow_blank=True,
        help_text="Of a derived metric, over keys (or [names]) of others: clicks / sends * 100. "
        "Numbers, + - * /, brackets, min, max, abs, if_missing(x, y).",
    )
    counting = serializers.ChoiceField(choices=COUNTING_CHOICES, required=False)
    cadence_days = serializers.IntegerField(
        min_value=0, max_value=MOST_DAYS, required=False, allow_null=True,
        help_text="Data are expected every so many days; null: learned from the data; "
        "0: no more are expected.",
    )  # fmt: skip
    lag_days = serializers.IntegerField(min_value=0, max_value=MOST_DAYS, required=False)
    allowed_dims = serializers.ListField(
        child=serializers.RegexField(NAME), max_length=MOST_DIMS, required=False,
        help_text="The only dimensions that observations may have; empty: any.",
    )  # fmt: skip
    stage = serializers.ChoiceField(choices=STAGE_CHOICES, required=False, allow_blank=True)
    owner = serializers.EmailField(
        required=False, allow_blank=True, help_text="Address of a member; empty: nobody."
    )

    def validate_numerator(self, key: str | None) -> str:
        """A metric of this workspace; another's does not exist."""
        return self._part(key)

    def validate_denominator(self, key: str | None) -> str:
        """A metric of this workspace; another's does not exist."""
        return self._part(key)

    def _part(self, key: str | None) -> str:
        workspace = self.context["view"].workspace
        rows = Metric.objects.filter(workspace=workspace, key=key)
        if key and not (KEY.match(key) and rows.exists()):
            raise serializers.ValidationError(
                _("There is no metric with this key."), code="unknown_metric"
            )
        return key or ""


class MetricIn(MetricFields):
    key = serializers.RegexField(
        rf"^{KEY.pattern}",
        help_text="Small letters, digits and underscores, a letter first; cannot be changed.",
        error_messages={
            "invalid": _("A key has 1 to 63 small letters, digits and underscores, a letter first.")
        },
    )


class MetricPatch(MetricFields):
    version = serializers.IntegerField(min_value=1, help_text="The version that you have read.")
    name = serializers.CharField(max_length=LONGEST_NAME, required=False)
    kind = serializers.ChoiceField(choices=KIND_CHOICES, required=False)
    effective_from = serializers.CharField(
        max_length=10,
        required=False,
        help_text="A day from which it is computed in the new way (default: today), or “always”.",
    )
    replaces_later = serializers.BooleanField(
        required=False, help_text="True: definitions that begin later are given up, else a 422."
    )

    def validate_effective_from(self, text: str) -> date:
        """The day, or ALWAYS."""
        day = ALWAYS if text == "always" else read_day(text)
        if day is None or (day != ALWAYS and not is_known_day(day)):
            raise serializers.ValidationError(
                _("Write a day as 2026-01-31, or “always”."), code="not_a_day"
            )
        return day


class ComingOut(serializers.Serializer):
    definition = serializers.IntegerField()
    effective_from = serializers.DateField()
    kind = serializers.ChoiceField(choices=KIND_CHOICES)
    numerator = serializers.CharField(allow_null=True)
    denominator = serializers.CharField(allow_null=True)
    scale = serializers.CharField()
    formula = serializers.CharField()
    inputs = serializers.ListField(child=serializers.CharField())


class MetricOut(serializers.Serializer):
    key = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=KIND_CHOICES)
    unit = serializers.ChoiceField(choices=UNIT_CHOICES)
    currency = serializers.CharField()
    decimals = serializers.IntegerField()
    direction = serializers.ChoiceField(choices=DIRECTION_CHOICES)
    numerator = serializers.CharField(allow_null=True)
    denominator = serializers.CharField(allow_null=True)
    scale = serializers.CharField()
    description = serializers.CharField()
    formula = serializers.CharField(help_text="Over keys; empty unless derived.")
    inputs = serializers.ListField(
        child=serializers.CharField(), help_text="Keys of the metrics that it reads directly."
    )
    counting = serializers.ChoiceField(choices=COUNTING_CHOICES)
    cadence_days = serializers.IntegerField(allow_null=True)
    lag_days = serializers.IntegerField()
    allowed_dims = serializers.ListField(child=serializers.CharField())
    stage = serializers.CharField()
    definition = serializers.IntegerField(
        help_text="Number of the definition in force today, which is told here; see versions/."
    )
    coming = ComingOut(many=True, help_text="Definitions that hold from a later day on, in order.")
    owner = serializers.EmailField(allow_null=True)
    version = serializers.IntegerField()
    retired = serializers.BooleanField()
    data_until = serializers.DateField(allow_null=True)


def how_out(one: Metric | MetricVersion) -> dict[str, Any]:
    """How a metric, or a version of one, is computed."""
    return {
        "kind": one.kind,
        "numerator": one.numerator.key if one.numerator else None,
        "denominator": one.denominator.key if one.denominator else None,
        "scale": one.scale_text,
        "formula": one.formula,
        "inputs": keys_in(one),
    }


def metric_out(
    metric: Metric, data_until: object = None, told: InForce | None = None
) -> dict[str, Any]:
    """The metric as it is defined today, and how it will be."""
    coming = told.coming if told else []
    now = told.now if told and coming else None
    return {
        "key": metric.key,
        "name": metric.name,
        "unit": metric.unit,
        "currency": metric.currency,
        "decimals": metric.decimals,
        "direction": metric.direction,
        "description": metric.description,
        **how_out(now or metric),
        "counting": metric.counting,
        "cadence_days": metric.cadence_days,
        "lag_days": metric.lag_days,
        "allowed_dims": metric.allowed_dims,
        "stage": metric.stage,
        "definition": now.number if now else metric.definition_revision,
        "coming": [
            {"definition": one.number, "effective_from": one.effective_from, **how_out(one)}
            for one in coming
        ],
        "owner": metric.owner.user.email if metric.owner else None,
        "version": metric.version,
        "retired": metric.retired_at is not None,
        "data_until": data_until,
    }


class DefinedOut(MetricOut):
    """The metric as it was defined, with what to think of."""

    warnings = serializers.ListField(
        child=serializers.CharField(),
        help_text="Sentences: what was stored, and may still be a mistake.",
    )


class MetricView(WorkspaceView):
    """What the endpoints of one metric share."""

    def find(self, key: str) -> Metric:
        """The metric of that key; another workspace's does not exist."""
        metric = find_metric(self.workspace, key)
        if metric is None:
            raise Http404
        return metric

    def tell(self, metric: Metric) -> dict[str, Any]:
        versions = versions_of(metric) if metric.is_computed else []
        told = in_force(versions, self.workspace.day_of(now()))
        return metric_out(metric, latest_days(self.workspace, [metric.pk]).get(metric.pk), told)

    def defined(self, metric: Metric, told: dict[str, Any]) -> dict[str, Any]:
        """The answer to a definition that was stored."""
        return told | {"warnings": warnings_about(metric)}

    def render_current(self, metric: Metric) -> dict[str, Any]:
        """The metric as it stands, for a 409."""
        return self.tell(metric)


def with_tuples(given: dict[str, Any]) -> dict[str, Any]:
    """The fields as a Definition has them."""
    if "allowed_dims" in given:
        return given | {"allowed_dims": tuple(given["allowed_dims"])}
    return given


def definition_from(given: dict[str, Any]) -> Definition:
    """The definition that a body says."""
    return Definition(**with_tuples(given))


def beginning_in(changes: dict[str, Any]) -> Beginning:
    """From when on a PATCH is to hold, taken out of it."""
    return Beginning(
        changes.pop("effective_from", None),
        replaces_later=changes.pop("replaces_later", False),
    )


RETIRED = OpenApiParameter("retired", bool, description="true: only those that are out of use.")


class Metrics(MetricView):
    can = {"GET": "workspace.view", "POST": "metrics.edit"}
    asks = [RETIRED]
    pagination_class = Pages

    @extend_schema(responses=MetricOut(many=True), operation_id="metrics")
    def get(self, request: Request, slug: str) -> Response:
        pages, asking = Pages(), Asking(request.query_params)
        retired = asking.truth("retired")
        asking.done()
        rows = pages.paginate_queryset(
            metrics_of(self.workspace, retired=retired), request, view=self
        )
        until = latest_days(self.workspace, [metric.pk for metric in rows])
        versions, today = versions_by_metric(rows), self.workspace.day_of(now())
        listed = [
            metric_out(m, until.get(m.pk), in_force(versions.get(m.pk, ()), today)) for m in rows
        ]
        return pages.get_paginated_response(listed)

    @extend_schema(request=MetricIn, responses={201: DefinedOut}, operation_id="define_metric")
    def post(self, request: Request, slug: str) -> Response:
        given = self.shape(MetricIn, request.data)
        refuse_misplaced(given, kind=given["kind"], unit=given.get("unit", Definition.unit))
        definition = definition_from(given)
        metric = define_metric(self.workspace, definition=definition, by=self.member, at=now())
        return Response(self.defined(metric, metric_out(metric)), status=201)


class MetricDetail(MetricView):
    can = {"GET": "workspace.view", "PATCH": "metrics.edit", "DELETE": "metrics.delete"}

    @extend_schema(responses=MetricOut, operation_id="metric")
    def get(self, request: Request, slug: str, key: str) -> Response:
        return Response(self.tell(self.find(key)))

    @extend_schema(request=MetricPatch, responses=DefinedOut, operation_id="redefine_metric")
    def patch(self, request: Request, slug: str, key: str) -> Response:
        metric = self.find(key)
        changes = self.shape(MetricPatch, request.data)
        version, since = changes.pop("version"), beginning_in(changes)
        definition = replace(definition_of(metric), **with_tuples(changes))
        refuse_misplaced(changes, kind=definition.kind, unit=definition.unit)
        changed = redefine_metric(
            metric, definition=definition, version=version, since=since, by=self.member, at=now()
        )
        return Response(self.defined(changed, self.tell(changed)))

    @extend_schema(responses={204: None}, operation_id="delete_metric")
    def delete(self, request: Request, slug: str, key: str) -> Response:
        delete_metric(self.find(key), by=self.member, at=now())
        return Response(status=204)


class RetireMetric(MetricView):
    can = {"POST": "metrics.edit"}

    @extend_schema(request=None, responses=MetricOut, operation_id="retire_metric")
    def post(self, request: Request, slug: str, key: str) -> Response:
        return Response(self.tell(retire_metric(self.find(key), by=self.member, at=now())))
