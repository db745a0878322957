"""Dimensions in the one form in which they are stored; an empty value is a missing one."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b

Dims = tuple[tuple[str, str | None], ...]
NAME = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")
UNSOUND = re.compile("[\0\ud800-\udfff]")
LONGEST_VALUE = 200
MOST_DIMS = 10
REMEMBERED = 65_536  # texts of dimensions: they come again in every row


def canonical(dims: Mapping[str, str | None] | Iterable[tuple[str, str | None]]) -> Dims:
    """Sorted by name, in one Unicode form, trimmed, without the names that have no value."""
    pairs = dims.items() if isinstance(dims, Mapping) else dims
    clean = ((name, plain_value(value)) for name, value in pairs)
    return tuple(sorted((name, value) for name, value in clean if value))


def plain_value(value: str | None) -> str | None:
    """One dimension's value as it is stored and asked for; None when there is none."""
    return (unicodedata.normalize("NFC", value).strip() or None) if value else None


@lru_cache(maxsize=REMEMBERED)
def as_text(dims: Dims) -> str:
    """The canonical JSON of dimensions."""
    return json.dumps(dict(dims), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(dims: Dims) -> int:
    """A signed 64-bit number that stands for canonical dimensions in the database."""
    digest = blake2b(as_text(dims).encode(), digest_size=8, person=b"mops-dims").digest()
    return int.from_bytes(digest, "big", signed=True)


def is_sound(text: str) -> bool:
    """Whether a text can be stored and sent on: no NUL, no half of a surrogate pair."""
    return UNSOUND.search(text) is None


def read_filter(text: str) -> tuple[str, str | None] | None:
    """DIM:VALUE as a dimension and its value, DIM: as one without; None where it is neither."""
    name, colon, value = text.partition(":")
    return (name, plain_value(value)) if colon and name else None
