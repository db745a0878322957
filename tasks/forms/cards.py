import secrets
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goals.models import Goal
from tasks.forms.fields import (
    DAY,
    ClockField,
    ColumnField,
    CycleField,
    GoalField,
    LabelsField,
    MemberField,
    MembersField,
)
from tasks.models import Board, Card, Column, CustomField, Cycle, Label, Priority
from tasks.models.cards import ITEM_LENGTH, NONCE_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from tasks.operations.cards import CardDraft
from tasks.operations.contents import LARGEST_ESTIMATE, SEVERAL, SINGLE
from tasks.queries.boards import open_columns
from tasks.queries.cards import extras_of
from tasks.queries.cycles import cycles_to_choose
from tasks.queries.fields import fields_of
from tasks.rules.custom_fields import LONGEST_LINK, LONGEST_TEXT
from workspaces.forms import Refusing, VersionField
from workspaces.models import Membership, SlaClock, Workspace
from workspaces.queries.people import members_of
from workspaces.queries.sla import clocks_to_choose

WRITTEN = (*SINGLE, *SEVERAL)
NOBODY = _("Nobody yet")
NONE = pgettext_lazy("MOps", "None")
OWN = "field_"
FOLDED = ("start_on", "priority", "estimate", "reports_to", "helpers", "clock", "cycle")
EMPTY = (None, "", [], 0, "0")


class CardForm(Refusing):
    elsewhere = {"to": "column", "due": "due_on", "start": "start_on"}

    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    description = forms.CharField(
        label=_("Description"),
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    assignee = MemberField(
        label=_("Assignee"),
        queryset=Membership.objects.none(),
        required=False,
        empty_label=NOBODY,
        help_text=_("The one who is responsible."),
    )
    helpers = MembersField(
        label=_("Helpers"),
        queryset=Membership.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reports_to = MemberField(
        label=_("Reports to"),
        queryset=Membership.objects.none(),
        required=False,
        empty_label=_("Whom the assignee reports to"),
    )
    start_on = forms.DateField(label=_("Start"), required=False, widget=DAY)
    due_on = forms.DateField(label=_("Due"), required=False, widget=DAY)
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=Priority.choices, coerce=int, required=False, empty_value=0
    )
    estimate = forms.DecimalField(
        label=_("Estimate"),
        required=False,
        min_value=0,
        max_value=LARGEST_ESTIMATE,
        max_digits=7,
        decimal_places=2,
        help_text=_("In hours."),
    )
    labels = LabelsField(
        label=_("Labels"),
        queryset=Label.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    goal = GoalField(
        label=_("Goal"),
        queryset=Goal.objects.none(),
        required=False,
        empty_label=NONE,
        help_text=_("Which goal does this work serve?"),
    )
    clock = ClockField(
        label=_("Request"),
        queryset=SlaClock.objects.none(),
        required=False,
        empty_label=NONE,
        help_text=_("Which answer that is owed does this work give?"),
    )

    cycle = CycleField(
        label=_("Cycle"), queryset=Cycle.objects.none(), required=False, empty_label=NONE
    )

    def __init__(
        self,
        *args: Any,
        workspace: Workspace,
        board: Board | None = None,
        card: Card | None = None,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        board = card.board if card else board
        self._offer(workspace, card, board)
        self.own = list(fields_of(board)) if board else []
        for field in self.own:
            self.fields[f"{OWN}{field.pk}"] = control_of(field, workspace)

    def _offer(self, workspace: Workspace, card: Card | None, board: Board | None) -> None:
        """What there is to choose from; where that is nothing, nothing is asked."""
        members = members_of(workspace)
        for name in ("assignee", "helpers", "reports_to"):
            self.fields[name].queryset = members
        labels = Label.objects.filter(workspace=workspace).order_by("name")
        clocks = clocks_to_choose(workspace, card.clock_id if card else None)
        cycles = cycles_to_choose(
            workspace, board.pk if board else None, card.cycle_id if card else None
        )
        for name, rows in (("labels", labels), ("clock", clocks), ("cycle", cycles)):
            self.fields[name].queryset = rows
            if not rows.exists():
                del self.fields[name]
        open_or_kept = Q(closed_at=None) | Q(pk=card.goal_id if card else None)
        goals = Goal.objects.filter(open_or_kept, workspace=workspace)
        self.fields["goal"].queryset = goals.order_by("title", "pk")

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """The controls of the custom fields."""
        return [self[f"{OWN}{field.pk}"] for field in self.own]

    @property
    def more_is_said(self) -> bool:
        """Whether anything stands in the part that is folded away."""
        names = [*FOLDED, *(f"{OWN}{field.pk}" for field in self.own)]
        asked = [self[name] for name in names if name in self.fields]
        return any(bound.errors or bound.value() not in EMPTY for bound in asked)

    def said_of_own(self) -> dict[CustomField, Any]:
        """What was written in the custom fields, as it is kept."""
        return {field: self._own(field) for field in self.own}

    def _own(self, field: CustomField) -> Any:
        value = self.cleaned_data.get(f"{OWN}{field.pk}")
        if field.kind == CustomField.Kind.PERSON:
            return value.pk if value else None
        if field.kind == CustomField.Kind.YES_NO:
            return value or None
        return value

    def written(self) -> dict[str, Any]:
        """What goes on the card."""
        said = {name: self.cleaned_data[name] for name in WRITTEN if name in self.fields}
        return {**said, "values": self.said_of_own()}


def control_of(field: CustomField, workspace: Workspace) -> forms.Field:
    """How a custom field is asked for."""
    said = {"label": field.name, "required": False}
    if field.kind == CustomField.Kind.CHOICE:
        return forms.ChoiceField(
            choices=[("", NONE), *((word, word) for word in field.choices)], **said
        )
    if field.kind == CustomField.Kind.PERSON:
        return MemberField(queryset=members_of(workspace), empty_label=NONE, **said)
    if field.kind == CustomField.Kind.LINK:
        return forms.URLField(max_length=LONGEST_LINK, assume_scheme="https", **said)
    plain = {
        CustomField.Kind.NUMBER: lambda: forms.DecimalField(max_digits=18, **said),
        CustomField.Kind.DAY: lambda: forms.DateField(widget=DAY, **said),
        CustomField.Kind.YES_NO: lambda: forms.BooleanField(**said),
    }
    make = plain.get(CustomField.Kind(field.kind))
    return make() if make else forms.CharField(max_length=LONGEST_TEXT, **said)


def clean_steps(text: str) -> tuple[str, ...]:
    """The lines of a checklist, none too long."""
    lines = [line.strip() for line in text.splitlines()]
    if any(len(line) > ITEM_LENGTH for line in lines):
        message = _("A step has at most %(count)d characters.") % {"count": ITEM_LENGTH}
        raise forms.ValidationError(message, code="max_length")
    return tuple(line for line in lines if line)


class NewCardForm(CardForm):
    board: Board | None = None
    column = ColumnField(label=_("Column"), queryset=Column.objects.none())
    checklist = forms.CharField(
        label=_("Checklist"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One step per line."),
    )
    nonce = forms.CharField(max_length=NONCE_LENGTH, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, workspace: Workspace, board: Board | None = None, **kwargs: Any):
        super().__init__(*args, workspace=workspace, board=board, **kwargs)
        self.fields["column"].queryset = open_columns(workspace)
        self.initial.setdefault("nonce", secrets.token_urlsafe(18))

    def clean_checklist(self) -> tuple[str, ...]:
        return clean_steps(self.cleaned_data["checklist"])

    def draft(self) -> CardDraft:
        """The new card."""
        said = self.written()
        several = {name: tuple(said[name]) for name in SEVERAL if name in said}
        return CardDraft(**{**said, **several}, checklist=self.cleaned_data["checklist"])


class EditCardForm(CardForm):
    """What was shown first is sent along, so that only what somebody changed is written."""

    version = VersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.show_hidden_initial = name != "version"

    @property
    def shown_first(self) -> SafeString:
        """What each field said when it was shown."""
        first = ((bound.as_hidden(only_initial=True),) for bound in self if bound.name != "version")
        return format_html_join("", "{}", first)

    def changes(self) -> dict[str, Any]:
        """What was written otherwise than it was shown."""
        changed = set(self.changed_data)
        said = {name: value for name, value in self.written().items() if name in changed}
        own = {f: v for f, v in self.said_of_own().items() if f"{OWN}{f.pk}" in changed}
        return {**said, "values": own} if own else said

    def meet(self, present: forms.Form, message: str, version: int) -> None:
        """Beside what was typed, what stands now; the rest is taken from there."""
        mine, data = set(self.changed_data), self.data.copy()
        for name in self.fields:
            if name == self.counter or name not in present.fields:
                continue
            now = sent_by(present[name])
            data.setlist(self.add_initial_prefix(name), now)
            if name not in mine:
                data.setlist(self.add_prefix(name), now)
        self.data = data
        super().meet(present, message, version)

    @staticmethod
    def values_of(card: Card) -> dict[str, Any]:
        """What the form shows first of a card that is there."""
        extras = extras_of([card.pk])[card.pk]
        own = {f"{OWN}{pk}": value for pk, value in card.values.items()}
        several = {name: [row.pk for row in getattr(extras, name)] for name in SEVERAL}
        single = {name: getattr(card, name) for name in (*SINGLE, "version")}
        return {**single, **several, **own}


def sent_by(bound: forms.BoundField) -> list[str]:
    """What a browser sends of a control that nobody has touched."""
    value = bound.value()
    if isinstance(bound.field, forms.BooleanField):
        return ["on"] if value else []
    if isinstance(value, list | tuple):
        return [str(getattr(one, "pk", one)) for one in value]
    shown = bound.field.prepare_value(value)
    text = bound.field.widget.format_value(shown)
    if isinstance(text, list | tuple):
        return [str(one) for one in text if one not in (None, "")]
    return ["" if text is None else str(text)]
