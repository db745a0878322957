"""The pulse: its set-up, its months, answers, links."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from goals.api.strategy_shapes import RowField
from goals.models import Pulse
from goals.models.pulse import QUESTION_LENGTH
from goals.operations.pulse import PulseDraft, answer_pulse, make_links, set_pulse
from goals.queries.pulse import (
    Linkable,
    OpenPulse,
    PulseMonth,
    linkable_in,
    month_row,
    months_of,
    open_pulse,
    pulse_of,
    taking_part,
)
from goals.rules.pulse import FEWEST, HIGHEST, LAST_OPENING, LOWEST, MOST_FEWEST, Group, Result
from workspaces.models import Stakeholder
from workspaces.rest import Pages, StrictSerializer, WorkspaceView

GROUPS = [group.value for group in Group]
SET_UP = ("question", "opens_on", "fewest", "asks_team", "asks_stakeholders", "is_on", "version")


class PulseIn(StrictSerializer):
    version = serializers.IntegerField(min_value=0, help_text="0 where none is set up yet.")
    question = serializers.CharField(max_length=QUESTION_LENGTH)
    opens_on = serializers.IntegerField(min_value=1, max_value=LAST_OPENING, required=False)
    fewest = serializers.IntegerField(min_value=FEWEST, max_value=MOST_FEWEST, required=False)
    asks_team = serializers.BooleanField(required=False)
    asks_stakeholders = serializers.BooleanField(required=False)
    is_on = serializers.BooleanField(required=False)


class PulseTakingOut(serializers.Serializer):
    group = serializers.ChoiceField(choices=GROUPS)
    asked = serializers.IntegerField()
    answered = serializers.IntegerField()


class OpenPulseOut(serializers.Serializer):
    month = serializers.DateField()
    question = serializers.CharField()
    until = serializers.DateField()
    asked = serializers.BooleanField(help_text="Whether your answer is missing.")
    answered = serializers.BooleanField(help_text="Whether you have answered.")
    participation = PulseTakingOut(many=True)


class PulseMetricsOut(serializers.Serializer):
    score = serializers.CharField()
    points = serializers.CharField()
    answers = serializers.CharField()


class PulseOut(serializers.Serializer):
    version = serializers.IntegerField(help_text="0: none is set up, and all else is null.")
    question = serializers.CharField(allow_null=True)
    opens_on = serializers.IntegerField(allow_null=True)
    fewest = serializers.IntegerField(allow_null=True)
    asks_team = serializers.BooleanField(allow_null=True)
    asks_stakeholders = serializers.BooleanField(allow_null=True)
    is_on = serializers.BooleanField(allow_null=True)
    metrics = PulseMetricsOut(allow_null=True)
    open = OpenPulseOut(allow_null=True)


class PulseResultOut(serializers.Serializer):
    points = serializers.IntegerField()
    answers = serializers.IntegerField()
    average = serializers.FloatField(help_text="points / answers")


class PulseMonthOut(serializers.Serializer):
    month = serializers.DateField()
    question = serializers.CharField()
    asked = serializers.IntegerField()
    answered = serializers.IntegerField()
    result = PulseResultOut(allow_null=True, help_text="null: too few answers")
    team = PulseResultOut(allow_null=True, help_text="null: not told apart")
    stakeholders = PulseResultOut(allow_null=True, help_text="null: not told apart")


class PulseAnswerIn(StrictSerializer):
    score = serializers.IntegerField(min_value=LOWEST, max_value=HIGHEST)


class PulseLinkIn(StrictSerializer):
    stakeholder = RowField(Stakeholder)


class PulseLinkOut(serializers.Serializer):
    stakeholder = serializers.IntegerField()
    name = serializers.CharField()
    linked = serializers.BooleanField()
    answered = serializers.BooleanField()


class PulseLinkMade(serializers.Serializer):
    stakeholder = serializers.IntegerField()
    url = serializers.CharField(help_text="Told only now; an earlier one is dead.")


def pulse_out(pulse: Pulse | None) -> dict[str, Any]:
    if pulse is None:
        return {**dict.fromkeys(SET_UP), "version": 0, "metrics": None}
    names = ("score", "points", "answers")
    metrics = {name: getattr(pulse, name).key for name in names}
    return {**{name: getattr(pulse, name) for name in SET_UP}, "metrics": metrics}


def open_out(found: OpenPulse | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "month": found.round.month,
        "question": found.round.question,
        "until": found.until,
        "asked": found.asked,
        "answered": found.answered,
        "participation": [
            {"group": one.group, "asked": one.asked, "answered": one.answered}
            for one in taking_part(found.round)
        ],
    }


def result_out(found: Result | None) -> dict[str, Any] | None:
    if found is None or found.mean is None:
        return None
    return {"points": found.points, "answers": found.answers, "average": float(found.mean)}


def month_out(found: PulseMonth) -> dict[str, Any]:
    return {
        "month": found.round.month,
        "question": found.round.question,
        "asked": found.taking.asked,
        "answered": found.taking.answered,
        "result": result_out(found.whole),
        "team": result_out(found.team),
        "stakeholders": result_out(found.stakeholders),
    }


def link_out(found: Linkable) -> dict[str, Any]:
    return {
        "stakeholder": found.stakeholder.pk,
        "name": found.stakeholder.name,
        "linked": found.turn is not None,
        "answered": found.turn is not None and found.turn.has_answered,
    }


class PulseDetail(WorkspaceView):
    can = {"GET": "workspace.view", "PUT": "pulse.edit"}

    def render_current(self, pulse: Pulse | None) -> dict[str, Any]:
        """The set-up as it stands, for a 409."""
        return self.tell(pulse)

    def tell(self, pulse: Pulse | None) -> dict[str, Any]:
        return {**pulse_out(pulse), "open": open_out(open_pulse(self.member, at=now()))}

    @extend_schema(responses=PulseOut, operation_id="pulse")
    def get(self, request: Request, slug: str) -> Response:
        return Response(self.tell(pulse_of(self.workspace)))

    @extend_schema(request=PulseIn, responses=PulseOut, operation_id="set_pulse")
    def put(self, request: Request, slug: str) -> Response:
        fields = self.shape(PulseIn, request.data)
        version, draft = fields.pop("version"), PulseDraft(**fields)
        set_pulse(self.workspace, draft=draft, version=version, by=self.member, at=now())
        return Response(self.tell(pulse_of(self.workspace)))


class PulseMonths(WorkspaceView):
    pagination_class = Pages

    @extend_schema(responses=PulseMonthOut(many=True), operation_id="pulse_months")
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(months_of(self.workspace), request, view=self)
        return pages.get_paginated_response([month_out(month_row(row)) for row in rows])


class PulseAnswers(WorkspaceView):
    """An answer must not be found by its receipt, so none is kept."""

    can = {"POST": "pulse.answer"}
    keeps_receipts = False

    @extend_schema(
        request=PulseAnswerIn, responses={201: OpenPulseOut}, operation_id="answer_pulse"
    )
    def post(self, request: Request, slug: str) -> Response:
        at = now()
        answer_pulse(self.member, **self.shape(PulseAnswerIn, request.data), at=at)
        return Response(open_out(open_pulse(self.member, at=at)), status=201)


class PulseLinks(WorkspaceView):
    can = {"GET": "pulse.edit", "POST": "pulse.edit"}
    keeps_receipts = False

    @extend_schema(responses=PulseLinkOut(many=True), operation_id="pulse_links")
    def get(self, request: Request, slug: str) -> Response:
        found = open_pulse(self.member, at=now())
        rows = linkable_in(found.round) if found and found.round.asks_stakeholders else []
        return Response([link_out(row) for row in rows])

    @extend_schema(request=PulseLinkIn, responses={201: PulseLinkMade}, operation_id="link_pulse")
    def post(self, request: Request, slug: str) -> Response:
        who = self.shape(PulseLinkIn, request.data)["stakeholder"]
        (made,) = make_links(self.workspace, stakeholders=[who], by=self.member, at=now())
        url = settings.BASE_URL + reverse("shared_pulse", kwargs={"token": made[1]})
        return Response({"stakeholder": who.pk, "url": url}, status=201)
