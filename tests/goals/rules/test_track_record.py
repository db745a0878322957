"""Claims of forecasts, and how they are scored."""

from datetime import date
from decimal import Decimal

import pytest

from goals.rules.track_record import Group, Horizon, brier, is_due, is_inside, spans_ahead
from metrics.rules.periods import Span

LAST = date(2026, 3, 1)


def test_claims_reach_a_week_a_month_and_a_quarter_ahead_inside_the_goal():
    found = spans_ahead(LAST, date(2026, 4, 15), 1)
    assert found == {
        Horizon.WEEK: Span(date(2026, 3, 2), date(2026, 3, 8)),
        Horizon.MONTH: Span(date(2026, 3, 2), date(2026, 3, 29)),
    }


def test_what_was_drawn_by_the_week_claims_nothing_shorter():
    assert Horizon.WEEK not in spans_ahead(LAST, date(2027, 1, 1), 8)


@pytest.mark.parametrize(
    ("horizon", "days", "due"),
    [("week", 6, False), ("week", 7, True), ("end", 27, False), ("quarter", 91, True)],
)
def test_a_claim_waits_until_the_one_before_has_come_out(horizon, days, due):
    before = date.fromordinal(LAST.toordinal() - days)
    assert is_due(Horizon(horizon), before, LAST) is due
    assert is_due(Horizon(horizon), None, LAST)


def test_on_the_edge_of_the_band_is_inside():
    band = (Decimal(10), Decimal(20))
    assert is_inside(band, Decimal(10))
    assert not is_inside(band, Decimal("20.1"))


def test_the_brier_score_is_set_against_always_saying_the_usual_rate():
    sure = Group("on_track", 3, 0.9, 3, 3 * 0.01)
    lost = Group("off_track", 1, 0.1, 0, 0.01)
    assert brier([sure, lost]) == pytest.approx((0.01, 0.1875))
    assert brier([]) is None
