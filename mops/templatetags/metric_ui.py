"""What templates say about series: names of periods, questions as links, numbers for charts."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from metrics.queries.saved_views import address_of
from mops.templatetags.ui import delta, metric_figure, metric_value
from workspaces.queries import formats

register = template.Library()

GRAIN_WORDS = {
    "day": gettext_lazy("Day"),
    "week": gettext_lazy("Week"),
    "month": gettext_lazy("Month"),
    "quarter": gettext_lazy("Quarter"),
    "year": gettext_lazy("Year"),
}
KIND_WORDS = {
    "additive": gettext_lazy("additive"),
    "last": gettext_lazy("level"),
    "unique": gettext_lazy("unique"),
    "ratio": gettext_lazy("ratio"),
    "derived": gettext_lazy("formula"),
}
REASONS = {
    "no_data": gettext_lazy("no data"),
    "no_denominator": gettext_lazy("no denominator"),
    "too_large": gettext_lazy("too large"),
    "not_additive": gettext_lazy("not additive"),
    "not_bounded": gettext_lazy("not bounded"),
}
TOTALS = {  # how the value of several periods, or of several rows, comes about
    "additive": (gettext_lazy("sum of the periods"), gettext_lazy("sum of the rows")),
    "last": (
        gettext_lazy("the last value, not the sum of the periods"),
        gettext_lazy("the last values of the rows together"),
    ),
    "unique": (
        gettext_lazy("each person once, not the sum of the periods"),
        gettext_lazy("each person once, not the sum of the rows"),
    ),
    "ratio": (
        gettext_lazy("ratio of sums, not the mean of the periods"),
        gettext_lazy("ratio of sums, not the mean of the rows"),
    ),
    "derived": (
        gettext_lazy("the formula over whole totals, not the sum of the periods"),
        gettext_lazy("the formula over whole totals, not the sum of the rows"),
    ),
}
UNSET = object()
FINER = 2  # decimals of an effect: parts of a small change are smaller still


@register.filter
def grain_word(grain: object) -> str:
    """The grain in words."""
    return str(GRAIN_WORDS.get(str(grain), grain))


@register.filter
def period(start: date | None, grain: object) -> str:
    """The period that begins (or was cut to begin) on that day, as people call it."""
    return "" if start is None else formats.period(start, grain)


@register.filter
def point_name(point: Any, grain: object) -> str:
    """The period of a point; fiscal years and weeks that begin on another day by their own name."""
    name = str(getattr(point, "period", ""))
    if name.startswith("FY"):
        return formats.digits(name.replace("-", " "))
    if name.startswith("w"):
        return _("week of %(day)s") % {"day": formats.day(point.start)}
    return "" if point is None else period(point.start, grain)


@register.filter
def kind_word(kind: object) -> str:
    """The kind in one word."""
    return str(KIND_WORDS.get(str(kind), kind))


@register.filter
def kind_is_bar(kind: object, shown: Any) -> bool:
    """Whether periods are drawn as bars: what adds up, one line, each period for itself."""
    return kind == "additive" and not shown.charted and shown.is_plain and not shown.has_past


@register.filter
def reason_word(reason: object) -> str:
    """Why there is no number."""
    return str(REASONS.get(str(reason), REASONS["no_data"]))


@register.simple_tag
def total_note(metric: Any, over: str = "periods") -> str:
    """How the total over periods, or over rows, comes about."""
    return str(TOTALS.get(metric.kind, TOTALS["additive"])[over == "rows"])


@register.simple_tag
def metric_outcome(found: Any, metric: Any, *, lead: bool = False) -> SafeString:
    """A value; ± where it is an estimate, what it lies between or why there is none.

    `found` has value, exact, reason, lower, upper; `lead` sets the unit in small print.
    """
    if found is None:
        return format_html("{}", formats.no_data())
    unit = {name: getattr(metric, name) for name in ("unit", "decimals", "currency")}
    if found.value is None:
        return _missing(found, unit)
    show = metric_figure if lead else metric_value
    value = show(found.value, metric)
    if found.exact or found.lower is None or found.upper is None:
        return format_html("{}", value)
    off = max(found.upper - found.value, found.value - found.lower)
    error = formats.number(off, unit["decimals"])
    return format_html('{} <span class="bounds">± {}</span>', value, error)


def _missing(found: Any, unit: dict[str, Any]) -> SafeString:
    why = reason_word(found.reason)
    if found.exact or found.lower is None or found.upper is None:
        return format_html('<span class="why">{}</span>', why)
    low, high = (formats.measured(bound, **unit) for bound in (found.lower, found.upper))
    return format_html('{} – {} <span class="bounds">{}</span>', low, high, why)


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
def reading_query(
    reading: Any, by: object = UNSET, where: object = UNSET, dim: str = "", **changes: str
) -> str:
    """The page's question as a query string, with another breakdown, filter or word."""
    if where is UNSET:
        if by is not UNSET:
            changes["by"] = str(by)
        return str(reading.query(**changes))
    kept = [(name, value) for name, value in reading.where if name != dim] if dim else []
    chosen = [*kept, (dim, where)] if dim else []
    return str(reading.filtered(chosen).query())


@register.filter
def known_word(known: date | datetime | None) -> str:
    """When something was known: at an instant, or at the end of a day."""
    if isinstance(known, datetime):
        return formats.moment(known)
    return _("the end of %(day)s") % {"day": formats.day(known)}


@register.filter
def keeps(question: Any, name: str) -> list[str | None]:
    """The values of a dimension that a question's filters keep."""
    return [value for own, value in question.where if own == name]


@register.filter
def keeps_value(values: list[str | None], value: str | None) -> bool:
    """Whether a value is among them; None is the missing one."""
    return value in values


@register.filter
def place(items: Sequence[object], number: int) -> object:
    """The item in that place, or nothing."""
    return items[number] if number < len(items) else ""


@register.simple_tag
def line_name(line: Any, alone: str = "") -> str:
    """What a line of an answer is called: its values, the others, or the metric alone."""
    if line.others:
        words = {"n": formats.number(line.others, 0)}
        return ngettext("%(n)s other", "%(n)s others together", line.others) % words
    return " · ".join(value or _("missing") for value in line.dims.values()) or alone


@register.filter
def api_body(question: Any) -> str:
    """A question as the API takes it."""
    return json.dumps(question.as_json(), ensure_ascii=False, indent=1)


@register.simple_tag
def view_url(slug: str, view: Any) -> str:
    """The page that answers a kept view."""
    return address_of(view, slug)


@register.simple_tag
def lineage_url(
    slug: str,
    metric: Any,
    first: date | None,
    last: date | None,
    line: Any = None,
    asked: Any = None,
) -> str:
    """Where a value comes from: the page that traces it to rows of files.

    `asked` is the question that it answers, with its filters and what was known then.
    """
    address = reverse("metrics:lineage", kwargs={"slug": slug, "key": metric.key})
    words = [("from", first.isoformat()), ("to", last.isoformat())] if first and last else []
    own = {} if getattr(line, "others", None) else getattr(line, "dims", {})
    kept = [(name, value) for name, value in getattr(asked, "where", ()) if name not in own]
    words += [("where", f"{name}:{value or ''}") for name, value in [*kept, *own.items()]]
    if known_at := getattr(asked, "known_at", None):
        words.append(("known_at", known_at.isoformat()))
    return f"{address}?{urlencode(words)}"


@register.simple_tag
def run_url(slug: str, run: Any) -> str:
    """The page of what an import or a fetch brought; a batch has none."""
    if not (run.file or run.is_fetched):
        return ""
    name = "connectors:source_run" if run.is_fetched else "metrics:import_run_page"
    return reverse(name, kwargs={"slug": slug, "pk": run.pk})


@register.filter
def effect(value: Decimal | None, metric: Any) -> str:
    """A change in the metric's unit with its sign; of a percentage it is points."""
    if value is None:
        return "–"
    finer = FINER if metric.is_computed else 0
    amount = formats.number(value, metric.decimals + finer, sign=True)
    if metric.unit == "percent":
        return _("%(amount)s pts") % {"amount": amount}
    return f"{amount} {metric.currency}" if metric.unit == "currency" else amount


@register.simple_tag
def metric_delta(metric: Any, change: object, now: object, before: object, vs: str = "") -> Any:
    """How a metric changed between two values: by a share; a percentage by points."""
    values = isinstance(now, Decimal) and isinstance(before, Decimal)
    if metric.unit != "percent" or not values:
        return delta(change, metric.direction, vs)
    moved = round(now - before, metric.decimals)
    points = formats.number(abs(moved), metric.decimals)
    return delta(moved, metric.direction, vs, _("%(amount)s pts") % {"amount": points})


@register.simple_tag
def effect_bar(size: float, value: Decimal) -> SafeString:
    """A small bar for an effect; downwards is grey."""
    return format_html(
        '<svg class="effect{}" aria-hidden="true" preserveAspectRatio="none">'
        '<rect width="{}%" height="6" rx="3"/></svg>',
        " is-down" if value < 0 else "",
        round(max(0.0, min(1.0, size)) * 100),
    )


@register.simple_tag
def why_query(shown: Any, by: str) -> str:
    """The question why the last whole period differs from the one before."""
    now, before = shown.whole, shown.before
    words = [
        ("from", now.start.isoformat()),
        ("to", now.end.isoformat()),
        ("against_from", before.start.isoformat()),
        ("against_to", before.end.isoformat()),
    ]
    words += [("by", by)] if by else []
    if known_at := shown.question.known_at:
        words.append(("known_at", known_at.isoformat()))
    return urlencode(words)


@register.filter
def word(query: Any, name: str) -> str:
    """One word of a query string."""
    return str(query.get(name, ""))


@register.filter
def words(query: Any, name: str) -> list[str]:
    """All of that name in a query string."""
    return list(query.getlist(name))


@register.simple_tag
def metric_total(total: Any, metric: Any) -> str:
    """A value with its unit; of people counted without ids what it certainly lies between."""
    unit = {name: getattr(metric, name) for name in ("unit", "decimals", "currency")}
    if total is None or total.exact or total.lower is None or total.upper is None:
        return formats.measured(total.value if total else None, **unit)
    ends = [formats.measured(end, **unit) for end in (total.lower, total.upper)]
    return _("%(lower)s to %(upper)s") % {"lower": ends[0], "upper": ends[1]}
