from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.forms.fields import SaidForm
from tasks.models import Board, Colour, CustomField, Label
from tasks.models.labels import FIELD_LENGTH, LABEL_LENGTH
from tasks.operations.labels import MOST_CHOICES, FieldDraft
from tasks.queries.boards import boards_of
from workspaces.forms import Refusing, VersionField
from workspaces.models import Workspace


class LabelForm(Refusing):
    name = forms.CharField(
        label=_("Name"), max_length=LABEL_LENGTH, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    colour = forms.ChoiceField(label=_("Colour"), choices=Colour.choices)
    version = VersionField(required=False)

    @staticmethod
    def values_of(label: Label) -> dict[str, Any]:
        """What the form shows of a label that is there."""
        return {name: getattr(label, name) for name in ("name", "colour", "version")}


class FieldForm(Refusing):
    name = forms.CharField(
        label=_("Name"), max_length=FIELD_LENGTH, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    choices = forms.CharField(
        label=_("Choices"),
        required=False,
        max_length=(FIELD_LENGTH + 1) * MOST_CHOICES,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("One a line."),
    )
    on_card = forms.BooleanField(label=_("On the face of cards"), required=False)
    version = VersionField(required=False)

    def clean_choices(self) -> list[str]:
        """The words, one a line."""
        return [line.strip() for line in self.cleaned_data["choices"].splitlines() if line.strip()]

    @staticmethod
    def values_of(field: CustomField) -> dict[str, Any]:
        """What the form shows of a field that is there."""
        values = {name: getattr(field, name) for name in ("name", "on_card", "version")}
        return {**values, "choices": "\n".join(field.choices)}


class NewFieldForm(FieldForm):
    version = None
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=CustomField.Kind.choices,
        help_text=_("It stays: what is written in a field is of its kind."),
    )
    board = forms.ModelChoiceField(
        label=_("Board"),
        queryset=Board.objects.none(),
        required=False,
        empty_label=_("All boards"),
    )
    field_order = ("name", "kind", "choices", "board", "on_card")

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board"].queryset = boards_of(workspace)

    def draft(self) -> FieldDraft:
        """The field as it is wanted."""
        return FieldDraft(**self.typed)


class PlaceFieldForm(SaidForm):
    """Where a field goes: right after another one, or first."""

    after = forms.ModelChoiceField(queryset=CustomField.objects.none(), required=False)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["after"].queryset = CustomField.objects.filter(workspace=workspace)
