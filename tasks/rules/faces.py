"""What the face of a card shows on its board."""

from enum import StrEnum

STALE_AFTER = 7  # days in one column before a face says so


class Part(StrEnum):
    """A part of a card's face that a board can leave away."""

    NUMBER = "number"
    PRIORITY = "priority"
    LABELS = "labels"
    GOAL = "goal"
    FIELDS = "fields"
    DUE = "due"
    CHECKLIST = "checklist"
    PEOPLE = "people"
    ESTIMATE = "estimate"
    AGE = "age"


def parts_shown(hidden: object) -> frozenset[Part]:
    """The parts that a board shows, by those that it hides; what is unknown hides nothing."""
    words = set(hidden) if isinstance(hidden, list | tuple | set) else set()
    return frozenset(part for part in Part if part.value not in words)
