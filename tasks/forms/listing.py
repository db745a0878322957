from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tasks.forms.cards import EditCardForm
from tasks.forms.fields import SaidForm
from tasks.models import Card, CustomField
from tasks.rules.listing import CHOSEN, OWN, Group, Part
from workspaces.models import Workspace

PART_WORDS = {
    Part.NUMBER: pgettext_lazy("MOps", "Number"),
    Part.TITLE: _("Title"),
    Part.BOARD: _("Board"),
    Part.COLUMN: _("Column"),
    Part.ASSIGNEE: _("Assignee"),
    Part.DUE: _("Due"),
    Part.START: _("Start"),
    Part.PRIORITY: _("Priority"),
    Part.ESTIMATE: _("Estimate"),
    Part.LABELS: _("Labels"),
    Part.GOAL: _("Goal"),
    Part.CHECKLIST: _("Checklist"),
}
GROUP_WORDS = {
    Group.NONE: _("Not grouped"),
    Group.COLUMN: _("Column"),
    Group.ASSIGNEE: _("Assignee"),
    Group.GOAL: _("Goal"),
    Group.LABEL: _("Label"),
    Group.PRIORITY: _("Priority"),
    Group.DUE: _("Due"),
}
FIELDS = {  # what can be written in a cell, by the column that shows it
    Part.TITLE: "title",
    Part.ASSIGNEE: "assignee",
    Part.DUE: "due_on",
    Part.START: "start_on",
    Part.PRIORITY: "priority",
    Part.ESTIMATE: "estimate",
    Part.LABELS: "labels",
    Part.GOAL: "goal",
}


class ShowsForm(SaidForm):
    """The columns that a list shows: ours, and fields of a team's own."""

    shows = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, fields: Iterable[CustomField], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ours = [(part.value, PART_WORDS[part]) for part in CHOSEN]
        theirs = [(f"{OWN}{field.pk}", field.name) for field in fields]
        self.fields["shows"].choices = [*ours, *theirs]


class CellForm(EditCardForm):
    """One field of a card, in its cell."""

    def __init__(self, *args: Any, part: Part, workspace: Workspace, card: Card, **kwargs: Any):
        super().__init__(*args, workspace=workspace, card=card, **kwargs)
        self.part, self.own = part, []
        kept = {FIELDS[part], self.counter}
        for name in self.fields.keys() - kept:
            del self.fields[name]

    @property
    def control(self) -> forms.BoundField | None:
        """What is written in; None where there is nothing to choose from."""
        name = FIELDS[self.part]
        return self[name] if name in self.fields else None
