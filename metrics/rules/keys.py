"""Keys: an observation is known by metric, source and key; sent again it is the same."""

import json
import re
from collections.abc import Iterable
from datetime import date
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from metrics.rules.dims import Dims, as_text, canonical

LONGEST_KEY = 300
PLAIN = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})\|(\{.*\})\|([1-9][0-9]{0,8})", re.ASCII | re.DOTALL
)


def hash_key(source_id: int, key: str) -> int:
    """A signed 64-bit number that stands for the key of a source."""
    digest = blake2b(f"{source_id}|{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def hash_keys(source_id: int, keys: Iterable[bytes]) -> NDArray[np.int64]:
    """What `hash_key` says of each of many keys of one source, given in UTF-8."""
    whose = f"{source_id}|".encode()
    digests = [blake2b(whose + key, digest_size=8).digest() for key in keys]
    return np.frombuffer(b"".join(digests), ">i8").astype(np.int64)


def plain_key(day: date, dims: Dims, copy: int) -> str:
    """The key of an observation without one: day, dimensions, and which such one it is."""
    return f"{day.isoformat()}|{as_text(dims)}|{copy}"


def read_plain_key(key: str) -> tuple[date, Dims] | None:
    """The day and dimensions that such a key says; None for a key of another kind."""
    found = PLAIN.fullmatch(key)
    if found is None:
        return None
    try:
        day, dims = date.fromisoformat(found[1]), canonical(json.loads(found[2]))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    return (day, dims) if plain_key(day, dims, int(found[3])) == key else None
