from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.timezone import now
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from metrics.api.questions import QuestionIn
from metrics.forms.questions import read_question
from metrics.models.saved_views import EXPLORE, PAGE_CHOICES, SavedView
from metrics.operations.saved_views import LONGEST_NAME, ViewDraft, change_view, remove_view
from metrics.operations.saved_views import save_view as keep_view
from metrics.queries.saved_views import address_of, may_change, views_of
from workspaces.rest import Pages, StrictSerializer, WorkspaceView
from workspaces.rules.errors import Invalid, at_field

PAGES = [page for page, _word in PAGE_CHOICES]


class ViewIn(StrictSerializer):
    name = serializers.CharField(max_length=LONGEST_NAME)
    page = serializers.ChoiceField(choices=PAGES, default=EXPLORE)
    shared = serializers.BooleanField(default=False)
    pinned = serializers.BooleanField(default=False, help_text="On the Overview.")
    question = serializers.DictField()


class ViewPatch(StrictSerializer):
    version = serializers.IntegerField(min_value=1, help_text="The version that you have read.")
    name = serializers.CharField(max_length=LONGEST_NAME, required=False)
    shared = serializers.BooleanField(required=False)
    pinned = serializers.BooleanField(required=False)
    question = serializers.DictField(required=False)


class ViewOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    page = serializers.ChoiceField(choices=PAGES)
    owner = serializers.EmailField(allow_null=True)
    shared = serializers.BooleanField()
    pinned = serializers.BooleanField()
    question = QuestionIn()
    address = serializers.CharField(help_text="The page that shows it.")
    version = serializers.IntegerField()


def view_out(view: SavedView, slug: str) -> dict[str, Any]:
    return {
        "id": view.pk,
        "name": view.name,
        "page": view.page,
        "owner": view.owner.user.email if view.owner else None,
        "shared": view.is_shared,
        "pinned": view.is_pinned,
        "question": view.question,
        "address": address_of(view, slug),
        "version": view.version,
    }


class SavedViewView(WorkspaceView):
    """What the endpoints of views share: somebody else's that is not shared does not exist."""

    def find(self, pk: str) -> SavedView:
        row = None
        if pk.isascii() and pk.isdigit() and int(pk[:20]) < 2**63:
            row = views_of(self.member).filter(pk=int(pk)).first()
        if row is None:
            raise Http404
        return row

    def find_own(self, pk: str) -> SavedView:
        """The same, for who may change it."""
        view = self.find(pk)
        if not may_change(view, self.member):
            raise PermissionDenied
        return view

    def render_current(self, view: SavedView) -> dict[str, Any]:
        """The view as it stands, for a 409."""
        return view_out(view, self.workspace.slug)


class SavedViews(SavedViewView):
    can = {"GET": "workspace.view", "POST": "metrics.edit"}
    asks = [OpenApiParameter("page", str, enum=PAGES, description="Only those of this page.")]
    pagination_class = Pages

    @extend_schema(responses=ViewOut(many=True), operation_id="saved_views")
    def get(self, request: Request, slug: str) -> Response:
        page = request.query_params.get("page", "")
        if page and page not in PAGES:
            raise Invalid([at_field("page", "invalid_choice", ", ".join(PAGES))])
        pages = Pages()
        rows = pages.paginate_queryset(views_of(self.member, page=page), request, view=self)
        return pages.get_paginated_response([view_out(view, slug) for view in rows])

    @extend_schema(request=ViewIn, responses={201: ViewOut}, operation_id="save_view")
    def post(self, request: Request, slug: str) -> Response:
        given = self.shape(ViewIn, request.data)
        question = read_question(given.pop("question"), at="/question")
        draft = ViewDraft(**given, question=question)
        view = keep_view(self.workspace, draft=draft, by=self.member, at=now())
        return Response(view_out(view, slug), status=201)


class SavedViewDetail(SavedViewView):
    can = {"GET": "workspace.view", "PATCH": "metrics.edit", "DELETE": "metrics.edit"}

    @extend_schema(responses=ViewOut, operation_id="saved_view")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(view_out(self.find(pk), slug))

    @extend_schema(request=ViewPatch, responses=ViewOut, operation_id="change_view")
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        view = self.find_own(pk)
        changes = self.shape(ViewPatch, request.data)
        version = changes.pop("version")
        if "question" in changes:
            changes["question"] = read_question(changes["question"], at="/question")
        changed = change_view(view, changes=changes, version=version, by=self.member, at=now())
        return Response(view_out(changed, slug))

    @extend_schema(responses={204: None}, operation_id="remove_view")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        remove_view(self.find_own(pk), by=self.member, at=now())
        return Response(status=204)
