"""Numbers as people type them: into a field, or into a grid that says which mark it reads."""

import re
from decimal import Decimal

from metrics.rules.amounts import Unfit, scale_amount
from metrics.rules.numbers import first_doubtful, number_reader, proven_decimal

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


def read_number(text: str) -> Decimal | Unfit | None:
    """The number in a field of its own, None for an empty one, or the code of what is wrong.

    The point is the decimal mark, and a comma where the number proves it: 25,5 and 1.250,5, but
    1,250 is refused as `grouped_or_not`. Persian, Arabic and Thai digits count, and spaces do not.
    """
    plain = "".join(text.translate(DIGITS).split())
    if not plain:
        return None
    if any(letter.isalpha() for letter in plain):
        return Unfit("not_a_number")
    plain = plain.replace("٫", ".").replace("٬", "").replace("\u2212", "-")
    if "," in first_doubtful([plain]):
        return Unfit("grouped_or_not")
    mark = proven_decimal([plain]) or "."
    number = number_reader(mark, MARKS[mark])(plain)
    return Unfit(number) if isinstance(number, str) else number


def as_typed(text: str, decimal: str) -> str:
    """A plain decimal as such a grid shows it."""
    return text.replace(".", decimal)
