import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.forms.fields import ColumnField
from tasks.models import Card, Column
from tasks.models.cards import NONCE_LENGTH, TITLE_LENGTH
from tasks.operations.copies import CopyDraft
from tasks.queries.boards import open_columns
from tasks.rules.copies import USUAL, Part
from workspaces.forms import Refusing

PART_WORDS = [
    (Part.CHECKLIST.value, _("Checklist, nothing of it ticked off")),
    (Part.LABELS.value, _("Labels")),
    (Part.PEOPLE.value, _("Assignee, helpers and watchers")),
    (Part.DAYS.value, _("Start and due day")),
    (Part.FIELDS.value, _("Fields of our own")),
    (Part.LINKS.value, _("Links to goals, metrics and addresses")),
    (Part.WAITING.value, _("The cards that wait for it, as copies that wait for the copy")),
]


class CopyForm(Refusing):
    """What a copy of a card is called, where it stands and what it takes along."""

    elsewhere = {"to": "column", "field": "parts"}

    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    column = ColumnField(label=_("Column"), queryset=Column.objects.none())
    parts = forms.MultipleChoiceField(
        label=_("Takes along"),
        required=False,
        choices=PART_WORDS,
        widget=forms.CheckboxSelectMultiple,
    )
    nonce = forms.CharField(max_length=NONCE_LENGTH, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, card: Card, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = open_columns(card.workspace)
        self.fields["column"].queryset = columns  # type: ignore[attr-defined]
        first = columns.filter(board=card.board_id, is_done=False).first()
        here = card.column if not card.column.is_done else first
        usual = [part.value for part in Part if part in USUAL]
        begin = {"title": card.title, "column": here.pk if here else None, "parts": usual}
        for name, value in (begin | {"nonce": secrets.token_urlsafe(18)}).items():
            self.initial.setdefault(name, value)

    def draft(self) -> CopyDraft:
        """The copy that is wanted."""
        said = self.cleaned_data
        parts = frozenset(Part(word) for word in said["parts"])
        return CopyDraft(said["column"], said["title"], parts, said["nonce"])
