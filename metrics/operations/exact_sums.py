"""Sums of whole numbers that are exact on both databases, however large they become.

PostgreSQL sums in numeric. SQLite's integers end at 2^63, where its SUM gives up: there the halves
of each number are summed and put together in Python, once for a bucket, and only numbers that are
longer than its integers are added in Python one by one.
"""

from django.db import connection

from metrics.operations.storing import on_postgres

HALF = 32
LOW = (1 << HALF) - 1
LONG = 19  # characters: shorter ones are integers to SQLite, sign included


class _LongSum:
    """Add up numbers of any size, written as text."""

    def __init__(self) -> None:
        self.total = 0

    def step(self, value: int | str) -> None:
        """Add one value."""
        self.total += int(value)

    def finalize(self) -> str:
        """The sum as text."""
        return str(self.total)


def _together(high: int | None, low: int | None, long: str | None) -> str:
    """The sum of which these are the parts, as text."""
    return str(((high or 0) << HALF) + (low or 0) + int(long or 0))


def total_of(value: str) -> str:
    """The SQL of the exact sum of a column; makes the connection fit for it."""
    if on_postgres():
        return f"sum({value})"
    if getattr(connection, "exact_sums_of", None) is not connection.connection:
        connection.connection.create_aggregate("long_sum", 1, _LongSum)
        connection.connection.create_function("together", 3, _together, deterministic=True)
        connection.exact_sums_of = connection.connection  # type: ignore[attr-defined]
    short, long = (f"FILTER (WHERE length({value}) {sign} {LONG})" for sign in ("<", ">="))
    whole = f"CAST({value} AS integer)"
    return (
        f"together(sum({whole} >> {HALF}) {short}, sum({whole} & {LOW}) {short}, "
        f"long_sum({value}) {long})"
    )
