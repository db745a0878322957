"""JSON read without losing anything: numbers as Decimal, no key twice, no half letters."""

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NoReturn


class RepeatedKey(ValueError):
    """An object names a key twice, so that one of its values would be lost."""

    def __init__(self, key: str) -> None:
        """Keep the key."""
        super().__init__(key)
        self.key = key


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        raise RepeatedKey(next(name for name in names if names.count(name) > 1))
    return found


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)  # NaN and infinity are no JSON


EXACT_JSON = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_once)


def half_letters(value: Any) -> Iterator[str]:
    """Pointers to the texts that hold half of a surrogate pair, which has no bytes."""
    waiting = [("", value)]
    while waiting:
        pointer, one = waiting.pop()
        if isinstance(one, dict):
            yield from (f"{pointer}/{name}" for name in one if _is_half(name))
            waiting += [(f"{pointer}/{name}", part) for name, part in one.items()]
        elif isinstance(one, list):
            waiting += [(f"{pointer}/{place}", part) for place, part in enumerate(one)]
        elif isinstance(one, str) and _is_half(one):
            yield pointer


def _is_half(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)
