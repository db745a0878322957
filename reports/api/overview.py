from decimal import Decimal

from django.utils.timezone import now
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from goals.queries.quotas import QuotaMonth
from reports.forms import OverviewForm
from reports.queries.overview import GoalCard, overview
from workspaces.queries.sla import ClockLine
from workspaces.rest import WorkspaceView
from workspaces.rules.errors import Invalid, at_field


class OverviewGoalOut(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    metric = serializers.CharField(allow_null=True)
    value = serializers.CharField(allow_null=True)
    target = serializers.CharField(allow_null=True)
    progress = serializers.CharField(allow_null=True)
    expected = serializers.CharField()
    pace = serializers.CharField(allow_null=True)
    days_left = serializers.IntegerField()
    open_cards = serializers.IntegerField()
    late_cards = serializers.IntegerField()


class LaneOut(serializers.Serializer):
    key = serializers.CharField()
    status = serializers.CharField(allow_blank=True)
    title = serializers.CharField(allow_blank=True)
    goals = OverviewGoalOut(many=True)


class PressingOut(serializers.Serializer):
    clock = serializers.IntegerField()
    sla = serializers.IntegerField()
    subject = serializers.CharField()
    state = serializers.ChoiceField(choices=["late", "at_risk"])
    due_at = serializers.DateTimeField()


class PressingQuotaOut(serializers.Serializer):
    quota = serializers.IntegerField()
    sla = serializers.IntegerField()
    deliverable = serializers.CharField()
    metric = serializers.CharField()
    month = serializers.DateField()
    value = serializers.CharField(allow_null=True)
    amount = serializers.CharField()
    bound = serializers.ChoiceField(choices=["at_least", "at_most"])
    state = serializers.ChoiceField(choices=["at_risk", "broken"])


class OverviewOut(serializers.Serializer):
    today = serializers.DateField()
    headline = serializers.CharField()
    data_until = serializers.DateField(
        allow_null=True, help_text="Last day of the oldest numbers; null: all reach yesterday."
    )
    lanes = LaneOut(many=True)
    promises = PressingOut(many=True, help_text="Answers that are owed and late or at risk.")
    quotas = PressingQuotaOut(
        many=True, help_text="Months at risk, or broken lately without a reason."
    )


def text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def goal_out(card: GoalCard) -> dict[str, object]:
    standing = card.standing
    return {
        "id": card.goal.pk,
        "title": card.goal.title,
        "metric": card.goal.metric.key if card.goal.has_number else None,
        "value": text(standing.value),
        "target": text(standing.target),
        "progress": text(standing.progress),
        "expected": text(standing.expected),
        "pace": text(standing.pace),
        "days_left": standing.days_left,
        "open_cards": card.work.open,
        "late_cards": card.work.late,
    }


def pressing_out(line: ClockLine) -> dict[str, object]:
    due_at = line.clock.due_at
    return {
        "clock": line.clock.pk,
        "sla": line.clock.promise.sla_id,
        "subject": line.clock.subject,
        "state": line.state.value,
        "due_at": due_at.isoformat() if due_at else None,
    }


def quota_out(one: QuotaMonth) -> dict[str, object]:
    quota = one.quota
    return {
        "quota": quota.pk,
        "sla": quota.promise.sla_id,
        "deliverable": quota.promise.deliverable,
        "metric": quota.metric.key,
        "month": one.month.first,
        "value": text(one.value),
        "amount": quota.amount,
        "bound": quota.bound,
        "state": one.verdict.value,
    }


class OverviewDetail(WorkspaceView):
    """The Overview as data: the headline and the goals in their columns."""

    asks = (
        OpenApiParameter("group", str, description="status, owner, stakeholder or parent"),
        OpenApiParameter("owner", int, description="a member's id"),
        OpenApiParameter("closed", bool, description="with closed and missed goals"),
    )

    @extend_schema(
        operation_id="overview",
        responses=OverviewOut,
    )
    def get(self, request: Request, slug: str) -> Response:
        form = OverviewForm(request.query_params, workspace=self.workspace)
        if not form.is_valid():
            raise Invalid(
                [
                    at_field(name, "invalid_choice", str(message))
                    for name, messages in form.errors.items()
                    for message in messages
                ]
            )
        asked = form.asked()
        found = overview(self.workspace, self.member, asked, at=now())
        lanes = [
            {
                "key": lane.key,
                "status": lane.status,
                "title": str(lane.title),
                "goals": [goal_out(card) for card in lane.cards],
            }
            for lane in found.lanes
        ]
        return Response(
            {
                "today": found.today,
                "headline": found.verdict.headline,
                "data_until": found.until,
                "lanes": lanes,
                "promises": [pressing_out(line) for line in found.promises],
                "quotas": [quota_out(one) for one in found.quotas],
            }
        )
