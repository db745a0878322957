from typing import Any

from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.card_shapes import PriorityField
from tasks.api.fields import (
    CardField,
    ColumnField,
    CycleField,
    LabelField,
    LaneField,
    MemberField,
    VersionField,
)
from tasks.operations.bulk import (
    ARCHIVE,
    DONE,
    MOST_CARDS,
    REFUSED,
    RESTORE,
    STALE,
    TRASH,
    BulkDraft,
    Outcome,
    change_cards,
)
from workspaces.rest import StrictSerializer, WorkspaceView

CHANGES = ("assignee", "due_on", "priority", "cycle")


class SeenCardIn(StrictSerializer):
    id = CardField()
    version = VersionField()


class BulkIn(StrictSerializer):
    cards = SeenCardIn(many=True, max_length=MOST_CARDS, allow_empty=False)
    assignee = MemberField(required=False, allow_null=True)
    due = serializers.DateField(source="due_on", required=False, allow_null=True)
    priority = PriorityField(required=False)
    cycle = CycleField(required=False, allow_null=True)
    label_on = LabelField(required=False)
    label_off = LabelField(required=False)
    to = ColumnField(required=False)
    after = CardField(required=False, allow_null=True, help_text="Null: at the top.")
    lane = LaneField(required=False)
    then = serializers.ChoiceField(choices=[ARCHIVE, TRASH, RESTORE], required=False)


class BulkOutcomeOut(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    result = serializers.ChoiceField(choices=[DONE, REFUSED, STALE])
    message = serializers.CharField(help_text="Why not, or a warning.")


class BulkOut(serializers.Serializer):
    results = BulkOutcomeOut(many=True)


def outcome_out(one: Outcome) -> dict[str, Any]:
    card = one.card
    return {"id": card.pk, "version": card.version, "result": one.result, "message": one.message}


class BulkCards(WorkspaceView):
    can = {"POST": "work.edit"}

    @extend_schema(request=BulkIn, responses=BulkOut, operation_id="change_cards")
    def post(self, request: Request, slug: str) -> Response:
        fields = self.shape(BulkIn, request.data)
        cards = [(seen["id"], seen["version"]) for seen in fields.pop("cards")]
        changes = {name: fields.pop(name) for name in CHANGES if name in fields}
        draft = BulkDraft(changes=changes, **fields)
        outcomes = change_cards(cards, draft=draft, by=self.member, at=now())
        return Response({"results": [outcome_out(one) for one in outcomes]})
