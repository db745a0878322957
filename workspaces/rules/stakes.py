"""How much a stakeholder can decide and how much they care, and how to work with them for it."""

from enum import IntEnum, StrEnum


class Level(IntEnum):
    """How much, of influence or of interest; None beside it is "not judged yet"."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


class Approach(StrEnum):
    """How to work with somebody; the usual reading of the influence and interest grid."""

    CLOSELY = "closely"
    SATISFY = "satisfy"
    INFORM = "inform"
    WATCH = "watch"


def approach_to(influence: int | None, interest: int | None) -> Approach | None:
    """How to work with somebody of that influence and interest; None until both are judged."""
    if influence is None or interest is None:
        return None
    if min(influence, interest) > Level.LOW and max(influence, interest) == Level.HIGH:
        return Approach.CLOSELY
    if influence > interest:
        return Approach.SATISFY
    return Approach.WATCH if interest == Level.LOW else Approach.INFORM


def lines_of(text: str) -> list[str]:
    """What was written one a line, without bullets and empty lines."""
    return [line for raw in text.splitlines() if (line := raw.strip().lstrip("-*•·–").strip())]
