from datetime import date
from decimal import Decimal

import pytest

from goals.rules.quotas import Bound, Quota, Verdict, month_of, months_between, verdict_of

MARCH = month_of(date(2026, 3, 10))
MIDDLE, AFTER = date(2026, 3, 15), date(2026, 4, 1)


def verdict(value, *, amount=120, bound=Bound.AT_LEAST, sums=True, until=MIDDLE, complete=MIDDLE):
    quota = Quota(Decimal(amount), bound, sums)
    number = None if value is None else Decimal(value)
    return verdict_of(quota, number, MARCH, until=until, complete=complete)


@pytest.mark.parametrize(
    ("value", "options", "expected"),
    [
        (120, {"until": MARCH.last, "complete": AFTER}, Verdict.KEPT),
        (119, {"until": MARCH.last, "complete": AFTER}, Verdict.BROKEN),
        (120, {"until": MARCH.last, "complete": AFTER, "bound": Bound.AT_MOST}, Verdict.KEPT),
        (121, {"until": AFTER, "complete": AFTER, "bound": Bound.AT_MOST}, Verdict.BROKEN),
        (200, {"until": MIDDLE, "complete": AFTER}, Verdict.UNKNOWN),
        (None, {"until": AFTER, "complete": AFTER}, Verdict.UNKNOWN),
        (None, {"until": None}, Verdict.UNKNOWN),
    ],
)
def test_a_month_is_settled_when_its_data_are_in_and_not_before(value, options, expected):
    assert verdict(value, **options) is expected


@pytest.mark.parametrize(
    ("value", "options", "expected"),
    [
        (58, {}, Verdict.RUNNING),
        (52, {}, Verdict.AT_RISK),
        (130, {"until": date(2026, 3, 2)}, Verdict.RUNNING),
        (58, {"bound": Bound.AT_MOST}, Verdict.RUNNING),
        (70, {"bound": Bound.AT_MOST}, Verdict.AT_RISK),
        (121, {"bound": Bound.AT_MOST}, Verdict.AT_RISK),
        (4, {"sums": False, "amount": 3}, Verdict.RUNNING),
        (2, {"sums": False, "amount": 3}, Verdict.AT_RISK),
    ],
)
def test_while_a_month_lasts_a_sum_is_held_against_its_even_share(value, options, expected):
    assert verdict(value, **options) is expected


def test_whole_months_only():
    found = months_between(date(2025, 12, 2), date(2026, 2, 1))
    assert [month.first for month in found] == [date(2026, 1, 1), date(2026, 2, 1)]
    assert months_between(date(2025, 12, 1), date(2025, 12, 31))[0].days == 31
