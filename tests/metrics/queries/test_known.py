from datetime import date, timedelta

import pytest

from metrics.models.imports import ImportRun, Source
from metrics.models.observations import Series
from metrics.operations.exclusions import Rule, exclude_facts, revoke_exclusion
from metrics.operations.observations import withdraw_observations
from metrics.queries.known import (
    difference,
    facts_as_known,
    levels_as_known,
    tallies_as_known,
)
from metrics.queries.levels import levels_at
from metrics.queries.sums import totals_of
from tests.make.metrics import make_metric, observe
from tests.make.people import make_unique, meet

pytestmark = pytest.mark.django_db
D, E = date(2026, 1, 5), date(2026, 2, 5)
HOUR = timedelta(hours=1)


def known(metric, at):
    rows = facts_as_known([metric.pk], date.min, date.max, at, of_series=False)
    return {day: total for _owner, day, total in rows}


def test_a_correction_is_known_from_its_own_instant_on(acme, noon):
    metric = make_metric(acme)
    observe(metric, {D: 5, E: 1}, at=noon)
    observe(metric, {D: 8}, at=noon + 2 * HOUR)
    assert known(metric, noon - HOUR) == {}
    assert known(metric, noon) == known(metric, noon + HOUR) == {D: 5, E: 1}
    assert known(metric, noon + 2 * HOUR) == {D: 8, E: 1}
    assert totals_of([metric.pk], D, E) == {metric.pk: sum(known(metric, noon + HOUR * 9).values())}


def test_what_moved_or_was_withdrawn_stood_where_it_stood(acme, olga, noon):
    metric = make_metric(acme)
    observe(metric, {D: 5}, key="a", at=noon)
    observe(metric, {E: 5}, key="a", at=noon + HOUR)
    later = noon + 2 * HOUR
    withdraw_observations(acme, source="test", keys=[(metric.pk, "a")], by=olga, at=later)
    assert known(metric, noon) == {D: 5}
    assert known(metric, noon + HOUR) == {E: 5}
    assert known(metric, later) == {}


def test_people_and_levels_are_known_the_same_way(acme, noon):
    openers = make_unique(acme)
    meet(openers, {D: "ab"}, at=noon)
    meet(openers, {D: "bc"}, at=noon + HOUR)

    def people(at):
        rows = tallies_as_known([openers.pk], D, E, at, of_series=False)
        return [tally.count(D, E).value for _owner, _day, tally in rows]

    assert (people(noon), people(noon + HOUR)) == ([2], [3])
    stock = make_metric(acme, "contacts", kind="last")
    observe(stock, {D: 100, E: 90}, at=noon)
    observe(stock, {E: 80}, at=noon + HOUR)
    series = [Series.objects.get(metric=stock).pk]
    days = [D - timedelta(1), D, E - timedelta(1), E, E + timedelta(9)]
    assert levels_as_known(series, days, noon) == {
        (series[0], days[1]): 100, (series[0], days[2]): 100,
        (series[0], days[3]): 90, (series[0], days[4]): 90,
    }  # fmt: skip
    assert levels_as_known(series, days, noon + HOUR) == levels_at(series, days)


def test_a_difference_names_each_fact_that_is_known_otherwise(acme, olga, noon):
    metric = make_metric(acme)
    observe(metric, {D: 5}, key="corrected", at=noon)
    observe(metric, {D: 6}, key="moved", dims={"ch": "x"}, at=noon)
    observe(metric, {D: 7}, key="gone", at=noon)
    observe(metric, {D: 1}, key="same", at=noon)
    then = noon + HOUR
    observe(metric, {D: 50}, key="corrected", at=then, source="test")
    run = observe(metric, {E: 60}, key="moved", dims={"ch": "y"}, at=then).import_id
    observe(metric, {E: 9}, key="new", at=then, source="other")
    withdraw_observations(acme, source="test", keys=[(metric.pk, "gone")], by=olga, at=then)
    found = difference(metric, known_from=noon, known_to=then)
    told = [
        (one.source, one.before and one.before.value, one.after and one.after.value)
        for one in found
    ]
    assert sorted(told, key=str) == [
        ("other", None, 9), ("test", 5, 50), ("test", 6, 60), ("test", 7, None),
    ]  # fmt: skip
    moved = next(one for one in found if one.after and one.after.value == 60)
    assert (moved.before.day, moved.before.dims) == (D, {"ch": "x"})
    assert (moved.after.day, moved.after.dims, moved.changed_by) == (E, {"ch": "y"}, run)
    assert difference(metric, known_from=then, known_to=then + HOUR) == []
    assert len(difference(metric, known_from=noon - HOUR, known_to=then, limit=2)) == 2


def test_a_fact_that_was_corrected_and_then_taken_out_names_what_took_it_out(acme, olga, noon):
    metric = make_metric(acme)
    first = observe(metric, {D: 5}, key="a", at=noon)
    observe(metric, {D: 6}, key="b", at=noon)
    second = observe(metric, {D: 8}, key="a", at=noon + HOUR)
    observe(metric, {E: 6}, key="b", at=noon + HOUR)

    def take(key, at):
        keys = [(metric.pk, key)]
        return withdraw_observations(acme, source="test", keys=keys, by=olga, at=at)

    def gone(until):
        found = difference(metric, known_from=noon, known_to=noon + until)
        assert all(one.before.import_id for one in found)
        return {one.before.value: one.changed_by for one in found if one.after is None}

    take("a", noon + 2 * HOUR)
    moved_out = ImportRun.objects.latest("pk").pk
    take("b", noon + 2 * HOUR)
    assert gone(HOUR) == {}
    told = gone(2 * HOUR)
    assert told[5] == moved_out
    assert second.import_id < told[5] < told[6]
    observe(metric, {D: 5}, key="a", at=noon + 3 * HOUR)
    take("a", noon + 4 * HOUR)
    assert gone(4 * HOUR)[5] > told[6]
    assert gone(2 * HOUR) == told
    [one] = [c for c in difference(metric, known_from=noon, known_to=noon + 2 * HOUR)
             if c.before.value == 5]  # fmt: skip
    assert one.before.import_id == first.import_id


def test_a_corrected_fact_that_was_left_out_names_the_rule_until_it_is_back(acme, ed, noon):
    metric = make_metric(acme)
    observe(metric, {D: 5}, at=noon)
    corrected = observe(metric, {D: 8}, at=noon + HOUR)
    rule = Rule(source=Source.objects.get(workspace=acme), reason="robots")
    made = exclude_facts(metric, rule=rule, by=ed, at=noon + 2 * HOUR)

    def learnt():
        [one] = difference(metric, known_from=noon, known_to=noon + 3 * HOUR)
        return one.before.value, one.after and one.after.value, one.changed_by

    assert learnt() == (5, None, ImportRun.objects.get(kind="exclusion").pk)
    revoke_exclusion(made, by=ed, at=noon + 3 * HOUR)
    assert learnt() == (5, 8, corrected.import_id)


def test_what_came_and_went_between_is_no_difference(acme, noon):
    metric = make_metric(acme)
    observe(metric, {D: 5}, at=noon)
    observe(metric, {D: 6}, at=noon + HOUR)
    observe(metric, {D: 7}, at=noon + 2 * HOUR)
    found = difference(metric, known_from=noon, known_to=noon + 2 * HOUR)
    assert [(one.before.value, one.after.value) for one in found] == [(5, 7)]


def test_reading_what_was_known_takes_one_query(acme, noon, django_assert_num_queries):
    metric = make_metric(acme)
    observe(metric, {D: 5}, at=noon)
    with django_assert_num_queries(1):
        assert known(metric, noon)
    with django_assert_num_queries(4):
        difference(metric, known_from=noon - HOUR, known_to=noon)
