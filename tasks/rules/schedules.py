"""How long a chain of cards takes: the longest way through what waits for what, and who has time.

Days are calendar days. A card of n days that waits for others begins when the last of them is done.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Slack:
    """How many days a card can take longer before the longest chain does."""

    days: int

    @property
    def is_critical(self) -> bool:
        """Whether the card is on the longest chain, so that a day of its own is a day of all."""
        return self.days == 0


def days_of(start: date | None, due: date | None) -> int:
    """How many days a card takes, both ends included; one where an end is not said."""
    return (due - start).days + 1 if start and due else 1


@dataclass(frozen=True)
class Chains:
    """How many days the longest chain takes, and the slack of each card that is tied to another."""

    days: int
    slack: dict[int, Slack]


def chains(days: Mapping[int, int], waits: Mapping[int, Iterable[int]]) -> Chains:
    """The slack of each card that waits for another one or is waited for; others have none to tell.

    `days` says how long each card takes, `waits` for which ones it waits. What waits in a circle
    is passed over: dependencies cannot close one.
    """
    edges = [(one, other) for one, others in waits.items() for other in others]
    known = [(one, other) for one, other in edges if one in days and other in days]
    tied = {card for edge in known for card in edge}
    before: dict[int, list[int]] = {card: [] for card in tied}
    behind: dict[int, list[int]] = {card: [] for card in tied}
    for one, other in known:
        before[one].append(other)
        behind[other].append(one)
    order = _order(before, behind)
    until = _longest(order, before, days)
    after = _longest(order[::-1], behind, days)
    whole = max(until.values(), default=0)
    slack = {card: Slack(whole - (until[card] + after[card] - days[card])) for card in order}
    return Chains(whole, slack)


def _order(before: Mapping[int, list[int]], behind: Mapping[int, list[int]]) -> list[int]:
    """The cards so that each stands behind all that it waits for."""
    left = {card: len(others) for card, others in before.items()}
    free = sorted(card for card, count in left.items() if not count)
    for card in free:
        for other in behind[card]:
            left[other] -= 1
            if not left[other]:
                free.append(other)  # the walk goes on over what it frees
    return free


def _longest(
    order: Iterable[int], near: Mapping[int, list[int]], days: Mapping[int, int]
) -> dict[int, int]:
    """The days of the longest chain that ends with each card, the card itself included."""
    found: dict[int, int] = {}
    for card in order:
        reached = [found[other] for other in near[card] if other in found]
        found[card] = days[card] + max(reached, default=0)
    return found
