"""Days as files write them: formats, month names, and a reader that never guesses."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2200, 12, 31)
LONGEST_FORMAT = 60
DIRECTIVES = {
    "Y": r"(?P<Y>[0-9]{4})",
    "y": r"(?P<y>[0-9]{2})",
    "m": r"(?P<m>1[0-2]|0?[1-9])",
    "d": r"(?P<d>3[01]|[12][0-9]|0?[1-9])",
    "b": r"(?P<b>[^\W\d_]+\.?)",
    "B": r"(?P<b>[^\W\d_]+\.?)",
    "H": r"(?:2[0-4]|[01]?[0-9])",
    "I": r"(?:1[0-2]|0?[0-9])",
    "M": r"[0-5]?[0-9]",
    "S": r"(?:60|[0-5]?[0-9])",
    "f": r"[0-9]{1,9}",
    "p": r"[AaPp]\.?[Mm]\.?",
    "z": r"(?:Z|[+-][0-9]{2}:?[0-9]{2})",
    "%": "%",
}
NEEDED = ({"Y", "y"}, {"m", "b", "B"}, {"d"})
_TURN = 69  # two-digit years: 69-99 are 1969-1999, 00-68 are 2000-2068, as strptime has it

_FULL = {
    "en": "january february march april may june july august september october november december",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre "
    "noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września "
    "października listopada grudnia",
}
_MORE = {
    "en": "jan feb mar apr may jun jul aug sep oct nov dec",
    "de": "jan feb mär apr mai jun jul aug sep okt nov dez",
    "es": "ene feb mar abr may jun jul ago sep oct nov dic",
    "fr": "janv févr mars avr mai juin juil août sept oct nov déc",
    "pl": "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień "
    "październik listopad grudzień",
}
_ODD = {
    "en": {"sept": 9},
    "pl": {},
    "de": {"sept": 9, "jänner": 1},
    "es": {"sept": 9, "setiembre": 9},
    "fr": {},
}
MONTH_NAMES: dict[str, dict[str, int]] = {
    language: {
        **{name: place for place, name in enumerate(_FULL[language].split(), 1)},
        **{name: place for place, name in enumerate(_MORE[language].split(), 1)},
        **_ODD[language],
    }
    for language in _FULL
}
ReadDay = Callable[[str], date | None]


def directives_of(form: str) -> list[str]:
    """The directives of a format; ValueError where one is unknown or lacking."""
    if len(form) > LONGEST_FORMAT:
        raise ValueError("long")
    found = re.findall(r"%(.?)", form, re.DOTALL)
    if any(letter not in DIRECTIVES for letter in found):
        raise ValueError("unknown")
    dates = [letter for letter in found if letter in "YymbBd"]
    if any(len(group & set(dates)) != 1 for group in NEEDED) or len(dates) != len(NEEDED):
        raise ValueError("lacking")
    return found


def day_reader(form: str, names: str = "en") -> ReadDay:
    """A function from a cell to its day, or None where the cell is not such a day."""
    directives_of(form)
    pattern = re.compile(_pattern(form), re.ASCII if not _named(form) else 0)
    months = MONTH_NAMES[names]

    def read(text: str) -> date | None:
        plain = text.strip()
        match = pattern.fullmatch(plain if plain.isascii() else unicodedata.normalize("NFC", plain))
        if match is None:
            return None
        parts = match.groupdict()
        month = parts.get("m") or month_number(parts.get("b") or "", months)
        return calendar_day(parts.get("Y") or _century(parts.get("y")), month, parts["d"])

    return read


def month_number(text: str, months: dict[str, int]) -> int | None:
    """The number of a month that is written as a name or as a number."""
    plain = unicodedata.normalize("NFC", text.strip()).casefold().rstrip(".")
    if plain.isascii() and plain.isdigit():
        return int(plain) if len(plain) <= len("12") else None
    return months.get(plain)


def calendar_day(year: str | int | None, month: str | int | None, day: str) -> date | None:
    """The day of these parts, or None where there is no such day or it is out of bounds."""
    plain = day.strip()
    if (
        year is None
        or month is None
        or not (plain.isascii() and plain.isdigit() and len(plain) <= len("31"))
    ):
        return None
    try:
        found = date(int(year), int(month), int(plain))
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None


def _pattern(form: str) -> str:
    """The regular expression of a format; each directive stands once, so it cannot run away."""
    parts = re.split(r"(%.)", form, flags=re.DOTALL)
    return "".join(
        DIRECTIVES[part[1]] if part.startswith("%") and len(part) == len("%Y") else re.escape(part)
        for part in parts
    )


def _named(form: str) -> bool:
    return "%b" in form or "%B" in form


def _century(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) + (1900 if int(text) >= _TURN else 2000)
