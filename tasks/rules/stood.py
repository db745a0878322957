"""Where cards stood before they were moved, as a word of an address."""

from collections.abc import Iterable
from typing import NamedTuple

MOST_DIGITS = 18


class Stood(NamedTuple):
    """A card, its column then, and the card above it there; 0 for none."""

    card: int
    column: int
    after: int = 0


def written(places: Iterable[Stood]) -> str:
    """Such as "12.3.11-13.3.12"."""
    return "-".join(".".join(map(str, one)) for one in places)


def read_places(text: str, most: int) -> list[Stood]:
    """The places of that text, at most so many; what is none is passed over."""
    found = []
    for part in text.split("-")[:most]:
        words = part.split(".")
        if len(words) == len(Stood._fields) and all(map(_is_id, words)):
            found.append(Stood(*map(int, words)))
    return found


def _is_id(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= MOST_DIGITS
