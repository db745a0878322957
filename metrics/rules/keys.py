"""The identity of an observation within its metric: source and key, as 64 bits."""

import hashlib
import json
from datetime import date

from metrics.rules.dims import Dims

LONGEST_KEY = 300


def key_hash(source_id: int, key: str) -> int:
    """A signed 64-bit number for a key of a source."""
    text = f"{source_id}:{key}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big", signed=True)


def plain_key(day: date, dims: Dims, copy: int) -> str:
    """The key of an observation that brings none: day, dimensions, and which such one it is."""
    told = json.dumps(dict(dims), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{day.isoformat()}|{told}|{copy}"
