from dataclasses import replace
from typing import Any

from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.fields import MetricKey, Number
from metrics.forms.asking import GRAINS, Asking
from metrics.models.alerts import Alert, AlertRule
from metrics.operations.alerts import (
    Watch,
    add_alert_rule,
    change_alert_rule,
    retire_alert_rule,
    snooze_alert_rule,
    watch_of,
)
from metrics.queries.alerts import STATES, alerts_of, rules_in, rules_of
from metrics.rules.alerts import Compare, Condition
from metrics.rules.amounts import plain
from metrics.rules.dims import read_filter
from workspaces.rest import Pages, StrictSerializer, WorkspaceView, find_or_404

METRIC = OpenApiParameter("metric", str, description="Key of a metric.")
CONDITIONS = [condition.value for condition in Condition]
COMPARED = [compare.value for compare in Compare]


class RuleFields(StrictSerializer):
    """What a rule looks for; which of it goes together is judged by the operation."""

    name = serializers.CharField(max_length=120)
    condition = serializers.ChoiceField(choices=CONDITIONS)
    grain = serializers.ChoiceField(choices=GRAINS, required=False)
    compare = serializers.ChoiceField(choices=COMPARED, required=False)
    threshold = Number(required=False, allow_null=True)
    floor = Number(required=False, allow_null=True)
    persistence = serializers.IntegerField(required=False)
    where = serializers.ListField(
        child=serializers.CharField(max_length=270), required=False, help_text="DIM:VALUE"
    )
    watchers = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        required=False,
        max_length=200,
    )

    def validate_where(self, texts: list[str]) -> tuple[tuple[str, str | None], ...]:
        """Filters as the series has them."""
        found = [read_filter(text) for text in texts]
        if None in found:
            message = _("Write a filter as DIM:VALUE, or DIM: for those without a value.")
            raise serializers.ValidationError(message, code="not_a_filter")
        return tuple(pair for pair in found if pair is not None)


class RuleIn(RuleFields):
    metric = MetricKey()


class RulePatch(RuleFields):
    version = serializers.IntegerField(min_value=1, help_text="The version that you have read.")
    name = serializers.CharField(max_length=120, required=False)
    condition = serializers.ChoiceField(choices=CONDITIONS, required=False)


class SnoozeIn(StrictSerializer):
    until = serializers.DateTimeField(allow_null=True, help_text="null: wake it")


class AlertOut(serializers.Serializer):
    id = serializers.IntegerField()
    rule = serializers.IntegerField()
    name = serializers.CharField()
    metric = serializers.CharField()
    period = serializers.CharField()
    start = serializers.DateField()
    end = serializers.DateField()
    value = serializers.CharField()
    against = serializers.DictField(help_text="before, volume, low, high: where there are any")
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class RuleOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    metric = serializers.CharField()
    name = serializers.CharField()
    condition = serializers.ChoiceField(choices=CONDITIONS)
    grain = serializers.ChoiceField(choices=GRAINS)
    compare = serializers.ChoiceField(choices=COMPARED)
    threshold = serializers.CharField(allow_null=True)
    floor = serializers.CharField(allow_null=True)
    persistence = serializers.IntegerField()
    where = serializers.ListField(child=serializers.CharField())
    watchers = serializers.ListField(child=serializers.IntegerField())
    snoozed_until = serializers.DateTimeField(allow_null=True)
    state = serializers.CharField(help_text="What it said last: raised, calm, undecided, or empty.")
    open = AlertOut(allow_null=True)


def alert_out(alert: Alert, rule: AlertRule) -> dict[str, Any]:
    return {
        "id": alert.pk,
        "rule": rule.pk,
        "name": rule.name,
        "metric": rule.metric.key,
        "period": alert.period,
        "start": alert.start,
        "end": alert.end,
        "value": plain(alert.value),
        "against": alert.against,
        "opened_at": alert.opened_at.isoformat(),
        "closed_at": alert.closed_at.isoformat() if alert.closed_at else None,
    }


def rule_out(rule: AlertRule) -> dict[str, Any]:
    """A rule as `rules_of` fetches it."""
    opened = rule.open_alerts  # type: ignore[attr-defined]
    return {
        "id": rule.pk,
        "version": rule.version,
        "metric": rule.metric.key,
        "name": rule.name,
        "condition": rule.condition,
        "grain": rule.grain,
        "compare": rule.compare,
        "threshold": plain(rule.threshold),
        "floor": plain(rule.floor),
        "persistence": rule.persistence,
        "where": [f"{name}:{value or ''}" for name, value in rule.where],
        "watchers": [member.pk for member in rule.watchers.all()],
        "snoozed_until": rule.snoozed_until.isoformat() if rule.snoozed_until else None,
        "state": rule.state,
        "open": alert_out(opened[0], rule) if opened else None,
    }


class RuleView(WorkspaceView):
    """What the endpoints of alert rules share."""

    def tell(self, rule: AlertRule) -> dict[str, Any]:
        return rule_out(rules_of(self.workspace).get(pk=rule.pk))

    def render_current(self, rule: object) -> dict[str, Any]:
        """The rule as it stands, for a 409."""
        return self.tell(rule) if isinstance(rule, AlertRule) else {}


class AlertRules(RuleView):
    """The alerts that are set, by name, each with what it has open."""

    can = {"GET": "workspace.view", "POST": "metrics.edit"}
    asks = [METRIC, OpenApiParameter("state", str, enum=STATES, description="How it is now.")]
    pagination_class = Pages

    @extend_schema(responses=RuleOut(many=True), operation_id="alert_rules")
    def get(self, request: Request, slug: str) -> Response:
        asking = Asking(request.query_params)
        metric = asking.metric(self.workspace)
        state = asking.choice("state", STATES)
        asking.done()
        pages = Pages()
        rules = rules_in(self.workspace, metric=metric, state=state, at=now())
        rows = pages.paginate_queryset(rules, request, view=self)
        return pages.get_paginated_response([rule_out(rule) for rule in rows])

    @extend_schema(request=RuleIn, responses={201: RuleOut}, operation_id="add_alert_rule")
    def post(self, request: Request, slug: str) -> Response:
        fields = self.shape(RuleIn, request.data)
        metric, watchers = fields.pop("metric"), fields.pop("watchers", [])
        rule = add_alert_rule(
            metric, watch=Watch(**fields), watchers=watchers, by=self.member, at=now()
        )
        return Response(self.tell(rule), status=201)


class AlertRuleDetail(RuleView):
    can = {"GET": "workspace.view", "PATCH": "metrics.edit", "DELETE": "metrics.edit"}

    @extend_schema(responses=RuleOut, operation_id="alert_rule")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(self.tell(rule_or_404(pk, self)))

    @extend_schema(request=RulePatch, responses=RuleOut, operation_id="change_alert_rule")
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        rule = rule_or_404(pk, self)
        fields = self.shape(RulePatch, request.data)
        version, watchers = fields.pop("version"), fields.pop("watchers", None)
        watch = replace(watch_of(rule), **fields)
        changed = change_alert_rule(
            rule, watch=watch, watchers=watchers, version=version, by=self.member, at=now()
        )
        return Response(self.tell(changed))

    @extend_schema(responses={204: None}, operation_id="retire_alert_rule")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        retire_alert_rule(rule_or_404(pk, self), by=self.member, at=now())
        return Response(status=204)


def rule_or_404(pk: str, view: WorkspaceView) -> AlertRule:
    """A rule that is in force; one that was removed does not exist."""
    rule: AlertRule = find_or_404(AlertRule, pk, view)
    if rule.retired_at is not None:
        raise Http404
    return rule


class SnoozeAlertRule(RuleView):
    can = {"POST": "metrics.edit"}

    @extend_schema(request=SnoozeIn, responses=RuleOut, operation_id="snooze_alert_rule")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        rule = rule_or_404(pk, self)
        until = self.shape(SnoozeIn, request.data)["until"]
        return Response(self.tell(snooze_alert_rule(rule, until=until, by=self.member, at=now())))


class Alerts(WorkspaceView):
    """What was raised, newest first; `open` asks for those that are, or are not, open."""

    asks = [METRIC, OpenApiParameter("open", bool)]
    pagination_class = Pages

    @extend_schema(responses=AlertOut(many=True), operation_id="alerts")
    def get(self, request: Request, slug: str) -> Response:
        asking = Asking(request.query_params)
        metric = asking.metric(self.workspace)
        is_open = asking.truth("open") if request.query_params.get("open") else None
        asking.done()
        pages = Pages()
        rows = alerts_of(self.workspace, metric=metric, is_open=is_open)
        found = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response([alert_out(alert, alert.rule) for alert in found])
