"""What an operation raises when the answer is no; messages are written for the person who asked."""

from collections.abc import Sequence
from dataclasses import dataclass


class Refused(Exception):
    """A domain rule says no: 422. `field` names the input at fault where there is one."""

    def __init__(self, message: str, *, code: str = "refused", field: str = "") -> None:
        """Keep the sentence, a code for programs and the field for forms."""
        super().__init__(message)
        self.message, self.code, self.field = message, code, field


class Stale(Exception):
    """Somebody changed the thing since the caller saw it: 409. `current` is the row now."""

    def __init__(self, message: str, *, current: object) -> None:
        """Keep the sentence and the row as it stands."""
        super().__init__(message)
        self.message, self.current = message, current


@dataclass(frozen=True)
class Problem:
    """One thing wrong with what was sent: where it is, and a sentence.

    `pointer` is a JSON pointer such as "/3/value"; `row` counts from 1; `column` is the field or
    the file's column name.
    """

    message: str
    code: str = "invalid"
    pointer: str = ""
    row: int | None = None
    column: str = ""


def at_field(name: str, code: str, message: str) -> Problem:
    """What is wrong with one field of the body or one parameter of the query."""
    return Problem(message, code, f"/{name}", None, name)


class Invalid(Exception):
    """What was sent has the wrong shape: 400, with every problem named and nothing stored."""

    def __init__(self, problems: Sequence[Problem], message: str = "") -> None:
        """Keep the problems; the message defaults to the first one's."""
        super().__init__(message or (problems[0].message if problems else ""))
        self.problems = list(problems)


class TooLarge(Exception):
    """What was sent is bigger than the stated limit: 413."""


class Busy(Exception):
    """The same is being done right now: 409, to be asked again after so many seconds."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        """Keep the sentence and the seconds."""
        super().__init__(message)
        self.message, self.retry_after = message, retry_after
