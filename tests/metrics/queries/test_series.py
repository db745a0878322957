import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from metrics.operations.observations import Reading, record_observations
from metrics.operations.rollups import roll_up
from metrics.queries.questions import SeriesQuestion
from metrics.queries.series import (
    Window,
    ask,
    is_pending,
    latest_days,
    read_days,
    read_series,
    read_value,
    read_windows,
    revisions_of,
)
from metrics.rules.periods import Grain, label, period_of
from tests.make.metrics import make_metric, make_ratio, observe
from tests.support.examples import examples
from workspaces.rules.errors import Invalid

D = date(2016, 1, 1)
GRAINS = [grain.value for grain in Grain]
pytestmark = pytest.mark.django_db


def values(answer, line=0):
    return {point.period: point.value for point in answer.series[line].points}


def test_vector_1_a_ratio_over_a_period_is_the_ratio_of_sums(acme):
    ratio = make_ratio(acme)
    observe(ratio.numerator, {D: 50, D + timedelta(1): 20})
    observe(ratio.denominator, {D: 100, D + timedelta(1): 2000})
    day = read_series(ratio, grain="day")
    assert values(day) == {"2016-01-01": 50, "2016-01-02": 1}
    for grain in GRAINS:
        answer = read_series(ratio, grain=grain)
        assert answer.total.value == Decimal("3.33333333333")
        assert answer.series[0].total.value == Decimal("3.33333333333")
    assert read_value(ratio, first=D, last=date(2016, 12, 31)) == Decimal("3.33333333333")


def test_vector_6_a_breakdown_by_dimension_does_not_add_up_but_its_total_is_right(acme):
    ratio = make_ratio(acme)
    for channel, clicks, sends in (("a", 10, 500), ("b", 30, 1000)):
        observe(ratio.numerator, {D: clicks}, dims={"ch": channel})
        observe(ratio.denominator, {D: sends}, dims={"ch": channel})
    answer = read_series(ratio, grain="month", by=["ch"])
    assert [(line.dims, line.total.value) for line in answer.series] == [
        ({"ch": "a"}, 2), ({"ch": "b"}, 3),
    ]  # fmt: skip
    assert answer.total.value == Decimal("2.66666666667")


def test_vector_8_no_denominator_is_no_value_and_no_observation_is_not_zero(acme):
    ratio = make_ratio(acme)
    observe(ratio.numerator, {D: 5, D + timedelta(2): 0})
    observe(ratio.denominator, {D: 0, D + timedelta(2): 10})
    assert values(read_series(ratio, grain="day")) == {
        "2016-01-01": None, "2016-01-02": None, "2016-01-03": 0,
    }  # fmt: skip


def test_every_period_of_the_range_is_listed(acme):
    metric = make_metric(acme)
    observe(metric, {D: 5, date(2016, 4, 30): 7})
    months = read_series(metric, grain="month", first=date(2015, 12, 1), last=date(2016, 5, 31))
    assert values(months) == {
        "2015-12": None, "2016-01": 5, "2016-02": None,
        "2016-03": None, "2016-04": 7, "2016-05": None,
    }  # fmt: skip
    assert [point.complete for point in months.series[0].points] == [*[True] * 5, False]


def test_the_range_is_from_the_first_to_the_last_day_with_data_by_default(acme):
    metric = make_metric(acme)
    observe(metric, {date(2016, 1, 10): 5, date(2016, 3, 20): 7})
    answer = read_series(metric, grain="day")
    points = answer.series[0].points
    assert (points[0].period, points[-1].period, len(points)) == ("2016-01-10", "2016-03-20", 71)
    months = read_series(metric, grain="month").series[0].points
    assert [(p.period, p.start, p.end, p.value, p.complete) for p in months] == [
        ("2016-01", date(2016, 1, 10), date(2016, 1, 31), 5, True),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29), None, True),
        ("2016-03", date(2016, 3, 1), date(2016, 3, 20), 7, False),
    ]


def test_a_bucket_that_the_range_cuts_is_computed_cut(acme):
    metric = make_metric(acme)
    observe(metric, {D + timedelta(n): 1 for n in range(60)}, dims={"ch": "a"})
    for by in ((), ("ch",)):
        answer = read_series(
            metric, grain="month", first=date(2016, 1, 10), last=date(2016, 2, 9), by=by
        )
        found = [(p.value, p.complete) for p in answer.series[0].points]
        assert found == [(22, False), (9, False)]
        assert answer.total.value == 31
    inside = read_series(metric, grain="year", first=date(2016, 1, 10), last=date(2016, 1, 12))
    assert values(inside) == {"2016": 3}


def test_half_open_ranges_are_filled_up(acme):
    metric = make_metric(acme)
    observe(metric, {date(2016, 1, 10): 5, date(2016, 3, 20): 7})
    assert list(values(read_series(metric, grain="month", first=date(2016, 3, 1)))) == ["2016-03"]
    assert list(values(read_series(metric, grain="year", last=date(2016, 2, 1)))) == ["2016"]
    later = read_series(metric, grain="day", first=date(2017, 1, 1))
    assert values(later) == {"2017-01-01": None}


def test_a_metric_without_data_has_no_points(acme):
    metric = make_metric(acme)
    answer = read_series(metric, grain="month")
    assert answer.series[0].points == []
    assert answer.total.value is None
    asked = read_series(metric, grain="month", first=D, last=date(2016, 2, 29))
    assert values(asked) == {"2016-01": None, "2016-02": None}


def test_what_still_runs_is_incomplete(acme):
    metric = make_metric(acme)
    observe(metric, {D: 5, date(2016, 1, 31): 5})
    answer = read_series(
        metric, grain="month", first=D, last=date(2016, 2, 29), today=date(2016, 2, 10)
    )
    assert [point.complete for point in answer.series[0].points] == [True, False]


@pytest.mark.parametrize(
    ("cadence", "today", "whole"),
    [
        (None, date(2016, 3, 10), [True, False]),  # of the last day of February nothing is known
        (7, date(2016, 3, 10), [True, True]),
        (3, date(2016, 3, 10), [True, False]),
        (7, date(2016, 2, 29), [True, False]),
    ],
)
@pytest.mark.parametrize(
    "days",
    [{}, {"first": D}, {"first": D, "last": date(2016, 2, 29)}, {"last": date(2016, 2, 24)}],
)
def test_the_range_that_was_asked_does_not_decide_what_is_incomplete(
    acme, cadence, today, whole, days
):
    clicks, sends = make_metric(acme, cadence_days=cadence), make_metric(acme, "sends")
    ratio = make_ratio(acme)
    observe(clicks, {date(2016, 1, 4): 5, date(2016, 2, 24): 7})
    observe(sends, {date(2016, 1, 4): 50, date(2016, 2, 10): 70})
    for metric in (clicks, ratio):
        found = read_series(metric, grain="month", today=today, **days).series[0].points
        assert [point.complete for point in found] == (
            whole if metric == clicks else [True, False]  # of sends nothing more has come
        )


def test_a_comparison_with_a_whole_period_takes_the_whole_one_before(acme):
    metric = make_metric(acme, cadence_days=30)
    observe(metric, {date(2016, 1, 29): 5, date(2016, 2, 10): 7})
    question = SeriesQuestion(Grain.MONTH, date(2016, 2, 1), date(2016, 2, 10), compare="previous")
    [line] = ask(metric, question).series
    assert [(point.value, point.complete) for point in line.points] == [(7, True)]
    assert [(point.value, point.end) for point in line.before] == [(5, date(2016, 1, 31))]


@pytest.fixture
def by_channel(acme):
    metric = make_metric(acme)
    observe(metric, {D: 1, D + timedelta(1): 2}, dims={"ch": "a", "seg": "x"})
    observe(metric, {D: 10}, dims={"ch": "b", "seg": "x"})
    observe(metric, {D: 100}, dims={"ch": "b", "seg": "y"})
    observe(metric, {D: 1000}, dims={})
    return metric


@pytest.mark.parametrize("grain", GRAINS)
def test_a_breakdown_splits_into_lines_and_what_has_no_value_is_null(by_channel, grain):
    answer = read_series(by_channel, grain=grain, by=["ch"])
    assert [(line.dims["ch"], line.total.value) for line in answer.series] == [
        ("a", 3), ("b", 110), (None, 1000),
    ]  # fmt: skip
    assert answer.total.value == 1113
    both = read_series(by_channel, grain=grain, by=["seg", "ch"])
    assert [(*line.dims.values(), line.total.value) for line in both.series] == [
        ("x", "a", 3), ("x", "b", 10), ("y", "b", 100), (None, None, 1000),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("where", "total"),
    [
        ([("ch", "b")], 110),
        ([("ch", "b"), ("seg", "y")], 100),
        ([("ch", "a"), ("ch", "b")], 113),
        ([("ch", None)], 1000),
        ([("ch", None), ("ch", "a")], 1003),
        ([("ch", "nobody")], None),
        ([("ch", "a"), ("seg", "y")], None),
    ],
)
def test_a_filter_keeps_series_by_value(by_channel, where, total):
    for grain in GRAINS:
        answer = read_series(by_channel, grain=grain, where=where)
        assert answer.total.value == total
        assert answer.series[0].total.value == total


def test_a_dimension_that_does_not_exist_is_a_mistake(by_channel):
    for asked in ({"by": ["color"]}, {"where": [("color", "red")]}):
        with pytest.raises(Invalid, match="color"):
            read_series(by_channel, grain="day", **asked)


def test_an_answer_has_a_limited_size(by_channel):
    with pytest.raises(Invalid, match="10,000"):
        read_series(by_channel, grain="day", first=date(1950, 1, 1), last=date(2016, 1, 1))
    with pytest.raises(Invalid, match="10,000"):
        read_series(
            by_channel, grain="day", first=date(2000, 1, 1), last=date(2016, 1, 1), by=["ch", "seg"]
        )


def test_pending_says_that_rollups_wait(acme):
    ratio = make_ratio(acme)
    other = make_metric(acme, "other")
    observe(ratio.denominator, {D: 10})
    assert not is_pending(ratio)
    observe(ratio.denominator, {D: 11}, roll=False)
    assert read_series(ratio, grain="month").pending
    assert not read_series(other, grain="month").pending
    assert read_value(ratio.denominator, first=D, last=D, fresh=True) == 21 - 10
    roll_up()
    assert not read_series(ratio, grain="month").pending


def test_fresh_values_never_wait_for_a_rollup(acme):
    ratio = make_ratio(acme)
    observe(ratio.numerator, {D: 5}, roll=False)
    observe(ratio.denominator, {D: 50}, roll=False)
    year = {"first": D, "last": date(2016, 12, 31)}
    assert read_value(ratio, **year, fresh=True) == 10
    assert read_value(ratio, **year) is None
    roll_up()
    assert read_value(ratio, **year) == 10


def test_windows_read_many_spans_of_many_metrics_in_two_queries(acme, django_assert_num_queries):
    ratio = make_ratio(acme)
    observe(ratio.numerator, {D + timedelta(n): n for n in range(800)})
    observe(ratio.denominator, {D + timedelta(n): 1000 for n in range(800)})
    chance = random.Random(4)
    spans = []
    for _n in range(200):
        first = D + timedelta(chance.randrange(700))
        spans.append((first, first + timedelta(chance.randrange(400))))
    windows = [Window(ratio.numerator_id, *span) for span in spans]
    windows += [Window(ratio.pk, *span) for span in spans]
    with django_assert_num_queries(2):
        found = read_windows(acme, windows)
    for place, (first, last) in enumerate(spans):
        days = [n for n in range(800) if first <= D + timedelta(n) <= last]
        assert found[place] == sum(days)
        assert abs(found[200 + place] - Decimal(sum(days)) / len(days) / 10) < Decimal("1e-8")


def test_windows_of_another_workspace_or_of_nothing_are_none(acme, globex):
    ours, theirs = make_metric(acme), make_metric(globex)
    observe(theirs, {D: 5})
    windows = [Window(ours.pk, D, D), Window(theirs.pk, D, D), Window(10**9, D, D)]
    assert read_windows(acme, windows) == [None, None, None]
    assert read_windows(acme, [Window(ours.pk, D, D - timedelta(1))]) == [None]
    assert read_windows(acme, []) == []


def test_days_are_read_for_many_metrics_in_three_queries(acme, django_assert_num_queries):
    ratio = make_ratio(acme)
    observe(ratio.numerator, {D: 5, D + timedelta(2): 6}, dims={"ch": "a"})
    observe(ratio.numerator, {D: 5}, dims={"ch": "b"})
    observe(ratio.denominator, {D: 100, D + timedelta(1): 50})
    ids = [ratio.pk, ratio.numerator_id]
    with django_assert_num_queries(3):
        found = read_days(acme, ids, D, D + timedelta(9))
    assert found == {
        ratio.pk: {D: Decimal(10), D + timedelta(1): None, D + timedelta(2): None},
        ratio.numerator_id: {D: Decimal(10), D + timedelta(2): Decimal(6)},
    }


def test_data_until_is_the_earlier_of_a_ratios_parts(acme, django_assert_num_queries):
    ratio = make_ratio(acme)
    observe(ratio.numerator, {D: 5, D + timedelta(9): 5})
    assert latest_days(acme, [ratio.pk]) == {}
    observe(ratio.denominator, {D: 5, D + timedelta(3): 5})
    ids = [ratio.pk, ratio.numerator_id, ratio.denominator_id]
    with django_assert_num_queries(2):
        found = latest_days(acme, ids)
    assert [(found[pk] - D).days for pk in ids] == [3, 9, 3]


def test_revisions_take_one_query(acme, django_assert_num_queries):
    ratio = make_ratio(acme)
    with django_assert_num_queries(1):
        assert revisions_of(acme, [ratio.pk]) == {ratio.pk: 1}


@pytest.mark.parametrize("grain", GRAINS)
def test_the_number_of_queries_does_not_grow(acme, grain):
    def queries(metric):
        with CaptureQueriesContext(connection) as found:
            read_series(metric, grain=grain, by=["ch"])
        return len(found)

    small, large = make_metric(acme, "small"), make_metric(acme, "large")
    observe(small, {D: 1, D + timedelta(200): 1}, dims={"ch": "0"})
    for channel in range(10):
        observe(large, {D + timedelta(n): 1 for n in range(100)}, dims={"ch": str(channel)})
    assert queries(small) == queries(large) <= 4


facts = st.lists(
    st.tuples(
        st.integers(0, 200), st.sampled_from(["a", "b", None]), st.integers(-50, 50), st.booleans()
    ),
    min_size=1,
    max_size=40,
)


@examples(25)
@given(
    facts=facts, bounds=st.tuples(st.integers(0, 200), st.integers(0, 200)), number=st.integers()
)
def test_however_facts_are_parted_their_totals_are_the_same(acme, noon, facts, bounds, number):
    """Every grain, cut, breakdown and window of random facts adds up to the same."""
    metric = make_metric(acme, f"m{abs(hash((number, tuple(facts), bounds)))}"[:60])
    rows = [
        Reading(metric.pk, D + timedelta(day), value, (("ch", channel),) if channel else (), str(n))
        for n, (day, channel, value, _kept) in enumerate(facts)
    ]
    record_observations(acme, source="crm", readings=rows, by=None, at=noon)
    roll_up()
    first, last = (D + timedelta(n) for n in sorted(bounds))
    inside = [row for row in rows if first <= row.day <= last]
    total = sum(row.value for row in inside) if inside else None
    for grain in Grain:
        plain = read_series(metric, grain=grain, first=first, last=last)
        split = read_series(
            metric, grain=grain, first=first, last=last, by=["ch"] if _has(rows) else []
        )
        wanted = defaultdict(int)
        for row in inside:
            wanted[label(period_of(row.day, grain))] += row.value
        shown = {name: value for name, value in values(plain).items() if value is not None}
        assert shown == dict(wanted)
        assert plain.total.value == split.total.value == total
        kept = [line.total.value for line in split.series if line.total.value is not None]
        assert (sum(kept) if kept else None) == total
    assert read_windows(acme, [Window(metric.pk, first, last)]) == [total]
    assert read_value(metric, first=first, last=last, fresh=True) == total


def _has(rows):
    return any(row.dims for row in rows)
