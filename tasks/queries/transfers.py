"""What is to be known of cards that go to another board."""

from collections.abc import Collection

from django.db.models import OuterRef, Subquery

from tasks.models import Card, CustomField
from tasks.rules.stood import Stood


def places_of(ids: Collection[int]) -> list[Stood]:
    """Where these cards stand, by column and place; 1 query."""
    above = Card.objects.filter(column=OuterRef("column"), position__lt=OuterRef("position"))
    nearest = Subquery(above.order_by("-position").values("pk")[:1])
    cards = Card.objects.filter(pk__in=ids).annotate(above=nearest).order_by("column", "position")
    rows = cards.values_list("pk", "column_id", "above")
    return [Stood(pk, column, after or 0) for pk, column, after in rows]


def hidden_fields(card: Card) -> list[str]:
    """The fields of other boards that the card says something in, by their names; 1 query."""
    ids = [int(pk) for pk in card.values]
    fields = CustomField.objects.filter(pk__in=ids, board__isnull=False, retired_at=None)
    names = fields.exclude(board=card.board_id).order_by("position", "pk")
    return list(names.values_list("name", flat=True))
