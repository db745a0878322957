"""The value of a metric over a window, whole and by the values of a dimension."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from metrics.models import Metric
from metrics.queries.answers import Total
from metrics.queries.questions import Filters, SeriesQuestion
from metrics.queries.series import ask
from metrics.rules.periods import Grain, Span


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


def read_totals(
    metric: Metric,
    span: Span,
    *,
    by: str = "",
    where: Filters = (),
    known_at: datetime | None = None,
) -> Totals:
    """The metric over the span, read where every value is read; as many queries as a series."""
    lines = (by,) if by else ()
    days = (span.first, span.last)
    question = SeriesQuestion(Grain.YEAR, *days, lines, tuple(where), known_at=known_at)
    answer = ask(metric, question)
    split = answer.series if by else []
    return Totals(answer.total, {line.dims.get(by): line.total for line in split})
