"""The cells of an observation: each is read, or is a Problem whose place the row knows."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from metrics.models import Metric
from metrics.models.definitions import UNIQUE
from metrics.rules.amounts import Unfit, largest, read_amount
from metrics.rules.days import read_day
from metrics.rules.dims import LONGEST_VALUE, NAME, is_sound
from metrics.rules.faults import shown
from metrics.rules.instants import read_instant
from metrics.rules.periods import FIRST_DAY, LAST_DAY, is_known_day
from workspaces.rules.days import local_day
from workspaces.rules.errors import Problem

LONGEST_SPAN = 366
LONGEST_ID = 200


def read_day_of(name: str, given: object, zone: str) -> date | Problem:
    """The day of `day`, or the local day of the instant `at`."""
    day = read_day(given) if name == "day" else None
    try:
        instant = read_instant(given) if name == "at" else None
        day = local_day(instant, zone) if instant else day
    except OverflowError:  # the first and the last hours of the calendar
        return _far_away()
    if day is None:
        message = (
            _("“%(text)s” is no day; write it as 2026-01-31.")
            if name == "day"
            else _("“%(text)s” is no instant; write it as 2026-01-31T23:30:00+01:00.")
        )
        code = "not_a_day" if name == "day" else "not_an_instant"
        return Problem(message % {"text": told(given)}, code)
    return day if is_known_day(day) else _far_away()


def _far_away() -> Problem:
    message = _("Days lie between %(first)s and %(last)s.")
    return Problem(message % {"first": FIRST_DAY, "last": LAST_DAY}, "out_of_range")


def read_span(given: object, day: date | None) -> int | Problem:
    """How many days, from 1 to 366; the first of them has to be a known day."""
    digits = isinstance(given, str) and given.isascii() and given.isdigit() and given[:4] == given
    span = int(given) if digits else given  # type: ignore[call-overload]
    if isinstance(span, bool) or not isinstance(span, int) or not 1 <= span <= LONGEST_SPAN:
        message = _("“days” is a whole number from 1 to %(most)s.") % {"most": LONGEST_SPAN}
        return Problem(message, "out_of_range")
    if day is not None and not is_known_day(day - timedelta(days=span - 1)):
        return _far_away()
    return span


def read_value(given: object, metric: Metric) -> int | Problem:
    """The value as a whole number of the metric's smallest unit."""
    amount = read_amount(given, metric.decimals)
    text = told(given)
    if not isinstance(amount, Unfit):
        if metric.kind == UNIQUE and amount < 0:
            return Problem(_("%(text)s is no number of people.") % {"text": text}, "out_of_range")
        return amount
    if amount.code != "out_of_range":
        message = _("“%(text)s” is no number; write digits with a point, such as -12.5.")
        return Problem(message % {"text": text}, amount.code)
    message = _("%(text)s is out of range: “%(name)s” takes values from -%(limit)s to %(limit)s.")
    limit = largest(metric.decimals)
    return Problem(message % {"text": text, "name": metric.name, "limit": limit}, amount.code)


def read_id(given: object) -> str | Problem:
    """The id of a person, as the source knows them."""
    if not isinstance(given, str) or not given.strip():
        return Problem(_("This is a text, or left out."), "not_a_text")
    if len(given) > LONGEST_ID or not is_sound(given):
        message = _("At most %(most)s letters, none of them NUL.") % {"most": LONGEST_ID}
        return Problem(message, "bad_text")
    return given


def flaws_of_dims(dims: Mapping[Any, Any]) -> Iterable[tuple[str, str, str]]:
    """What is wrong with dimensions: name, code, sentence."""
    for name, value in dims.items():
        if not NAME.match(str(name)):
            message = _("A dimension has small letters, digits and underscores.")
            yield str(name), "bad_dimension_name", message
        if value is not None and not isinstance(value, str):
            yield str(name), "not_a_text", _("A dimension's value is a text or null.")
        elif value and (len(value) > LONGEST_VALUE or not is_sound(value)):
            message = _("At most %(most)s letters, none of them NUL.") % {"most": LONGEST_VALUE}
            yield str(name), "bad_dimension", message


def told(value: object, most: int = 0) -> str:
    """The beginning of what was sent, as an answer can repeat it: surrogates have no bytes."""
    text = str(value)
    return (text[:most] if most else shown(text)).encode("utf-8", "replace").decode()
