"""Trying a connection: one page is asked for and shown as it would be read; nothing is stored."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from time import monotonic
from typing import NamedTuple

from django.conf import settings

from connectors.models.connectors import Connector
from connectors.operations.callers import caller_of
from connectors.queries.connectors import description_of
from connectors.rules.description import definitions_of
from connectors.rules.rows import Read, RowReader
from connectors.rules.windows import next_days, words
from connectors.sources.calling import Clock, Trouble
from connectors.sources.paging import pages
from connectors.sources.wording import problem_of
from metrics.models.definitions import Metric
from metrics.rules.amounts import unscale
from metrics.rules.dims import Dims
from metrics.rules.faults import Fault, Unreadable
from metrics.rules.periods import Span
from workspaces.rules.errors import Problem
from workspaces.sources.web import Limits

SHOWN = 10
SECONDS = 15.0
LARGEST = 4 * 1024 * 1024


class TriedValue(NamedTuple):
    """A value of a row: key and name of its metric, and the number or the id of a person."""

    metric: str
    name: str
    value: Decimal | None
    who: str


@dataclass(frozen=True)
class TriedRow:
    """One row as it would be read, or what is wrong with it."""

    number: int
    day: date | None
    dims: Dims
    values: list[TriedValue]
    problems: list[Problem]


@dataclass(frozen=True)
class Trial:
    """What came of a try: rows of the first page, the first of them as they would be read."""

    first: date
    last: date
    rows: int
    bytes: int
    seconds: float
    shown: list[TriedRow]
    problems: list[Problem]
    said: str = ""

    @property
    def works(self) -> bool:
        """Whether nothing was wrong."""
        return not self.problems and not any(row.problems for row in self.shown)


def try_connector(connector: Connector, *, clock: Clock) -> Trial:
    """Ask for the first page of the last days and read it; a token that was renewed is kept."""
    began = monotonic()
    days = _days(connector, clock())
    try:
        shown, rows, size = _tried(connector, days, clock)
    except (Trouble, Unreadable) as error:
        faults = [error.fault] if isinstance(error, Trouble) else list(error.faults)
        said = error.said if isinstance(error, Trouble) else ""
        problems = [problem_of(fault) for fault in faults]
        took = monotonic() - began
        return Trial(days.first, days.last, 0, 0, took, [], problems, said)
    took = monotonic() - began
    return Trial(days.first, days.last, rows, size, took, shown, [])


def _days(connector: Connector, at: datetime) -> Span:
    """The days that a first chunk would ask for, the newest ones."""
    window = description_of(connector).window
    today = connector.workspace.day_of(at)
    days = next_days(window, done=None, today=today) or Span(today, today)
    first = max(days.first, date.fromordinal(days.last.toordinal() - window.chunk + 1))
    return Span(first, days.last)


def _tried(connector: Connector, days: Span, clock: Clock) -> tuple[list[TriedRow], int, int]:
    """The first rows read, how many rows the page has, and how large it is."""
    description = description_of(connector)
    limits = Limits(SECONDS, LARGEST, loopback=settings.WEB_LOOPBACK)
    caller = caller_of(connector, description, limits=limits, clock=clock)
    zone = connector.workspace.timezone
    keys = [entry.metric for entry in description.metrics]
    there = Metric.objects.filter(workspace=connector.workspace, key__in=keys)
    new = definitions_of(description, caller.params)
    said = [(one.key, one.name, one.decimals) for one in new]
    said += there.values_list("key", "name", "decimals")
    names = {key: key for key in keys} | {key: name for key, name, _decimals in said}
    decimals = dict.fromkeys(keys, 0) | {key: places for key, _name, places in said}
    reader = RowReader(description, caller.params, decimals, zone, days.last)
    inside = days if description.replace else None
    page = next(pages(caller, words(days, zone)))
    shown = [
        _shown(number, reader.read(number, row, inside), names, decimals)
        for number, row in enumerate(page.rows[:SHOWN], page.first)
    ]
    return shown, len(page.rows), page.size


def _amount(read: Read, decimals: dict[str, int]) -> Decimal | None:
    return None if read.value is None else unscale(read.value, decimals[read.metric])


def _shown(
    number: int, found: list[Read] | list[Fault], names: dict[str, str], decimals: dict[str, int]
) -> TriedRow:
    faults = [problem_of(entry) for entry in found if isinstance(entry, Fault)]
    reads = [entry for entry in found if isinstance(entry, Read)]
    values = [
        TriedValue(
            read.metric,
            names[read.metric],
            None if read.who else _amount(read, decimals),
            read.who,
        )
        for read in reads
    ]
    first = reads[0] if reads else None
    return TriedRow(
        number, first.day if first else None, first.dims if first else (), values, faults
    )
