"""Whatever happens to facts, rollups are what the facts make them, for every measured kind."""

from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.models.imports import ImportRun
from metrics.models.observations import Observation
from metrics.operations.observations import (
    Reading,
    record_observations,
    withdraw_observations,
)
from metrics.operations.rollups import check, drain_series, drain_totals, roll_up
from metrics.operations.undoing import undo_import
from metrics.queries.sums import of_tiles, series_of
from metrics.queries.uniques import tallies_of_buckets, tallies_of_days
from metrics.rules.periods import Grain, tiles
from metrics.rules.uniques import merge
from tests.make.metrics import make_metric
from tests.make.recompute import marks_left, wrong_rollups
from tests.support.examples import examples

pytestmark = pytest.mark.django_db
START = date(2025, 12, 20)
SPAN = 100
KINDS = ("additive", "last", "unique")
numbers = count()
days = st.integers(0, SPAN).map(lambda n: START + timedelta(n))
dims = st.sampled_from([(), (("ch", "a"),), (("ch", "b"),), (("ch", "a"), ("seg", "x"))])
keys = st.sampled_from(["1", "2", "3", "4", "5", None])
facts = st.lists(
    st.tuples(days, st.integers(0, 9), dims, keys, st.sampled_from("abcde")),
    min_size=1,
    max_size=12,
)
steps = st.one_of(
    st.tuples(st.just("record"), facts),
    st.tuples(st.just("withdraw"), st.lists(keys.filter(bool), min_size=1, max_size=3)),
    st.tuples(st.just("undo"), st.integers(0, 3)),
    st.tuples(st.just("drain"), st.sampled_from([1, 3, 500])),
)
within_a_test = examples(8)


def readings(metric, listed):
    """Facts as readings: of a unique metric by somebody, of the others by their value."""
    person = metric.kind == "unique"
    return [
        Reading(metric.pk, day, value, of, key, recipient=who if person else None)
        for day, value, of, key, who in listed
    ]


def fresh_metric(workspace, kind):
    return make_metric(workspace, f"m{next(numbers)}", kind=kind)


def take(metric, step, what, at):
    """One step of a story; an undo takes back one of the metric's runs."""
    if step == "record":
        rows = readings(metric, what)
        record_observations(metric.workspace, source="crm", readings=rows, by=None, at=at)
        newest = ImportRun.objects.latest("pk")
        newest.mapping = {"metrics": [{"metric": metric.key}]}
        newest.save()
    elif step == "withdraw":
        named = [(metric.pk, key) for key in what]
        withdraw_observations(metric.workspace, source="crm", keys=named, by=None, at=at)
    elif step == "undo":
        runs = ImportRun.objects.filter(mapping__metrics__0__metric=metric.key).order_by("-pk")
        for run in runs[what : what + 1]:
            undo_import(run, at=at)
            run.mapping = {}
            run.save()
    else:
        drain_series(limit=what)
        drain_totals(limit=what)


@pytest.mark.parametrize("kind", KINDS)
@within_a_test
@given(story=st.lists(steps, min_size=1, max_size=8))
def test_INV04_rollups_are_what_the_facts_make_them(acme, noon, kind, story):
    metric = fresh_metric(acme, kind)
    for step, what in story:
        take(metric, step, what, noon)
    roll_up()
    assert (wrong_rollups(), check(acme), marks_left()) == ([], [], 0)


@pytest.mark.parametrize("kind", KINDS)
@within_a_test
@given(before=facts, brought=facts)
def test_an_import_that_is_undone_leaves_everything_as_it_was(acme, noon, kind, before, brought):
    metric = fresh_metric(acme, kind)

    def stored():
        rows = Observation.objects.filter(series__metric=metric)
        return sorted(rows.values_list("series_id", "day", "khash", "value", "span", "import_id"))

    take(metric, "record", before, noon)
    was = stored()
    take(metric, "record", brought, noon)
    take(metric, "undo", 0, noon)
    assert stored() == was
    roll_up()
    assert check(acme) == []


@pytest.mark.parametrize("kind", ["additive", "unique"])
@within_a_test
@given(listed=facts, cut=st.integers(0, SPAN))
def test_any_partition_by_days_and_dimensions_gives_the_same_total(acme, noon, kind, listed, cut):
    metric = fresh_metric(acme, kind)
    take(metric, "record", listed, noon)
    roll_up()
    first, last, middle = START, START + timedelta(SPAN), START + timedelta(cut)
    series = [row[0] for row in series_of([metric.pk])]
    ranges = [[(first, last)], [(first, middle), (middle + timedelta(1), last)]]
    found = {
        total(kind, owners, parts, of_series=of_series, days=by_day)
        for owners, of_series in (([metric.pk], False), (series, True))
        for parts in ranges
        for by_day in (True, False)
    }
    assert len(found) == 1


def total(kind, owners, parts, *, of_series, days):
    """The total of parts of a range, from its days or from the widest buckets that fit."""
    values = [
        value
        for start, end in parts
        for period in ([None] if days else tiles(start, end))
        for _owner, _bucket, value in read(kind, owners, (start, end), period, of_series)
    ]
    return (
        merge(values).count(START, START + timedelta(SPAN)).value
        if kind == "unique"
        else sum(values)
    )


def read(kind, owners, span, period, of_series):
    grain = period.grain if period else Grain.DAY
    first, last = (period.start, period.start) if period else span
    if kind == "unique" and grain is Grain.DAY:
        return tallies_of_days(owners, first, last, of_series=of_series)
    if kind == "unique":
        return tallies_of_buckets(owners, grain, first, last, of_series=of_series)
    rows = of_tiles(owners, {grain: [(first, last)]}, of_series=of_series)
    return ((owner, bucket, total) for owner, _grain, bucket, total in rows)
