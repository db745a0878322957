"""The value of a metric over a window, whole and by the values of a dimension."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from metrics.models import Metric
from metrics.queries.answers import Total
from metrics.queries.series import read_series
from metrics.rules.periods import Grain

Filters = Sequence[tuple[str, str | None]]


@dataclass(frozen=True)
class Span:
    """Days, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class Totals:
    """The whole, and each value of the dimension (None: without one); empty without a dimension."""

    whole: Total
    by: dict[str | None, Total]

    def values(self) -> dict[str | None, Decimal | None]:
        """Only the numbers."""
        return {name: total.value for name, total in self.by.items()}


def parts_of(ratio: Metric) -> tuple[Metric, Metric]:
    """Numerator and denominator of a ratio, in the workspace that was fetched with it."""
    above, below = ratio.numerator, ratio.denominator
    if above is None or below is None:
        raise ValueError(f"{ratio.key} is no ratio")
    above.workspace = below.workspace = ratio.workspace
    return above, below


def read_totals(metric: Metric, span: Span, *, by: str = "", where: Filters = ()) -> Totals:
    """The metric over the span, read where every value is read; as many queries as a series."""
    answer = read_series(
        metric,
        grain=Grain.YEAR,
        first=span.first,
        last=span.last,
        by=[by] if by else [],
        where=where,
    )
    lines = answer.series if by else []
    return Totals(answer.total, {line.dims.get(by): line.total for line in lines})
