"""Dimensions in one canonical form, so that the same facts meet in the same series."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping

Dims = tuple[tuple[str, str | None], ...]
NAME = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")
LONGEST_VALUE = 200
MOST = 12


def canonical(dims: Mapping[str, str | None] | Iterable[tuple[str, str | None]]) -> Dims:
    """Sorted by name, values in NFC without surrounding space; an empty value is missing."""
    pairs = dims.items() if isinstance(dims, Mapping) else dims
    clean = ((name, _clean(value)) for name, value in pairs)
    return tuple(sorted(clean, key=lambda pair: pair[0]))


def _clean(value: str | None) -> str | None:
    if value is None:
        return None
    return unicodedata.normalize("NFC", value).strip() or None


def dims_hash(dims: Dims) -> bytes:
    """16 bytes that stand for the dimensions in the unique key of a series."""
    text = json.dumps(list(dims), ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def flaw_of(name: str, value: object) -> str:
    """The code of what is wrong with one dimension, or "" when it may stand."""
    if not NAME.match(name):
        return "bad_dimension_name"
    if value is not None and not isinstance(value, str):
        return "not_a_text"
    if isinstance(value, str) and (len(value) > LONGEST_VALUE or not is_sound(value)):
        return "bad_dimension"
    return ""

