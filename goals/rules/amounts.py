"""Exact amounts: decimals kept as plain text, so that no database rounds them."""

import re
from decimal import Decimal

from metrics.rules.aggregation import shortest

SHAPE = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?", re.ASCII)
SHOWN_DIGITS = 12


def canonical(value: Decimal) -> str:
    """Write a decimal the one way: no exponent, no trailing zero, no minus before zero."""
    return format(shortest(value), "f")


def parse(text: str) -> Decimal | None:
    """Read up to 15 digits before the point and 9 after it; None when it is nothing of the kind."""
    trimmed = text.strip()
    return Decimal(trimmed) if SHAPE.fullmatch(trimmed) else None


def stored(value: Decimal | None) -> str:
    """What a text column keeps: the canonical form, empty for nothing."""
    return "" if value is None else canonical(value)


def loaded(text: str) -> Decimal | None:
    """What a text column says: the decimal, None for an empty text."""
    return Decimal(text) if text else None


def rounded(value: Decimal, digits: int = SHOWN_DIGITS) -> Decimal:
    """Round to so many significant digits, half to even."""
    if not value:
        return Decimal(0)
    return round(value, digits - 1 - value.adjusted())


def shared_out(value: Decimal, parts: int) -> Decimal:
    """A total divided among its parts, to as many digits as a ratio has; one part stays exact."""
    return value if parts == 1 else rounded(value / parts)
