from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tasks.forms.fields import DAY, MemberField, SaidForm
from tasks.models import Board, Card, ChecklistItem, Column
from tasks.models.boards import Lanes
from tasks.models.cards import ITEM_LENGTH, NONCE_LENGTH
from tasks.operations.quick_add import Typed
from tasks.queries.boards import columns_of
from tasks.rules.lanes import Lane, read_lane
from tasks.rules.quick_add import LONGEST_LINE, MOST_LINES
from workspaces.forms import VersionField
from workspaces.models import Membership, Workspace
from workspaces.queries.people import members_of

TOP, BOTTOM = "top", "bottom"


class LaneField(forms.CharField):
    """The key of a swimlane; empty means none."""

    def clean(self, value: Any) -> Lane | None:
        """The lane, or an error at the field."""
        text = super().clean(value)
        lane = read_lane(text) if text else None
        if text and lane is None:
            raise forms.ValidationError(_("There is no such swimlane."), code="not_found")
        return lane


class MoveForm(SaidForm):
    """A move as the board's script says it: below a card, or first; to a lane if one is said."""

    to = forms.ModelChoiceField(queryset=Column.objects.none())
    after = forms.ModelChoiceField(queryset=Card.objects.none(), required=False)
    lane = LaneField(max_length=40, required=False)
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
    lanes = forms.ChoiceField(choices=[("", ""), *Lanes.choices], required=False)

    def looks(self) -> dict[str, Any]:
        """What is said; what is not is left as it is."""
        return {name: value for name, value in self.said().items() if name in self.data}


class FoldLaneForm(FoldForm):
    """Whether a swimlane is collapsed."""

    lane = LaneField(max_length=40)


class KeysForm(SaidForm):
    """Whether single letters are keys; what is missing means that they are not."""

    has_letters = forms.BooleanField(required=False)


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


class QuickForm(SaidForm):
    """A card a line, and the words in them that are not to be read."""

    line = forms.CharField(max_length=MOST_LINES * LONGEST_LINE, strip=False, required=False)
    lane = LaneField(max_length=40, required=False)
    nonce = forms.CharField(max_length=NONCE_LENGTH, required=False)

    def typed(self) -> Typed:
        """What is typed, with what was taken back."""
        said = self.said()
        unread = tuple(text[:LONGEST_LINE] for text in self.data.getlist("unread")[:MOST_LINES])
        return Typed(said["line"], unread, said["lane"], said["nonce"])
