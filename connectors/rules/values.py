"""From what an answer says to days, texts and numbers, by transforms that have names."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from metrics.rules.amounts import EXACT, scale_amount
from metrics.rules.dayformats import day_reader
from metrics.rules.numbers import number_reader
from metrics.rules.periods import is_known_day

NUMBER = "number"
FACTORS: Mapping[str, Decimal] = {
    NUMBER: Decimal(1),
    "micros": Decimal("0.000001"),  # money as Google Ads counts it
    "hundredths": Decimal("0.01"),  # cents
    "thousandths": Decimal("0.001"),  # milliseconds as seconds
    "fraction": Decimal(100),  # 0.25 is 25 percent
}
TODAY = "today"  # of what has no day of its own: a state at the time of asking
DAYS = ("date", "compact_date", "instant", "epoch_seconds", "epoch_milliseconds")
FORMATS = {"date": "%Y-%m-%d", "compact_date": "%Y%m%d"}
MOST_DIGITS = 40
INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)"
    r"\s*(Z|[+-][0-9]{2}(?::?[0-9]{2})?)"
)
EPOCH = re.compile(r"-?[0-9]{1,15}")
ReadDay = Callable[[object], date | None]
_number = number_reader()


def text_of(value: object) -> str | None:
    """A text, a number or a truth as text; None for an object or a list."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        # 1e999999999 is ten characters to send and a gigabyte to write out.
        return format(value, "f") if abs(value.adjusted()) <= MOST_DIGITS else str(value)
    if isinstance(value, int):
        return str(value)
    return value if isinstance(value, str) else None


def amount_of(value: object, transform: str, decimals: int) -> int | str:
    """The scaled integer, or a code: `not_a_number`, `out_of_range` and those of file cells."""
    number: Decimal | str
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        number = Decimal(value)
    else:
        number = _number(value) if isinstance(value, str) else "not_a_number"
    if isinstance(number, str):
        return number
    if not number.is_finite():
        return "not_a_number"
    if number and abs(number.adjusted()) > MOST_DIGITS:
        return "out_of_range"
    exact = EXACT.multiply(number, FACTORS[transform]) if number else Decimal(0)
    scaled = scale_amount(exact, decimals)
    return "out_of_range" if scaled is None else scaled


def reader_of_days(transform: str, zone: str) -> ReadDay:
    """A function from a value to its day where the workspace lives, or None where it is none.

    `transform` is one of DAYS or a format such as "%d.%m.%Y". An instant without an offset is
    refused: nobody knows which day it is.
    """
    if transform in ("instant", "epoch_seconds", "epoch_milliseconds"):
        local = ZoneInfo(zone)
        moment = _instant if transform == "instant" else _epoch(transform)
        return lambda value: _local(moment(value), local)
    read = day_reader(FORMATS.get(transform, transform))
    return lambda value: read(value) if isinstance(value, str) else None


def _local(moment: datetime | None, zone: ZoneInfo) -> date | None:
    if moment is None:
        return None
    try:
        found = moment.astimezone(zone).date()
    except OverflowError:
        return None
    return found if is_known_day(found) else None


def _instant(value: object) -> datetime | None:
    match = INSTANT.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    whole = match[2].partition(".")[0]
    try:
        return datetime.fromisoformat(f"{match[1]}T{whole}{match[3]}")
    except ValueError:
        return None


def _epoch(transform: str) -> Callable[[object], datetime | None]:
    divisor = 1000 if transform == "epoch_milliseconds" else 1

    def read(value: object) -> datetime | None:
        text = text_of(value)
        if text is None or not EPOCH.fullmatch(text):
            return None
        try:
            return datetime.fromtimestamp(int(text) / divisor, tz=UTC)
        except (OverflowError, OSError, ValueError):
            return None

    return read
