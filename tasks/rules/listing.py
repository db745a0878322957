"""How a list of cards is arranged, as the words of an address: its columns, order and groups."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """A column of a list of cards."""

    NUMBER = "number"
    TITLE = "title"
    BOARD = "board"
    COLUMN = "column"
    ASSIGNEE = "assignee"
    DUE = "due"
    START = "start"
    PRIORITY = "priority"
    ESTIMATE = "estimate"
    LABELS = "labels"
    GOAL = "goal"
    CHECKLIST = "checklist"


class Group(StrEnum):
    """What the cards of a list are gathered by."""

    NONE = ""
    COLUMN = "column"
    ASSIGNEE = "assignee"
    GOAL = "goal"
    LABEL = "label"
    PRIORITY = "priority"
    DUE = "due"


OWN = "field_"  # before the id of a field that a team has added
MOST_DIGITS = 9
ALWAYS = (Part.NUMBER, Part.TITLE)
CHOSEN = tuple(part for part in Part if part not in {*ALWAYS, Part.BOARD})
USUAL = (Part.COLUMN, Part.ASSIGNEE, Part.DUE, Part.PRIORITY, Part.ESTIMATE, Part.LABELS, Part.GOAL)


@dataclass(frozen=True)
class Arranged:
    """The order of a list: by a column, maybe from its end, inside groups."""

    sort: Part
    descending: bool = False
    group: Group = Group.NONE

    @property
    def word(self) -> str:
        """The order as an address says it."""
        return f"-{self.sort}" if self.descending else self.sort.value

    def sorted_by(self, part: Part) -> "Arranged":
        """The order after a click on the head of a column: by it, or from its other end."""
        return Arranged(part, part == self.sort and not self.descending, self.group)

    def words(self, usual: Part) -> list[tuple[str, str]]:
        """The pairs of the address's query that say the same; what is usual is not said."""
        pairs = [("sort", self.word)] if self.word != usual else []
        return [*pairs, *([("group", self.group.value)] if self.group else [])]


def read_arranged(asked: Mapping[str, Sequence[str]], usual: Part) -> tuple[Arranged, list[str]]:
    """What the query of an address asks for, and the names whose words say nothing."""
    sort, group = ("".join(asked.get(name, ())[-1:]) for name in ("sort", "group"))
    strange = []
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    if name not in set(Part):
        strange += ["sort"] if sort else []
        name, descending = usual.value, False
    if group not in set(Group):
        group, strange = "", [*strange, "group"]
    return Arranged(Part(name), descending, Group(group)), strange


def parts_of(chosen: Sequence[str] | None, *, everywhere: bool) -> list[Part]:
    """The columns that a list shows, by those that were chosen; of all boards also the board."""
    words = set(USUAL if chosen is None else chosen)
    shown = words | set(ALWAYS) | ({Part.BOARD} if everywhere else set())
    return [part for part in Part if part in shown]


def own_ids(words: Iterable[str] | None) -> list[int]:
    """The ids of the fields of a team's own among the columns that were chosen."""
    numbers = (word.removeprefix(OWN) for word in words or () if word.startswith(OWN))
    return [int(n) for n in numbers if n.isascii() and n.isdigit() and len(n) <= MOST_DIGITS]


def unknown_parts(words: Iterable[str], own: Iterable[int] = ()) -> list[str]:
    """The words that are no column to choose, where `own` are the ids of a team's own fields."""
    known = {*CHOSEN, *(f"{OWN}{pk}" for pk in own)}
    return sorted(str(word) for word in words if word not in known)
