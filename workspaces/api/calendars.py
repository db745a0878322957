from typing import Any

from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workspaces.models import Calendar
from workspaces.operations.calendars import (
    CalendarDraft,
    add_calendar,
    change_calendar,
    hours_fault,
    remove_calendar,
)
from workspaces.queries.calendars import calendars_of
from workspaces.rest import Pages, StrictSerializer, WorkspaceView, find_or_404
from workspaces.rules.hours import Unreadable, hours_text, parse_hours

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class WeekIn(StrictSerializer):
    """Hours such as "09:00-12:30, 13:00-17:00" by weekday; a day that is left out is free."""

    def get_fields(self) -> dict[str, serializers.Field]:
        """One text for each day."""
        return {
            day: serializers.CharField(required=False, allow_blank=True, max_length=200)
            for day in DAYS
        }

    def validate(self, attrs: dict[str, str]) -> list[tuple[tuple[int, int], ...]]:
        """Seven days of hours."""
        week, faults = [], {}
        for day in DAYS:
            try:
                week.append(parse_hours(attrs.get(day, "")))
            except Unreadable as error:
                told = serializers.ErrorDetail(hours_fault(error), "bad_hours")
                faults[day] = [told]
        if faults:
            raise serializers.ValidationError(faults)
        return week


class HolidayShape(StrictSerializer):
    day = serializers.DateField()
    name = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")


class CalendarIn(StrictSerializer):
    name = serializers.CharField(max_length=80)
    timezone = serializers.CharField(max_length=64)
    week = WeekIn()
    holidays = HolidayShape(many=True, required=False, max_length=500)


class CalendarPatch(CalendarIn):
    version = serializers.IntegerField(min_value=1)
    name = serializers.CharField(max_length=80, required=False)
    timezone = serializers.CharField(max_length=64, required=False)
    week = WeekIn(required=False)


class WeekOut(serializers.Serializer):
    def get_fields(self) -> dict[str, serializers.Field]:
        """One text for each day."""
        return {day: serializers.CharField() for day in DAYS}


class CalendarOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    timezone = serializers.CharField()
    week = WeekOut()
    holidays = HolidayShape(many=True)


def calendar_out(calendar: Calendar) -> dict[str, Any]:
    days = sorted(calendar.holidays.all(), key=lambda holiday: holiday.day)
    return {
        "id": calendar.pk,
        "version": calendar.version,
        "name": calendar.name,
        "timezone": calendar.timezone,
        "week": {day: hours_text(hours) for day, hours in zip(DAYS, calendar.week, strict=True)},
        "holidays": [{"day": h.day.isoformat(), "name": h.name} for h in days],
    }


def drafted(fields: dict[str, Any]) -> CalendarDraft:
    holidays = [(one["day"], one.get("name", "")) for one in fields.get("holidays", ())]
    return CalendarDraft(fields["name"], fields["timezone"], fields["week"], holidays)


def fields_of(calendar: Calendar) -> dict[str, Any]:
    """A calendar as the body that would make it."""
    return {
        "name": calendar.name,
        "timezone": calendar.timezone,
        "week": [tuple(map(tuple, hours)) for hours in calendar.week],
        "holidays": [{"day": h.day, "name": h.name} for h in calendar.holidays.all()],
    }


class Calendars(WorkspaceView):
    can = {"GET": "workspace.view", "POST": "sla.edit"}
    pagination_class = Pages

    @extend_schema(responses=CalendarOut(many=True), operation_id="calendars")
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(calendars_of(self.workspace), request, view=self)
        return pages.get_paginated_response([calendar_out(row) for row in rows])

    @extend_schema(request=CalendarIn, responses={201: CalendarOut}, operation_id="add_calendar")
    def post(self, request: Request, slug: str) -> Response:
        draft = drafted(self.shape(CalendarIn, request.data))
        made = add_calendar(self.workspace, draft=draft, by=self.member, at=now())
        return Response(calendar_out(made), status=201)


class CalendarDetail(WorkspaceView):
    can = {"GET": "workspace.view", "PATCH": "sla.edit", "DELETE": "sla.edit"}

    def render_current(self, calendar: Calendar) -> dict[str, Any]:
        """The calendar as it stands, for a 409."""
        return calendar_out(calendar)

    @extend_schema(responses=CalendarOut, operation_id="calendar")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(calendar_out(find_or_404(Calendar, pk, self)))

    @extend_schema(request=CalendarPatch, responses=CalendarOut, operation_id="change_calendar")
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        found = find_or_404(Calendar, pk, self)
        fields = self.shape(CalendarPatch, request.data)
        version = fields.pop("version")
        draft = drafted({**fields_of(found), **fields})
        changed = change_calendar(found, draft=draft, version=version, by=self.member, at=now())
        return Response(calendar_out(changed))

    @extend_schema(responses={204: None}, operation_id="remove_calendar")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        remove_calendar(find_or_404(Calendar, pk, self), by=self.member, at=now())
        return Response(status=204)
