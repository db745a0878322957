"""From days with facts to a history that can be forecast, and from its periods back to days."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

import numpy as np

from goals.rules.forecasting.shapes import TEMPOS, History, Values
from metrics.rules.periods import (
    DAY,
    DAYS_OF_WEEK,
    Grain,
    Span,
    bucket_start,
    next_start,
    period_of,
)

DAILY_UP_TO, WEEKLY_UP_TO = 3, 10  # usual days from one with a value to the next
MONTHLY_FROM = 20
LATEST = 25  # days with values that tell what is usual


@dataclass(frozen=True)
class Timeline:
    """Amounts by day from `first` to the last day with any; nan is a day without.

    With `mass` they are the numerators of a ratio and the masses its denominators.
    """

    first: date
    values: Values
    mass: Values | None = None

    @property
    def last(self) -> date:
        """The last day with a value."""
        return self.first + timedelta(days=len(self.values) - 1)

    @cached_property
    def gap(self) -> int:
        """The usual days from one with a value to the next."""
        known = np.flatnonzero(~np.isnan(self.values))[-LATEST:]
        return int(np.median(np.diff(known))) if len(known) > 1 else 1

    def grain_until(self, end: date) -> Grain:
        """The grain by which to forecast up to a day: as values come, wider for far ends."""
        ahead = (end - self.last).days
        if self.gap <= DAILY_UP_TO and ahead <= TEMPOS[Grain.DAY].farthest:
            return Grain.DAY
        if self.gap <= WEEKLY_UP_TO and ahead <= DAYS_OF_WEEK * TEMPOS[Grain.WEEK].farthest:
            return Grain.WEEK
        return Grain.MONTH

    def until(self, grain: Grain) -> date:
        """The last day of the history: a month counts only when no value of it is still to come."""
        if grain is not Grain.MONTH:
            return self.last
        if self.gap >= MONTHLY_FROM:
            return period_of(self.last, grain).end
        return bucket_start(self.last + self.gap * DAY, grain) - DAY

    def history(self, grain: Grain) -> History:
        """Sums of whole periods: weeks are the seven days up to the last, months the calendar's."""
        if grain is Grain.DAY:
            return History(grain, self.values, self.mass)
        edges = self._edges(grain)
        mass = None if self.mass is None else _summed(self.mass, edges)
        return History(grain, _summed(self.values, edges), mass)

    def _edges(self, grain: Grain) -> list[int]:
        """Where periods begin, as places in the values, and where the last one ends."""
        size = len(self.values)
        if grain is Grain.WEEK:
            return list(range(size % DAYS_OF_WEEK, size + 1, DAYS_OF_WEEK))
        day = period_of(self.first - DAY, grain).end + DAY
        end = self.until(grain)
        edges = []
        while day <= end + DAY:
            edges.append((day - self.first).days)
            day = next_start(day, grain)
        return edges

    def ahead(self, grain: Grain, span: Span) -> Values:
        """The share of each period to come that lies in the span, up to the span's end."""
        shares = []
        day = self.until(grain) + DAY
        while day <= span.last:
            after = day + DAYS_OF_WEEK * DAY if grain is Grain.WEEK else next_start(day, grain)
            inside = (min(after - DAY, span.last) - max(day, span.first)).days + 1
            shares.append(max(0, inside) / (after - day).days)
            day = after
        return np.array(shares)

    def edges_ahead(self, grain: Grain, periods: int) -> Values:
        """The first days of so many periods to come, and the day after them, as ordinals."""
        day = self.until(grain) + DAY
        if grain is not Grain.MONTH:
            width = DAYS_OF_WEEK if grain is Grain.WEEK else 1
            return day.toordinal() + width * np.arange(periods + 1.0)
        found = [day]
        while len(found) <= periods:
            found.append(next_start(found[-1], grain))
        return np.array([one.toordinal() for one in found], dtype=np.float64)

    def known(self, grain: Grain, span: Span) -> tuple[float, float]:
        """What is known of the span already: the sum of its values and of its masses."""
        low = max(0, (span.first - self.first).days)
        high = max(low, (min(span.last, self.until(grain)) - self.first).days + 1)
        mass = 0.0 if self.mass is None else float(np.nansum(self.mass[low:high]))
        return float(np.nansum(self.values[low:high])), mass


def _summed(days: Values, edges: list[int]) -> Values:
    """The sum of the days between each two edges; nan where there is none with a value."""
    found = []
    for low, high in pairwise(edges):
        part = days[low:high]
        known = ~np.isnan(part)
        found.append(float(part[known].sum()) if known.any() else np.nan)
    return np.array(found, dtype=np.float64)
