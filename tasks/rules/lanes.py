"""Swimlanes: the rows of a board, each with the cards that have one thing in common."""

from dataclasses import dataclass

from tasks.rules.filters import NOBODY, PRIORITIES

KINDS = ("assignee", "goal", "label", "priority")
PRIORITY = "priority"
MOST_DIGITS = 18


@dataclass(frozen=True)
class Lane:
    """One row: what it is by, and the id (of a priority its number) that its cards share."""

    by: str
    value: int | None

    @property
    def key(self) -> str:
        """How pages and REST name it: assignee-7, goal-none, priority-high."""
        if self.by == PRIORITY:
            return f"{self.by}-{PRIORITIES[self.value or 0]}"
        return f"{self.by}-{NOBODY if self.value is None else self.value}"


def read_lane(text: str) -> Lane | None:
    """The lane of that key; None for anything else."""
    by, _dash, word = text.partition("-")
    if by == PRIORITY:
        return Lane(by, PRIORITIES.index(word)) if word in PRIORITIES else None
    if by not in KINDS:
        return None
    if word == NOBODY:
        return Lane(by, None)
    fits = word.isascii() and word.isdigit() and len(word) <= MOST_DIGITS
    return Lane(by, int(word)) if fits else None
