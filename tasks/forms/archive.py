from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from tasks.forms.fields import SaidForm
from tasks.models import Board, Card
from tasks.operations.bulk import MOST_CARDS, RESTORE, TRASH
from tasks.rules.filters import MOST_DIGITS
from workspaces.rules.errors import Refused

DELETE = "delete"


class AwayForm(SaidForm):
    """What to do with cards that have left the board: bring back, throw away, delete for good."""

    then = forms.ChoiceField(choices=[(RESTORE, ""), (TRASH, ""), (DELETE, "")])

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.board = board

    def cards(self) -> list[Card]:
        """The cards that are selected, from the first to the last of the board."""
        words = self.data.getlist("card")
        ids = [int(word) for word in words if word.isascii() and word.isdigit()]
        fit = all(len(word) <= MOST_DIGITS for word in words) and len(ids) == len(words)
        if not ids or not fit or len(ids) > MOST_CARDS:
            raise Refused(_("Select cards first."), code="required", field="card")
        found = Card.objects.filter(board=self.board, pk__in=ids, archived_at__isnull=False)
        rows = found.select_related("board", "column", "assignee__user")
        return list(rows.order_by("column__position", "position"))


class InstantForm(SaidForm):
    """When something was done, as it was told."""

    at = forms.CharField(max_length=40)

    def clean_at(self) -> Any:
        """An instant with its zone."""
        try:
            found = parse_datetime(self.cleaned_data["at"])
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            raise forms.ValidationError(_("This is no instant."), code="invalid")
        return found
