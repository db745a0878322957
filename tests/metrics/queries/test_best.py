from datetime import date, timedelta
from decimal import Decimal

import pytest

from metrics.queries.best import best_of
from metrics.rules.periods import Span
from tests.make.metrics import make_metric, make_ratio, observe

pytestmark = pytest.mark.django_db
D = date(2026, 1, 1)
JANUARY = Span(D, date(2026, 1, 31))


def seen(metric, **segments):
    for name, value in segments.items():
        observe(metric, {D: value}, dims={"ch": name})


def places(found):
    return [(row.candidate.name, row.place) for row in found.rows]


def test_a_rate_is_ranked_with_its_volume_and_interval(acme):
    ratio = make_ratio(acme)
    seen(ratio.numerator, mail=52, ads=50, web=5, few=2)
    seen(ratio.denominator, mail=1000, ads=1000, web=1000, few=3)
    found = best_of(ratio, JANUARY, by="ch")
    assert places(found) == [("mail", 1), ("ads", 1), ("web", 3), ("few", None)]
    first = found.rows[0]
    assert (first.candidate.value, first.candidate.n) == (Decimal("5.2"), 1000)
    assert first.interval.method == "wilson"
    assert first.interval.low < 5.2 < first.interval.high
    assert [row.candidate.name for row in found.leaders] == ["mail", "ads"]
    assert found.whole == Decimal("3.6297036297")


def test_a_count_and_an_amount(acme):
    clicks = make_metric(acme)
    seen(clicks, mail=100, ads=10)
    assert places(best_of(clicks, JANUARY, by="ch", least=Decimal(0))) == [("mail", 1), ("ads", 2)]
    cost = make_metric(acme, "cost", unit="currency", currency="EUR", direction="down")
    seen(cost, mail=100, ads=10)
    found = best_of(cost, JANUARY, by="ch")
    assert places(found) == [("ads", 1), ("mail", 2)]
    assert [row.interval for row in found.rows] == [None, None]


def test_money_per_money_by_its_spread(acme):
    money = {"unit": "currency", "currency": "EUR"}
    cost, revenue = make_metric(acme, "cost", **money), make_metric(acme, "revenue", **money)
    roas = make_ratio(acme, "roas", numerator=revenue, denominator=cost, scale="1", unit="number")
    for name, times in {"mail": 5, "ads": 2}.items():
        days = {D + timedelta(n): 100 + n for n in range(20)}
        observe(cost, days, dims={"ch": name})
        earned = {day: value * times + value % 3 for day, value in days.items()}
        observe(revenue, earned, dims={"ch": name})
    found = best_of(roas, JANUARY, by="ch")
    assert places(found) == [("mail", 1), ("ads", 2)]
    assert found.rows[0].interval.method == "delta"
