"""What templates say about series: names of periods, questions as links, numbers for charts."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mops import formats

register = template.Library()

GRAIN_WORDS = {
    "day": gettext_lazy("Day"),
    "week": gettext_lazy("Week"),
    "month": gettext_lazy("Month"),
    "quarter": gettext_lazy("Quarter"),
    "year": gettext_lazy("Year"),
}
UNSET = object()


@register.filter
def grain_word(grain: object) -> str:
    """The grain in words."""
    return str(GRAIN_WORDS.get(str(grain), grain))


@register.filter
def period(start: date | None, grain: object) -> str:
    """The period that begins (or was cut to begin) on that day, as people call it."""
    name = PERIOD_NAMES.get(str(grain), formats.day)
    return "" if start is None else str(name(start))


def _week(start: date) -> str:
    year, week, _day = start.isocalendar()
    return formats.digits(_("W%(week)02d %(year)s") % {"week": week, "year": year})


def _quarter(start: date) -> str:
    words = {"quarter": (start.month + 2) // 3, "year": start.year}
    return formats.digits(_("Q%(quarter)s %(year)s") % words)


PERIOD_NAMES = {
    "week": _week,
    "month": lambda start: formats.day(start, "MMM yyyy"),
    "quarter": _quarter,
    "year": lambda start: formats.digits(str(start.year)),
}


@register.filter
def plain(value: Decimal | None) -> str:
    """The number for a program: decimal point, no grouping; empty for None."""
    return "" if value is None else format(value, "f")


@register.simple_tag
def mini(part: float) -> SafeString:
    """A small bar, 0 to 1 of its width."""
    width = round(max(0.0, min(1.0, part)) * 100)
    return format_html(
        '<svg class="mini" aria-hidden="true" preserveAspectRatio="none">'
        '<rect width="{}%" height="4" rx="2"/></svg>',
        width,
    )


@register.simple_tag
def reading_query(reading: Any, by: object = UNSET, where: object = UNSET, dim: str = "") -> str:
    """The page's question as a query string, with another breakdown or filter."""
    if where is UNSET:
        return str(reading.query(by=str(by)) if by is not UNSET else reading.query())
    kept = [(name, value) for name, value in reading.where if name != dim] if dim else []
    chosen = [*kept, (dim, where)] if dim else []
    return str(reading.filtered(chosen).query())
