"""What can be asked of several metrics at once; the same for a page, a program and a saved view."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from metrics.rules.instants import read_known
from metrics.rules.periods import DAY, Grain, bucket_start

MOST_METRICS = 8
MOST_BY = 3
MOST_FILTERS = 50
MOST_TOP = 50
MOST_DAYS = 3660
PREVIOUS, YEAR_BEFORE = "previous", "year"
ORDINARY, FISCAL = "calendar", "fiscal"
CALENDARS = (ORDINARY, FISCAL)
COMPARED = (PREVIOUS, YEAR_BEFORE)
COMPARISONS = ("", *COMPARED)
CHARTS = ("line", "bar", "stacked", "table")
USUAL_DAYS = {
    Grain.DAY: 62,
    Grain.WEEK: 26 * 7,
    Grain.MONTH: 730,
    Grain.QUARTER: 1461,
    Grain.YEAR: 3653,
}
MOST_WINDOW = 400  # periods of a moving window
MOST_VERSIONS = 10**9
MOST_LINES = 1_000  # of one metric, before the others


@dataclass(frozen=True)
class Question:
    """Metrics by key, grain, range, breakdown, filters, comparison, the largest lines, the chart.

    The range is `first` to `last`, or the last `days` that have ended, or as many as the grain
    usually shows up to the last day with data. `top` 0 keeps every line. `cumulative` adds up from
    the start of the range, `window` moves over so many periods, `calendar` says whose years,
    `version` of the definition (of one metric alone). `known_at` asks for what was known at an
    instant, or at the end of a day.
    """

    metrics: tuple[str, ...]
    grain: Grain = Grain.MONTH
    first: date | None = None
    last: date | None = None
    days: int = 0
    by: tuple[str, ...] = ()
    where: tuple[tuple[str, str | None], ...] = ()
    compare: str = ""
    top: int = 0
    cumulative: bool = False
    window: int = 1
    calendar: str = ORDINARY
    version: int | None = None
    known_at: date | datetime | None = None
    chart: str = "line"

    def changed(self, **changes: Any) -> "Question":
        """The same question with some words changed."""
        return replace(self, **changes)

    def as_json(self) -> dict[str, Any]:
        """As the API takes it and a saved view keeps it; what was not asked is left out."""
        where: dict[str, list[str | None]] = {}
        for name, value in self.where:
            where.setdefault(name, []).append(value)
        found = {
            "from": self.first and self.first.isoformat(),
            "to": self.last and self.last.isoformat(),
            "days": self.days,
            "by": list(self.by),
            "where": where,
            "compare": self.compare,
            "top": self.top,
            "cumulative": self.cumulative,
            "window": self.window if self.window > 1 else 0,
            "calendar": self.calendar if self.calendar != ORDINARY else "",
            "version": self.version,
            "known_at": self.known_at and self.known_at.isoformat(),
        }
        kept = {name: value for name, value in found.items() if value}
        return {
            "metrics": list(self.metrics),
            "grain": self.grain.value,
            **kept,
            "chart": self.chart,
        }

    def words(self) -> list[tuple[str, str]]:
        """As a page's query string says it."""
        found = [("metric", key) for key in self.metrics]
        found += [("grain", self.grain.value), ("by", ""), ("chart", self.chart)]
        found += [("by", name) for name in self.by]
        found += [("where", f"{name}:{value or ''}") for name, value in self.where]
        found += [("from", self.first.isoformat() if self.first else "")]
        found += [("to", self.last.isoformat() if self.last else "")]
        found += [("days", str(self.days or "")), ("compare", self.compare)]
        found += [("top", str(self.top or "")), ("cumulative", "true" if self.cumulative else "")]
        found += [("window", str(self.window) if self.window > 1 else "")]
        found += [("calendar", self.calendar if self.calendar != ORDINARY else "")]
        found += [("version", str(self.version or ""))]
        found += [("known_at", self.known_at.isoformat() if self.known_at else "")]
        return [(name, value) for name, value in found if value]


def question_from(kept: Mapping[str, Any]) -> Question:
    """The question that `as_json` made, which was checked before it was kept."""
    return Question(
        metrics=tuple(kept["metrics"]),
        grain=Grain(kept["grain"]),
        first=date.fromisoformat(kept["from"]) if kept.get("from") else None,
        last=date.fromisoformat(kept["to"]) if kept.get("to") else None,
        days=kept.get("days", 0),
        by=tuple(kept.get("by", ())),
        where=tuple(
            (name, value) for name, values in kept.get("where", {}).items() for value in values
        ),
        compare=kept.get("compare", ""),
        top=kept.get("top", 0),
        cumulative=kept.get("cumulative", False),
        window=kept.get("window", 1),
        calendar=kept.get("calendar", ORDINARY),
        version=kept.get("version"),
        known_at=read_known(kept.get("known_at")),
        chart=kept.get("chart", "line"),
    )


def range_of(
    question: Question, newest: date | None, today: date, *, oldest: date | None = None
) -> tuple[date, date] | None:
    """The days that are asked about; None where nothing says so and there are no data.

    As many as usual begin with the period of the oldest data, where that is later.
    """
    last = question.last or (today - DAY if question.days else newest)
    if last is None and question.first is None:
        return None
    last = last or today
    days = question.days or USUAL_DAYS.get(question.grain, MOST_DAYS)
    usual = max(last - (days - 1) * DAY, oldest or date.min)
    first = question.first or (usual if question.days else bucket_start(usual, question.grain))
    return min(first, last), last
