"""The forms that bring a board as a file and say where its cards go."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from metrics.rules.fileshapes import ENCODINGS
from tasks.forms.fields import SaidForm
from tasks.models import BoardImport
from tasks.models.boards import NAME_LENGTH
from tasks.operations.imports import Choices, choices_of
from tasks.operations.imports_places import ID, WITH
from tasks.queries.imports import columns_of_board, open_boards
from workspaces.models import Membership
from workspaces.queries.people import members_of

MOST_PEOPLE = 100  # of whom the page asks; the others are matched by address and name
ROLE_WORDS = {
    "title": _("Title"),
    "column": _("Column"),
    "key": _("Number or key"),
    "description": _("Description"),
    "responsible": _("Assignee"),
    "people": _("People"),
    "labels": _("Labels"),
    "start": _("Start"),
    "due": _("Due"),
    "priority": _("Priority"),
    "estimate": _("Estimate in hours"),
    "checklist": _("Checklist, a line for each item"),
    "archived": _("Archived: yes or no"),
    "done_at": _("Done on"),
    "created_at": _("Created on"),
    "goal": _("Goal, by its title"),
    "watchers": _("Watchers"),
    "links": _("Links, a line for each"),
    "comments": _("Comments"),
    "field": _("A field of its own"),
    "nothing": _("Nothing, leave it out"),
}
NOBODY = "0"


class BoardUploadForm(forms.Form):
    """A file that another tool, or MOps, has exported."""

    file = forms.FileField(
        label=_("JSON or CSV file"),
        allow_empty_file=True,
        max_length=300,
        widget=forms.FileInput(attrs={"accept": ".json,.csv,.tsv,.txt,application/json,text/csv"}),
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        required=False,
        choices=[("", _("As detected")), *((name, name) for name in ENCODINGS)],
    )


class ChoicesForm(forms.Form):
    """Where the cards of a checked file go, who its people are, and what its columns hold."""

    board = forms.ChoiceField(label=_("Import into"), required=False)
    name = forms.CharField(label=_("Name of the new board"), required=False, max_length=NAME_LENGTH)
    again = forms.BooleanField(
        label=_("Bring cards that this board has from an earlier import a second time"),
        required=False,
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        required=False,
        choices=[("", _("As detected")), *((name, name) for name in ENCODINGS)],
    )

    def __init__(self, run: BoardImport, data: Any = None) -> None:
        """Ask what the run's file leaves open, beginning with what was said."""
        self.run, self.said = run, choices_of(run)
        found = run.found
        initial = {
            "board": str(self.said.board or ""),
            "name": self.said.name or found.get("name", ""),
            "again": self.said.again,
            "encoding": self.said.encoding,
        }
        super().__init__(data, initial=initial)
        boards = [(str(board.pk), board.name) for board in open_boards(run.workspace)]
        self._choose("board", [("", _("A new board")), *boards], self.fields["board"].label)
        self.columns = {f"column-{n}": one for n, one in enumerate(found.get("columns", ()))}
        self.people = {
            f"person-{n}": one for n, one in enumerate(found.get("people", ())[:MOST_PEOPLE])
        }
        self.headers = {f"role-{n}": name for n, name in enumerate(found.get("roles", {}))}
        self._ask_columns()
        self._ask_people()
        self._ask_roles()

    def _choose(self, name: str, choices: list[tuple[str, Any]], label: Any) -> None:
        self.fields[name] = forms.ChoiceField(label=label, required=False, choices=choices)

    def _ask_columns(self) -> None:
        """Each column: one of its own, one of the board's, or another column of the file."""
        there = columns_of_board(self.said.board) if self.said.board else []
        for name, one in self.columns.items():
            own = _("Archived, without a column") if one["is_archived"] else _("A column like it")
            choices: list[tuple[str, Any]] = [("", own)]
            choices += [(f"{ID}{column.pk}", column.name) for column in there]
            if not there:
                choices += [
                    (f"{WITH}{other['key']}", other["name"])
                    for other in self.columns.values()
                    if other["key"] != one["key"] and not other["is_archived"]
                ]
            self._choose(name, choices, one["name"])
            self.initial[name] = self.said.columns.get(one["key"], "")

    def _ask_people(self) -> None:
        if not self.people:
            return
        members = [
            (str(member.pk), member.user.display_name) for member in members_of(self.run.workspace)
        ]
        matched = self.run.outcome.get("people", {})
        for name, one in self.people.items():
            nobody = NOBODY if one["key"] in matched else ""  # "" is whoever is found
            self._choose(name, [(nobody, _("Nobody here yet")), *members], one["name"])
            said = self.said.people.get(one["key"])
            self.initial[name] = str(matched.get(one["key"], nobody) if said is None else said)

    def _ask_roles(self) -> None:
        roles, names = self.run.found.get("roles", {}), self.run.found.get("headers", {})
        for field, header in self.headers.items():
            self._choose(field, list(ROLE_WORDS.items()), names.get(header, header))
            self.initial[field] = roles[header]

    def choices(self) -> Choices:
        """What was said; call it when the form is valid."""
        data = self.cleaned_data
        board = int(data["board"]) if data["board"] else None
        columns = {one["key"]: data[name] for name, one in self.columns.items() if data[name]}
        if board != self.said.board:
            columns = {}  # those of another board
        return Choices(
            board=board,
            name=data["name"] if data["name"] != self.run.found.get("name") else "",
            columns=columns,
            people={one["key"]: int(data[name]) for name, one in self.people.items() if data[name]},
            roles={header: data[name] or "nothing" for name, header in self.headers.items()},
            encoding=data["encoding"],
            again=data["again"],
        )

    def column_rows(self) -> Iterator[tuple[dict[str, Any], BoundField]]:
        """The file's columns with the question that each asks."""
        return ((one, self[name]) for name, one in self.columns.items())

    def person_rows(self) -> Iterator[tuple[dict[str, Any], BoundField]]:
        """The file's people with the question who each is."""
        return ((one, self[name]) for name, one in self.people.items())

    def role_rows(self) -> Iterator[BoundField]:
        """The columns of a CSV with the question what each holds."""
        return (self[name] for name in self.headers)


class InviteForm(SaidForm):
    """Whom of a file to invite."""

    email = forms.EmailField()


class WhoForm(forms.Form):
    """Which member somebody of a file is."""

    member = forms.ModelChoiceField(Membership.objects.none())

    def __init__(self, run: BoardImport, data: Any = None) -> None:
        """Only members of the workspace."""
        super().__init__(data)
        field = self.fields["member"]
        field.queryset = members_of(run.workspace)  # type: ignore[attr-defined]
