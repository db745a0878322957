from typing import Any

from django.utils.timezone import now
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.answers import AnswerOut, answer_out
from metrics.api.asking import KNOWN_AT
from metrics.forms.asking import GRAINS
from metrics.forms.questions import question_in, read_question
from metrics.queries.explorer import Answered, answer_question
from metrics.queries.funnel import Funnel, Step, read_funnel
from metrics.queries.tables import value_text
from metrics.rules.amounts import plain
from metrics.rules.questions import CALENDARS, CHARTS, COMPARISONS
from workspaces.rest import WorkspaceView


class QuestionIn(serializers.Serializer):
    """The shape of a question for the schema; `metrics.forms.questions` reads it."""

    metrics = serializers.ListField(child=serializers.CharField(), min_length=1, max_length=8)
    grain = serializers.ChoiceField(choices=GRAINS, required=False)
    to = serializers.DateField(required=False)
    days = serializers.IntegerField(required=False, help_text="The last days that have ended.")
    by = serializers.ListField(child=serializers.CharField(), required=False, max_length=3)
    where = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(allow_null=True)), required=False
    )
    compare = serializers.ChoiceField(choices=list(COMPARISONS), required=False)
    top = serializers.IntegerField(required=False, min_value=0, max_value=50)
    cumulative = serializers.BooleanField(required=False, help_text="From the start of the range.")
    window = serializers.IntegerField(required=False, min_value=1, max_value=400)
    calendar = serializers.ChoiceField(choices=list(CALENDARS), required=False)
    version = serializers.IntegerField(required=False, help_text="Of one metric alone.")
    known_at = serializers.CharField(
        required=False, help_text="What was known at the end of a day, or at an instant."
    )
    chart = serializers.ChoiceField(choices=list(CHARTS), required=False)

    def get_fields(self) -> dict[str, serializers.Field]:
        """`from` is a word of Python, so it cannot be an attribute."""
        return {**super().get_fields(), "from": serializers.DateField(required=False)}


class RangeOut(serializers.Serializer):
    to = serializers.DateField(allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field]:
        """`from` is a word of Python, so it cannot be an attribute."""
        return {**super().get_fields(), "from": serializers.DateField(allow_null=True)}


class QueryOut(RangeOut):
    grain = serializers.CharField()
    compared_from = serializers.DateField(allow_null=True)
    compared_to = serializers.DateField(allow_null=True)
    metrics = AnswerOut(many=True)


class StepOut(serializers.Serializer):
    metric = serializers.CharField()
    stage = serializers.CharField(allow_blank=True)
    value = serializers.CharField(allow_null=True)
    exact = serializers.BooleanField()
    from_before = serializers.CharField(
        allow_null=True, help_text="Percent of the step before; null: a level."
    )
    from_first = serializers.CharField(allow_null=True, help_text="Percent of the first step.")


class ChannelOut(serializers.Serializer):
    value = serializers.CharField(allow_null=True)
    steps = StepOut(many=True)


class FunnelOut(RangeOut):
    by = serializers.CharField(allow_blank=True)
    steps = StepOut(many=True)
    channels = ChannelOut(many=True)
    not_split = serializers.ListField(child=serializers.CharField())


class Query(WorkspaceView):
    """A question that is asked by POST, because it is long; it changes nothing."""

    can = {"POST": "workspace.view"}

    @extend_schema(request=QuestionIn, responses=QueryOut, operation_id="query")
    def post(self, request: Request, slug: str) -> Response:
        question = read_question(request.data)
        today = self.workspace.day_of(now())
        return Response(answered_out(answer_question(self.workspace, question, today=today)))


class FunnelOf(WorkspaceView):
    can = {"GET": "workspace.view"}
    asks = [
        OpenApiParameter(
            "metric", str, many=True, required=True, description="The steps in order."
        ),
        OpenApiParameter("from", str),
        OpenApiParameter("to", str),
        OpenApiParameter("days", int, description="The last days that have ended."),
        OpenApiParameter("by", str, description="Split by this dimension."),
        OpenApiParameter("where", str, many=True, description="DIM:VALUE, as for a series."),
        KNOWN_AT,
    ]

    @extend_schema(responses=FunnelOut, operation_id="funnel")
    def get(self, request: Request, slug: str) -> Response:
        question = question_in(request.query_params)
        today = self.workspace.day_of(now())
        return Response(funnel_out(read_funnel(self.workspace, question, today=today)))


def answered_out(answered: Answered) -> dict[str, Any]:
    before = answered.before or (None, None)
    return {
        "grain": answered.question.grain.value,
        "from": answered.first,
        "to": answered.last,
        "compared_from": before[0],
        "compared_to": before[1],
        "metrics": [answer_out(one.answer, one.metric) for one in answered.metrics],
    }


def funnel_out(found: Funnel) -> dict[str, Any]:
    return {
        "from": found.first,
        "to": found.last,
        "by": found.by,
        "steps": [step_out(step) for step in found.steps],
        "channels": [
            {"value": one.name, "steps": [step_out(step) for step in one.steps]}
            for one in found.channels
        ],
        "not_split": [metric.key for metric in found.whole],
    }


def step_out(step: Step) -> dict[str, Any]:
    return {
        "metric": step.metric.key,
        "stage": step.metric.stage,
        "value": value_text(step.value, step.metric),
        "exact": step.exact,
        "from_before": plain(step.from_before),
        "from_first": plain(step.from_first),
    }
