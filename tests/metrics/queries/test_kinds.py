"""Every kind of metric answers every question by one function; product.md 5.7."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from metrics.operations.observations import Reading, record_observations
from metrics.operations.rollups import roll_up
from metrics.queries.answers import Window
from metrics.queries.catalogue import find_metric
from metrics.queries.questions import SeriesQuestion
from metrics.queries.series import ask, extent_of, read_outcomes, read_series, read_value
from metrics.rules.periods import Calendar, Grain
from tests.make.metrics import make_metric, make_ratio, observe
from tests.make.people import make_unique, snapshot
from tests.make.workspaces import NOON

D = date(2026, 1, 1)
pytestmark = pytest.mark.django_db


def people(metric, who, *, source="events", roll=True):
    """Record (day, id, dims) of a unique metric."""
    readings = [
        Reading(metric.pk, day, 0, tuple(sorted((dims or {}).items())), recipient=name)
        for day, name, dims in who
    ]
    record_observations(metric.workspace, source=source, readings=readings, by=None, at=NOON)
    if roll:
        roll_up()


def test_vector_2_people_are_united_and_snapshots_only_bound(acme):
    readers = make_metric(acme, "readers", kind="unique")
    people(
        readers,
        [(D, "a", {}), (D, "b", {}), (D + timedelta(1), "b", {}), (D + timedelta(1), "c", {})],
    )
    answer = read_series(readers, grain="day")
    assert [point.value for point in answer.series[0].points] == [2, 2]
    assert (answer.total.value, answer.total.exact) == (3, True)

    counts = make_metric(acme, "counts", kind="unique")
    observe(counts, {D: 2, D + timedelta(1): 2})
    answer = read_series(counts, grain="day")
    assert [point.value for point in answer.series[0].points] == [2, 2]
    total = answer.total
    assert (total.value, total.exact, total.lower, total.upper) == (None, False, 2, 4)
    assert total.reason == "not_additive"


def test_a_count_over_its_own_window_is_exact_with_and_without_a_range(acme):
    readers = make_unique(acme, "readers")
    snapshot(readers, date(2026, 6, 30), 300, span=30)
    snapshot(readers, date(2026, 6, 14), 120, span=7)
    june = {"first": date(2026, 6, 1), "last": date(2026, 6, 30)}
    year = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}
    for days in ({}, june, year):
        answer = read_series(readers, grain="month", **days)
        assert (answer.total.value, answer.total.exact) == (300, True)
        assert 300 in [point.value for point in answer.series[0].points]
    assert extent_of(readers) == (date(2026, 6, 1), date(2026, 6, 30))


def test_a_ratio_over_people_counts_each_once_and_keeps_bounds(acme):
    clicks, readers = make_metric(acme), make_metric(acme, "readers", kind="unique")
    ctr = make_ratio(acme, denominator="readers")
    observe(clicks, {D: 3, D + timedelta(1): 3})
    people(
        readers,
        [(D, "a", {}), (D, "b", {}), (D + timedelta(1), "b", {}), (D + timedelta(1), "c", {})],
    )
    assert read_value(ctr, first=D, last=D + timedelta(1)) == 200
    observe(readers, {D + timedelta(2): 4})
    observe(clicks, {D + timedelta(2): 4})
    [found] = read_outcomes(acme, [Window(ctr.pk, D, D + timedelta(2))])
    assert (found.value, found.exact, found.lower) == (None, False, Decimal("142.857142857"))
    assert found.upper == 250  # 10 clicks by 4 to 7 people


def test_a_level_is_carried_forward_and_summed_over_series(acme):
    stock = make_metric(acme, "contacts", kind="last")
    observe(stock, {D: 100, D + timedelta(40): 130}, dims={"list": "a"})
    observe(stock, {D + timedelta(35): 50}, dims={"list": "b"})
    observe(stock, {D + timedelta(70): 60}, dims={"list": "b"})
    answer = read_series(stock, grain="month", last=date(2026, 5, 31))
    assert [point.value for point in answer.series[0].points] == [100, 180, 190, None, None]
    assert answer.total.value == 190
    lines = read_series(stock, grain="month", by=["list"]).series
    assert [[p.value for p in line.points] for line in lines] == [[100, 130, 130], [None, 50, 60]]
    assert read_value(stock, first=D, last=D + timedelta(36)) == 150


def test_a_formula_reads_other_formulas_and_nulls_propagate(acme):
    make_metric(acme, "cost", decimals=2)
    make_metric(acme, "leads")
    make_ratio(acme, "cpc", numerator="cost", denominator="clicks", scale="1")
    cpl = make_metric(acme, "cpl", kind="derived", formula="cost / leads", decimals=2)
    both = make_metric(acme, "both", kind="derived", formula="[Cpc] + [cpl] * 2", decimals=2)
    assert both.formula == "cpc + cpl * 2"
    for key, value in {"cost": "10.50", "clicks": 7, "leads": 3}.items():
        observe(find_metric(acme, key), {D: value})
    assert read_value(cpl, first=D, last=D) == Decimal("3.5")
    assert read_value(both, first=D, last=D) == Decimal("8.5")
    observe(find_metric(acme, "cost"), {D + timedelta(1): 5})
    day = D + timedelta(1)
    [found] = read_outcomes(acme, [Window(both.pk, day, day)])
    assert (found.value, found.reason) == (None, "no_data")
    observe(find_metric(acme, "leads"), {day: 0})
    observe(find_metric(acme, "clicks"), {day: 1})
    [found] = read_outcomes(acme, [Window(both.pk, day, day)])
    assert (found.value, found.reason) == (None, "no_denominator")


def test_comparison_running_window_and_top(acme):
    metric = make_metric(acme)
    for place, channel in enumerate("abcd"):
        values = {D + timedelta(n): (place + 1) * (1 if n < 31 else 2) for n in range(59)}
        observe(metric, values, dims={"ch": channel})
    feb = (date(2026, 2, 1), date(2026, 2, 28))
    answer = ask(metric, SeriesQuestion(Grain.MONTH, *feb, compare="previous"))
    [line] = answer.series
    assert ([p.value for p in line.points], [p.value for p in line.before]) == ([560], [310])
    assert (answer.total.value, answer.before_total.value) == (560, 310)
    answer = ask(metric, SeriesQuestion(Grain.DAY, D, D + timedelta(3), running=True))
    assert [p.value for p in answer.series[0].points] == [10, 20, 30, 40]
    answer = ask(metric, SeriesQuestion(Grain.DAY, feb[0], feb[0] + timedelta(2), window=2))
    assert [p.value for p in answer.series[0].points] == [30, 40, 40]
    answer = ask(metric, SeriesQuestion(Grain.MONTH, *feb, by=("ch",), top=2))
    assert [line.dims["ch"] for line in answer.series] == ["d", "c", None]
    assert [line.total.value for line in answer.series] == [224, 168, 168]
    assert [line.others for line in answer.series] == [None, None, 2]


def test_R04_fiscal_years_and_weeks_of_another_first_day(acme):
    metric = make_metric(acme)
    observe(metric, {date(2026, 1, 1) + timedelta(n): 1 for n in range(730)})
    july = Calendar(year_starts_in=7)
    answer = ask(
        metric, SeriesQuestion(Grain.YEAR, date(2026, 7, 1), date(2027, 6, 30), calendar=july)
    )
    assert [(p.period, p.value) for p in answer.series[0].points] == [("FY2027", 365)]
    sunday = Calendar(week_starts_on=7)
    answer = ask(
        metric, SeriesQuestion(Grain.WEEK, date(2026, 3, 1), date(2026, 3, 14), calendar=sunday)
    )
    assert [(p.period, p.value) for p in answer.series[0].points] == [
        ("w2026-03-01", 7),
        ("w2026-03-08", 7),
    ]


@pytest.mark.parametrize("grain", ["day", "week", "month", "quarter", "year"])
def test_a_question_takes_at_most_four_queries(acme, grain, django_assert_max_num_queries):
    ratio = make_ratio(acme)
    for channel in "ab":
        observe(ratio.numerator, {D + timedelta(n): 1 for n in range(90)}, dims={"ch": channel})
        observe(ratio.denominator, {D + timedelta(n): 2 for n in range(90)}, dims={"ch": channel})
    question = SeriesQuestion(
        Grain(grain), D + timedelta(3), D + timedelta(80), by=("ch",), compare="year", top=1
    )
    with django_assert_max_num_queries(4):
        ask(ratio, question)
