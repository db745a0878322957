"""The kinds of notices that a member can get, each of which a member can switch off.

Nobody is told more than a few things of a kind one by one within an hour: what goes beyond that is
bundled, so that one import which moves twenty goals is one notification.
"""

from datetime import timedelta

AT_ONCE = 3  # of a kind, one by one
WITHIN = timedelta(hours=1)
REGISTRY: dict[str, str] = {}


def notice(kind: str, words: str) -> str:
    """Register a kind once; `words` say when it comes and are marked for translation."""
    if REGISTRY.get(kind, words) != words:
        raise ValueError(f"{kind} is already a notice with other words")
    REGISTRY[kind] = words
    return kind


def is_too_much(standing: int, new: int) -> bool:
    """Whether so many new notices, beside those that stand there unread, are to be bundled."""
    return standing + new > AT_ONCE
