"""What an export does not say, and the answers that may be given."""

from collections.abc import Mapping
from dataclasses import dataclass

ANSWERS = ("encoding", "section", "sheet", "day", "span", "day_format", "year", "currency")
Answers = Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """What the file does not say; `proposal` is taken unless a question is `needed`."""

    name: str
    code: str
    choices: tuple[str, ...] = ()
    proposal: str = ""
    needed: bool = False
    more: tuple[tuple[str, str], ...] = ()
