from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.card_shapes import CardOut
from tasks.api.cards import CardView
from tasks.api.fields import ColumnField
from tasks.models import Card
from tasks.models.cards import NONCE_LENGTH, TITLE_LENGTH
from tasks.operations.copies import CopyDraft, copy_card
from tasks.rules.copies import USUAL, Part
from workspaces.rest import StrictSerializer, find_or_404


class CopyIn(StrictSerializer):
    title = serializers.CharField(
        max_length=TITLE_LENGTH, required=False, help_text="Left out: as the card."
    )
    column = ColumnField(required=False, help_text="Left out: that of the card.")
    parts = serializers.ListField(
        child=serializers.ChoiceField(choices=[part.value for part in Part]),
        required=False,
        max_length=len(Part),
        help_text="What the copy takes along; left out: all but the cards that wait for it.",
    )
    nonce = serializers.CharField(
        max_length=NONCE_LENGTH,
        required=False,
        help_text="A text of your own: sent twice, it makes one copy.",
    )


class CopyCard(CardView):
    can = {"POST": "work.edit"}

    @extend_schema(request=CopyIn, responses={201: CardOut}, operation_id="copy_card")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        card = find_or_404(Card, pk, self)
        said = self.shape(CopyIn, request.data)
        draft = CopyDraft(
            said.get("column", card.column),
            said.get("title", ""),
            frozenset(map(Part, said["parts"])) if "parts" in said else USUAL,
            said.get("nonce", ""),
        )
        made = copy_card(card, draft=draft, by=self.member, at=now())
        return Response(self.tell(made), status=201)
