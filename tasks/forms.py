import secrets
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goals.models import Goal
from tasks.models import Board, Card, ChecklistItem, Column
from tasks.models.boards import COLUMN_NAME_LENGTH, LARGEST_LIMIT, NAME_LENGTH
from tasks.models.cards import ITEM_LENGTH, NONCE_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from tasks.operations.boards import ColumnDraft
from tasks.operations.cards import CardDraft
from tasks.queries.boards import columns_of, open_columns
from workspaces.forms import Refusing, VersionField
from workspaces.models import Membership, SlaClock, Workspace
from workspaces.queries.people import members_of
from workspaces.queries.sla import clocks_to_choose
from workspaces.rules.errors import Refused

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
WRITTEN = ("title", "description", "assignee", "due_on", "goal", "clock")
TOP, BOTTOM = "top", "bottom"


class SaidForm(forms.Form):
    """A form without a page of its own: what is wrong with it is said as a refusal."""

    def said(self) -> dict[str, Any]:
        """What was sent, or a refusal that names the first field at fault."""
        for field, problems in self.errors.items():
            raise Refused(str(problems[0]), code="invalid", field=field)
        return self.cleaned_data


class MemberField(forms.ModelChoiceField):
    def label_from_instance(self, member: Membership) -> str:
        return member.user.display_name


class GoalField(forms.ModelChoiceField):
    def label_from_instance(self, goal: Goal) -> str:
        return goal.title


class ClockField(forms.ModelChoiceField):
    def label_from_instance(self, clock: SlaClock) -> str:
        return f"{clock.subject} · {clock.promise.sla.name}"


class ByBoard(forms.models.ModelChoiceIterator):
    """Columns to choose from, under the names of their boards."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        for board, columns in groupby(self.queryset, key=lambda column: column.board):
            yield board.name, [self.choice(column) for column in columns]


class ColumnField(forms.ModelChoiceField):
    iterator = ByBoard


class CardForm(Refusing):
    elsewhere = {"to": "column", "due": "due_on"}

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
        empty_label=_("Nobody yet"),
    )
    due_on = forms.DateField(label=_("Due"), required=False, widget=DAY)
    goal = GoalField(
        label=_("Goal"),
        queryset=Goal.objects.none(),
        required=False,
        empty_label=pgettext_lazy("MOps", "None"),
        help_text=_("Which goal does this work serve?"),
    )

    clock = ClockField(
        label=_("Request"),
        queryset=SlaClock.objects.none(),
        required=False,
        empty_label=pgettext_lazy("MOps", "None"),
        help_text=_("Which answer that is owed does this work give?"),
    )

    def __init__(self, *args: Any, workspace: Workspace, card: Card | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        keep = card.goal_id if card else None
        clocks = clocks_to_choose(workspace, card.clock_id if card else None)
        self.fields["clock"].queryset = clocks
        if not clocks.exists():  # where nobody owes an answer there is nothing to choose
            del self.fields["clock"]
        self.fields["assignee"].queryset = members_of(workspace)
        open_or_kept = Q(closed_at=None) | Q(pk=keep)
        goals = Goal.objects.filter(open_or_kept, workspace=workspace)
        self.fields["goal"].queryset = goals.order_by("title", "pk")

    def written(self) -> dict[str, Any]:
        """What goes on the card."""
        return {name: self.cleaned_data[name] for name in WRITTEN if name in self.fields}


class NewCardForm(CardForm):
    column = ColumnField(label=_("Column"), queryset=Column.objects.none())
    checklist = forms.CharField(
        label=_("Checklist"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One step per line."),
    )
    nonce = forms.CharField(max_length=NONCE_LENGTH, required=False, widget=forms.HiddenInput)
    field_order = ("title", "description", "column", *WRITTEN[2:], "checklist")

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any):
        super().__init__(*args, workspace=workspace, **kwargs)
        self.fields["column"].queryset = open_columns(workspace)
        self.initial.setdefault("nonce", secrets.token_urlsafe(18))

    def clean_checklist(self) -> tuple[str, ...]:
        lines = [line.strip() for line in self.cleaned_data["checklist"].splitlines()]
        if any(len(line) > ITEM_LENGTH for line in lines):
            message = _("A step has at most %(count)d characters.") % {"count": ITEM_LENGTH}
            raise forms.ValidationError(message, code="max_length")
        return tuple(line for line in lines if line)

    def draft(self) -> CardDraft:
        """The new card."""
        return CardDraft(**self.written(), checklist=self.cleaned_data["checklist"])


class EditCardForm(CardForm):
    version = VersionField()

    @staticmethod
    def values_of(card: Card) -> dict[str, Any]:
        """What the form shows first of a card that is there."""
        return {name: getattr(card, name) for name in (*WRITTEN, "version")}


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


class VersionForm(SaidForm):
    version = VersionField(required=False)


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


class BoardForm(Refusing):
    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    version = VersionField(required=False)

    @staticmethod
    def values_of(board: Board) -> dict[str, Any]:
        """What the form shows first of a board that is there."""
        return {"name": board.name, "version": board.version}


class ColumnForm(Refusing):
    name = forms.CharField(label=_("Name"), max_length=COLUMN_NAME_LENGTH)
    wip_limit = forms.IntegerField(
        label=_("Limit"), required=False, min_value=1, max_value=LARGEST_LIMIT
    )
    is_done = forms.BooleanField(label=_("Cards here are done"), required=False)
    version = VersionField(required=False)

    @staticmethod
    def values_of(column: Column) -> dict[str, Any]:
        """What the form shows of a column that is there."""
        return {name: getattr(column, name) for name in ("name", "wip_limit", "is_done")}

    def draft(self) -> ColumnDraft:
        """The column as it is wanted."""
        said = self.cleaned_data
        return ColumnDraft(said["name"], said["wip_limit"], said["is_done"])


class PlaceColumnForm(SaidForm):
    """Where a column goes: right after another one, or first."""

    after = forms.ModelChoiceField(queryset=Column.objects.none(), required=False)
    version = VersionField(required=False)

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["after"].queryset = columns_of(board)
