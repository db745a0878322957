"""Facts of unique metrics: who was counted, and counts that came without ids."""

import random
from datetime import date, timedelta

import pytest

from metrics.models.imports import ImportRun
from metrics.models.observations import Observation, ObservationHistory, Recipient
from metrics.models.rollups import MetricTally, SeriesTally
from metrics.operations.observations import (
    Reading,
    record_observations,
    try_chunk,
    withdraw_observations,
)
from metrics.operations.rollups import check, rebuild, roll_up
from metrics.queries.uniques import tallies_of_buckets, tallies_of_days
from metrics.rules.periods import Grain
from metrics.rules.uniques import merge
from tests.make.metrics import make_metric
from tests.make.people import make_unique, meet, snapshot
from tests.make.recompute import wrong_rollups
from workspaces.rules.errors import Refused

pytestmark = pytest.mark.django_db
D = date(2026, 1, 5)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
EARLY = date(2025, 12, 25)  # before the week in which the year begins


def how_many(metric, first=FIRST, last=LAST):
    """The count of a range from its days."""
    days = tallies_of_days([metric.pk], first, last, of_series=False)
    return merge(tally for _owner, _day, tally in days).count(first, last)


def test_who_comes_on_two_days_counts_once(acme):
    metric = make_unique(acme)
    meet(metric, {"2026-01-05": "ab", "2026-01-06": "bc"})
    assert how_many(metric).value == 3
    assert [
        t.count(d, d).value for _m, d, t in tallies_of_days([metric.pk], D, D, of_series=False)
    ] == [2]
    assert Recipient.objects.count() == 3


@pytest.mark.parametrize("grain", list(Grain))
def test_every_grain_of_a_metric_and_its_series_unites_its_days(acme, grain):
    metric = make_unique(acme)
    meet(metric, {"2026-01-05": "ab", "2026-12-31": "bc"}, dims={"ch": "x"})
    meet(metric, {"2026-01-05": "bd"}, dims={"ch": "y"})
    found = list(tallies_of_buckets([metric.pk], grain, EARLY, LAST, of_series=False))
    sizes = {bucket: tally.count(FIRST, LAST).value for _owner, bucket, tally in found}
    assert list(sizes.values()) == ([4] if grain is Grain.YEAR else [3, 2])
    series = list(SeriesTally.objects.values_list("series_id", flat=True).distinct())
    parts = list(tallies_of_buckets(series, grain, EARLY, LAST, of_series=True))
    assert len(parts) == (2 if grain is Grain.YEAR else 3)
    assert merge(tally for *_key, tally in parts).count(FIRST, LAST).value == 4


def test_the_same_people_again_change_nothing_and_two_sources_name_the_same_one(acme):
    metric = make_unique(acme)
    assert meet(metric, {"2026-01-05": "ab"}).new == 2
    again = meet(metric, {"2026-01-05": "ba"})
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    assert meet(metric, {"2026-01-05": "bc"}, source="crm").new == 2
    assert how_many(metric).value == 3


def test_an_event_key_that_names_somebody_else_is_a_correction(acme, olga, noon):
    metric = make_unique(acme)
    meet(metric, {"2026-01-05": "a"}, key="event 1")
    assert meet(metric, {"2026-01-05": "b"}, key="event 1").changed == 1
    assert ObservationHistory.objects.get().span == 0
    assert how_many(metric).value == 1
    withdraw_observations(acme, source="mail", keys=[(metric.pk, "event 1")], by=olga, at=noon)
    roll_up()
    assert not MetricTally.objects.exists()
    assert not SeriesTally.objects.exists()


def test_people_who_swap_places_are_noticed_though_every_sum_stays(acme):
    metric = make_unique(acme)
    meet(metric, {"2026-01-05": "a"}, key="1", dims={"ch": "x"})
    meet(metric, {"2026-01-05": "b"}, key="2", dims={"ch": "x"})
    meet(metric, {"2026-01-06": "b"}, key="1", dims={"ch": "x"}, roll=False)
    meet(metric, {"2026-01-06": "a"}, key="2", dims={"ch": "x"})
    assert check(acme) == []


def test_counts_without_ids_stay_bound_to_their_windows(acme):
    metric = make_unique(acme)
    snapshot(metric, "2026-01-11", 100, span=7)
    snapshot(metric, "2026-01-18", 120, span=7)
    week = how_many(metric, date(2026, 1, 5), date(2026, 1, 11))
    assert (week.value, week.exact) == (100, True)
    both = how_many(metric, date(2026, 1, 5), date(2026, 1, 18))
    assert (both.value, both.lower, both.upper, both.exact) == (None, 120, 220, False)


def test_a_count_of_another_window_on_the_same_day_is_another_fact(acme):
    metric = make_unique(acme)
    snapshot(metric, "2026-01-11", 100, span=7)
    assert snapshot(metric, "2026-01-11", 30, span=1).new == 1
    assert snapshot(metric, "2026-01-11", 110, span=7).changed == 1
    assert sorted(Observation.objects.values_list("value", "span")) == [(30, 1), (110, 7)]


def test_a_sketch_keeps_no_ids(acme):
    metric = make_unique(acme, counting="sketch")
    meet(metric, {"2026-01-05": "abc", "2026-01-06": "cd"})
    assert not Recipient.objects.exists()
    count = how_many(metric)
    assert (count.value, count.exact) == (4, False)
    assert check(acme) == []


def test_a_trial_adds_nobody(acme):
    metric = make_unique(acme)
    meet(metric, {"2026-01-05": "a"})
    run = ImportRun.objects.get()
    rows = [Reading(metric.pk, D, 0, recipient=who) for who in "ab"]
    done = try_chunk(run, rows)
    assert (done.new, done.unchanged) == (1, 1)
    assert Recipient.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": "additive", "recipient": "a"}, "counts_no_people"),
        ({"recipient": ""}, "invalid_recipient"),
        ({"recipient": "x" * 301}, "invalid_recipient"),
        ({"recipient": "a\0b"}, "invalid_recipient"),
        ({"value": -1}, "negative"),
        ({"span": 0}, "out_of_range"),
        ({"span": 3_661}, "out_of_range"),
    ],
)
def test_what_is_no_person_and_no_count_of_people_is_refused(acme, olga, noon, fields, code):
    kind = fields.pop("kind", "unique")
    metric = make_metric(acme, kind=kind)
    reading = Reading(metric.pk, D, fields.pop("value", 1), **fields)
    with pytest.raises(Refused) as refusal:
        record_observations(acme, source="mail", readings=[reading], by=olga, at=noon)
    assert refusal.value.code == code
    assert not Observation.objects.exists()


def test_people_of_two_workspaces_are_strangers(acme, globex):
    ours, theirs = make_unique(acme), make_unique(globex)
    meet(ours, {"2026-01-05": "a"})
    meet(theirs, {"2026-01-05": "a"})
    assert Recipient.objects.count() == 2


@pytest.mark.parametrize("counting", ["exact", "sketch"])
@pytest.mark.parametrize("seed", range(3))
def test_INV04_tallies_equal_a_recompute_after_anything(acme, olga, noon, seed, counting):
    chance = random.Random(seed)
    metric = make_unique(acme, counting=counting)
    for _step in range(12):
        rows = [
            Reading(
                metric.pk,
                D + timedelta(chance.randrange(70)),
                chance.randrange(50),
                chance.choice([(), (("ch", "a"),), (("ch", "b"),)]),
                chance.choice(["1", "2", "3", "4", None]),
                1 if (named := chance.random() < 0.8) else chance.choice([1, 7]),
                chance.choice("abcdefgh") if named else None,
            )
            for _row in range(12)
        ]
        record_observations(acme, source="crm", readings=rows, by=olga, at=noon)
        if chance.random() < 0.2:
            keys = [(metric.pk, key) for key in "12"]
            withdraw_observations(acme, source="crm", keys=keys, by=olga, at=noon)
        if chance.random() < 0.5:
            roll_up(limit=chance.choice([1, 500]))
    roll_up()
    assert check(acme) == []
    assert wrong_rollups() == []
    rows = MetricTally.objects.order_by("grain", "bucket").values_list("grain", "bucket")
    before = list(rows)
    rebuild(acme)
    assert check(acme) == []
    assert before == list(
        MetricTally.objects.order_by("grain", "bucket").values_list("grain", "bucket")
    )


def test_the_check_names_a_wrong_tally(acme):
    metric = make_unique(acme)
    meet(metric, {"2026-01-05": "ab"})
    MetricTally.objects.filter(grain=1).delete()
    found = check(acme)
    assert [(one.grain, one.series_id, one.stored) for one in found] == [("week", None, None)]
    rebuild(acme)
    assert check(acme) == []


def test_reading_tallies_takes_one_query(acme, django_assert_num_queries):
    metric = make_unique(acme)
    meet(metric, {"2026-01-05": "ab", "2026-05-05": "c"})
    with django_assert_num_queries(1):
        list(tallies_of_buckets([metric.pk], Grain.YEAR, FIRST, LAST, of_series=False))
    with django_assert_num_queries(1):
        list(tallies_of_days([metric.pk], FIRST, LAST, of_series=False))
