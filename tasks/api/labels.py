from typing import Any

from django.db import transaction
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.fields import BoardField, CustomFieldField, VersionField
from tasks.api.shapes import SawIn
from tasks.models import Colour, CustomField, Label
from tasks.models.labels import FIELD_LENGTH, LABEL_LENGTH
from tasks.operations.labels import (
    MOST_CHOICES,
    FieldDraft,
    add_field,
    add_label,
    change_field,
    change_label,
    place_field,
    remove_label,
    retire_field,
)
from tasks.queries.fields import every_field, labels_of, uses_of_labels
from workspaces.rest import Pages, StrictSerializer, WorkspaceView, find_or_404


class LabelIn(StrictSerializer):
    name = serializers.CharField(max_length=LABEL_LENGTH)
    colour = serializers.ChoiceField(choices=Colour.values, default=Colour.GREY)


class LabelPatch(StrictSerializer):
    version = VersionField()
    name = serializers.CharField(max_length=LABEL_LENGTH, required=False)
    colour = serializers.ChoiceField(choices=Colour.values, required=False)


class LabelOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    colour = serializers.ChoiceField(choices=Colour.values)
    cards = serializers.IntegerField(help_text="How many carry it.")


class FieldIn(StrictSerializer):
    name = serializers.CharField(max_length=FIELD_LENGTH)
    kind = serializers.ChoiceField(choices=CustomField.Kind.values)
    choices = serializers.ListField(
        child=serializers.CharField(max_length=FIELD_LENGTH),
        required=False,
        max_length=MOST_CHOICES,
    )
    on_card = serializers.BooleanField(required=False, help_text="On the face of cards.")
    board = BoardField(required=False, allow_null=True, help_text="Left out: all boards.")


class FieldPatch(StrictSerializer):
    version = VersionField()
    name = serializers.CharField(max_length=FIELD_LENGTH, required=False)
    choices = serializers.ListField(
        child=serializers.CharField(max_length=FIELD_LENGTH),
        required=False,
        max_length=MOST_CHOICES,
    )
    on_card = serializers.BooleanField(required=False)
    retired = serializers.BooleanField(required=False, help_text="Ask for it no longer.")
    after = CustomFieldField(
        required=False, allow_null=True, help_text="Stand after this field; null: first."
    )


class FieldOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=CustomField.Kind.values)
    choices = serializers.ListField(child=serializers.CharField())
    on_card = serializers.BooleanField()
    board = serializers.IntegerField(allow_null=True)
    retired_at = serializers.DateTimeField(allow_null=True)


def label_out(label: Label, uses: int) -> dict[str, Any]:
    told = {name: getattr(label, name) for name in ("version", "name", "colour")}
    return {"id": label.pk, **told, "cards": uses}


def field_out(field: CustomField) -> dict[str, Any]:
    names = ("version", "name", "kind", "choices", "on_card", "retired_at")
    told = {name: getattr(field, name) for name in names}
    return {"id": field.pk, **told, "board": field.board_id}


class LabelView(WorkspaceView):
    def tell(self, label: Label) -> dict[str, Any]:
        return label_out(label, uses_of_labels(self.workspace).get(label.pk, 0))

    def render_current(self, current: Label | None) -> dict[str, Any] | None:
        return self.tell(current) if current else None


class Labels(LabelView):
    can = {"GET": "workspace.view", "POST": "boards.edit"}
    pagination_class = Pages

    @extend_schema(responses=LabelOut(many=True), operation_id="list_labels")
    def get(self, request: Request, slug: str) -> Response:
        pages, uses = Pages(), uses_of_labels(self.workspace)
        rows = pages.paginate_queryset(labels_of(self.workspace), request, view=self)
        return pages.get_paginated_response([label_out(row, uses.get(row.pk, 0)) for row in rows])

    @extend_schema(request=LabelIn, responses={201: LabelOut}, operation_id="add_label")
    def post(self, request: Request, slug: str) -> Response:
        fields = self.shape(LabelIn, request.data)
        label = add_label(self.workspace, **fields, by=self.member, at=now())
        return Response(label_out(label, 0), status=201)


class LabelDetail(LabelView):
    can = {"PATCH": "boards.edit", "DELETE": "boards.edit"}

    @extend_schema(request=LabelPatch, responses=LabelOut, operation_id="change_label")
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        label = find_or_404(Label, pk, self)
        changes = self.shape(LabelPatch, request.data)
        version = changes.pop("version")
        label = change_label(label, version=version, changes=changes, by=self.member, at=now())
        return Response(self.tell(label))

    @extend_schema(request=SawIn, responses={204: None}, operation_id="remove_label")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        label = find_or_404(Label, pk, self)
        version = self.shape(SawIn, request.data)["version"]
        remove_label(label, version=version, by=self.member, at=now())
        return Response(status=204)


class FieldView(WorkspaceView):
    def render_current(self, current: CustomField | None) -> dict[str, Any] | None:
        return field_out(current) if current else None


class CardFields(FieldView):
    can = {"GET": "workspace.view", "POST": "boards.edit"}
    pagination_class = Pages

    @extend_schema(responses=FieldOut(many=True), operation_id="list_card_fields")
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(every_field(self.workspace), request, view=self)
        return pages.get_paginated_response([field_out(row) for row in rows])

    @extend_schema(request=FieldIn, responses={201: FieldOut}, operation_id="add_card_field")
    def post(self, request: Request, slug: str) -> Response:
        draft = FieldDraft(**self.shape(FieldIn, request.data))
        field = add_field(self.workspace, draft=draft, by=self.member, at=now())
        return Response(field_out(field), status=201)


class CardFieldDetail(FieldView):
    can = {"PATCH": "boards.edit"}

    @extend_schema(request=FieldPatch, responses=FieldOut, operation_id="change_card_field")
    @transaction.atomic
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        field, by, at = find_or_404(CustomField, pk, self), self.member, now()
        changes = self.shape(FieldPatch, request.data)
        version, retired = changes.pop("version"), changes.pop("retired", None)
        moves, after = "after" in changes, changes.pop("after", None)
        field = change_field(field, version=version, changes=changes, by=by, at=at)
        if retired is not None:
            field = retire_field(field, version=field.version, retired=retired, by=by, at=at)
        if moves:
            place_field(field, after=after, by=by, at=at)
        return Response(field_out(field))
