from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.card_shapes import (
    PRIORITIES,
    WORDS,
    CardOut,
    NamedLabelOut,
    PriorityField,
    label_out,
)
from tasks.api.cards import CardView
from tasks.api.fields import (
    CardField,
    ColumnField,
    GoalField,
    LabelField,
    MemberField,
    VersionField,
)
from tasks.api.shapes import CardPersonOut, SawIn, person_out
from tasks.models import Board, CardTemplate
from tasks.models.cards import ITEM_LENGTH, NONCE_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from tasks.models.templates import LONGEST_DUE
from tasks.operations.cards import MOST_ITEMS
from tasks.operations.contents import MOST_OF_A_KIND
from tasks.operations.templates import (
    TemplateDraft,
    add_from_template,
    change_template,
    draft_like,
    remove_template,
    save_template,
)
from tasks.queries.boards import first_column
from tasks.queries.templates import templates_of
from workspaces.rest import Pages, StrictSerializer, find_or_404
from workspaces.rules.errors import Invalid, at_field


class CardTemplatePatch(StrictSerializer):
    version = VersionField(help_text="That you saw.")
    title = serializers.CharField(max_length=TITLE_LENGTH, required=False)
    description = serializers.CharField(max_length=TEXT_LENGTH, required=False, allow_blank=True)
    assignee = MemberField(required=False, allow_null=True)
    goal = GoalField(required=False, allow_null=True)
    due_in = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=LONGEST_DUE, help_text="In days."
    )
    estimate = serializers.DecimalField(7, 2, required=False, allow_null=True)
    priority = PriorityField(required=False)
    labels = serializers.ListField(child=LabelField(), required=False, max_length=MOST_OF_A_KIND)
    helpers = serializers.ListField(child=MemberField(), required=False, max_length=MOST_OF_A_KIND)
    checklist = serializers.ListField(
        child=serializers.CharField(max_length=ITEM_LENGTH), max_length=MOST_ITEMS, required=False
    )
    fields_said = serializers.DictField(
        source="values", required=False, help_text="Values of custom fields by their ids."
    )

    def get_fields(self) -> dict[str, Any]:
        """`fields` is a word of the framework's, so the attribute has another name."""
        return {
            "fields" if name == "fields_said" else name: field
            for name, field in super().get_fields().items()
        }


class CardTemplateIn(CardTemplatePatch):
    version = None
    card = CardField(required=False, help_text="Of the board: the template begins as this card.")


class FromTemplateIn(StrictSerializer):
    column = ColumnField(required=False, help_text="Left out: the board's first column.")
    title = serializers.CharField(max_length=TITLE_LENGTH, required=False)
    nonce = serializers.CharField(
        max_length=NONCE_LENGTH, required=False, help_text="Sent twice, it makes one card."
    )


class CardTemplateOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    board = serializers.IntegerField()
    title = serializers.CharField()
    description = serializers.CharField()
    assignee = CardPersonOut(allow_null=True)
    goal = serializers.IntegerField(allow_null=True)
    due_in = serializers.IntegerField(allow_null=True)
    estimate = serializers.DecimalField(7, 2, allow_null=True, coerce_to_string=False)
    priority = serializers.ChoiceField(choices=list(PRIORITIES))
    labels = NamedLabelOut(many=True)
    helpers = CardPersonOut(many=True)
    checklist = serializers.ListField(child=serializers.CharField())
    values = serializers.DictField()

    def get_fields(self) -> dict[str, Any]:
        """The values of custom fields are called `fields` on the wire."""
        return {
            "fields" if name == "values" else name: field
            for name, field in super().get_fields().items()
        }


def template_out(one: CardTemplate) -> dict[str, Any]:
    """A template whose labels and helpers are fetched."""
    plain = ("version", "title", "description", "due_in", "estimate", "checklist")
    return {
        "id": one.pk,
        "board": one.board_id,
        **{name: getattr(one, name) for name in plain},
        "assignee": person_out(one.assignee),
        "goal": one.goal_id,
        "priority": WORDS[one.priority],
        "labels": [label_out(label) for label in one.labels.all()],
        "helpers": [person_out(member) for member in one.helpers.all()],
        "fields": one.values,
    }


class TemplateView(CardView):
    def render_current(self, current: CardTemplate) -> dict[str, Any]:  # type: ignore[override]
        return template_out(current)

    def said(self, board: Board, fields: dict[str, Any]) -> dict[str, Any]:
        if "values" in fields:
            fields["values"] = self.values_of(board, fields["values"])
        return fields


class CardTemplates(TemplateView):
    can = {"GET": "workspace.view", "POST": "work.edit"}
    pagination_class = Pages

    @extend_schema(responses=CardTemplateOut(many=True), operation_id="list_card_templates")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        pages, board = Pages(), find_or_404(Board, pk, self)
        rows = pages.paginate_queryset(templates_of(board), request, view=self)
        return pages.get_paginated_response([template_out(one) for one in rows or ()])

    @extend_schema(
        request=CardTemplateIn, responses={201: CardTemplateOut}, operation_id="save_card_template"
    )
    def post(self, request: Request, slug: str, pk: str) -> Response:
        board = find_or_404(Board, pk, self)
        fields = self.said(board, self.shape(CardTemplateIn, request.data))
        card = fields.pop("card", None)
        if card is not None and card.board_id != board.pk:
            raise Invalid([at_field("card", "other_board", _("The card is not on this board."))])
        if card is None and "title" not in fields:
            raise Invalid([at_field("title", "required", _("A card needs a title."))])
        begin = vars(draft_like(card)) if card is not None else {}
        draft = TemplateDraft(**{**begin, **fields})
        made = save_template(board, draft=draft, by=self.member, at=now())
        return Response(template_out(made), status=201)


class CardTemplateDetail(TemplateView):
    can = {"GET": "workspace.view", "PATCH": "work.edit", "DELETE": "work.edit"}

    @extend_schema(responses=CardTemplateOut, operation_id="read_card_template")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(template_out(find_or_404(CardTemplate, pk, self)))

    @extend_schema(
        request=CardTemplatePatch, responses=CardTemplateOut, operation_id="change_card_template"
    )
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        found = find_or_404(CardTemplate, pk, self)
        fields = self.said(found.board, self.shape(CardTemplatePatch, request.data))
        version = fields.pop("version")
        now_ = change_template(found, version=version, changes=fields, by=self.member, at=now())
        return Response(template_out(now_))

    @extend_schema(request=SawIn, responses={204: None}, operation_id="remove_card_template")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        found = find_or_404(CardTemplate, pk, self)
        version = self.shape(SawIn, request.data)["version"]
        remove_template(found, version=version, by=self.member, at=now())
        return Response(status=204)


class CardsFromTemplate(CardView):
    can = {"POST": "work.edit"}

    @extend_schema(
        request=FromTemplateIn, responses={201: CardOut}, operation_id="add_card_from_template"
    )
    def post(self, request: Request, slug: str, pk: str) -> Response:
        found = find_or_404(CardTemplate, pk, self)
        fields = self.shape(FromTemplateIn, request.data)
        column = fields.pop("column", None) or first_column(self.workspace, found.board)
        if column is None:
            raise Invalid([at_field("column", "archived", _("This board is archived."))])
        made = add_from_template(found, column, **fields, by=self.member, at=now())
        return Response(self.tell(made), status=201)
