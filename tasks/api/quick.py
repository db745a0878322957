from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.fields import LaneField
from tasks.models import Card, Column
from tasks.models.cards import NONCE_LENGTH
from tasks.operations.quick_add import Typed, add_lines
from tasks.rules.quick_add import LONGEST_LINE, MOST_LINES, Kind, ReadLine, lines_of
from workspaces.rest import StrictSerializer, WorkspaceView, find_or_404


class QuickIn(StrictSerializer):
    line = serializers.CharField(
        max_length=MOST_LINES * LONGEST_LINE,
        help_text="Brief tomorrow @mia #email !high ~2h; several lines are several cards.",
    )
    unread = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_LINE),
        max_length=MOST_LINES,
        required=False,
        help_text="Words that are not to be read.",
    )
    lane = LaneField(required=False)
    nonce = serializers.CharField(max_length=NONCE_LENGTH, required=False)

    def validate_line(self, text: str) -> str:
        if any(len(line) > LONGEST_LINE for line in lines_of(text)):
            message = _("A line has at most %(count)d characters.") % {"count": LONGEST_LINE}
            raise serializers.ValidationError(message, code="max_length")
        return text


class QuickPartOut(serializers.Serializer):
    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind])
    text = serializers.CharField()
    value = serializers.CharField(help_text="An id, a day, hours or the number of a priority.")


class QuickCardOut(serializers.Serializer):
    id = serializers.IntegerField()
    number = serializers.IntegerField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    read = QuickPartOut(many=True)


class QuickOut(serializers.Serializer):
    cards = QuickCardOut(many=True)


def quick_out(card: Card, line: ReadLine) -> dict[str, Any]:
    read = [{"kind": p.kind.value, "text": p.text, "value": str(p.value)} for p in line.parts]
    told = {name: getattr(card, name) for name in ("number", "version", "title")}
    return {"id": card.pk, **told, "read": read}


class QuickCards(WorkspaceView):
    can = {"POST": "work.edit"}

    @extend_schema(request=QuickIn, responses={201: QuickOut}, operation_id="quick_add_cards")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        column = find_or_404(Column, pk, self)
        column.workspace = self.workspace
        fields = self.shape(QuickIn, request.data)
        text, unread = fields.pop("line"), tuple(fields.pop("unread", ()))
        typed = Typed(text, unread, **fields)
        made = add_lines(column, typed=typed, by=self.member, at=now())
        return Response({"cards": [quick_out(*one) for one in made]}, status=201)
