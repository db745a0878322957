"""Numbers and days inside sentences, as people of the active language write them.

Pages set their figures with the template tags of the shell, which stand above this app; a note is
a sentence that the API tells too, so its few numbers are written here, by the same rules.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils.translation import get_language

from goals.rules.amounts import rounded
from metrics.models import Metric

NARROW, HARD = "\u202f", "\u00a0"
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
RATE_DIGITS = 3


def figure(value: Decimal, decimals: int) -> str:
    """Grouped and rounded half up."""
    here = _locale()
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return _digits(format_decimal(rounded, pattern, locale=here, numbering_system="default"), here)


def amount(value: Decimal, metric: Metric) -> str:
    """A value of the metric with its unit."""
    text = figure(value, metric.decimals)
    if metric.unit == "percent":
        return text + _percent_sign()
    return f"{text}{HARD}{metric.currency}" if metric.unit == "currency" else text


def rate(value: Decimal) -> str:
    """What a day must bring, to three digits and no needless zero."""
    short = rounded(value, RATE_DIGITS).normalize()
    exponent = short.as_tuple().exponent
    return figure(short, max(0, -exponent) if isinstance(exponent, int) else 0)


def share(value: Decimal, decimals: int = 1) -> str:
    """A share in percent, with its sign when it is negative."""
    return figure(value * 100, decimals) + _percent_sign()


def day(value: date) -> str:
    """A day with its year."""
    here = _locale()
    return _digits(format_date(value, "d MMM y", locale=here).replace("Sept ", "Sep "), here)


def _percent_sign() -> str:
    return "٪" if _locale().language == "fa" else f"{NARROW}%"


def _digits(text: str, here: Locale) -> str:
    return text.translate(PERSIAN) if here.language == "fa" else text


def _locale() -> Locale:
    code = get_language() or "en"
    try:
        return Locale.parse("en_GB" if code == "en" else code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")
