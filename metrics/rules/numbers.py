"""Numbers as files write them; a text either is a number by the stated marks or it is refused."""

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from metrics.rules.amounts import HIGHEST_EXPONENT
from metrics.rules.digits import ARABIC_DECIMAL, ARABIC_THOUSANDS, to_ascii
from metrics.rules.money import sign_in

LONGEST_NUMBER = 60
_SPACES = "[ \u00a0\u202f\u2009]"
_MINUS = str.maketrans({"\u2212": "-"})
_ONE_GROUP = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")  # 1.234: grouped, or with decimals
_PROOFS = {
    mark: re.compile(
        rf"[+-]?(?:[0-9]*{re.escape(mark)}[0-9]+|[0-9]{{1,3}}(?:[{other} '\u00a0\u202f][0-9]{{3}})+"
        rf"{re.escape(mark)}[0-9]+|[0-9]{{1,3}}(?:{re.escape(other)}[0-9]{{3}}){{2,}})"
    )
    for mark, other in ((".", ","), (",", "."))
}
ReadNumber = Callable[[str], "Decimal | str"]


def number_reader(
    decimal: str = ".", thousands: str = "", *, native: bool = False, signs: Sequence[str] = ()
) -> ReadNumber:
    """A function from a cell to a Decimal, or to the code of what is wrong with it.

    Digits are ASCII, with `native` also Persian, Arabic and Thai ones. Grouping is read only with
    the thousands mark that was stated, and only in groups of three. One of the `signs`, such as
    `€`, may stand before or behind the number; beside them another currency's sign is told as that.
    A percentage is refused: rates are computed. Without a decimal mark it is the point, and what
    could be grouped digits as well is refused.
    """
    is_open, decimal = not decimal, decimal or "."
    pattern = _pattern(decimal, thousands)
    marks = _SPACES if thousands == " " else re.escape(thousands)
    clean = _cleaner(decimal, thousands, signs, native=native)

    def read(text: str) -> "Decimal | str":
        plain = clean(text)
        if is_open and _ONE_GROUP.fullmatch(plain) and ARABIC_DECIMAL not in text:
            return "grouped_or_not"
        if len(plain) > LONGEST_NUMBER or not pattern.fullmatch(plain):
            other = sign_in(plain) if signs else ""
            if other and pattern.fullmatch(_without((other,), plain)):
                return "other_sign"
            return _why_not(plain, decimal, thousands)
        mantissa, _mark, exponent = plain.replace("E", "e").partition("e")
        if exponent and abs(int(exponent)) > HIGHEST_EXPONENT:
            return "out_of_range"
        if thousands:
            mantissa = re.sub(marks, "", mantissa)
        return Decimal(mantissa.replace(decimal, ".") + (f"e{exponent}" if exponent else ""))

    return read


def proven_decimal(
    texts: Iterable[str], *, native: bool = False, signs: Sequence[str] = ()
) -> str:  # fmt: skip
    """The decimal mark that numbers prove; nothing where none does, or each of the two is proven.

    1.234 proves nothing, 0.5 and 1,234.50 the point, 0,5 and 1.234.567 the comma.
    """
    clean = _cleaner(".", "", signs, native=native)
    plain = {clean(text) for text in set(texts)}
    doubtless = [text for text in plain if not _ONE_GROUP.fullmatch(text)]
    found = [mark for mark, proof in _PROOFS.items() if any(map(proof.fullmatch, doubtless))]
    return found[0] if len(found) == 1 else ""


def first_doubtful(texts: Iterable[str]) -> str:
    """The first text that could be grouped digits or have decimals, or nothing."""
    return next((text for text in texts if _ONE_GROUP.fullmatch(text.strip())), "")


def _cleaner(
    decimal: str, thousands: str, signs: Sequence[str], *, native: bool
) -> Callable[[str], str]:
    """A function that brings a cell into the form that the pattern knows."""

    def plain(text: str) -> str:
        found = text.strip().translate(_MINUS)
        return _without(signs, found) if signs else found

    def in_ascii(text: str) -> str:
        found = to_ascii(plain(text)).replace(ARABIC_DECIMAL, decimal)
        return found.replace(ARABIC_THOUSANDS, thousands or ARABIC_THOUSANDS)

    return in_ascii if native else plain


def _without(signs: Sequence[str], text: str) -> str:
    """The text without one sign of money before (also behind a minus) or behind the number."""
    for sign in signs:
        if text.endswith(sign):
            return text[: -len(sign)].rstrip()
        minus = text[:1] if text[:1] in ("-", "+") else ""
        rest = text[len(minus) :].lstrip()
        if rest.startswith(sign):
            return minus + rest[len(sign) :].lstrip()
    return text


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
