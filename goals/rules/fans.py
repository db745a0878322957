"""The way to where a goal lands: a band for each period to come, as the goal's chart draws it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from goals.rules.amounts import stored
from goals.rules.forecasting import Forecast, Timeline
from goals.rules.forecasting.forecasts import SHARES, divided
from goals.rules.forecasting.shapes import Values
from goals.rules.progress import SUMMED, Basis
from goals.rules.spans import LONG_DAYS, MIDDLE_DAYS, SHORT_DAYS
from metrics.rules.periods import Grain, Span, periods

MOST_STEPS = 60
DIGITS = 12
LENGTHS = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 28}  # the fewest days of a period
Band = tuple[Decimal, Decimal, Decimal]


@dataclass(frozen=True)
class Step:
    """p10, p50 and p90 of one period, and of all from the goal's start to its end; else None."""

    days: Span
    period: Band | None = None
    to_date: Band | None = None

    def as_json(self) -> list[Any]:
        """Plain JSON that `path_of` reads."""
        bands = (self.period, self.to_date)
        told = [None if band is None else [stored(value) for value in band] for band in bands]
        return [self.days.first.isoformat(), self.days.last.isoformat(), *told]


def path_of(kept: list[list[Any]]) -> list[Step]:
    """The steps that were kept as JSON."""
    return [
        Step(
            Span(date.fromisoformat(first), date.fromisoformat(last)), _band(period), _band(to_date)
        )
        for first, last, period, to_date in kept
    ]


def _band(kept: list[str] | None) -> Band | None:
    if kept is None:
        return None
    low, middle, high = map(Decimal, kept)
    return low, middle, high


def shown_grain(basis: Basis, grain: Grain, window: Span) -> Grain:
    """The goal's own period for levels and averages, else by the length of the window."""
    if basis not in SUMMED:
        return grain
    if window.days <= SHORT_DAYS:
        return Grain.DAY
    if window.days <= MIDDLE_DAYS:
        return Grain.WEEK
    return Grain.MONTH if window.days <= LONG_DAYS else Grain.QUARTER


def shown_spans(grain: Grain, window: Span) -> list[Span]:
    """The periods that the chart of a goal shows, cut to its window."""
    found = periods(grain, window.first, window.last)
    return [Span(max(one.start, window.first), min(one.end, window.last)) for one in found]


def fan(
    line: Timeline,
    found: Forecast,
    grain: Grain,
    spans: list[Span],
    *,
    summed: bool,
    scale: float = 1.0,
) -> list[Step]:
    """The steps to come of the `spans`, which begin at the goal's start; at most about sixty.

    `grain` is that of the drawn futures. A period that is partly over holds what is known of it. A
    span shorter than a period that was drawn has no band of its own.
    """
    to_come = thinned([span for span in spans if span.last > line.until(grain)])
    if not to_come:
        return []
    whole = [Span(spans[0].first, span.last) for span in to_come] if summed else []
    bands = bands_over(line, found, grain, to_come + whole, scale)
    totals = bands[len(to_come) :] if summed else [None] * len(to_come)
    least = LENGTHS[grain]
    return [
        Step(span, band if span.days >= least else None, total)
        for span, band, total in zip(to_come, bands, totals, strict=False)
    ]


def thinned(spans: list[Span]) -> list[Span]:
    """Every so manieth, the last one always."""
    every = -(-len(spans) // MOST_STEPS) or 1
    return spans[::-1][::every][::-1]


def bands_over(
    line: Timeline, found: Forecast, grain: Grain, spans: list[Span], scale: float
) -> list[Band | None]:
    """The band of the value over each span, what is known of it already included."""
    if not spans:
        return []
    edges = line.edges_ahead(grain, found.paths.shape[1])
    places = np.arange(len(edges))
    firsts = np.interp([span.first.toordinal() for span in spans], edges, places)
    lasts = np.interp([span.last.toordinal() + 1 for span in spans], edges, places)
    known = np.array([line.known(grain, span) for span in spans])
    sums = known[:, 0] + _between(found.paths, firsts, lasts)
    if found.mass is not None:
        sums = divided(sums, known[:, 1] + _between(found.mass, firsts, lasts))
    return bands_of(scale * sums)


def _between(paths: Values, firsts: Values, lasts: Values) -> Values:
    """The sum of each path from one place to another; periods that lie partly there by share."""
    sums = np.zeros((len(paths), paths.shape[1] + 1))
    np.nancumsum(paths, axis=1, out=sums[:, 1:])

    def until(places: Values) -> Values:
        whole = np.minimum(places.astype(np.int64), paths.shape[1] - 1)
        part = places - whole
        return np.asarray(sums[:, whole] * (1 - part) + sums[:, whole + 1] * part)

    return until(lasts) - until(firsts)


def bands_of(values: Values) -> list[Band | None]:
    """p10, p50 and p90 of each column; None where no future has a value."""
    missing = np.isnan(values)
    if missing.any():
        empty = np.asarray(missing.all(axis=0))
        quantiles = np.nanquantile(np.where(empty, 0, values), SHARES, axis=0)
    else:
        empty = np.zeros(values.shape[1], dtype=bool)
        quantiles = np.quantile(values, SHARES, axis=0)
    return [
        None if gone else (decimal(low), decimal(middle), decimal(high))
        for gone, (low, middle, high) in zip(empty, quantiles.T, strict=True)
    ]


def decimal(value: float) -> Decimal:
    """To twelve significant digits, as amounts are stored."""
    return Decimal(f"{round(float(value), 9):.{DIGITS}g}")
