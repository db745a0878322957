"""What a card must have before it comes into a column."""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Need(StrEnum):
    """Something that a column asks of the cards that come in."""

    ASSIGNEE = "assignee"
    DUE = "due"
    ESTIMATE = "estimate"
    GOAL = "goal"
    DESCRIPTION = "description"
    LABEL = "label"
    CHECKLIST_DONE = "checklist_done"
    APPROVAL = "approval"


def lacking(needs: Iterable[str], has: Mapping[Need, bool]) -> list[Need]:
    """The needs that a card does not meet, in the order in which they are defined."""
    asked = set(needs)
    return [need for need in Need if need in asked and not has[need]]
