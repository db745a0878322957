"""Days as files write them: formats, month names, and a reader that never guesses."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo

import jdatetime

from metrics.rules.digits import to_ascii
from metrics.rules.periods import is_known_day

LONGEST_FORMAT = 60
DIRECTIVES = {
    "Y": r"(?P<Y>[0-9]{4})",
    "y": r"(?P<y>[0-9]{2})",
    "m": r"(?P<m>1[0-2]|0?[1-9])",
    "d": r"(?P<d>3[01]|[12][0-9]|0?[1-9])",
    "b": "",  # the names of the language
    "B": "",
    "a": r"[^\W\d_]+\.?",
    "A": r"[^\W\d_]+\.?",
    "H": r"(?P<H>2[0-4]|[01]?[0-9])",
    "I": r"(?P<I>1[0-2]|0?[0-9])",
    "M": r"(?P<M>[0-5]?[0-9])",
    "S": r"(?P<S>60|[0-5]?[0-9])",
    "f": r"(?P<f>[0-9]{1,9})",
    "p": r"(?P<p>[AaPp])\.?[Mm]\.?",
    "z": r"(?P<z>Z|[+-][0-9]{2}:?[0-9]{2})",
    "%": "%",
}
UNIX = {"unix": 1, "unix_ms": 1000}  # seconds and milliseconds since 1970 in UTC
GREGORIAN, JALALI, BUDDHIST = "gregorian", "jalali", "buddhist"
CALENDARS = (GREGORIAN, JALALI, BUDDHIST)
BUDDHIST_AHEAD = 543
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
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "th": "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    "fa": "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
    "vi": "tháng_1 tháng_2 tháng_3 tháng_4 tháng_5 tháng_6 tháng_7 tháng_8 tháng_9 tháng_10 "
    "tháng_11 tháng_12",
}
_MORE = {
    "en": "jan feb mar apr may jun jul aug sep oct nov dec",
    "de": "jan feb mär apr mai jun jul aug sep okt nov dez",
    "es": "ene feb mar abr may jun jul ago sep oct nov dic",
    "fr": "janv févr mars avr mai juin juil août sept oct nov déc",
    "pl": "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień "
    "październik listopad grudzień",
    "pt": "jan fev mar abr mai jun jul ago set out nov dez",
    "it": "gen feb mar apr mag giu lug ago set ott nov dic",
    "th": "ม.ค ก.พ มี.ค เม.ย พ.ค มิ.ย ก.ค ส.ค ก.ย ต.ค พ.ย ธ.ค",
    "fa": "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
    "vi": "thg_1 thg_2 thg_3 thg_4 thg_5 thg_6 thg_7 thg_8 thg_9 thg_10 thg_11 thg_12",
}
_ODD = {
    "en": {"sept": 9},
    "de": {"sept": 9, "jänner": 1},
    "es": {"sept": 9, "setiembre": 9},
    "pl": {
        "sty": 1,
        "lut": 2,
        "mar": 3,
        "kwi": 4,
        "maj": 5,
        "cze": 6,
        "lip": 7,
        "sie": 8,
        "wrz": 9,
        "paź": 10,
        "lis": 11,
        "gru": 12,
    },
    "fa": {"امرداد": 5},
    "vi": {f"tháng {place:02}": place for place in range(1, 10)},
}
MONTH_NAMES: dict[str, dict[str, int]] = {
    language: {
        name.replace("_", " "): place
        for names in (_FULL[language], _MORE[language])
        for place, name in enumerate(names.split(), 1)
    }
    | _ODD.get(language, {})
    for language in _FULL
}
ReadDay = Callable[[str], date | None]
ReadMoment = Callable[[str], datetime | None]


def directives_of(form: str, *, yearless: bool = False) -> list[str]:
    """The directives of a format; ValueError where one is unknown or lacking.

    `yearless`: the year is stated elsewhere and may not stand in the format.
    """
    if len(form) > LONGEST_FORMAT:
        raise ValueError("long")
    found = re.findall(r"%(.?)", form, re.DOTALL)
    if any(letter not in DIRECTIVES for letter in found):
        raise ValueError("unknown")
    dates = [letter for letter in found if letter in "YymbBd"]
    needed = NEEDED[1:] if yearless else NEEDED
    if any(len(group & set(dates)) != 1 for group in needed) or len(dates) != len(needed):
        raise ValueError("lacking")
    times = [letter for letter in found if letter in "HIMSfpz"]
    if len(times) != len(set(times)):
        raise ValueError("twice")
    return found


def day_reader(
    form: str,
    names: str = "en",
    *,
    year: int | None = None,
    calendar: str = GREGORIAN,
    native: bool = False,
) -> ReadDay:
    """A function from a cell to its day, or None where the cell is not such a day.

    `year` is the one of a format without; `native` reads Persian, Arabic and Thai digits too.
    """
    match, months = _matcher(form, names, year, native=native), MONTH_NAMES[names]

    def read(text: str) -> date | None:
        parts = match(text)
        return None if parts is None else _day_of(parts, months, year, calendar)

    return read


def moment_reader(
    form: str,
    zone: tzinfo,
    names: str = "en",
    *,
    calendar: str = GREGORIAN,
    native: bool = False,
) -> ReadMoment:
    """A function from a cell to its instant; a text without an offset of its own is in `zone`."""
    if form in UNIX:
        return _unix_reader(UNIX[form])
    match, months = _matcher(form, names, None, native=native), MONTH_NAMES[names]

    def read(text: str) -> datetime | None:
        parts = match(text)
        day = None if parts is None else _day_of(parts, months, None, calendar)
        return None if parts is None or day is None else _moment_of(day, parts, zone)

    return read


def _unix_reader(scale: int) -> ReadMoment:
    def read(text: str) -> datetime | None:
        plain = re.fullmatch(r"(-?[0-9]{1,14})(?:\.[0-9]{1,9})?", text.strip(), re.ASCII)
        if plain is None:
            return None
        try:
            found = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(plain[1]) // scale)
        except OverflowError:
            return None
        return found if is_known_day(found.date()) else None

    return read


def _matcher(
    form: str, names: str, year: int | None, *, native: bool
) -> Callable[[str], dict[str, str | None] | None]:
    """A function from a cell to the parts that the format names, or None."""
    directives_of(form, yearless=year is not None)
    flags = re.IGNORECASE if _named(form) else re.ASCII
    pattern = re.compile(_pattern(form, MONTH_NAMES[names]), flags)

    def match(text: str) -> dict[str, str | None] | None:
        plain = text.strip()
        if not plain.isascii():
            plain = unicodedata.normalize("NFC", to_ascii(plain) if native else plain)
        found = pattern.fullmatch(plain)
        return None if found is None else found.groupdict()

    return match


def _day_of(
    parts: dict[str, str | None], months: dict[str, int], year: int | None, calendar: str
) -> date | None:
    month = parts.get("m") or month_number(parts.get("b") or "", months)
    of_year = year or parts.get("Y") or _century(parts.get("y"))
    return calendar_day(of_year, month, parts["d"] or "", calendar)


def _moment_of(day: date, parts: dict[str, str | None], zone: tzinfo) -> datetime | None:
    """Day and time of day in the zone, or by the offset that the text itself has."""
    hour = int(parts.get("H") or parts.get("I") or 0)
    if parts.get("p"):
        hour = hour % 12 + (12 if (parts["p"] or "").casefold() == "p" else 0)
    minute, second = int(parts.get("M") or 0), min(int(parts.get("S") or 0), 59)
    offset = parts.get("z")
    try:
        own = datetime.strptime(offset.replace("Z", "+0000"), "%z").tzinfo if offset else None
        return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=own or zone)
    except ValueError:
        return None


def month_number(text: str, months: dict[str, int]) -> int | None:
    """The number of a month that is written as a name or as a number."""
    plain = unicodedata.normalize("NFC", text.strip()).casefold().rstrip(".")
    if plain.isascii() and plain.isdigit():
        return int(plain) if len(plain) <= len("12") else None
    return months.get(plain)


def calendar_day(
    year: str | int | None, month: str | int | None, day: str, calendar: str = GREGORIAN
) -> date | None:
    """The day of these parts, or None where there is no such day or it is out of bounds."""
    plain = day.strip()
    if (
        year is None
        or month is None
        or not (plain.isascii() and plain.isdigit() and len(plain) <= len("31"))
    ):
        return None
    try:
        found = _gregorian(int(year), int(month), int(plain), calendar)
    except ValueError:
        return None
    return found if is_known_day(found) else None


def _gregorian(year: int, month: int, day: int, calendar: str) -> date:
    """The day of a year of the Persian, the Thai or our calendar."""
    if calendar == JALALI:
        found: date = jdatetime.date(year, month, day).togregorian()
        return found
    return date(year - (BUDDHIST_AHEAD if calendar == BUDDHIST else 0), month, day)


def _pattern(form: str, months: dict[str, int]) -> str:
    """The regular expression of a format; each directive stands once, so it cannot run away."""
    longest_first = sorted(months, key=len, reverse=True)
    name = rf"(?P<b>(?:{'|'.join(map(re.escape, longest_first))})\.?)"
    parts = re.split(r"(%.)", form, flags=re.DOTALL)
    return "".join(
        (DIRECTIVES[part[1]] or name)
        if part.startswith("%") and len(part) == len("%Y")
        else re.escape(part)
        for part in parts
    )


def _named(form: str) -> bool:
    return "%b" in form or "%B" in form


def _century(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) + (1900 if int(text) >= _TURN else 2000)
