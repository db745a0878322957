"""Keys: an observation is known by metric, source and key; sent again it is the same."""

from datetime import date
from hashlib import blake2b

from metrics.rules.dims import Dims, as_text

LONGEST_KEY = 300


def hash_key(source_id: int, key: str) -> int:
    """A signed 64-bit number that stands for the key of a source."""
    digest = blake2b(f"{source_id}|{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def plain_key(day: date, dims: Dims, copy: int) -> str:
    """The key of an observation without one: day, dimensions, and which such one it is."""
    return f"{day.isoformat()}|{as_text(dims)}|{copy}"
