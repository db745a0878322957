"""What becomes of a question to several people."""

from collections.abc import Collection
from enum import StrEnum


class Verdict(StrEnum):
    """What somebody who is asked can say."""

    APPROVED = "approved"
    CHANGES = "changes"


class State(StrEnum):
    """How it stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    CHANGES = "changes"
    WITHDRAWN = "withdrawn"


OPEN = (State.WAITING.value, State.CHANGES.value)


def state_of(needed: int, verdicts: Collection[str]) -> State:
    """Approved once enough say so; else one who needs changes goes before those who are silent."""
    if sum(one == Verdict.APPROVED for one in verdicts) >= needed:
        return State.APPROVED
    return State.CHANGES if Verdict.CHANGES in verdicts else State.WAITING


def is_cleared(states: Collection[str]) -> bool:
    """Whether a card has what a column asks for: it was asked, and all that counts is approved."""
    counting = [state for state in states if state != State.WITHDRAWN]
    return bool(counting) and all(state == State.APPROVED for state in counting)
