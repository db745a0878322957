"""Where a follower stands on a stream of numbered events."""

MOST_BEHIND = 1000  # events that are told one by one; who missed more reads everything anew
NOWHERE = -1  # a place that no follower can have


def place_in(text: str) -> int:
    """The number that a follower says it has seen, NOWHERE for what is none."""
    digits = text.strip()
    fits = digits.isascii() and digits.isdigit() and len(digits) <= len(str(2**63))
    return int(digits) if fits else NOWHERE


def must_begin_anew(seen: int, last: int) -> bool:
    """Whether the follower cannot catch up from there: too far behind, or never there."""
    return not 0 <= seen <= last or last - seen > MOST_BEHIND
