from typing import Any
from urllib.parse import parse_qs

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.fields import VersionField
from tasks.api.shapes import SawIn
from tasks.models import Board, BoardChoice, SavedFilter
from tasks.models.boards import Lanes
from tasks.models.choices import FILTER_LENGTH
from tasks.operations.choices import (
    FilterDraft,
    change_filter,
    choose_look,
    remove_filter,
    save_filter,
)
from tasks.queries.choices import choice_of, filters_of, may_change
from tasks.rules.filters import Wanted, read_wanted
from workspaces.models import Membership
from workspaces.rest import Pages, StrictSerializer, WorkspaceView, find_or_404
from workspaces.rules.errors import Invalid, at_field
from workspaces.rules.roles import Role

LONGEST_QUERY = 4000


class FilterIn(StrictSerializer):
    name = serializers.CharField(max_length=FILTER_LENGTH)
    query = serializers.CharField(
        max_length=LONGEST_QUERY, help_text="As in the board's address: assignee=me&due=overdue."
    )
    shared = serializers.BooleanField(default=False, help_text="For everybody; takes a manager.")


class FilterPatch(StrictSerializer):
    version = VersionField()
    name = serializers.CharField(max_length=FILTER_LENGTH, required=False)
    query = serializers.CharField(max_length=LONGEST_QUERY, required=False)
    shared = serializers.BooleanField(required=False)


class FilterOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    query = serializers.CharField()
    shared = serializers.BooleanField()
    owner = serializers.EmailField(allow_null=True)


class LookIn(StrictSerializer):
    is_compact = serializers.BooleanField(required=False)
    lanes = serializers.ChoiceField(
        choices=["", *Lanes.values], required=False, help_text="Empty: as it is for all."
    )


class LookOut(serializers.Serializer):
    is_compact = serializers.BooleanField()
    folded = serializers.ListField(child=serializers.IntegerField(), help_text="Columns.")
    lanes = serializers.CharField(allow_blank=True)
    folded_lanes = serializers.ListField(child=serializers.CharField())


def filter_out(saved: SavedFilter) -> dict[str, Any]:
    return {
        "id": saved.pk,
        "version": saved.version,
        "name": saved.name,
        "query": saved.address,
        "shared": saved.is_shared,
        "owner": saved.owner.user.email if saved.owner else None,
    }


def look_out(choice: BoardChoice) -> dict[str, Any]:
    names = ("is_compact", "folded", "lanes", "folded_lanes")
    return {name: getattr(choice, name) for name in names}


def read_query(text: str) -> Wanted:
    """What the query looks for; what says nothing is a 400 that names it."""
    asked = parse_qs(text.removeprefix("?"), keep_blank_values=True)
    wanted, strange = read_wanted(asked)
    known = {name for name, _word in wanted.words()}
    unread = sorted({*strange, *(name for name in asked if name not in known)})
    if unread or not wanted:
        message = _("This looks for nothing: %(names)s.") % {"names": ", ".join(unread) or "-"}
        raise Invalid([at_field("query", "invalid", message)])
    return wanted


class FilterView(WorkspaceView):
    member: Membership

    def refuse_to_share(self, fields: dict[str, Any]) -> None:
        """Only a manager puts a filter before everybody."""
        if fields.get("shared") and self.member.rank < Role.MANAGER:
            raise PermissionDenied

    def find_own(self, pk: str) -> SavedFilter:
        """A filter that the member may change; another's that is not shared does not exist."""
        saved = find_or_404(SavedFilter, pk, self)
        if not saved.is_shared and saved.owner_id != self.member.pk:
            raise Http404
        if not may_change(saved, self.member):
            raise PermissionDenied
        return saved

    def render_current(self, current: SavedFilter) -> dict[str, Any]:
        return filter_out(current)


class BoardFilters(FilterView):
    can = {"GET": "workspace.view", "POST": "looks.own"}
    pagination_class = Pages

    @extend_schema(responses=FilterOut(many=True), operation_id="list_filters")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        pages, board = Pages(), find_or_404(Board, pk, self)
        rows = pages.paginate_queryset(filters_of(board, self.member), request, view=self)
        return pages.get_paginated_response([filter_out(row) for row in rows])

    @extend_schema(request=FilterIn, responses={201: FilterOut}, operation_id="save_filter")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        board = find_or_404(Board, pk, self)
        fields = self.shape(FilterIn, request.data)
        self.refuse_to_share(fields)
        draft = FilterDraft(fields["name"], read_query(fields["query"]), fields["shared"])
        saved = save_filter(board, draft=draft, by=self.member, at=now())
        return Response(filter_out(saved), status=201)


class FilterDetail(FilterView):
    can = {"PATCH": "looks.own", "DELETE": "looks.own"}

    @extend_schema(request=FilterPatch, responses=FilterOut, operation_id="change_filter")
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        saved = self.find_own(pk)
        changes = self.shape(FilterPatch, request.data)
        self.refuse_to_share(changes)
        version = changes.pop("version")
        if "query" in changes:
            changes["wanted"] = read_query(changes.pop("query"))
        saved = change_filter(saved, version=version, changes=changes, by=self.member, at=now())
        return Response(filter_out(saved))

    @extend_schema(request=SawIn, responses={204: None}, operation_id="remove_filter")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        saved = self.find_own(pk)
        version = self.shape(SawIn, request.data)["version"]
        remove_filter(saved, version=version, by=self.member, at=now())
        return Response(status=204)


class BoardLook(WorkspaceView):
    can = {"GET": "workspace.view", "PUT": "looks.own"}

    @extend_schema(responses=LookOut, operation_id="read_look")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(look_out(choice_of(find_or_404(Board, pk, self), self.member)))

    @extend_schema(request=LookIn, responses=LookOut, operation_id="choose_look")
    def put(self, request: Request, slug: str, pk: str) -> Response:
        board = find_or_404(Board, pk, self)
        fields = self.shape(LookIn, request.data)
        return Response(look_out(choose_look(board, **fields, by=self.member)))
