from datetime import datetime
from typing import Any

from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workspaces.models import Sla, SlaClock, SlaPromise
from workspaces.operations.clocks import (
    explain_breach,
    pause_clock,
    resume_clock,
    start_clock,
    stop_clock,
)
from workspaces.queries.sla import clocks_of
from workspaces.rest import Pages, StrictSerializer, WorkspaceView, find_or_404
from workspaces.rules.sla import State, state_of

STATES = [state.value for state in State]


class ClockIn(StrictSerializer):
    subject = serializers.CharField(max_length=200)
    started_at = serializers.DateTimeField(
        required=False, help_text="When it really came; left out: now."
    )


class ClockVersionIn(StrictSerializer):
    version = serializers.IntegerField(min_value=1)


class PauseIn(ClockVersionIn):
    reason = serializers.CharField(max_length=200)
    paused_at = serializers.DateTimeField(required=False, help_text="Left out: now.")


class StopIn(ClockVersionIn):
    stopped_at = serializers.DateTimeField(
        required=False, help_text="When the answer was given; left out: now."
    )


class BreachIn(ClockVersionIn):
    reason = serializers.CharField(max_length=2000)
    mitigation = serializers.CharField(
        max_length=2000, required=False, allow_blank=True, default=""
    )


class PauseOut(serializers.Serializer):
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()


class ClockOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    promise = serializers.IntegerField()
    subject = serializers.CharField()
    state = serializers.ChoiceField(choices=STATES)
    promised_minutes = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    stopped_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True, help_text="null while it is paused")
    pauses = PauseOut(many=True)
    reason = serializers.CharField()
    mitigation = serializers.CharField()


def instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def clock_out(clock: SlaClock, at: datetime) -> dict[str, Any]:
    return {
        "id": clock.pk,
        "version": clock.version,
        "promise": clock.promise_id,
        "subject": clock.subject,
        "state": state_of(clock.clock, at).value,
        "promised_minutes": clock.promised_minutes,
        "started_at": instant(clock.started_at),
        "stopped_at": instant(clock.stopped_at),
        "due_at": instant(clock.due_at),
        "pauses": [
            {"since": instant(p.since), "until": instant(p.until), "reason": p.reason}
            for p in sorted(clock.pauses.all(), key=lambda pause: pause.since)
        ],
        "reason": clock.reason,
        "mitigation": clock.mitigation,
    }


class ClocksOfSla(WorkspaceView):
    pagination_class = Pages

    @extend_schema(responses=ClockOut(many=True), operation_id="clocks")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        pages, at = Pages(), now()
        found = clocks_of(find_or_404(Sla, pk, self))
        rows = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response([clock_out(row, at) for row in rows])


class ClocksOfPromise(WorkspaceView):
    can = {"POST": "sla.run"}

    @extend_schema(request=ClockIn, responses={201: ClockOut}, operation_id="start_clock")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        promise, at = find_or_404(SlaPromise, pk, self), now()
        asked = self.shape(ClockIn, request.data)
        made = start_clock(promise, **asked, by=self.member, at=at)
        return Response(clock_out(made, at), status=201)


class ClockView(WorkspaceView):
    """What the endpoints of one clock share."""

    def render_current(self, clock: SlaClock) -> dict[str, Any]:
        """The clock as it stands, for a 409."""
        return clock_out(clock, now())


class ClockDetail(ClockView):
    @extend_schema(responses=ClockOut, operation_id="clock")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(clock_out(find_or_404(SlaClock, pk, self), now()))


class PauseClock(ClockView):
    can = {"POST": "sla.run"}

    @extend_schema(request=PauseIn, responses=ClockOut, operation_id="pause_clock")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        clock, at = find_or_404(SlaClock, pk, self), now()
        asked = self.shape(PauseIn, request.data)
        return Response(clock_out(pause_clock(clock, **asked, by=self.member, at=at), at))


class ResumeClock(ClockView):
    can = {"POST": "sla.run"}

    @extend_schema(request=ClockVersionIn, responses=ClockOut, operation_id="resume_clock")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        clock, at = find_or_404(SlaClock, pk, self), now()
        asked = self.shape(ClockVersionIn, request.data)
        return Response(clock_out(resume_clock(clock, **asked, by=self.member, at=at), at))


class StopClock(ClockView):
    can = {"POST": "sla.run"}

    @extend_schema(request=StopIn, responses=ClockOut, operation_id="stop_clock")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        clock, at = find_or_404(SlaClock, pk, self), now()
        asked = self.shape(StopIn, request.data)
        return Response(clock_out(stop_clock(clock, **asked, by=self.member, at=at), at))


class ExplainBreach(ClockView):
    can = {"POST": "sla.run"}

    @extend_schema(request=BreachIn, responses=ClockOut, operation_id="explain_breach")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        clock, at = find_or_404(SlaClock, pk, self), now()
        asked = self.shape(BreachIn, request.data)
        return Response(clock_out(explain_breach(clock, **asked, by=self.member, at=at), at))
