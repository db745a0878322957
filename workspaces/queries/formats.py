"""Numbers and days as people of the active language read them."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi, gettext, ngettext

LEFT_TO_RIGHT = "\u200e"  # keeps a sign before its number inside right-to-left text
MINUS, THIN, HARD = "\u2212", "\u202f", "\u00a0"  # true minus, narrow and normal no-break space
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
LOCALES = {"en": "en_GB"}  # day before month, as in most of the world
MOST_DECIMALS = 6
ISOLATE, POP = "\u2068", "\u2069"  # what stands between has its own direction
RIGHT_TO_LEFT = "\u2067"  # so has what stands behind, and this is it
SHORT_SEPTEMBER = re.compile(r"\bSept\b")  # the other months have three letters
MINUTE, HOUR, DAY = 60, 3600, 86400


def locale() -> Locale:
    """Return Babel's locale for the active language; an unknown one reads as English."""
    code = get_language() or "en"
    try:
        return Locale.parse(LOCALES.get(code, code.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


def digits(text: object) -> str:
    """Write the digits of a text in the script of the language; other characters stay."""
    return str(text).translate(PERSIAN) if locale().language == "fa" else str(text)


def decimal_of(value: object) -> Decimal | None:
    """Read a number of any kind; None, blank and what is no finite number are None."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def no_data() -> str:
    """The words for a value that does not exist; never 0 and never blank."""
    return gettext("no data")


def number(value: object, decimals: int | None = None, *, sign: bool = False) -> str:
    """Group and round half up; without `decimals`, as many as the value has, up to six."""
    amount = decimal_of(value)
    if amount is None:
        return no_data()
    places = _own_decimals(amount) if decimals is None else decimals
    amount = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    pattern = "#,##0" + ("." + "0" * places if places else "")
    text = format_decimal(abs(amount), pattern, locale=locale(), numbering_system="default")
    before = MINUS if amount < 0 else "+" if sign and amount > 0 else ""
    return f"{LEFT_TO_RIGHT if before and get_language_bidi() else ''}{before}{digits(text)}"


def percent(share: object, decimals: int = 0) -> str:
    """A share such as 0.083 as 8.3 %."""
    amount = decimal_of(share)
    return no_data() if amount is None else percentage(amount * 100, decimals)


def percentage(value: object, decimals: int | None = None) -> str:
    """A value that is already in percent, with the percent sign."""
    if decimal_of(value) is None:
        return no_data()
    return number(value, decimals) + percent_sign()


def percent_sign() -> str:
    """The sign and the space before it: a narrow one, none in Persian."""
    return "٪" if locale().language == "fa" else f"{THIN}%"


def duration(seconds: object) -> str:
    """A length of time in its two largest units."""
    amount = decimal_of(seconds)
    if amount is None:
        return no_data()
    whole = int(abs(amount).quantize(Decimal(1), ROUND_HALF_UP))
    parts = [
        (whole // DAY, gettext("d")),
        (whole % DAY // HOUR, gettext("h")),
        (whole % HOUR // MINUTE, gettext("min")),
        (whole % MINUTE, gettext("s")),
    ]
    first = next((place for place, (count, _) in enumerate(parts) if count), len(parts) - 1)
    kept = [
        f"{number(count, 0)}{HARD}{unit}"
        for place, (count, unit) in enumerate(parts[first : first + 2])
        if count or not place
    ]
    return (MINUS if amount < 0 else "") + HARD.join(kept)


def worktime(seconds: object) -> str:
    """A length of working time in hours and minutes: a working day has no 24 hours."""
    amount = decimal_of(seconds)
    if amount is None:
        return no_data()
    minutes = int((abs(amount) / MINUTE).quantize(Decimal(1), ROUND_HALF_UP))
    parts = [(minutes // 60, gettext("h")), (minutes % 60, gettext("min"))]
    kept = [f"{number(count, 0)}{HARD}{unit}" for count, unit in parts if count] or [
        f"{number(0, 0)}{HARD}{parts[1][1]}"
    ]
    return (MINUS if amount < 0 and minutes else "") + HARD.join(kept)


def measure(
    value: object, *, unit: str, decimals: int | None, currency: str = ""
) -> tuple[str, str]:
    """A metric's value as its figure and its unit, apart, so that the page can set them."""
    if decimal_of(value) is None:
        return no_data(), ""
    if unit == "duration":
        return duration(value), ""
    ending = {"percent": percent_sign().lstrip(), "currency": currency}.get(unit, "")
    return number(value, decimals), ending


def measured(value: object, *, unit: str, decimals: int | None, currency: str = "") -> str:
    """A metric's value in one run of text that does not break."""
    figure, ending = measure(value, unit=unit, decimals=decimals, currency=currency)
    if not ending:
        return figure
    return figure + (percent_sign() if unit == "percent" else HARD + ending)


def day(value: date | datetime | str | None, pattern: str = "d MMM y") -> str:
    """A day with its year, or by another CLDR pattern; None in words."""
    found = _day_of(value)
    if found is None:
        return gettext("no date")
    here = locale()
    text = format_date(found, pattern, locale=here)
    if here.language == "en":
        text = SHORT_SEPTEMBER.sub("Sep", text)
    if here.language == "fa":
        return f"{ISOLATE}{digits(text.replace(',', '،'))}{POP}"  # whole inside a foreign sentence
    return digits(text)


def daymonth(value: date | datetime | str | None) -> str:
    """A day without its year."""
    return day(value, "d MMM")


def span(first: date | datetime | str | None, last: date | datetime | str | None) -> str:
    """Two days and the dash between; a year that both share is written once."""
    start, end = _day_of(first), _day_of(last)
    same_year = start is not None and end is not None and start.year == end.year
    text = f"{daymonth(start) if same_year else day(start)} – {day(end)}"
    return f"{RIGHT_TO_LEFT}{text}{POP}" if get_language_bidi() else text


def moment(value: datetime | None) -> str:
    """A day and the time of day, in the active time zone."""
    if value is None:
        return gettext("never")
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day(local)}, {digits(local.strftime('%H:%M'))}"


def days_late(days: int) -> str:
    """How many days a thing is late, short enough for a card."""
    text = ngettext("%(days)s d late", "%(days)s d late", days)
    return text % {"days": number(days, 0)}


def period(start: date, grain: object) -> str:
    """The period that begins on that day, as people call it: W47 2026, Nov 2026, a day itself."""
    name = PERIOD_NAMES.get(str(grain))
    return name(start) if name else day(start)


def _week(start: date) -> str:
    year, week, _day = start.isocalendar()
    return digits(gettext("W%(week)02d %(year)s") % {"week": week, "year": year})


def _quarter(start: date) -> str:
    words = {"quarter": (start.month + 2) // 3, "year": start.year}
    return digits(gettext("Q%(quarter)s %(year)s") % words)


def _month(start: date) -> str:
    return day(start, "MMM yyyy")


def _year(start: date) -> str:
    return digits(start.year)


PERIOD_NAMES: dict[str, Callable[[date], str]] = {
    "week": _week,
    "month": _month,
    "quarter": _quarter,
    "year": _year,
}


def _own_decimals(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return min(max(-exponent, 0), MOST_DECIMALS) if isinstance(exponent, int) else 0


def _day_of(value: date | datetime | str | None) -> date | None:
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    if isinstance(value, str):
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            return None
    return value
