"""Numbers of observations: whole numbers scaled by the metric's decimals, so that sums are exact.

A value with more decimals than the metric has is rounded half up, away from zero (2.675 at two
decimals is 2.68, -2.675 is -2.68); minus zero is zero. A text either is a plain decimal number or
is refused: no grouping, no percent sign, no NaN or infinity, no digits of other scripts, no guess.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

LIMIT = 10**15  # of the scaled value; 10^15 fits a bigint 9,000 times over
MOST_DECIMALS = 6
LONGEST = 60
HIGHEST_EXPONENT = 40
PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?", re.ASCII)
EXACT = Context(prec=120)


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a value was refused: `not_a_number` or `out_of_range`."""

    code: str


def read_amount(value: object, decimals: int) -> int | Unfit:
    """The scaled integer of a JSON number or a text, or why there is none."""
    number = _number_of(value)
    if isinstance(number, Unfit):
        return number
    scaled = scale_amount(number, decimals)
    return Unfit("out_of_range") if scaled is None else scaled


def scale_amount(number: Decimal, decimals: int) -> int | None:
    """The scaled integer of a number, rounded half up; None past the limit."""
    if not number.is_finite() or (number and number.adjusted() > HIGHEST_EXPONENT):
        return None
    if not number or number.adjusted() < -HIGHEST_EXPONENT:
        return 0
    shifted = number.scaleb(decimals, EXACT)
    whole = int(shifted.to_integral_value(rounding=ROUND_HALF_UP, context=EXACT))
    return whole if abs(whole) <= LIMIT else None


def unscale(total: int, decimals: int) -> Decimal:
    """The number that a scaled total stands for, exactly, with the metric's decimals."""
    return Decimal(total).scaleb(-decimals, EXACT)


def plain(value: Decimal | None) -> str | None:
    """A decimal text without exponent, trailing zeros or minus zero; None stays None."""
    if value is None:
        return None
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def largest(decimals: int) -> str:
    """The largest value that a metric with so many decimals takes."""
    return format(unscale(LIMIT, decimals), "f")


def _number_of(value: object) -> Decimal | Unfit:
    """A JSON value as a number, or why it is none."""
    if isinstance(value, bool):
        return Unfit("not_a_number")
    if isinstance(value, int):
        return Decimal(value) if abs(value) <= LIMIT else Unfit("out_of_range")
    if isinstance(value, Decimal):
        return value if value.is_finite() else Unfit("not_a_number")
    if not isinstance(value, str) or len(value) > LONGEST or not PLAIN.fullmatch(value):
        return Unfit("not_a_number")
    return Decimal(value)
