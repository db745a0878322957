"""What a value of a custom field may be, and how it is kept: as JSON that compares as it reads."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

LONGEST_TEXT = 500
LONGEST_LINK = 2000
MOST_DIGITS = 18
FIRST_YEAR, LAST_YEAR = 1970, 2199

Value = str | int | bool | None


class Unfit(Exception):
    """A value is not one of its kind; the argument names what is wrong."""


def read_value(kind: str, value: object, choices: Sequence[str] = ()) -> Value:
    """The value as it is kept, None for an empty one; raise Unfit with the fault's name.

    A number is kept as text without an exponent, a day as YYYY-MM-DD, a person as the member's id:
    that there is such a member, the caller says.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return READERS[kind](value, choices)


def _text(value: object, _choices: Sequence[str]) -> str:
    if not isinstance(value, str):
        raise Unfit("text")
    clean = value.strip()
    if len(clean) > LONGEST_TEXT or "\0" in clean:
        raise Unfit("long")
    return clean


def _number(value: object, _choices: Sequence[str]) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise Unfit("number")
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise Unfit("number") from None
    if not number.is_finite() or abs(number.adjusted()) >= MOST_DIGITS:
        raise Unfit("number")
    text = f"{number:f}"
    if len(text.lstrip("-").replace(".", "")) > MOST_DIGITS:
        raise Unfit("number")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def _day(value: object, _choices: Sequence[str]) -> str:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value.strip())
        except ValueError:
            raise Unfit("day") from None
    if not isinstance(value, date) or not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise Unfit("day")
    return value.isoformat()[:10]


def _choice(value: object, choices: Sequence[str]) -> str:
    if not isinstance(value, str) or value.strip() not in choices:
        raise Unfit("choice")
    return value.strip()


def _yes_no(value: object, _choices: Sequence[str]) -> bool:
    if not isinstance(value, bool):
        raise Unfit("yes_no")
    return value


def _person(value: object, _choices: Sequence[str]) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise Unfit("person")
    return value


def _link(value: object, _choices: Sequence[str]) -> str:
    if not isinstance(value, str):
        raise Unfit("link")
    clean = value.strip()
    try:
        parts = urlsplit(clean)
    except ValueError:
        raise Unfit("link") from None
    spaced = any(sign.isspace() or ord(sign) < ord(" ") for sign in clean)
    if parts.scheme not in {"http", "https"} or not parts.hostname or spaced:
        raise Unfit("link")
    if len(clean) > LONGEST_LINK:
        raise Unfit("long")
    return clean


READERS: dict[str, Callable[[object, Sequence[str]], Value]] = {
    "text": _text,
    "number": _number,
    "day": _day,
    "choice": _choice,
    "yes_no": _yes_no,
    "person": _person,
    "link": _link,
}
