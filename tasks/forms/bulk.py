from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tasks.forms.acts import LaneField
from tasks.forms.fields import DAY, CycleField, HereFirst, MemberField, SaidForm
from tasks.models import Board, Card, Column, Cycle, Label, Priority
from tasks.operations.bulk import ARCHIVE, MOST_CARDS, TRASH, BulkDraft, Place
from tasks.queries.boards import last_of, open_columns
from tasks.queries.cycles import cycles_to_choose
from tasks.queries.fields import AllBoards, labels_of
from tasks.rules.lanes import read_lane
from workspaces.models import Membership
from workspaces.queries.people import members_of
from workspaces.rules.errors import Refused

ROW = ("board", "column", "assignee__user")
PARTS = 5  # of the word that says where a card stood


class BulkForm(SaidForm):
    """What to do with the cards that are selected on a board, or in a list of all boards.

    `card` says id:version of each.
    """

    to = HereFirst(
        label=gettext_lazy("Move to"),
        queryset=Column.objects.none(),
        required=False,
        empty_label=gettext_lazy("Move to…"),
    )
    assignee = MemberField(
        label=gettext_lazy("Assignee"),
        queryset=Membership.objects.none(),
        required=False,
        empty_label=gettext_lazy("Assign…"),
    )
    label_on = forms.ModelChoiceField(
        label=gettext_lazy("Put a label on"),
        queryset=Label.objects.none(),
        required=False,
        empty_label=gettext_lazy("Label…"),
    )
    label_off = forms.ModelChoiceField(
        label=gettext_lazy("Take a label off"),
        queryset=Label.objects.none(),
        required=False,
        empty_label=gettext_lazy("Take a label off…"),
    )
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Priority"),
        choices=[("", pgettext_lazy("MOps", "Priority…")), *Priority.choices],
        coerce=int,
        required=False,
        empty_value=None,
    )
    due_on = forms.DateField(label=gettext_lazy("Due"), required=False, widget=DAY)
    after = forms.ModelChoiceField(queryset=Card.objects.none(), required=False)
    lane = LaneField(max_length=40, required=False)
    cycle = CycleField(
        label=gettext_lazy("Cycle"),
        queryset=Cycle.objects.none(),
        required=False,
        empty_label=gettext_lazy("Cycle…"),
    )
    then = forms.ChoiceField(choices=[("", ""), (ARCHIVE, ""), (TRASH, "")], required=False)

    def __init__(self, *args: Any, board: Board | AllBoards, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.board = board
        self.fields["to"].queryset = open_columns(board.workspace)
        self.fields["to"].board_id = board.pk
        self.fields["assignee"].queryset = members_of(board.workspace)
        self.fields["after"].queryset = cards_of(board)
        for name in ("label_on", "label_off"):
            self.fields[name].queryset = labels_of(board.workspace)
        cycles = cycles_to_choose(board.workspace, board.pk, None)
        self.fields["cycle"].queryset = cycles
        self.has_cycles = cycles.exists()
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label

    def cards(self) -> list[tuple[Card, int]]:
        """The cards that are selected, by column and place, each with the version that was seen."""
        pairs = [word.partition(":") for word in self.data.getlist("card")[: MOST_CARDS + 1]]
        seen = {int(pk): int(version) for pk, _colon, version in pairs if _fit(pk, version)}
        if not seen or len(seen) < len(pairs):
            raise Refused(_("Select cards first."), code="required", field="card")
        rows = cards_of(self.board).filter(pk__in=seen).select_related(*ROW)
        order = ("board_id", "column__position", "position")
        return [(row, seen[row.pk]) for row in rows.order_by(*order)]

    def draft(self) -> BulkDraft:
        """What is done to each."""
        said = self.said()
        names = ("assignee", "priority", "due_on", "cycle")
        changes = {name: said[name] for name in names if said[name] is not None}
        to = said["to"]
        return BulkDraft(
            changes=changes,
            label_on=said["label_on"],
            label_off=said["label_off"],
            to=to,
            after=self.below(to),
            lane=said["lane"],
            then=said["then"],
        )

    def below(self, to: Column | None) -> Card | None:
        """The card to stand below: the one that a drag names, else the last of the column."""
        if "after" in self.data:
            found: Card | None = self.said()["after"]
            return found
        return last_of(to) if to else None


def choices_of(board: Board) -> tuple[object, ...]:
    """Everything that a BulkForm lists: while it is the same, so is the form; 4 queries."""
    workspace = board.workspace
    return (
        board.pk,
        list(open_columns(workspace).values_list("pk", "name", "board_id", "board__name")),
        list(members_of(workspace).values_list("pk", "user__name", "user__email")),
        list(labels_of(workspace).values_list("pk", "name")),
        list(cycles_to_choose(workspace, board.pk, None).values_list("pk", "name")),
    )


class PlacesForm(SaidForm):
    """Where moved cards stood, as a toast keeps it: id:version:column:rank:lane of each."""

    places = forms.CharField(max_length=MOST_CARDS * 150)

    def __init__(self, *args: Any, board: Board | AllBoards, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.board = board

    def cards(self) -> list[tuple[Card, int, Place]]:
        """The cards with the version that the move left them in, and their places."""
        said = dict(_place(word) for word in self.said()["places"].split())
        rows = cards_of(self.board).filter(pk__in=said).select_related(*ROW)
        return [(row, *said[row.pk]) for row in rows]


def cards_of(place: Board | AllBoards) -> QuerySet[Card]:
    """The cards of a board, or of all."""
    here = Q(board=place.pk) if place.pk else Q(workspace=place.workspace_id)
    return Card.objects.filter(here)


def place_word(card: Card, place: Place) -> str:
    """A moved card and where it stood, in a word."""
    lane = place.lane.key if place.lane else ""
    return f"{card.pk}:{card.version}:{place.column_id}:{place.position}:{lane}"


def _place(word: str) -> tuple[int, tuple[int, Place]]:
    parts = word.split(":")
    if len(parts) == PARTS and _fit(*parts[:3]) and parts[3].isalnum() and parts[3].isascii():
        pk, version, column = map(int, parts[:3])
        return pk, (version, Place(column, parts[3], read_lane(parts[4])))
    raise Refused(_("Select cards first."), code="invalid", field="places")


def _fit(*words: str) -> bool:
    most = 9  # digits that every database keeps
    return all(word.isascii() and word.isdigit() and len(word) <= most for word in words)
