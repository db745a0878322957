from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.metrics import MetricView
from metrics.models import Metric
from metrics.models.definitions import KIND_CHOICES, MetricVersion
from metrics.operations.formulas import refusal
from metrics.operations.trials import try_formula
from metrics.queries.catalogue import find_metric
from metrics.queries.wording import keys_in, node_of, versions_of
from metrics.rules.amounts import plain
from metrics.rules.formula import BadFormula, text_of
from metrics.rules.periods import FIRST_DAY, LAST_DAY, Calendar, Span, is_known_day, whole_weeks
from workspaces.rest import Pages, StrictSerializer
from workspaces.rules.errors import Invalid, at_field

WEEKS = 4  # that a formula is tried over unless days are named


class FormulaIn(StrictSerializer):
    """A formula, the days that it is tried over, and the metric that it would define."""

    formula = serializers.CharField(allow_blank=True, trim_whitespace=False, help_text="As typed.")
    metric = serializers.CharField(
        max_length=63,
        required=False,
        help_text="Key of the metric that it is for, if there is one.",
    )

    def get_fields(self) -> dict[str, Any]:
        """Among them `from`, which is a word of the language."""
        day = "First and last day; left out, the last four whole weeks."
        return super().get_fields() | {
            "from": serializers.DateField(required=False, help_text=day),
            "to": serializers.DateField(required=False),
        }


class FormulaInputOut(serializers.Serializer):
    key = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=KIND_CHOICES)


class FormulaTrialOut(serializers.Serializer):
    formula = serializers.CharField(help_text="As it would be stored: over keys.")
    inputs = FormulaInputOut(many=True)
    value = serializers.CharField(allow_null=True)
    exact = serializers.BooleanField()
    lower = serializers.CharField(allow_null=True)
    upper = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_blank=True, help_text="Why there is no value.")


class FormulaTrial(MetricView):
    can = {"POST": "metrics.edit"}

    @extend_schema(request=FormulaIn, responses=FormulaTrialOut, operation_id="try_formula")
    def post(self, request: Request, slug: str) -> Response:
        asked = self.shape(FormulaIn, request.data)
        metric = self.meant(asked.get("metric", ""))
        span = self.span_of(asked)
        try:
            trial = try_formula(self.workspace, asked["formula"], spans=[span], metric=metric)
        except BadFormula as fault:
            raise refusal(fault) from fault
        [found] = trial.outcomes
        told = {
            "formula": trial.formula,
            "inputs": [{"key": m.key, "name": m.name, "kind": m.kind} for m in trial.inputs],
            "value": plain(found.value),
            "exact": found.exact,
            "lower": plain(found.lower),
            "upper": plain(found.upper),
            "reason": found.reason,
        }
        return Response(told)

    def meant(self, key: str) -> Metric | None:
        """The metric that the formula would define."""
        metric = find_metric(self.workspace, key)
        if key and metric is None:
            message = _("There is no metric with this key.")
            raise Invalid([at_field("metric", "unknown_metric", message)])
        return metric

    def span_of(self, asked: dict[str, Any]) -> Span:
        """The days asked for; a missing end is filled up to four weeks."""
        calendar = Calendar(self.workspace.week_starts_on)
        usual = whole_weeks(self.workspace.day_of(now()), WEEKS, calendar)
        month = usual.end - usual.start
        first, last = asked.get("from"), asked.get("to")
        limits = {"first": FIRST_DAY, "last": LAST_DAY}
        message = _("Days lie between %(first)s and %(last)s.") % limits
        problems = [
            at_field(name, "out_of_range", message)
            for name in ("from", "to")
            if asked.get(name) and not is_known_day(asked[name])
        ]
        if problems:
            raise Invalid(problems)
        if first is None and last is None:
            return Span(usual.start, usual.end)
        span = Span(first or last - month, last or first + month)
        if span.first > span.last:
            raise Invalid([at_field("from", "backwards", _("“from” lies after “to”."))])
        return span


class MetricVersionOut(serializers.Serializer):
    number = serializers.IntegerField()
    effective_from = serializers.DateField(allow_null=True, help_text="null: from the beginning.")
    kind = serializers.ChoiceField(choices=KIND_CHOICES)
    formula = serializers.CharField(help_text="Over keys; of a ratio, what it divides.")
    inputs = serializers.ListField(child=serializers.CharField())
    numerator = serializers.CharField(allow_null=True)
    denominator = serializers.CharField(allow_null=True)
    scale = serializers.CharField()
    by = serializers.EmailField(allow_null=True)
    defined_at = serializers.DateTimeField()


def version_out(version: MetricVersion) -> dict[str, Any]:
    """One version as JSON."""
    node = node_of(version)
    return {
        "number": version.number,
        "effective_from": version.effective_from,
        "kind": version.kind,
        "formula": text_of(node) if node else "",
        "inputs": keys_in(version),
        "numerator": version.numerator.key if version.numerator else None,
        "denominator": version.denominator.key if version.denominator else None,
        "scale": version.scale_text,
        "by": version.by.user.email if version.by else None,
        "defined_at": version.defined_at,
    }


class MetricVersions(MetricView):
    can = {"GET": "workspace.view"}
    pagination_class = Pages

    @extend_schema(responses=MetricVersionOut(many=True), operation_id="metric_versions")
    def get(self, request: Request, slug: str, key: str) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(versions_of(self.find(key)), request, view=self)
        return pages.get_paginated_response([version_out(row) for row in rows])
