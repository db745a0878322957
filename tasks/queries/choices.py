"""How a member looks at a board: what was chosen, which filters have a name, what is looked for."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from goals.models import Goal
from tasks.models import (
    Board,
    BoardChoice,
    Card,
    CustomField,
    Cycle,
    KeyChoice,
    Label,
    Priority,
    SavedFilter,
)
from tasks.queries.fields import AllBoards, fields_of
from tasks.rules.due import Due
from tasks.rules.filters import CURRENT, FIELD, ME, NOBODY, PRIORITIES, YES, Wanted
from workspaces.models import Membership, Workspace
from workspaces.queries.people import members_of
from workspaces.rules.roles import Role

DUE_WORDS = {
    Due.OVERDUE.value: pgettext_lazy("MOps", "Overdue"),
    Due.TODAY.value: pgettext_lazy("MOps", "Due today"),
    Due.THIS_WEEK.value: pgettext_lazy("MOps", "Due this week"),
    Due.LATER.value: pgettext_lazy("MOps", "Due later"),
    Due.NO_DATE.value: pgettext_lazy("MOps", "No due day"),
}


@dataclass(frozen=True)
class Chip:
    """One thing that is looked for, in words, and the query of the address without it."""

    text: str
    query: str


def choice_of(board: Board, member: Membership) -> BoardChoice:
    """What the member has chosen on the board, else a choice of nothing; 1 query."""
    found = BoardChoice.objects.filter(board=board, member=member).first()
    return found or BoardChoice(workspace_id=board.workspace_id, board=board, member=member)


def has_letters(member: Membership) -> bool:
    """Whether single letters are keys of boards for the member; 1 query."""
    return not KeyChoice.objects.filter(member=member, has_letters=False).exists()


def filters_of(board: Board, member: Membership) -> QuerySet[SavedFilter]:
    """The board's shared filters and the member's own, by name; 1 query."""
    seen = Q(is_shared=True) | Q(owner=member)
    rows = SavedFilter.objects.filter(seen, board=board).select_related("owner__user")
    return rows.order_by("name", "pk")


def may_change(saved: SavedFilter, member: Membership) -> bool:
    """A shared filter is a manager's to change; one's own that is not shared is one's own."""
    if saved.is_shared:
        return member.rank >= Role.MANAGER
    return saved.owner_id == member.pk


def query_of(wanted: Wanted) -> str:
    """The query of an address that looks for it."""
    return urlencode(wanted.words())


def chips_of(wanted: Wanted, board: Board | AllBoards) -> list[Chip]:
    """What is looked for, one by one; at most 5 queries, for the names."""
    pairs, names = wanted.words(), _names(wanted, board)
    return [
        Chip(_said(name, word, names), urlencode([pair for pair in pairs if pair != (name, word)]))
        for name, word in pairs
    ]


def all_boards(workspace: Workspace) -> Board:
    """What stands for all boards where cards are looked for: no row, and no fields of its own."""
    return Board(pk=0, workspace=workspace)


def goals_to_find(board: Board | AllBoards) -> QuerySet[Goal]:
    """The goals that cards of the board serve; 1 query."""
    there = Q(board=board.pk) if board.pk else Q(workspace=board.workspace_id)
    cards = Card.objects.filter(there, archived_at=None, goal__isnull=False)
    found = Goal.objects.filter(pk__in=cards.order_by().values("goal"))
    return found.order_by("title", "pk")


def _names(wanted: Wanted, board: Board | AllBoards) -> Mapping[str, Mapping[str, object]]:
    """What the ids in it stand for."""
    names: dict[str, Mapping[str, object]] = {"due": DUE_WORDS}
    words = dict(zip(PRIORITIES, Priority.labels, strict=True))
    names["priority"] = {**words, "none": _("No priority")}
    if wanted.assignee or wanted.field:
        members = {str(m.pk): m.user.display_name for m in members_of(board.workspace)}
        names["assignee"] = {**members, ME: _("My cards"), NOBODY: pgettext("MOps", "Nobody")}
    if wanted.label:
        labels = Label.objects.filter(workspace=board.workspace_id, pk__in=wanted.label)
        names["label"] = {str(label.pk): label.name for label in labels}
    if wanted.goal:
        ids = [word for word in wanted.goal if word != NOBODY]
        goals = Goal.objects.filter(workspace=board.workspace_id, pk__in=ids)
        names["goal"] = {str(goal.pk): goal.title for goal in goals} | {NOBODY: _("No goal")}
    if wanted.cycle:
        ids = [word for word in wanted.cycle if word.isdigit()]
        cycles = Cycle.objects.filter(workspace=board.workspace_id, pk__in=ids)
        fixed = {CURRENT: _("The running cycle"), NOBODY: _("No cycle")}
        names["cycle"] = {str(cycle.pk): cycle.name for cycle in cycles} | fixed
    if wanted.field:
        names["field"] = {f"{FIELD}{field.pk}": field for field in fields_of(board)}
    return names


def _said(name: str, word: str, names: Mapping[str, Mapping[str, object]]) -> str:
    if name == "q":
        return f"“{word}”"
    if name == "done":
        return pgettext("MOps", "Done") if word == YES else _("Not done")
    if name == "blocked":
        return _("Blocked") if word == YES else _("Not blocked")
    if name.startswith(FIELD):
        return _said_in(names["field"].get(name), word, names["assignee"])
    return str(names[name].get(word, _("something that is gone")))


def _said_in(field: object, word: str, people: Mapping[str, object]) -> str:
    """What a custom field is looked through for."""
    if not isinstance(field, CustomField):
        return _("a field that is gone")
    if field.kind == CustomField.Kind.YES_NO:
        word = pgettext("MOps", "Yes") if word == YES else pgettext("MOps", "No")
    elif field.kind == CustomField.Kind.PERSON:
        word = str(people.get(word, _("somebody who has left")))
    return f"{field.name}: {word}"
