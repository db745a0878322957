"""Which campaign, segment or tactic does best, with what it stands on and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from metrics.models import Metric
from metrics.models.definitions import ADDITIVE, UNIQUE
from metrics.queries.answers import Line
from metrics.queries.questions import Filters, SeriesQuestion
from metrics.queries.series import ask
from metrics.queries.totals import Totals, parts_of, read_totals
from metrics.rules.periods import Grain, Span
from metrics.rules.ranking import Candidate, Ranked, rank

LEAST = Decimal(30)  # of the denominator, or of the count itself
LONG = 120  # days; beyond, weeks show the spread
COUNTS = (ADDITIVE, UNIQUE)
LISTED = 500


@dataclass(frozen=True)
class Best:
    """The values of a dimension, best first; the whole beside them, and what is compared.

    `hidden` more are not listed. `leaders` share the first place: chance could explain what is
    between them.
    """

    metric: Metric
    by: str
    span: Span
    least: Decimal
    whole: Decimal | None
    rows: list[Ranked]
    hidden: int

    @property
    def leaders(self) -> list[Ranked]:
        """Those in the first place."""
        return [row for row in self.rows if row.place == 1]

    @property
    def places(self) -> list[list[Ranked]]:
        """Those who share a place, together."""
        found: dict[int, list[Ranked]] = {}
        for row in self.rows:
            if row.place is not None:
                found.setdefault(row.place, []).append(row)
        return list(found.values())


def best_of(
    metric: Metric,
    span: Span,
    *,
    by: str,
    where: Filters = (),
    least: Decimal = LEAST,
    known_at: datetime | None = None,
) -> Best:
    """Rank the values of a dimension by the metric; as many queries as three to five series."""
    asked = SeriesQuestion(
        Grain.YEAR, span.first, span.last, (by,), tuple(where), known_at=known_at
    )
    own = read_totals(metric, span, by=by, where=where, known_at=known_at)
    if metric.is_ratio:
        found = _quotients(metric, asked, own)
    else:
        found = [_count(metric, name, total.value) for name, total in own.by.items()]
    rows = rank(
        found,
        scale=metric.scale if metric.is_ratio else Decimal(1),
        least=least,
        upwards=metric.direction == "up",
    )
    hidden = max(0, len(rows) - LISTED)
    return Best(metric, by, span, least, own.whole.value, rows[:LISTED], hidden)


def _count(metric: Metric, name: str | None, value: Decimal | None) -> Candidate:
    """A count stands on itself; of a level, of money or of a formula no spread is known."""
    if _is_count(metric):
        return Candidate(name, value, value, above=value, counts=(True, False))
    return Candidate(name, value, None)


def _quotients(metric: Metric, asked: SeriesQuestion, own: Totals) -> list[Candidate]:
    above, below = parts_of(metric)
    counts = (_is_count(above), _is_count(below))
    tops, bottoms = (
        {line.dims.get(asked.by[0]): line.total.value for line in ask(part, asked).series}
        for part in (above, below)
    )
    found = [
        Candidate(name, total.value, bottoms.get(name), tops.get(name), bottoms.get(name), counts)
        for name, total in own.by.items()
    ]
    return found if any(counts) else _with_spread(metric, asked, found)


def _is_count(metric: Metric) -> bool:
    """Whether it counts single things, so that chance is known from the number itself."""
    return metric.kind in COUNTS and metric.unit == "count"


def _with_spread(
    metric: Metric, asked: SeriesQuestion, found: Sequence[Candidate]
) -> list[Candidate]:
    """Amount per amount: both by period, for the delta method."""
    days = (asked.last - asked.first).days + 1 if asked.first and asked.last else 0
    by_period = replace(asked, grain=Grain.WEEK if days > LONG else Grain.DAY)
    tops, bottoms = (
        {line.dims.get(asked.by[0]): line for line in ask(part, by_period).series}
        for part in parts_of(metric)
    )
    return [replace(one, pairs=_pairs(tops.get(one.name), bottoms.get(one.name))) for one in found]


def _pairs(top: Line | None, bottom: Line | None) -> list[tuple[float, float]]:
    """Both values of each period in which something was observed."""
    if top is None or bottom is None:
        return []
    return [
        (float(above.value or 0), float(below.value or 0))
        for above, below in zip(top.points, bottom.points, strict=True)
        if above.value is not None or below.value is not None
    ]
