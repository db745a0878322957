"""What metrics added up from, day by day: the sums behind values and ratios."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from metrics.queries import sums
from metrics.queries.recipes import book_of
from metrics.rules.aggregation import Kind
from metrics.rules.parting import Parting, parting_of
from metrics.rules.periods import Grain, Span
from workspaces.models import Workspace

Asked = tuple[int, int | None]  # a metric and the version of its definition


@dataclass(frozen=True)
class Parts:
    """The sum of each day with facts, and of a ratio the denominator, in order of days.

    The value over any days is scale · Σ above / Σ below, or Σ above where there is no `below`; a
    None is missing.
    """

    days: dict[date, tuple[Decimal | None, Decimal | None]]
    is_ratio: bool
    scale: Decimal


def read_parts(
    workspace: Workspace, asked: Collection[Asked], span: Span
) -> dict[Asked, Parts | None]:
    """The parts of metrics over some days; None for what does not add up. 2 queries."""
    book = book_of(workspace, {metric_id for metric_id, _version in asked})
    known = [one for one in asked if one[0] in book.metrics]
    found = {one: parting_of(book.recipe(one[0], pinned=one[1])) for one in known}
    leaves = {pk for parting in found.values() if parting for pk in parting.recipe.inputs}
    days: dict[date, dict[int, int]] = {}
    for leaf, _grain, day, total in sums.of_tiles(
        leaves, {Grain.DAY: [(span.first, span.last)]} if leaves else {}, of_series=False
    ):
        days.setdefault(day, {})[leaf] = total
    return {one: _parts(parting, sorted(days.items())) for one, parting in found.items()}


def states_among(workspace: Workspace, asked: Collection[Asked]) -> set[Asked]:
    """Which of the metrics read a level that holds until something else is said; 1 query."""
    book = book_of(workspace, {metric_id for metric_id, _version in asked})
    return {
        one
        for one in asked
        if one[0] in book.metrics
        and any(leaf.kind is Kind.LAST for leaf in book.recipe(one[0], pinned=one[1]).leaves)
    }


def _parts(parting: Parting | None, days: Iterable[tuple[date, dict[int, int]]]) -> Parts | None:
    if parting is None:
        return None
    inputs = set(parting.recipe.inputs)
    found = {day: parting.amounts(amounts) for day, amounts in days if inputs & amounts.keys()}
    return Parts(found, parting.below is not None, parting.scale)
