"""Days that cannot stand."""

from datetime import date

import pytest

from goals.rules.progress import Basis
from goals.rules.targets import Target
from goals.rules.terms import DayFlaw, Terms, flaw_of_days
from metrics.rules.periods import Grain, Span

TODAY = date(2026, 3, 1)
YEAR = ("2026-01-01", "2026-12-31")


def terms(window=YEAR, baseline=None, basis=Basis.CUMULATIVE) -> Terms:
    spans = [
        None if days is None else Span(*(date.fromisoformat(day) for day in days))
        for days in (window, baseline)
    ]
    return Terms(basis, Grain.MONTH, spans[0], Target(percent=25), spans[1])


@pytest.mark.parametrize(
    ("given", "flaw"),
    [
        (terms(("2026-02-01", "2026-01-31")), DayFlaw.ENDS_BEFORE_START),
        (terms(("0001-01-01", "0001-12-31")), DayFlaw.OUT_OF_RANGE),
        (terms(("2026-01-01", "9999-12-31")), DayFlaw.ENDS_TOO_LATE),
        (terms(("2026-01-01", "2037-12-31")), DayFlaw.TOO_LONG),
        (terms(("2026-01-01", "2027-06-30"), basis=Basis.YOY), DayFlaw.LONGER_THAN_A_YEAR),
        (terms(baseline=("2025-02-01", "2025-01-01")), DayFlaw.BASELINE_BACKWARDS),
        (terms(baseline=("2025-02-01", "2026-01-01")), DayFlaw.BASELINE_NOT_BEFORE),
        (terms(baseline=("1900-01-01", "2025-12-31")), DayFlaw.BASELINE_TOO_LONG),
        (
            terms(("2026-06-01", "2026-12-31"), ("2026-01-01", "2026-03-31")),
            DayFlaw.BASELINE_NOT_OVER,
        ),
        (
            terms(baseline=("2025-01-01", "2025-06-30"), basis=Basis.YOY),
            DayFlaw.BASELINE_NOT_YEAR_BEFORE,
        ),
    ],
)
def test_days_that_cannot_stand_are_named(given, flaw):
    assert flaw_of_days(given, complete=TODAY) is flaw


@pytest.mark.parametrize(
    "given",
    [
        terms(),
        terms(("2026-01-01", "2026-01-01")),
        terms(baseline=("2025-01-01", "2025-12-31")),
        terms(baseline=("2025-01-01", "2025-12-31"), basis=Basis.YOY),
    ],
)
def test_honest_days_stand(given):
    assert flaw_of_days(given, complete=TODAY) is None
