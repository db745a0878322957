"""When a check-in is due."""

from datetime import date

import pytest

from goals.rules.checkins import Cadence, due_on
from metrics.rules.periods import Span

MARCH = Span(date(2026, 3, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("cadence", "last", "due"),
    [
        ("never", None, None),
        ("weekly", None, (3, 8)),
        ("fortnightly", (3, 10), (3, 24)),
        ("weekly", (2, 1), (3, 8)),
        ("monthly", (3, 20), (4, 1)),
        ("weekly", (3, 31), (4, 1)),
        ("weekly", (4, 1), None),
    ],
)
def test_it_is_due_after_the_last_one_or_the_start_and_once_after_the_end(cadence, last, due):
    last = None if last is None else date(2026, *last)
    assert due_on(Cadence(cadence), MARCH, last) == (None if due is None else date(2026, *due))
