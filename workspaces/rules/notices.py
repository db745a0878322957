"""The kinds of notices that a member can get, and the ways on which each can come.

Nobody is told more than a few things of a kind one by one within an hour: what goes beyond that is
bundled, so that one import which moves twenty goals is one notification.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

AT_ONCE = 3  # of a kind, one by one
WITHIN = timedelta(hours=1)


class Channel(StrEnum):
    """A way to a person: the bell, a mail of its own, a line in the mail of the morning."""

    IN_APP = "in_app"
    MAIL = "mail"
    DIGEST = "digest"


@dataclass(frozen=True)
class Kind:
    """A kind of notices: when it comes; whether a mail goes out at once; whether it gathers.

    Of a kind that gathers, what happens to one thing within an hour is one notice that counts. One
    that is `placed` tells of things on boards, and can be chosen for each.
    """

    words: str
    at_once: bool = False
    gathers: bool = False
    placed: bool = False

    def usual(self, channel: Channel) -> bool:
        """Whether it comes this way where a person has not chosen."""
        return {
            Channel.IN_APP: True,
            Channel.MAIL: self.at_once,
            Channel.DIGEST: not self.at_once,
        }[channel]


@dataclass(frozen=True)
class Place:
    """Where a thing belongs that a person may want to hear less of: a board, by type and id."""

    type: str
    id: int
    name: str = ""

    @property
    def key(self) -> tuple[str, int]:
        """What tells it from others."""
        return self.type, self.id


NOWHERE = ("", 0)
Key = tuple[str, int]
Chosen = Mapping[tuple[str, str, Key], bool]  # kind, channel, place
REGISTRY: dict[str, Kind] = {}


def notice(
    kind: str,
    words: str,
    *,
    at_once: bool = False,
    gathers: bool = False,
    placed: bool = False,
) -> str:
    """Register a kind once; `words` say when it comes and are marked for translation."""
    made = Kind(words, at_once, gathers, placed)
    if REGISTRY.get(kind, made) != made:
        raise ValueError(f"{kind} is already a notice with other words")
    REGISTRY[kind] = made
    return kind


def wants(kind: str, channel: Channel, place: Key, chosen: Chosen) -> bool:
    """Whether a person wants a kind this way: what they said of the place, of the kind, the usual.

    An unknown kind is told and comes with the digest.
    """
    for where in (place, NOWHERE):
        said = chosen.get((kind, channel.value, where))
        if said is not None:
            return said
    return REGISTRY.get(kind, Kind("")).usual(channel)


def is_too_much(standing: int, new: int) -> bool:
    """Whether so many new notices, beside those that stand there unread, are to be bundled."""
    return standing + new > AT_ONCE
