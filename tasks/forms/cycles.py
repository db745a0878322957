from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from tasks.forms.fields import DAY
from tasks.models import Board, Cycle
from tasks.models.boards import NAME_LENGTH
from tasks.models.cycles import AIM_LENGTH, NOTES_LENGTH
from tasks.operations.cycle_turns import Rest
from tasks.operations.cycles import LARGEST_CAPACITY, MOST_CARDS, SAID, CycleDraft
from tasks.queries.boards import open_boards
from tasks.rules.cycles import MOST_WEEKS
from workspaces.forms import Refusing, VersionField
from workspaces.models import Workspace

WEEKS = [(n, ngettext_lazy("%d week", "%d weeks") % n) for n in range(1, MOST_WEEKS + 1)]


class CycleForm(Refusing):
    """A cycle as it is planned."""

    elsewhere = {"starts": "starts_on"}

    version = VersionField(required=False)
    board = forms.ModelChoiceField(
        label=_("Board"),
        queryset=Board.objects.none(),
        required=False,
        empty_label=_("All boards"),
    )
    name = forms.CharField(
        label=_("Name"), max_length=NAME_LENGTH, widget=forms.TextInput({"dir": "auto"})
    )
    starts_on = forms.DateField(
        label=_("First week"), widget=DAY, help_text=_("Any day of the week in which it starts.")
    )
    weeks = forms.TypedChoiceField(label=_("Length"), choices=WEEKS, coerce=int)
    aim = forms.CharField(
        label=_("Aim"),
        max_length=AIM_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("What is to be better after it?"),
    )
    capacity = forms.DecimalField(
        label=_("Capacity in hours"),
        required=False,
        min_value=0,
        max_value=LARGEST_CAPACITY,
        max_digits=7,
        decimal_places=2,
    )
    card_capacity = forms.IntegerField(
        label=_("Capacity in cards"), required=False, min_value=1, max_value=MOST_CARDS
    )

    def __init__(
        self, *args: Any, workspace: Workspace, cycle: Cycle | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board"].queryset = open_boards(workspace)
        if cycle is not None:
            del self.fields["board"]
        if cycle is not None and cycle.closed_at is not None:
            del self.fields["starts_on"], self.fields["weeks"]

    @staticmethod
    def values_of(cycle: Cycle) -> dict[str, Any]:
        """What the form shows of a cycle that is there."""
        names = ("version", "starts_on", "weeks", *SAID)
        return {name: getattr(cycle, name) for name in names}

    def draft(self) -> CycleDraft:
        """The new cycle."""
        said = {name: value for name, value in self.typed.items() if name != "board"}
        return CycleDraft(**said)  # type: ignore[arg-type]


class CloseForm(Refusing):
    """What becomes of the rest, and what is to be remembered."""

    version = VersionField()
    rest = forms.ChoiceField(
        label=_("What is not done"),
        choices=[
            (Rest.CARRY.value, _("goes to the next cycle")),
            (Rest.LEAVE.value, _("stays on its board, without a cycle")),
        ],
        widget=forms.RadioSelect,
        initial=Rest.CARRY.value,
    )
    notes = forms.CharField(
        label=_("Notes"),
        max_length=NOTES_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )


class NotesForm(Refusing):
    """What is to be remembered of a cycle."""

    version = VersionField()
    notes = forms.CharField(
        label=_("Notes"),
        max_length=NOTES_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
