from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.forms.acts import BOTTOM, TOP
from tasks.forms.fields import ColumnField
from tasks.models import Card, Column
from tasks.queries.boards import open_columns
from workspaces.forms import Refusing, VersionField


class PlaceField(ColumnField):
    def label_from_instance(self, column: Column) -> str:  # type: ignore[override]
        """The closed control does not show the group, so the board stands here, too."""
        return f"{column.board.name}: {column.name}"


class TransferForm(Refusing):
    """To which column of another board a card goes, and there to the top or the bottom."""

    to = PlaceField(label=_("Column"), queryset=Column.objects.none())
    place = forms.ChoiceField(
        label=_("Place"), choices=[(TOP, _("top")), (BOTTOM, _("bottom"))], required=False
    )
    version = VersionField()

    def __init__(self, *args: Any, card: Card, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = open_columns(card.workspace).exclude(board=card.board_id)
        self.fields["to"].queryset = columns  # type: ignore[attr-defined]
        self.initial.setdefault("version", card.version)
