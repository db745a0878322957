"""An answer as rows of cells, for a file: the same numbers to the last digit."""

from collections.abc import Iterator
from decimal import Decimal

from metrics.models import Metric
from metrics.queries.answers import Answer, Line, Point
from metrics.queries.explorer import Answered
from metrics.rules.amounts import plain
from metrics.rules.cells import text_cell

OTHERS = "(others)"


def value_text(value: Decimal | None, metric: Metric) -> str | None:
    """A value as programs read it: with its decimals, or a computed one without zeros."""
    if value is None or metric.is_computed:
        return plain(value)
    return format(value, "f")


def rows_of(answered: Answered) -> Iterator[list[str]]:
    """A head, then each point of each line, each line's total, and each metric's total.

    Texts that a spreadsheet would run are disarmed; numbers stand as they are, missing ones empty.
    """
    by = list(answered.question.by)
    compared = answered.before is not None
    head = ["metric", *by, "period", "start", "end", "complete", "value"]
    yield head + (["before_start", "before_end", "before"] if compared else [])
    for one in answered.metrics:
        for line in one.answer.series:
            yield from _line(one.metric, line, by, compared=compared)
        if by:
            dims = ["" for _name in by]
            yield [one.metric.key, *dims, *_total(one.metric, one.answer, compared=compared)]


def _line(metric: Metric, line: Line, by: list[str], *, compared: bool) -> Iterator[list[str]]:
    names = [OTHERS if line.others else text_cell(line.dims.get(name) or "") for name in by]
    for point, before in line.pairs:
        past = _past(before, metric) if compared else []
        yield [metric.key, *names, *_cells(point, metric), *past]
    yield [metric.key, *names, *_total(metric, line, compared=compared)]


def _total(metric: Metric, found: Line | Answer, *, compared: bool) -> list[str]:
    before = found.before_total.value if found.before_total else None
    past = ["", "", value_text(before, metric) or ""] if compared else []
    return ["total", "", "", "", value_text(found.total.value, metric) or "", *past]


def _cells(point: Point, metric: Metric) -> list[str]:
    return [
        point.period,
        point.start.isoformat(),
        point.end.isoformat(),
        "true" if point.complete else "false",
        value_text(point.value, metric) or "",
    ]


def _past(before: Point | None, metric: Metric) -> list[str]:
    if before is None:
        return ["", "", ""]
    value = value_text(before.value, metric) or ""
    return [before.start.isoformat(), before.end.isoformat(), value]
