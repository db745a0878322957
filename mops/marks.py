"""Small charts drawn on the server as SVG: no script, no layout shift, mirrored by CSS."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from workspaces.queries.formats import decimal_of

WIDTH = 220
HEIGHT = 46
Value = float | None
Fan = tuple[float, float, float]


@dataclass(frozen=True)
class Spark:
    """What a sparkline shows; None is a gap in the line, never a zero.

    `target` has one value (a level) or several, spread over the whole width (a plan). `fan` holds
    low, middle and high for each step after the last value. `tail` is how many of the last values
    belong to an incomplete period; `gap` leaves room at the end where no data is yet.
    """

    values: Sequence[Value]
    target: Sequence[float] = ()
    fan: Sequence[Fan] = ()
    gap: int = 0
    tail: int = 0
    area: bool = True
    width: int = WIDTH
    height: int = HEIGHT
    tone: str = ""
    label: str = ""

    @property
    def known(self) -> list[tuple[int, float]]:
        """The places that have a value."""
        return [(at, value) for at, value in enumerate(self.values) if value is not None]


@dataclass(frozen=True)
class Frame:
    """Turns places and values into coordinates of the view box."""

    spark: Spark
    low: float = field(init=False)
    room: float = field(init=False)
    pad: float = field(init=False)
    last: int = field(init=False)

    def __post_init__(self) -> None:
        """Find the range of everything that is drawn."""
        spark = self.spark
        everything = [value for _, value in spark.known] + list(spark.target)
        everything += [value for step in spark.fan for value in step]
        spread = max(everything) - min(everything)
        pad = (spread or 1) * 0.08
        object.__setattr__(self, "low", min(everything))
        object.__setattr__(self, "pad", pad)
        object.__setattr__(self, "room", spread + 2 * pad)
        object.__setattr__(self, "last", max(len(spark.values) + len(spark.fan) + spark.gap - 1, 1))

    def x(self, place: float) -> str:
        """The horizontal place, in tenths."""
        return _tenth(2 + place * (self.spark.width - 4) / self.last)

    def y(self, value: float) -> str:
        """The vertical place; larger values stand higher."""
        inner = self.spark.height - 6
        return _tenth(self.spark.height - 3 - (value - self.low + self.pad) / self.room * inner)

    def path(self, points: Iterable[tuple[float, float]]) -> str:
        """A line through the points."""
        steps = [f"{self.x(at)} {self.y(value)}" for at, value in points]
        return "M" + "L".join(steps)


def draw_spark(spark: Spark) -> SafeString:
    """Return the sparkline, or the words for no data where nothing is known."""
    if not spark.known:
        return format_html('<span class="spark-none">{}</span>', gettext("no data"))
    frame = Frame(spark)
    parts = [
        *_fan(spark, frame),
        *_area(spark, frame),
        *_target(spark, frame),
        *_line(spark, frame),
    ]
    return format_html(
        '<svg class="spark {}" viewBox="0 0 {} {}" preserveAspectRatio="none" {}>{}</svg>',
        spark.tone,
        spark.width,
        spark.height,
        _named(spark.label),
        mark_safe("".join(parts)),  # noqa: S308  numbers only
    )


def draw_bar(
    done: object, expected: object = None, *, tone: str = "", label: str = ""
) -> SafeString:
    """Progress with the expected marker, both as shares; lengths are attributes, not styles."""
    part, due = decimal_of(done), decimal_of(expected)
    filled = min(max(float(part or 0), 0.0), 1.0) * 100
    marks = ""
    if due is not None:
        at = min(max(float(due), 0.0), 1.0) * 99
        marks = (
            f'<rect class="bar-halo" x="{_tenth(at - 0.6)}%" width="6" height="12"/>'
            f'<rect class="bar-mark" x="{_tenth(at)}%" width="2" height="12" rx="1"/>'
        )
    return format_html(
        '<svg class="bar bar-{}" preserveAspectRatio="none" {}>'
        '<rect class="bar-track" width="100%" height="6" y="3" rx="3"/>'
        '<rect class="bar-fill" width="{}%" height="6" y="3" rx="3"/>{}</svg>',
        tone,
        _named(label),
        _tenth(filled),
        mark_safe(marks),  # noqa: S308  numbers only
    )


def draw_lane(
    begins: float, lasts: float, *, today: float | None = None, tone: str = "", **words: Any
) -> SafeString:
    """A stretch of time inside a longer one, and where today is; all as shares.

    `ticks` are shares; `days` is written at its begin or, unless it `leads`, at its end.
    """
    ticks = format_html_join(
        "",
        '<line class="stretch-tick" x1="{0}%" x2="{0}%" y1="0" y2="100%"/>',
        [(_tenth(share * 100),) for share in words.get("ticks", ())],
    )
    now = format_html(
        '<rect class="stretch-now" x="{}%" width="2" height="100%"/>', _tenth((today or 0) * 100)
    )
    leads = words.get("leads", True)
    text = format_html(
        '<text class="stretch-days{}" x="{}%" y="28">{}</text>',
        "" if leads else " stretch-days-end",
        _tenth((begins if leads else begins + lasts) * 100),
        words.get("days", ""),
    )
    return format_html(
        '<svg class="stretch stretch-{}" {}>{}'
        '<rect class="stretch-fill" x="{}%" width="{}%" y="5" height="8" rx="4"/>{}{}</svg>',
        tone,
        _named(words.get("label", "")),
        ticks,
        _tenth(begins * 100),
        _tenth(max(lasts * 100, 0.5)),
        "" if today is None else now,
        text if words.get("days") else "",
    )


def draw_ring(done: int, of: int) -> SafeString:
    """A checklist's ring: how much of it is ticked."""
    share = round(100 * done / of) if of else 0
    return format_html(
        '<svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6"/>'
        '<circle class="on" cx="8" cy="8" r="6" pathLength="100" stroke-dasharray="{} 100"/></svg>',
        share,
    )


def _named(label: str) -> SafeString:
    if label:
        return format_html('role="img" aria-label="{}"', label)
    return mark_safe('aria-hidden="true"')


def _tenth(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _runs(points: Sequence[tuple[int, float]]) -> list[list[tuple[int, float]]]:
    """Cut where a value is missing, so that a gap stays a gap."""
    runs: list[list[tuple[int, float]]] = []
    for at, value in points:
        if not runs or runs[-1][-1][0] != at - 1:
            runs.append([])
        runs[-1].append((at, value))
    return runs


def _fan(spark: Spark, frame: Frame) -> list[str]:
    if not spark.fan:
        return []
    place, value = spark.known[-1]
    steps = list(enumerate(spark.fan, start=place + 1))
    upper = [(place, value), *((at, step[2]) for at, step in steps)]
    lower = [(at, step[0]) for at, step in reversed(steps)]
    middle = [(place, value), *((at, step[1]) for at, step in steps)]
    return [
        f'<path class="sp-now" d="M{frame.x(place)} 0V{spark.height}"/>',
        f'<path class="sp-fan" d="{frame.path([*upper, *lower])}Z"/>',
        f'<path class="sp-mid" d="{frame.path(middle)}"/>',
    ]


def _solid(spark: Spark) -> list[tuple[int, float]]:
    end = len(spark.values) - spark.tail
    return [(at, value) for at, value in spark.known if at < end]


def _area(spark: Spark, frame: Frame) -> list[str]:
    if not spark.area or spark.fan:
        return []
    return [
        f'<path class="sp-area" d="{frame.path(run)}V{spark.height}H{frame.x(run[0][0])}Z"/>'
        for run in _runs(_solid(spark))
        if len(run) > 1
    ]


def _target(spark: Spark, frame: Frame) -> list[str]:
    if not spark.target:
        return []
    if len(spark.target) == 1:
        level = f"M0 {frame.y(spark.target[0])}H{spark.width}"
        return [f'<path class="sp-target" d="{level}"/>']
    step = frame.last / (len(spark.target) - 1)
    plan = frame.path((at * step, value) for at, value in enumerate(spark.target))
    return [f'<path class="sp-target" d="{plan}"/>']


def _line(spark: Spark, frame: Frame) -> list[str]:
    drawn = [
        f'<path class="sp-line" d="{frame.path(run)}{"" if len(run) > 1 else "h.01"}"/>'
        for run in _runs(_solid(spark))
    ]
    tail = [(at, value) for at, value in spark.known if at >= len(spark.values) - spark.tail - 1]
    if spark.tail and len(tail) > 1:
        drawn.append(f'<path class="sp-tail" d="{frame.path(tail)}"/>')
    place, value = spark.known[-1]
    drawn.append(f'<path class="sp-dot" d="M{frame.x(place)} {frame.y(value)}h.01"/>')
    return drawn
