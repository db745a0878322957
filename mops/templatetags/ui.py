"""What templates say about things: icons, people, states, changes, small charts. No queries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from xml.etree import ElementTree

import lucide
from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext_lazy

from mops import marks
from workspaces.queries import formats

register = template.Library()

STATUSES = {
    "off_track": ("off", "octagon-alert", pgettext_lazy("MOps", "Off track")),
    "at_risk": ("risk", "triangle-alert", pgettext_lazy("MOps", "At risk")),
    "on_track": ("on", "circle-check", pgettext_lazy("MOps", "On track")),
    "achieved": ("won", "badge-check", pgettext_lazy("MOps", "Achieved")),
    "missed": ("miss", "circle-x", pgettext_lazy("MOps", "Missed")),
    "new": ("new", "circle-dashed", pgettext_lazy("MOps", "New")),
    "unknown": ("idk", "circle-question-mark", pgettext_lazy("MOps", "Unknown")),
}
UNKNOWN = STATUSES["unknown"]
RENAMED = {"filter": "funnel", "line-chart": "chart-line"}  # lucide renames drawings
DIRECTIONAL = (
    "arrow-right",
    "arrow-left",
    "chevron-right",
    "chevron-left",
    "arrow-up-right",
    "arrow-down-right",
    "play",
    "log-out",
)

register.filter("number", formats.number)
register.filter("percent", formats.percent)
register.filter("percentage", formats.percentage)
register.filter("duration", formats.duration)
register.filter("worktime", formats.worktime)
register.filter("digits", formats.digits)
register.filter("day", formats.day)
register.filter("daymonth", formats.daymonth)
register.filter("dayspan", formats.span)
register.filter("moment", formats.moment)


@register.filter
def weekday(value: date | None) -> str:
    """A day with its short weekday: Thu 19 Nov."""
    return formats.day(value, "EEE d MMM")


@register.filter
def longday(value: date | None) -> str:
    """A day as a heading: Thursday, 19 November."""
    return formats.day(value, "EEEE, d MMMM")


@register.filter
def isoday(value: date | datetime | None) -> str:
    """The day for the `datetime` attribute of <time>."""
    return value.isoformat() if value else ""


@register.filter
def can(allowed: Mapping[str, bool] | None, action: str) -> bool:
    """Say whether the role may: {% if shell.may|can:"goals.edit" %}."""
    return bool(allowed and allowed.get(action.replace(".", "_")))


@register.simple_tag(takes_context=True)
def block_text(context: template.Context, name: str) -> str:
    """The text of a block that a page fills with one word, for comparing in the base."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    return str(block.nodelist.render(context)).strip() if block else ""


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """An icon in the colour of its text, hidden from assistive technology: its word says it."""
    return draw_icon(str(name), str(classes))


@lru_cache(maxsize=512)
def draw_icon(name: str, classes: str) -> SafeString:
    """Parse each icon once per process; icons with a direction turn with the page."""
    turn = "flip" if name in DIRECTIONAL else ""
    names = " ".join(dict.fromkeys(f"ic {classes} {turn}".split()))
    drawing = lucide._load_icon(RENAMED.get(name, name))  # noqa: SLF001  the package's only way outside its own tag
    shapes = "".join(ElementTree.tostring(shape, encoding="unicode").strip() for shape in drawing)
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>',
        names,
        mark_safe(shapes.replace(" />", "/>")),  # noqa: S308  the package's own drawing
    )


@register.simple_tag
def avatar(person: object, classes: str = "") -> SafeString:
    """A person's initials; a membership stands for its user, nobody for an empty ring."""
    user = getattr(person, "user", person)
    if not user:
        return format_html(
            '<span class="ava ava-0 {}" title="{}">{}<span class="sr">{}</span></span>',
            classes,
            gettext("Nobody"),
            draw_icon("user", "ic-xs"),
            gettext("Nobody"),
        )
    name = getattr(user, "display_name", "") or str(user)
    return format_html(
        '<span class="ava ava-{} {}" title="{}"><span aria-hidden="true">{}</span>'
        '<span class="sr">{}</span></span>',
        getattr(user, "hue", 1),
        classes,
        name,
        getattr(user, "initials", name[:2]),
        name,
    )


@register.filter
def tone(status: object) -> str:
    """The short name of a status in class names: off, risk, on, won, miss, new, idk."""
    return STATUSES.get(str(status or "unknown"), UNKNOWN)[0]


@register.filter
def status_word(status: object) -> str:
    """The status in words."""
    return str(STATUSES.get(str(status or "unknown"), UNKNOWN)[2])


@register.simple_tag
def status_badge(status: object, classes: str = "") -> SafeString:
    """Icon, word, then colour; never colour alone."""
    code, drawing, word = STATUSES.get(str(status or "unknown"), UNKNOWN)
    return format_html(
        '<span class="st st-{} {}">{}{}</span>', code, classes, draw_icon(drawing, "ic-s"), word
    )


@register.simple_tag
def metric_value(value: object, metric: object) -> str:
    """A value by the metric's unit, decimals and currency, in one run of text."""
    return formats.measured(value, **_unit_of(metric))


@register.simple_tag
def metric_figure(value: object, metric: object) -> SafeString | str:
    """The same with its unit in small print, for a figure that leads."""
    figure, unit = formats.measure(value, **_unit_of(metric))
    gap = "" if unit == formats.percent_sign() else " "  # in Persian the sign belongs to its number
    return format_html("{}{}<small>{}</small>", figure, gap, unit) if unit else figure


@register.simple_tag
def spark(points: Iterable[object], target: object = None, **options: object) -> SafeString:
    """A sparkline of numbers or of objects with `.value`.

    Options: fan, gap, tail, label, tone, width, height, area; `target` is a level or a plan.
    """
    names = {name: value for name, value in options.items() if value is not None}
    names["fan"] = [tuple(float(part) for part in step) for step in names.get("fan", ())]
    return marks.draw_spark(
        marks.Spark([_value_of(point) for point in points or ()], target=_levels(target), **names)
    )


@register.simple_tag
def bar(done: object, expected: object = None, tone: str = "", label: str = "") -> SafeString:
    """Progress and what was expected, both as shares (0.6 is 60 %)."""
    return marks.draw_bar(done, expected, tone=tone, label=label)


@register.simple_tag
def lane(begins: float, lasts: float, today: float | None = None, **words: object) -> SafeString:
    """A stretch of time on a timeline, by shares of it: tone, ticks, days, leads, label."""
    return marks.draw_lane(begins, lasts, today=today, **words)


@register.simple_tag
def ring(done: int, of: int) -> SafeString:
    """A checklist's progress: ring, then the two counts."""
    return format_html(
        '<span class="card-c{}">{}<span class="sr">{} </span>{}/{}</span>',
        " is-full" if of and done >= of else "",
        marks.draw_ring(done, of),
        gettext("Checklist"),
        formats.number(done, 0),
        formats.number(of, 0),
    )


SHOWN_SHARE = 3  # decimals of a share whose percentage is shown with one


@register.simple_tag
def delta(change: object, good: object = None, vs: str = "", text: str = "") -> SafeString:
    """A change with its direction, its judgement and what it is compared with.

    `change` is a share (0.224 is 22.4 %) unless `text` says the amount; `good` is True, False,
    None for no judgement, or the metric's direction ("up", "down").
    """
    amount = formats.decimal_of(change)
    if amount is None:
        return format_html('<span class="vs">{}</span>', gettext("nothing to compare with"))
    if not text and not round(amount, SHOWN_SHARE):  # what reads 0.0 % is neither better nor worse
        amount = type(amount)(0)
    verdict = _verdict(amount, good)
    word = {True: gettext("better"), False: gettext("worse"), None: ""}[verdict]
    arrow = "minus" if not amount else "arrow-up-right" if amount > 0 else "arrow-down-right"
    return format_html(
        '<span class="dl {}">{}<span class="sr">{} </span>{}</span>{}',
        {True: "dl-good", False: "dl-bad", None: ""}[verdict],
        draw_icon(arrow, "ic-xs"),
        word if amount else gettext("no change"),
        text or formats.percent(abs(amount), 1),
        format_html(' <span class="vs">{}</span>', vs) if vs else "",
    )


@register.simple_tag
def due(day: date | None, today: date | None = None, done: object = None) -> SafeString | str:
    """When a card is due: late, today, or the day; ticked off it is only the day."""
    if day is None:
        return ""
    kind, drawing, text = "", "calendar-days", formats.daymonth(day)
    if done:
        drawing = "check"
    elif today and day < today:
        kind, drawing, text = "due-late", "clock-alert", formats.days_late((today - day).days)
    elif today and day == today:
        kind, text = "due-today", gettext("today")
    return format_html(
        '<time class="due {}" datetime="{}" title="{}">{}{}</time>',
        kind,
        day.isoformat(),
        formats.day(day),
        draw_icon(drawing, "ic-xs"),
        text,
    )


@register.simple_tag
def late_since(day: date, today: date | None = None) -> str:
    """How many days ago a late thing was due; the day itself where today is not known."""
    return formats.days_late((today - day).days) if today else formats.daymonth(day)


@register.filter
def kind_of(field: object) -> str:
    """What sort of control a form field shows: check, radio, checks, select, area, file, input."""
    widget = field.field.widget  # type: ignore[attr-defined]
    name = type(widget).__name__
    kinds = {"CheckboxInput": "check", "RadioSelect": "radio", "CheckboxSelectMultiple": "checks"}
    return kinds.get(name) or {
        "select": "select",
        "textarea": "area",
        "file": "file",
    }.get(getattr(widget, "input_type", "") or _template_kind(widget), "input")


@register.simple_tag
def control(field: object, classes: str = "", hint: str = "") -> SafeString:
    """A form field's widget with our class, and tied to its hint and its errors."""
    described = [f"{field.auto_id}-hint"] if hint or field.help_text else []  # type: ignore[attr-defined]
    attrs = {"class": classes}
    if field.errors:  # type: ignore[attr-defined]
        described.append(f"{field.auto_id}-error")  # type: ignore[attr-defined]
        attrs["aria-invalid"] = "true"
    if described:
        attrs["aria-describedby"] = " ".join(described)
    own = field.field.widget.attrs.get("class", "")  # type: ignore[attr-defined]
    attrs["class"] = f"{classes} {own}".strip()
    return field.as_widget(attrs=attrs)  # type: ignore[attr-defined]


def _template_kind(widget: object) -> str:
    return "textarea" if "textarea" in getattr(widget, "template_name", "") else ""


def _unit_of(metric: object) -> dict[str, object]:
    return {name: getattr(metric, name, default) for name, default in UNIT.items()}


UNIT = {"unit": "number", "decimals": 0, "currency": ""}


def _value_of(point: object) -> float | None:
    number = formats.decimal_of(getattr(point, "value", point))
    return None if number is None else float(number)


def _levels(target: object) -> Sequence[float]:
    if target is None or isinstance(target, str):
        return ()
    many = target if isinstance(target, Iterable) else [target]
    return [level for level in map(_value_of, many) if level is not None]


def _verdict(amount: Decimal, good: object) -> bool | None:
    if not amount or good is None or good == "":
        return None
    return (amount > 0) == (good == "up") if isinstance(good, str) else bool(good)
