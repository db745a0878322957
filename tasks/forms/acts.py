from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.forms.fields import DAY, MemberField, SaidForm
from tasks.models import Board, Card, ChecklistItem, Column
from tasks.models.cards import ITEM_LENGTH
from tasks.queries.boards import columns_of
from workspaces.forms import VersionField
from workspaces.models import Membership, Workspace
from workspaces.queries.people import members_of

TOP, BOTTOM = "top", "bottom"


class MoveForm(SaidForm):
    """A move as the board's script says it: below a card, or first."""

    to = forms.ModelChoiceField(queryset=Column.objects.none())
    after = forms.ModelChoiceField(queryset=Card.objects.none(), required=False)
    version = VersionField()

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = Column.objects.filter(workspace=workspace)
        self.fields["after"].queryset = Card.objects.filter(workspace=workspace)


class MoveToForm(SaidForm):
    """A move as a menu says it: a column, and its top or its bottom."""

    to = forms.ModelChoiceField(label=_("Move to"), queryset=Column.objects.none())
    place = forms.ChoiceField(choices=[(TOP, _("top")), (BOTTOM, _("bottom"))], required=False)
    version = VersionField()

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = columns_of(board)


class TickForm(SaidForm):
    """A tick; an unticked box sends nothing, so `done` missing means not done."""

    done = forms.BooleanField(required=False)
    version = VersionField(required=False)


class ScheduleForm(SaidForm):
    """Another due day for a card; none is none."""

    due_on = forms.DateField(required=False)
    version = VersionField()


class FeedForm(SaidForm):
    """Whose cards a calendar fetches: those of a board, else one's own."""

    board = forms.ModelChoiceField(queryset=Board.objects.none(), required=False)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board"].queryset = Board.objects.filter(workspace=workspace, archived_at=None)


class FoldForm(SaidForm):
    """Whether a column is collapsed; what is missing means that it is not."""

    folded = forms.BooleanField(required=False)


class LookForm(SaidForm):
    """How a member wants to see a board."""

    is_compact = forms.BooleanField(required=False)


class VersionForm(SaidForm):
    version = VersionField(required=False)


class SeenForm(SaidForm):
    """A change that must say which version it saw."""

    version = VersionField()


class ItemForm(SaidForm):
    text = forms.CharField(label=_("New step"), max_length=ITEM_LENGTH)


class EditItemForm(ItemForm):
    was = forms.CharField(max_length=ITEM_LENGTH, widget=forms.HiddenInput)


class PlaceItemForm(SaidForm):
    """Where a step goes: right below another one, or first."""

    after = forms.ModelChoiceField(queryset=ChecklistItem.objects.none(), required=False)

    def __init__(self, *args: Any, card: Card, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["after"].queryset = ChecklistItem.objects.filter(card=card)


class AssignItemForm(SaidForm):
    """Who does a step, and until when."""

    assignee = MemberField(queryset=Membership.objects.none(), required=False)
    due_on = forms.DateField(required=False, widget=DAY)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = members_of(workspace)
