from typing import Any
from urllib.parse import parse_qs

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tasks.models import Board, CustomField, Priority, SavedFilter
from tasks.models.choices import FILTER_LENGTH
from tasks.operations.choices import FilterDraft
from tasks.queries.choices import DUE_WORDS, goals_to_find, query_of
from tasks.queries.cycles import cycles_to_choose
from tasks.queries.fields import AllBoards, fields_of, labels_of
from tasks.rules.filters import (
    CURRENT,
    FIELD,
    LONGEST_TEXT,
    ME,
    NO,
    NOBODY,
    PRIORITIES,
    YES,
    Wanted,
    read_wanted,
)
from workspaces.forms import Refusing, VersionField
from workspaces.queries.people import members_of

LONGEST_QUERY = 4000
YES_OR_NO = [
    ("", "—"),
    (YES, pgettext_lazy("MOps", "Yes")),
    (NO, pgettext_lazy("MOps", "No")),
]


def several(label: object, choices: list[tuple[str, Any]]) -> forms.MultipleChoiceField:
    """Any of some words; nothing ticked is all the same."""
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class WantedForm(forms.Form):
    """Which cards of a board to show; its GET is the address of the board."""

    q = forms.CharField(label=_("Words"), max_length=LONGEST_TEXT, required=False)

    def __init__(self, *args: Any, board: Board | AllBoards, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(m.pk), m.user.display_name) for m in members_of(board.workspace)]
        fixed = [(ME, _("My cards")), (NOBODY, pgettext_lazy("MOps", "Nobody"))]
        goals = [(str(goal.pk), goal.title) for goal in goals_to_find(board)]
        labels = [(str(label.pk), label.name) for label in labels_of(board.workspace)]
        ranks = list(zip(PRIORITIES, Priority.labels, strict=True))[::-1]
        self.fields["assignee"] = several(_("Assignee"), [*fixed, *people])
        self.fields["due"] = several(_("Due"), list(DUE_WORDS.items()))
        if labels:
            self.fields["label"] = several(_("Labels"), labels)
        self.fields["priority"] = several(_("Priority"), ranks)
        if goals:
            self.fields["goal"] = several(_("Goal"), [*goals, (NOBODY, _("No goal"))])
        cycles = [(str(c.pk), c.name) for c in cycles_to_choose(board.workspace, board.pk, None)]
        if cycles:
            ends = [(CURRENT, _("The running cycle")), *cycles, (NOBODY, _("No cycle"))]
            self.fields["cycle"] = several(_("Cycle"), ends)
        words = [
            ("", pgettext_lazy("MOps", "All")),
            (NO, _("Not done")),
            (YES, pgettext_lazy("MOps", "Done")),
        ]
        self.fields["done"] = forms.ChoiceField(label=_("Progress"), choices=words, required=False)
        held = [("", words[0][1]), (YES, _("Blocked")), (NO, _("Not blocked"))]
        self.fields["blocked"] = forms.ChoiceField(label=_("Blocked"), choices=held, required=False)
        for field in fields_of(board):
            self.fields[f"{FIELD}{field.pk}"] = _control(field, people)

    @staticmethod
    def values_of(wanted: Wanted) -> dict[str, Any]:
        """What the form shows of what is looked for already."""
        names = ("q", "assignee", "due", "label", "priority", "goal", "cycle", "done", "blocked")
        values = {name: getattr(wanted, name) for name in names}
        several_words = {n: list(v) if isinstance(v, tuple) else v for n, v in values.items()}
        return several_words | {f"{FIELD}{pk}": said for pk, said in wanted.field}


def _control(field: CustomField, people: list[tuple[str, Any]]) -> forms.Field:
    said = {"label": field.name, "required": False}
    if field.kind == CustomField.Kind.CHOICE:
        return forms.ChoiceField(choices=[("", "—"), *((w, w) for w in field.choices)], **said)
    if field.kind == CustomField.Kind.YES_NO:
        return forms.ChoiceField(choices=YES_OR_NO, **said)
    if field.kind == CustomField.Kind.PERSON:
        return forms.ChoiceField(choices=[("", "—"), *people], **said)
    if field.kind == CustomField.Kind.DAY:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **said)
    return forms.CharField(max_length=LONGEST_TEXT, **said)


class FilterForm(Refusing):
    """A filter with a name; `query` is the query of the address that it opens."""

    name = forms.CharField(
        label=_("Name"), max_length=FILTER_LENGTH, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    shared = forms.BooleanField(
        label=_("For everybody"), required=False, help_text=_("Managers change it.")
    )
    query = forms.CharField(max_length=LONGEST_QUERY, required=False, widget=forms.HiddenInput)
    version = VersionField(required=False)

    def __init__(self, *args: Any, may_share: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["shared"]

    def wanted(self) -> Wanted:
        """What it looks for."""
        return read_wanted(parse_qs(self.cleaned_data["query"]))[0]

    def draft(self) -> FilterDraft:
        """The filter as it is wanted."""
        said = self.cleaned_data
        return FilterDraft(said["name"], self.wanted(), said.get("shared", False))

    def changes(self) -> dict[str, Any]:
        """What is changed: the name, and for who may share it if it is shared."""
        return {name: value for name, value in self.typed.items() if name != "query"}

    @staticmethod
    def values_of(saved: SavedFilter) -> dict[str, Any]:
        """What the form shows of a filter that is there."""
        wanted = wanted_in(saved)
        return {
            "name": saved.name,
            "shared": saved.is_shared,
            "query": query_of(wanted),
            "version": saved.version,
        }


def wanted_in(saved: SavedFilter) -> Wanted:
    """What a kept filter looks for."""
    asked: dict[str, list[str]] = {}
    for name, word in saved.query:
        asked.setdefault(name, []).append(word)
    return read_wanted(asked)[0]
