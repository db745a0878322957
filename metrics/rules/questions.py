"""What can be asked of several metrics at once; the same for a page, a program and a saved view."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from metrics.rules.periods import YEAR_MONTHS, Grain, bucket_end, bucket_start, count_periods

MOST_METRICS = 8
MOST_BY = 3
MOST_FILTERS = 50
MOST_TOP = 50
MOST_DAYS = 3660
PREVIOUS, YEAR_BEFORE = "previous", "year"
COMPARISONS = ("", PREVIOUS, YEAR_BEFORE)
CHARTS = ("line", "bar", "stacked", "table")
USUAL_DAYS = {
    Grain.DAY: 62,
    Grain.WEEK: 26 * 7,
    Grain.MONTH: 730,
    Grain.QUARTER: 1461,
    Grain.YEAR: 3653,
}
DAY = timedelta(days=1)
WEEKS_OF_A_YEAR = timedelta(weeks=52)


@dataclass(frozen=True)
class Question:
    """Metrics by key, grain, range, breakdown, filters, comparison, the largest lines, the chart.

    The range is `first` to `last`, or the last `days` that have ended, or as many as the grain
    usually shows up to the last day with data. `top` 0 keeps every line.
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
        found += [("top", str(self.top or ""))]
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
        chart=kept.get("chart", "line"),
    )


def range_of(question: Question, newest: date | None, today: date) -> tuple[date, date] | None:
    """The days that are asked about; None where nothing says so and there are no data."""
    last = question.last or (today - DAY if question.days else newest)
    if last is None and question.first is None:
        return None
    last = last or today
    days = question.days or USUAL_DAYS.get(question.grain, MOST_DAYS)
    usual = last - timedelta(days=days - 1)
    first = question.first or (usual if question.days else bucket_start(usual, question.grain))
    return min(first, last), last


def earlier(first: date, last: date, grain: Grain, how: str) -> tuple[date, date]:
    """The days that a range is compared with: as many periods before, or the year before.

    Ends keep their place in the period: to the 15th is compared with to the 15th, a month's last
    day with a month's last day. Weeks are compared with those 52 weeks before.
    """
    if how == YEAR_BEFORE:
        if grain is Grain.WEEK:
            return first - WEEKS_OF_A_YEAR, last - WEEKS_OF_A_YEAR
        return _months_back(first, YEAR_MONTHS), _months_back(last, YEAR_MONTHS)
    many = count_periods(grain, first, last)
    if grain in MONTHS:
        months = many * MONTHS[grain]
        return _months_back(first, months), _months_back(last, months)
    span = timedelta(days=many * (7 if grain is Grain.WEEK else 1))
    return first - span, last - span


MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}


def _months_back(day: date, months: int) -> date:
    """The same day so many months before; the last of a month stays the last."""
    place = day.year * YEAR_MONTHS + day.month - 1 - months
    start = date(max(1, place // YEAR_MONTHS), place % YEAR_MONTHS + 1, 1)
    end = bucket_end(start, Grain.MONTH)
    is_last = day == bucket_end(day.replace(day=1), Grain.MONTH)
    return end if is_last or day.day > end.day else start.replace(day=day.day)
