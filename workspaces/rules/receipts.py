"""Idempotency keys: what one looks like, and how long its receipt is kept."""

import re
from dataclasses import dataclass
from datetime import timedelta

KEPT = timedelta(hours=48)
RETRY_AFTER = 1  # seconds
LONGEST_KEY = 200
KEY = re.compile(rf"[!-+\--~]{{1,{LONGEST_KEY}}}\Z", re.ASCII)  # visible ASCII without the comma


@dataclass(frozen=True)
class Asked:
    """One request that carries a key: where it goes, and the hash of what it says."""

    endpoint: str
    key: str
    digest: str


@dataclass(frozen=True)
class Answered:
    """An answer as it is sent, and whether it was given before."""

    status: int
    headers: dict[str, str]
    body: str
    replayed: bool = False


def is_key(text: str) -> bool:
    """Whether a text may be a key: 1 to 200 visible ASCII characters, no comma.

    A comma is what a header that was sent twice is joined by.
    """
    return KEY.match(text) is not None
