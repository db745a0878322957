from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.models.imports import ImportRun, Source
from metrics.models.observations import (
    DirtyMark,
    KeyPlace,
    Observation,
    ObservationHistory,
    Series,
)
from metrics.operations.definitions import retire_metric
from metrics.operations.observations import (
    Reading,
    load_chunk,
    prepare_series,
    record_batch,
    record_observations,
    try_chunk,
    withdraw_observations,
)
from metrics.operations.rollups import check, roll_up
from metrics.operations.series import MOST_SOURCES
from metrics.queries.series import read_series, read_value
from metrics.rules.amounts import LIMIT
from tests.make.metrics import make_metric, make_ratio, observe, scaled
from tests.make.orphans import orphans
from tests.make.recompute import wrong_rollups
from workspaces.models import Workspace
from workspaces.models.events import Event
from workspaces.rules.errors import Refused, Stale

D = date(2026, 1, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def clicks(acme):
    return make_metric(acme, "clicks")


def send(metric, *readings, at, source="crm", by=None):
    """Record (day, value, key, dims) tuples."""
    rows = [
        Reading(metric.pk, day, value, tuple(sorted((dims or {}).items())), key)
        for day, value, key, dims in readings
    ]
    return record_observations(metric.workspace, source=source, readings=rows, by=by, at=at)


def facts(metric):
    rows = Observation.objects.filter(series__metric=metric).select_related("series")
    return sorted((row.day, row.value, tuple(row.series.dims.items())) for row in rows)


def counts(recorded):
    return (recorded.new, recorded.changed, recorded.unchanged, recorded.duplicates)


def test_observations_are_stored_and_their_weeks_marked(clicks, noon):
    recorded = send(clicks, (D, 5, "a", None), (D + timedelta(1), 7, "b", {"ch": "x"}), at=noon)
    assert counts(recorded) == (2, 0, 0, 0)
    assert facts(clicks) == [(D, 5, ()), (D + timedelta(1), 7, (("ch", "x"),))]
    assert set(DirtyMark.objects.values_list("week", flat=True)) == {date(2025, 12, 29)}
    run = ImportRun.objects.get(pk=recorded.import_id)
    assert (run.received, run.new, run.source.name) == (2, 2, "crm")


def test_Q04_the_same_again_changes_nothing_and_marks_nothing(clicks, noon):
    rows = [(D, 5, "a", None), (D, 6, "b", None)]
    send(clicks, *rows, at=noon)
    roll_up()
    before = facts(clicks)
    assert counts(send(clicks, *rows, at=noon)) == (0, 0, 2, 0)
    assert facts(clicks) == before
    assert not DirtyMark.objects.exists()
    assert not ObservationHistory.objects.exists()


def test_another_value_is_a_correction_with_history(clicks, noon):
    first = send(clicks, (D, 5, "a", None), at=noon)
    later = noon + timedelta(hours=1)
    second = send(clicks, (D, 8, "a", None), at=later)
    assert counts(second) == (0, 1, 0, 0)
    assert facts(clicks) == [(D, 8, ())]
    old = ObservationHistory.objects.get()
    assert (old.value, old.reason) == (5, "corrected")
    assert (old.known_from, old.known_to) == (noon, later)
    assert (old.import_id, old.replaced_by) == (first.import_id, second.import_id)


def test_another_day_moves_the_fact_and_marks_both_weeks(clicks, noon):
    send(clicks, (D, 5, "a", None), at=noon)
    roll_up()
    moved = send(clicks, (D + timedelta(40), 5, "a", None), at=noon)
    assert counts(moved) == (0, 1, 0, 0)
    assert facts(clicks) == [(D + timedelta(40), 5, ())]
    assert DirtyMark.objects.values("week").distinct().count() == 2
    assert ObservationHistory.objects.get().reason == "moved"
    roll_up()
    assert check(clicks.workspace) == []


def test_other_dimensions_move_the_fact_to_another_series(clicks, noon):
    send(clicks, (D, 5, "a", {"ch": "x"}), at=noon)
    assert counts(send(clicks, (D, 9, "a", {"ch": "y"}), at=noon)) == (0, 1, 0, 0)
    assert facts(clicks) == [(D, 9, (("ch", "y"),))]
    assert counts(send(clicks, (D, 9, "a", {"ch": "y"}), at=noon)) == (0, 0, 1, 0)


def test_a_fact_that_moved_away_and_back_is_one_fact(clicks, noon):
    for day in (D, D + timedelta(9), D):
        send(clicks, (day, 5, "a", None), at=noon)
    assert facts(clicks) == [(D, 5, ())]
    assert ObservationHistory.objects.count() == 2
    assert KeyPlace.objects.count() == 1


def test_identity_is_metric_source_and_key(acme, clicks, noon):
    sends = make_metric(acme, "sends")
    send(clicks, (D, 1, "a", None), at=noon, source="one")
    send(clicks, (D, 2, "a", None), at=noon, source="two")
    send(sends, (D, 3, "a", None), at=noon, source="one")
    assert [value for _, value, _ in facts(clicks)] == [1, 2]
    assert [value for _, value, _ in facts(sends)] == [3]


def test_Q07_of_a_repeated_key_the_last_counts_and_the_rest_is_reported(clicks, noon):
    recorded = send(clicks, *[(D, value, "a", None) for value in range(10)], at=noon)
    assert counts(recorded) == (1, 0, 0, 9)
    assert facts(clicks) == [(D, 9, ())]


def test_honest_repeats_without_a_key_all_count(clicks, noon):
    rows = [(D, 5, None, None), (D, 5, None, None), (D, 5, None, {"ch": "x"}), (D, 5, None, None)]
    assert counts(send(clicks, *rows, at=noon)) == (4, 0, 0, 0)
    assert counts(send(clicks, *rows, at=noon)) == (0, 0, 4, 0)
    assert sum(value for _, value, _ in facts(clicks)) == 20


def test_a_keyless_row_with_another_value_corrects_the_same_place(clicks, noon):
    send(clicks, (D, 5, None, None), (D, 6, None, None), at=noon)
    assert counts(send(clicks, (D, 5, None, None), (D, 7, None, None), at=noon)) == (0, 1, 1, 0)
    assert sorted(value for _, value, _ in facts(clicks)) == [5, 7]


def test_a_missing_dimension_is_the_same_as_none(clicks, noon):
    send(clicks, (D, 5, "a", {"ch": None}), at=noon)
    assert counts(send(clicks, (D, 5, "a", None), at=noon)) == (0, 0, 1, 0)
    assert Series.objects.count() == 1


def test_keys_that_may_move_are_remembered_and_others_are_not(clicks, noon):
    send(clicks, (D, 5, None, None), at=noon, source="plain")
    assert Source.objects.get(name="plain").keys == "stable"
    assert not KeyPlace.objects.exists()
    send(clicks, (D, 5, "a", None), at=noon, source="plain")
    assert Source.objects.get(name="plain").keys == "may_move"
    assert KeyPlace.objects.count() == 1


def test_all_or_nothing(acme, clicks, noon):
    ratio = make_ratio(acme, numerator=clicks)
    rows = [Reading(clicks.pk, D, 5, (), "a"), Reading(ratio.pk, D, 5, (), "a")]
    with pytest.raises(Refused):
        record_observations(acme, source="crm", readings=rows, by=None, at=noon)
    assert not Observation.objects.exists()
    assert not DirtyMark.objects.exists()
    assert not ImportRun.objects.exists()


def test_a_retired_metric_takes_no_observations(clicks, olga, noon):
    retire_metric(clicks, by=olga, at=noon)
    with pytest.raises(Refused, match="retired"):
        send(clicks, (D, 5, "a", None), at=noon)


def test_T03_a_metric_of_another_workspace_does_not_exist(clicks, globex, noon):
    rows = [Reading(clicks.pk, D, 5, (), "a")]
    with pytest.raises(Refused, match="does not exist"):
        record_observations(globex, source="crm", readings=rows, by=None, at=noon)
    assert not Source.objects.exists()
    assert not Series.objects.exists()


def test_days_beyond_1900_and_2200_are_refused(clicks, noon):
    for day in (date(1899, 12, 31), date(2201, 1, 1)):
        with pytest.raises(Refused, match="1900"):
            send(clicks, (day, 5, "a", None), at=noon)


def test_one_event_tells_of_a_batch_and_none_of_a_repetition(clicks, ed, noon):
    for _again in range(2):
        send(clicks, (D, 5, "a", None), (D, 6, "b", None), at=noon, by=ed)
    told = Event.objects.get(verb="observations.recorded")
    assert told.by == ed
    assert told.data == {"source": "crm", "new": 2, "changed": 0, "unchanged": 0}


def test_sources_of_one_batch_are_stored_together(acme, clicks, noon):
    batch = {
        "one": [Reading(clicks.pk, D, 1, (), "a")],
        "two": [Reading(clicks.pk, D, 2, (), "a"), Reading(clicks.pk, D, 3, (), None)],
    }
    recorded = record_batch(acme, batch=batch, by=None, at=noon)
    assert (recorded.received, recorded.new) == (3, 3)
    assert ImportRun.objects.count() == 2


def test_a_workspace_has_a_limited_number_of_sources(acme, clicks, noon):
    Source.objects.bulk_create(Source(workspace=acme, name=f"s{n}") for n in range(MOST_SOURCES))
    with pytest.raises(Refused, match="sources"):
        send(clicks, (D, 5, "a", None), at=noon, source="one more")


def test_withdrawn_facts_leave_by_their_key_and_stay_in_the_history(clicks, olga, noon):
    send(clicks, (D, 5, "a", None), (D, 6, "b", None), at=noon)
    roll_up()
    keys = [(clicks.pk, "a"), (clicks.pk, "unknown")]
    gone = withdraw_observations(clicks.workspace, source="crm", keys=keys, by=olga, at=noon)
    assert gone == 1
    assert facts(clicks) == [(D, 6, ())]
    assert ObservationHistory.objects.get().reason == "withdrawn"
    assert KeyPlace.objects.count() == 1
    roll_up()
    assert check(clicks.workspace) == []
    assert counts(send(clicks, (D, 5, "a", None), at=noon)) == (1, 0, 0, 0)


def test_Q14_a_thousand_millionths_are_exact(acme, noon):
    metric = make_metric(acme, "tiny", unit="number", decimals=6)
    rows = [Reading(metric.pk, D, scaled("0.000001", metric), (), str(n)) for n in range(1000)]
    record_observations(acme, source="crm", readings=rows, by=None, at=noon)
    roll_up()
    for grain in ("day", "week", "month", "quarter", "year"):
        assert read_series(metric, grain=grain).total.value == Decimal("0.001")


def test_Q14_many_prices_add_up_to_the_cent(acme, noon):
    metric = make_metric(acme, "revenue", unit="currency", currency="EUR", decimals=2)
    rows = [
        Reading(metric.pk, D + timedelta(n % 365), scaled("19.99", metric), (), str(n))
        for n in range(20_000)
    ]
    record_observations(acme, source="crm", readings=rows, by=None, at=noon)
    roll_up()
    year = read_value(metric, first=D, last=date(2026, 12, 31))
    assert year == Decimal("399800.00")
    assert read_value(metric, first=D, last=date(2026, 12, 31), fresh=True) == year


def test_Q14_large_values_keep_every_digit(acme):
    metric = make_metric(acme, "large", unit="number", decimals=6)
    observe(metric, {D: "999999999.999999"})
    assert read_series(metric, grain="month").total.value == Decimal("999999999.999999")


def test_sums_past_two_to_the_63_are_exact_and_poison_nothing(acme, noon):
    metric, other = make_metric(acme, "huge"), make_metric(acme, "other")
    rows = [Reading(metric.pk, D, LIMIT, (), str(n)) for n in range(10_000)]
    rows += [Reading(metric.pk, D + timedelta(40), LIMIT - 1, (), f"x{n}") for n in range(10_000)]
    record_observations(acme, source="crm", readings=rows, by=None, at=noon)
    observe(other, {D: 3})
    january, february = LIMIT * 10_000, (LIMIT - 1) * 10_000
    assert january > 2**63
    monthly = read_series(metric, grain="month")
    assert [point.value for point in monthly.series[0].points] == [january, february]
    assert read_series(metric, grain="quarter").total.value == january + february
    assert read_series(metric, grain="day").total.value == january + february
    assert read_value(metric, first=D, last=date(2026, 12, 31)) == january + february
    assert read_series(other, grain="year").total.value == 3
    assert check(acme) == []


def test_negative_values_add_up(acme):
    metric = make_metric(acme, "balance", decimals=2)
    observe(metric, {D: "-5.25", D + timedelta(1): "2.00", D + timedelta(2): "-1000000000"})
    assert read_series(metric, grain="year").total.value == Decimal("-1000000003.25")
    assert read_value(metric, first=D, last=D, fresh=True) == Decimal("-5.25")


def open_run(workspace, source, at):
    return ImportRun.objects.create(workspace=workspace, source=source, kind="file", created_at=at)


def test_a_chunk_is_tried_without_writing(acme, clicks, noon):
    send(clicks, (D, 5, "a", None), (D, 6, "b", None), (D, 7, "c", None), at=noon)
    roll_up()
    run = open_run(acme, Source.objects.get(), noon)
    chunk = [
        Reading(clicks.pk, D, 5, (), "a"),
        Reading(clicks.pk, D, 60, (), "b"),
        Reading(clicks.pk, D + timedelta(9), 7, (), "c"),
        Reading(clicks.pk, D, 8, (), "d"),
    ]
    assert counts(try_chunk(run, chunk)) == (1, 2, 1, 0)
    assert [value for _, value, _ in facts(clicks)] == [5, 6, 7]
    assert not DirtyMark.objects.exists()
    book = prepare_series(chunk)
    assert counts(load_chunk(run, chunk, by=None, at=noon, book=book)) == (1, 2, 1, 0)


def test_Q12_a_chunk_that_was_scaled_by_other_decimals_is_stale(acme, clicks, noon):
    send(clicks, at=noon)
    run = open_run(acme, Source.objects.get(), noon)
    chunk = [Reading(clicks.pk, D, 500, (), "a")]
    with pytest.raises(Stale):
        load_chunk(run, chunk, by=None, at=noon, decimals={clicks.pk: 2})
    load_chunk(run, chunk, by=None, at=noon, decimals={clicks.pk: 0})


def test_recording_takes_a_constant_number_of_queries(acme, noon):
    def queries(rows):
        metric = make_metric(acme, f"m{rows}")
        readings = [Reading(metric.pk, D + timedelta(n), n, (), str(n)) for n in range(rows)]
        send(metric, (D, 1, "first", None), at=noon)
        with CaptureQueriesContext(connection) as found:
            record_observations(acme, source="crm", readings=readings, by=None, at=noon)
        return len(found)

    assert queries(2) == queries(200)


def test_the_workspace_is_untouched_by_a_stranger_of_the_same_key(acme, globex, noon):
    ours, theirs = make_metric(acme, "clicks"), make_metric(globex, "clicks")
    send(ours, (D, 5, "a", None), at=noon)
    send(theirs, (D, 9, "a", None), at=noon)
    assert [value for _, value, _ in facts(ours)] == [5]
    assert Workspace.objects.count() == 2


def test_many_new_facts_go_in_at_once_and_a_stored_one_among_them_changes_nothing(acme, noon):
    clicks = make_metric(acme, "clicks")
    rows = [
        Reading(clicks.pk, D + timedelta(n % 400), n, (("ch", str(n % 7)),), f"k{n}")
        for n in range(1_500)
    ]
    sent = {"source": "crm", "by": None, "at": noon}
    assert record_observations(acme, readings=rows, **sent).new == 1_500
    more = [row._replace(key=f"x{n}") for n, row in enumerate(rows)]
    more[700] = rows[700]._replace(value=9_999)
    done = record_observations(acme, readings=more, **sent)
    assert (done.new, done.changed, done.unchanged) == (1_499, 1, 0)
    assert record_observations(acme, readings=more, **sent).unchanged == 1_500
    roll_up()
    assert KeyPlace.objects.count() == Observation.objects.count() == 2_999
    assert wrong_rollups() == []
    assert orphans() == []


@pytest.mark.parametrize("around", [1, 9])
def test_a_batch_is_compared_with_what_stands_around_it_however_much_that_is(acme, noon, around):
    clicks = make_metric(acme, "clicks")
    rows = [
        Reading(clicks.pk, D + timedelta(n % 30), n, (), f"k{n}") for n in range(1_200 * around)
    ]
    for start in range(0, len(rows), 1_200):
        some = rows[start : start + 1_200]
        record_observations(acme, source="crm", readings=some, by=None, at=noon)
    again = rows[:1_200]
    again[5] = again[5]._replace(value=7_777)
    again[6] = again[6]._replace(day=D + timedelta(40))
    again[7] = again[7]._replace(span=3)
    again[8] = again[8]._replace(key="new")
    done = record_observations(acme, source="crm", readings=again, by=None, at=noon)
    assert (done.new, done.changed, done.unchanged) == (1, 3, 1_196)
    roll_up()
    assert (wrong_rollups(), orphans()) == ([], [])


def test_sources_are_found_in_one_order_whatever_the_order_of_the_batch(acme, noon):
    clicks = make_metric(acme, "clicks")
    batch = {name: [Reading(clicks.pk, D, 1)] for name in ("b", "c", "a")}
    record_batch(acme, batch=batch, by=None, at=noon)
    assert list(Source.objects.order_by("pk").values_list("name", flat=True)) == ["a", "b", "c"]
