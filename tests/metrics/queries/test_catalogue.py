from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.operations.definitions import retire_metric
from metrics.queries.catalogue import WEEKS, catalogue, find_metric
from metrics.queries.freshness import freshness_of
from tests.make.metrics import make_metric, make_ratio, observe

SUNDAY = date(2026, 3, 1)
MONDAY_NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def daily(metric, days, *, until=SUNDAY, value=lambda n: 1, **more):
    observe(metric, {until - timedelta(n): value(n) for n in range(days)}, **more)


def test_a_row_says_the_last_four_weeks_and_the_four_before(acme):
    metric = make_metric(acme)
    daily(metric, 100, value=lambda n: 30 if n < 28 else 20)
    [row] = catalogue(acme, at=MONDAY_NOON)
    assert (row.value, row.before, row.change) == (840, 560, Decimal("0.5"))
    assert (row.first, row.last, row.data_until) == (SUNDAY - timedelta(27), SUNDAY, SUNDAY)
    assert not row.is_late
    assert row.compared


def test_a_ratio_is_a_ratio_of_sums_here_too(acme):
    ratio = make_ratio(acme)
    daily(ratio.numerator, 60, value=lambda n: n)
    daily(ratio.denominator, 60, value=lambda n: 1000)
    row = next(row for row in catalogue(acme, at=MONDAY_NOON) if row.metric == ratio)
    assert row.value == Decimal("1.35")
    assert row.points[-1] == Decimal("0.3")


def test_sparse_data_are_compared_by_month(acme):
    metric = make_metric(acme)
    observe(metric, {date(2025, n, 1): n for n in range(7, 13)} | {date(2026, 2, 1): 14})
    [row] = catalogue(acme, at=MONDAY_NOON)
    assert (row.value, row.before, row.change) == (14, None, None)
    observe(metric, {date(2026, 1, 1): 10}, source="later")
    [row] = catalogue(acme, at=MONDAY_NOON)
    assert (row.value, row.before, row.change) == (14, 10, Decimal("0.4"))


def test_nothing_is_compared_with_weeks_in_which_the_data_only_begin(acme):
    metric = make_metric(acme)
    daily(metric, 31)
    [row] = catalogue(acme, at=MONDAY_NOON)
    assert (row.value, row.before, row.change) == (28, None, None)


def test_a_metric_without_data_says_nothing(acme):
    make_metric(acme)
    [row] = catalogue(acme, at=MONDAY_NOON)
    assert (row.value, row.change, row.points, row.data_until) == (None, None, [], None)
    assert not row.is_late


def test_the_sparkline_has_whole_weeks_and_gaps(acme):
    metric = make_metric(acme)
    daily(metric, 10, until=SUNDAY + timedelta(3))
    observe(metric, {SUNDAY - timedelta(21): 5}, source="gap")
    [row] = catalogue(acme, at=MONDAY_NOON)
    assert row.points == [5, None, None, 7]
    daily(metric, 400, source="long")
    [row] = catalogue(acme, at=MONDAY_NOON)
    assert len(row.points) == WEEKS


def test_late_is_judged_by_the_rhythm_of_the_data(acme):
    today = date(2026, 3, 20)
    often, weekly, new = (make_metric(acme, key) for key in ("often", "weekly", "new"))
    daily(often, 40, until=date(2026, 3, 10))
    observe(weekly, {date(2026, 3, 10) - timedelta(7 * n): 1 for n in range(10)})
    found = freshness_of(acme, [often.pk, weekly.pk, new.pk], today)
    assert (found[often.pk].gap, found[often.pk].is_late) == (1, True)
    assert (found[weekly.pk].gap, found[weekly.pk].is_late) == (7, False)
    assert (found[new.pk].until, found[new.pk].is_late) == (None, False)
    later = freshness_of(acme, [weekly.pk], date(2026, 4, 10))
    assert later[weekly.pk].is_late


def test_a_ratio_is_as_late_as_its_later_part(acme):
    ratio = make_ratio(acme)
    daily(ratio.numerator, 40)
    daily(ratio.denominator, 20, until=SUNDAY - timedelta(20))
    found = freshness_of(acme, [ratio.pk], SUNDAY)[ratio.pk]
    assert (found.until, found.is_late) == (SUNDAY - timedelta(20), True)


def test_retired_metrics_leave_the_catalogue_and_can_be_found(acme, ed, noon):
    other = make_metric(acme, "other")
    retire_metric(other, by=ed, at=noon)
    assert other not in [row.metric for row in catalogue(acme, at=MONDAY_NOON)]
    assert find_metric(acme, "other").retired_at


def test_other_workspaces_are_not_seen(acme, globex):
    make_metric(globex, "theirs")
    assert catalogue(acme, at=MONDAY_NOON) == []
    assert find_metric(acme, "theirs") is None


def test_the_number_of_queries_is_constant(acme):
    def queries():
        with CaptureQueriesContext(connection) as found:
            catalogue(acme, at=MONDAY_NOON)
        return len(found)

    daily(make_ratio(acme).numerator, 30)
    few = queries()
    for n in range(6):
        ratio = make_ratio(acme, f"rate_{n}", numerator=f"n{n}", denominator=f"d{n}")
        daily(ratio.numerator, 30 + n)
        daily(ratio.denominator, 30)
    assert queries() == few <= 7
