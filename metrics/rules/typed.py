"""Numbers as people type and paste them into a grid that says which decimal mark it reads."""

import re

from metrics.rules.amounts import Unfit, scale_amount
from metrics.rules.numbers import number_reader

MARKS = {".": ",", ",": "."}  # the decimal mark: the grouping mark beside it
DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩๐๑๒๓๔๕๖๗๘๙", "0123456789" * 3)
SPACED = re.compile("(?<=[0-9])[ \u00a0\u202f\u2009](?=[0-9]{3}(?![0-9]))")


def read_typed(text: str, *, decimal: str, decimals: int) -> int | Unfit | None:
    """The scaled amount of a cell, None for an empty one, or the code of what is wrong with it.

    Persian, Arabic and Thai digits count; groups of three may stand apart by a space or by the
    mark that is not the decimal one. Anything else is refused, never guessed.
    """
    plain = text.strip().translate(DIGITS)
    if not plain:
        return None
    plain = plain.replace("٫", decimal).replace("٬", MARKS[decimal])
    number = number_reader(decimal, MARKS[decimal])(SPACED.sub("", plain))
    if isinstance(number, str):
        return Unfit(number)
    scaled = scale_amount(number, decimals)
    return Unfit("out_of_range") if scaled is None else scaled


def as_typed(text: str, decimal: str) -> str:
    """A plain decimal as such a grid shows it."""
    return text.replace(".", decimal)
