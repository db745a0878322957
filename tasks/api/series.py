from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.card_shapes import WORDS, PriorityField
from tasks.api.fields import (
    CardField,
    ColumnField,
    GoalField,
    LabelField,
    MemberField,
    VersionField,
)
from tasks.models import Board, CardSeries, CustomField
from tasks.models.cards import ITEM_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from tasks.operations.cards import MOST_ITEMS
from tasks.operations.contents import MOST_OF_A_KIND
from tasks.operations.series import (
    LONGEST_LEAD,
    SeriesDraft,
    add_series,
    change_series,
    pause_series,
    skip_day,
    stop_series,
)
from tasks.queries.boards import first_column
from tasks.queries.fields import fields_of
from tasks.queries.series import coming_days, seen_of, series_of, state_of_series, whole_series
from tasks.queries.series import words_of as pattern_words
from tasks.rules.recurrence import LONGEST_WAIT, MOST_COUNT, PLACES, Kind, OffDay, Pattern
from workspaces.rest import Pages, StrictSerializer, WorkspaceView, find_or_404
from workspaces.rules.errors import Invalid, Problem, Refused

SERIES_KINDS = [kind.value for kind in Kind]
OFF_DAYS = {"keep": OffDay.KEEP, "skip": OffDay.SKIP, "next": OffDay.NEXT}
SERIES_STATES = ["running", "paused", "stopped", "ended"]
SEEN_STATES = ["made", "skipped", "missed"]


class SeriesDaysIn(StrictSerializer):
    kind = serializers.ChoiceField(choices=SERIES_KINDS)
    begins = serializers.DateField()
    every = serializers.IntegerField(default=1, min_value=1, max_value=LONGEST_WAIT)
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        required=False,
        max_length=7,
        help_text="Monday is 0.",
    )
    day = serializers.IntegerField(
        required=False, min_value=1, max_value=31, help_text="Of a month, or its last."
    )
    place = serializers.ChoiceField(
        choices=list(PLACES), required=False, help_text="Which weekday of a month; -1: the last."
    )
    until = serializers.DateField(required=False, allow_null=True)
    count = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=MOST_COUNT
    )
    off_days = serializers.ChoiceField(
        choices=list(OFF_DAYS), default="keep", help_text="Days on which nobody works."
    )


class CardSeriesPatch(StrictSerializer):
    version = VersionField()
    title = serializers.CharField(max_length=TITLE_LENGTH, required=False)
    description = serializers.CharField(max_length=TEXT_LENGTH, required=False, allow_blank=True)
    column = ColumnField(required=False)
    assignee = MemberField(required=False, allow_null=True)
    goal = GoalField(required=False, allow_null=True)
    estimate = serializers.DecimalField(7, 2, required=False, allow_null=True)
    priority = PriorityField(required=False)
    labels = serializers.ListField(child=LabelField(), required=False, max_length=MOST_OF_A_KIND)
    checklist = serializers.ListField(
        child=serializers.CharField(max_length=ITEM_LENGTH), max_length=MOST_ITEMS, required=False
    )
    values = serializers.DictField(
        required=False, help_text="Values of custom fields by their ids."
    )
    days = SeriesDaysIn(required=False)
    lead_days = serializers.IntegerField(required=False, min_value=0, max_value=LONGEST_LEAD)
    catch_up = serializers.ChoiceField(choices=CardSeries.CatchUp.values, required=False)
    open_too = serializers.BooleanField(
        default=False, help_text="Change what its open cards say as well."
    )
    paused = serializers.BooleanField(required=False)
    stopped = serializers.BooleanField(required=False, help_text="For good; its cards stay.")


class CardSeriesIn(CardSeriesPatch):
    version = None
    open_too = None
    paused = None
    stopped = None
    title = serializers.CharField(max_length=TITLE_LENGTH)
    days = SeriesDaysIn()
    card = CardField(required=False, help_text="That is there already, as the first one.")


class SkipIn(StrictSerializer):
    day = serializers.DateField()
    skipped = serializers.BooleanField()


class SeriesDaysOut(serializers.Serializer):
    kind = serializers.ChoiceField(choices=SERIES_KINDS)
    begins = serializers.DateField()
    every = serializers.IntegerField()
    weekdays = serializers.ListField(child=serializers.IntegerField())
    day = serializers.IntegerField()
    place = serializers.IntegerField()
    until = serializers.DateField(allow_null=True)
    count = serializers.IntegerField(allow_null=True)
    off_days = serializers.ChoiceField(choices=list(OFF_DAYS))


class CardSeriesRowOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    words = serializers.CharField(help_text="When, in the caller's language.")
    state = serializers.ChoiceField(choices=SERIES_STATES)
    next_on = serializers.DateField(allow_null=True)
    trouble = serializers.CharField(help_text="Why a card cannot be made now.")


class ComingDayOut(serializers.Serializer):
    day = serializers.DateField()
    skipped = serializers.BooleanField()


class SeenDayOut(serializers.Serializer):
    day = serializers.DateField()
    state = serializers.ChoiceField(choices=SEEN_STATES)
    card = serializers.IntegerField(allow_null=True)


class CardSeriesOut(CardSeriesRowOut):
    description = serializers.CharField()
    board = serializers.IntegerField()
    column = serializers.IntegerField(allow_null=True)
    assignee = serializers.EmailField(allow_null=True)
    goal = serializers.IntegerField(allow_null=True)
    estimate = serializers.DecimalField(7, 2, allow_null=True)
    priority = PriorityField()
    labels = serializers.ListField(child=serializers.IntegerField())
    checklist = serializers.ListField(child=serializers.CharField())
    values = serializers.DictField()
    days = SeriesDaysOut()
    lead_days = serializers.IntegerField()
    catch_up = serializers.ChoiceField(choices=CardSeries.CatchUp.values)
    coming = ComingDayOut(many=True)
    seen = SeenDayOut(many=True)


def series_row(series: CardSeries) -> dict[str, Any]:
    told = {name: getattr(series, name) for name in ("version", "title", "next_on", "trouble")}
    state = state_of_series(series)
    return {"id": series.pk, **told, "words": pattern_words(series.days), "state": state}


def days_out(pattern: Pattern) -> dict[str, Any]:
    names = ("begins", "every", "weekdays", "day", "place", "until", "count")
    told = {name: getattr(pattern, name) for name in names}
    word = next(word for word, off in OFF_DAYS.items() if off is pattern.off_days)
    return {"kind": pattern.kind.value, **told, "off_days": word}


def series_out(series: CardSeries) -> dict[str, Any]:
    names = ("description", "estimate", "labels", "checklist", "values", "lead_days", "catch_up")
    return {
        **series_row(series),
        **{name: getattr(series, name) for name in names},
        "board": series.board_id,
        "column": series.column_id,
        "assignee": series.assignee.user.email if series.assignee else None,
        "goal": series.goal_id,
        "priority": WORDS[series.priority],
        "days": days_out(series.days),
        "coming": [{"day": one.day, "skipped": one.skipped} for one in coming_days(series)],
        "seen": [{"day": s.day, "state": s.state, "card": s.card_id} for s in seen_of(series)],
    }


class SeriesView(WorkspaceView):
    def render_current(self, current: CardSeries) -> dict[str, Any]:
        return series_out(whole_series(current.pk))

    def drafted(self, fields: dict[str, Any], board: Board) -> dict[str, Any]:
        """What was sent by the names of a SeriesDraft."""
        said = dict(fields)
        if "days" in said:
            days = said.pop("days")
            days["weekdays"] = tuple(days.get("weekdays", ()))
            days["kind"], days["off_days"] = Kind(days["kind"]), OFF_DAYS[days["off_days"]]
            week = self.workspace.week_starts_on - 1
            said["pattern"] = Pattern(**days, weeks_begin=week)
        for name in ("labels", "checklist"):
            if name in said:
                said[name] = tuple(said[name])
        if "values" in said:
            said["values"] = self.values_of(board, said["values"])
        return said

    def values_of(self, board: Board, said: dict[str, Any]) -> dict[CustomField, Any]:
        """What is said by the ids of fields, by the fields."""
        known = {str(field.pk): field for field in fields_of(board)}
        strange = [name for name in said if name not in known]
        if strange:
            message = _("Cards of this board have no such field.")
            raise Invalid(
                [Problem(message, "not_found", f"/values/{n}", None, "values") for n in strange]
            )
        return {known[name]: value for name, value in said.items()}


class BoardSeries(SeriesView):
    can = {"GET": "workspace.view", "POST": "work.edit"}
    pagination_class = Pages

    @extend_schema(responses=CardSeriesRowOut(many=True), operation_id="list_series")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        pages, board = Pages(), find_or_404(Board, pk, self)
        rows = pages.paginate_queryset(series_of(board), request, view=self)
        return pages.get_paginated_response([series_row(row) for row in rows])

    @extend_schema(request=CardSeriesIn, responses={201: CardSeriesOut}, operation_id="add_series")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        board = find_or_404(Board, pk, self)
        fields = self.shape(CardSeriesIn, request.data)
        card = fields.pop("card", None)
        fields.setdefault("column", first_column(self.workspace, board))
        if fields["column"] is None:
            raise Refused(_("This board has no column."), code="no_column", field="column")
        draft = SeriesDraft(**self.drafted(fields, board))
        series = add_series(board, draft=draft, card=card, by=self.member, at=now())
        return Response(series_out(whole_series(series.pk)), status=201)


class SeriesDetail(SeriesView):
    can = {"GET": "workspace.view", "PATCH": "work.edit"}

    @extend_schema(responses=CardSeriesOut, operation_id="read_series")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(series_out(whole_series(find_or_404(CardSeries, pk, self).pk)))

    @extend_schema(request=CardSeriesPatch, responses=CardSeriesOut, operation_id="change_series")
    @transaction.atomic
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        series, who = find_or_404(CardSeries, pk, self), {"by": self.member, "at": now()}
        fields = self.shape(CardSeriesPatch, request.data)
        version, open_too = fields.pop("version"), fields.pop("open_too")
        paused, stopped = fields.pop("paused", None), fields.pop("stopped", False)
        changes = self.drafted(fields, series.board)
        if changes:
            series = change_series(
                series, version=version, changes=changes, open_too=open_too, **who
            )
            version = series.version
        if paused is not None:
            series = pause_series(series, on=paused, version=version, **who)
            version = series.version
        if stopped:
            stop_series(series, version=version, **who)
        return Response(series_out(whole_series(series.pk)))


class SkipSeriesDay(SeriesView):
    can = {"POST": "work.edit"}

    @extend_schema(request=SkipIn, responses=CardSeriesOut, operation_id="skip_series_day")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        series = find_or_404(CardSeries, pk, self)
        fields = self.shape(SkipIn, request.data)
        skip_day(series, day=fields["day"], on=fields["skipped"], by=self.member, at=now())
        return Response(series_out(whole_series(series.pk)))
