"""Numbers as files write them; a text either is a number by the stated marks or it is refused."""

import re
from collections.abc import Callable
from decimal import Decimal

LONGEST_NUMBER = 60
HIGHEST_EXPONENT = 40
_SPACES = "[ \u00a0\u202f\u2009]"
_MINUS = str.maketrans({"\u2212": "-"})
ReadNumber = Callable[[str], "Decimal | str"]


def number_reader(decimal: str = ".", thousands: str = "") -> ReadNumber:
    """A function from a cell to a Decimal, or to the code of what is wrong with it.

    Digits are ASCII; grouping is read only with the thousands mark that was stated, and only in
    groups of three; a percentage is refused, because rates are computed and not imported.
    """
    pattern = _pattern(decimal, thousands)
    marks = _SPACES if thousands == " " else re.escape(thousands)

    def read(text: str) -> "Decimal | str":
        plain = text.strip().translate(_MINUS)
        if len(plain) > LONGEST_NUMBER or not pattern.fullmatch(plain):
            return _why_not(plain, decimal, thousands)
        mantissa, _mark, exponent = plain.replace("E", "e").partition("e")
        if exponent and abs(int(exponent)) > HIGHEST_EXPONENT:
            return "out_of_range"
        if thousands:
            mantissa = re.sub(marks, "", mantissa)
        return Decimal(mantissa.replace(decimal, ".") + (f"e{exponent}" if exponent else ""))

    return read


def _pattern(decimal: str, thousands: str) -> re.Pattern[str]:
    """Optional sign, digits (grouped where a mark is stated), fraction, exponent of two digits."""
    mark = re.escape(decimal)
    whole = "[0-9]+"
    if thousands:
        group = _SPACES if thousands == " " else re.escape(thousands)
        whole = rf"(?:[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]+)"
    return re.compile(rf"[+-]?(?:{whole}(?:{mark}[0-9]*)?|{mark}[0-9]+)(?:[eE][+-]?[0-9]{{1,9}})?")


def _why_not(text: str, decimal: str, thousands: str) -> str:
    """The code that helps most: a percentage, another mark, grouped digits, or no number."""
    if re.fullmatch(r"[<>~]?\s*[+-]?[0-9][0-9.,\s]*\s*%", text):
        return "is_percent"
    other = "," if decimal == "." else "."
    if re.fullmatch(
        rf"[+-]?[0-9]{{1,3}}(?:[{other} '\u00a0\u202f][0-9]{{3}})+(?:{re.escape(decimal)}[0-9]*)?",
        text,
    ):
        return "not_a_number" if thousands else "is_grouped"
    if re.fullmatch(rf"[+-]?[0-9]*{re.escape(other)}[0-9]+", text):
        return "other_decimal_mark"
    return "not_a_number"
