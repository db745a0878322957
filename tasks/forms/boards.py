from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tasks.forms.fields import SaidForm
from tasks.models import Board, Column
from tasks.models.boards import COLUMN_NAME_LENGTH, LARGEST_LIMIT, NAME_LENGTH, Lanes
from tasks.operations.board_plans import PLANS, BoardPlan, plan_of
from tasks.operations.boards import ColumnDraft
from tasks.operations.limits import NEEDED
from tasks.queries.boards import boards_of, columns_of
from tasks.rules.entry import Need
from tasks.rules.faces import Part
from workspaces.forms import Refusing, VersionField
from workspaces.models import Workspace

PLAN_WORDS = [
    ("usual", _("Backlog, Ready, In progress, Review, Done")),
    ("campaign", _("Campaign launch: from the brief to the review")),
    ("content", _("Content calendar: from the topic to the day it appears")),
    ("weekly", _("Weekly optimisation: guess, change, measure, learn")),
]
PART_WORDS = [
    (Part.NUMBER.value, _("Number")),
    (Part.PRIORITY.value, _("Priority")),
    (Part.LABELS.value, _("Labels")),
    (Part.GOAL.value, _("Goal")),
    (Part.FIELDS.value, _("Fields of our own")),
    (Part.DUE.value, _("Due")),
    (Part.CHECKLIST.value, _("Checklist")),
    (Part.PEOPLE.value, _("People")),
    (Part.ESTIMATE.value, _("Estimate")),
    (Part.AGE.value, _("Long in a column")),
]


def limit(label: object) -> forms.IntegerField:
    """How many cards something takes; empty is no limit."""
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=LARGEST_LIMIT)


class NewBoardForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    like = forms.ChoiceField(label=_("Begin with"), required=False)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.boards = {str(board.pk): board for board in boards_of(workspace)}
        copies = [(pk, board.name) for pk, board in self.boards.items()]
        groups = [
            *PLAN_WORDS,
            *([(_("As another board, without its cards"), copies)] if copies else []),
        ]
        self.fields["like"].choices = groups

    def plan(self) -> BoardPlan:
        """How the board begins."""
        like = self.cleaned_data["like"] or "usual"
        return PLANS[like]() if like in PLANS else plan_of(self.boards[like])


class BoardForm(Refusing):
    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    lanes = forms.ChoiceField(
        label=_("Swimlanes"),
        choices=Lanes.choices,
        required=False,
        help_text=_("What the limits of a swimlane are counted by."),
    )
    person_limit = limit(_("Open cards a person"))
    person_limit_is_hard = forms.BooleanField(label=_("Refuse more"), required=False)
    blocked_is_hard = forms.BooleanField(
        label=_("Refuse to finish a card that is blocked"), required=False
    )
    shows = forms.MultipleChoiceField(
        label=_("On the face of a card"),
        choices=PART_WORDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    version = VersionField(required=False)

    @staticmethod
    def values_of(board: Board) -> dict[str, Any]:
        """What the form shows first of a board that is there."""
        names = (
            "name",
            "lanes",
            "person_limit",
            "person_limit_is_hard",
            "blocked_is_hard",
            "version",
        )
        values = {name: getattr(board, name) for name in names}
        return {**values, "shows": [part.value for part in Part if part.value not in board.hides]}

    def changes(self) -> dict[str, Any]:
        """The board as it is wanted."""
        said = self.typed
        shows = said.pop("shows")
        said["lanes"] = said["lanes"] or Lanes.NONE
        return {**said, "hides": [part for part in Part if part.value not in shows]}


class ColumnForm(Refusing):
    name = forms.CharField(
        label=_("Name"),
        max_length=COLUMN_NAME_LENGTH,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    wip_limit = limit(_("Limit"))
    wip_limit_is_hard = forms.BooleanField(label=_("Refuse more"), required=False)
    lane_limit = limit(_("Limit a swimlane"))
    lane_limit_is_hard = forms.BooleanField(label=_("Refuse more in a swimlane"), required=False)
    entry = forms.MultipleChoiceField(
        label=_("A card comes in only with"),
        choices=[(need.value, NEEDED[need]) for need in Need],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_done = forms.BooleanField(label=pgettext_lazy("MOps", "Done"), required=False)
    version = VersionField(required=False)

    @staticmethod
    def values_of(column: Column) -> dict[str, Any]:
        """What the form shows of a column that is there."""
        names = [name for name in ColumnForm.base_fields if name != "version"]
        return {name: getattr(column, name) for name in names}

    def draft(self) -> ColumnDraft:
        """The column as it is wanted."""
        return ColumnDraft(**self.typed)


class PlaceColumnForm(SaidForm):
    """Where a column goes: right after another one, or first."""

    after = forms.ModelChoiceField(queryset=Column.objects.none(), required=False)
    version = VersionField(required=False)

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["after"].queryset = columns_of(board)
