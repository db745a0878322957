"""What is late is noted for every page, and told once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.models import Metric
from metrics.models.imports import Source
from metrics.models.quality import Lapse
from metrics.operations.definitions import definition_of, redefine_metric, retire_metric
from metrics.operations.health import check_sources
from metrics.operations.observations import withdraw_observations
from metrics.operations.quality import expect_feed, expect_source
from metrics.operations.rollups import roll_up
from metrics.queries.freshness import freshness_of
from metrics.queries.health import late_of
from metrics.queries.quality import Asked, findings
from metrics.queries.sources import sources_of
from metrics.rules.keys import plain_key
from tests.make.metrics import make_metric, observe
from workspaces.operations.preferences import prefer_notices
from workspaces.queries.notifications import notifications_of, tell_notices

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
YESTERDAY = date(2026, 3, 1)


def days_until(last):
    return {last - timedelta(days=n): 10 for n in range(20)}


@pytest.fixture
def clicks(acme, ed):
    metric = make_metric(acme, owner="ed@acme.example")
    observe(metric, days_until(YESTERDAY), source="ads")
    return metric


def told(member):
    return [row.sentence for row in tell_notices(notifications_of(member))]


def take_back(metric, days, source, *, by, at):
    keys = [(metric.pk, plain_key(day, (), 1)) for day in days]
    assert withdraw_observations(metric.workspace, source=source, keys=keys, by=by, at=at)
    roll_up()


def after(days):
    return NOON + timedelta(days=days)


def test_a_lapse_is_told_once_and_its_end_too(acme, clicks, ed, mia, vi):
    other = make_metric(acme, "sends")
    observe(other, days_until(YESTERDAY), source="ads")
    for days in range(3):
        check_sources(at=after(days))
    assert told(ed) == []
    for days in range(3, 20):
        check_sources(at=after(days))
        check_sources(at=after(days))
    late = "No data of Clicks, Sends from ads since 1 Mar 2026"
    assert (told(ed), told(mia), told(vi)) == ([late], [late], [])
    assert [lapse.state for lapse in late_of(acme)] == ["stale", "stale"]
    observe(clicks, {YESTERDAY + timedelta(19): 10}, source="ads")
    check_sources(at=after(20))
    assert told(ed) == ["ads sends Clicks again, until 20 Mar 2026", late]
    assert [lapse.metric.key for lapse in late_of(acme)] == ["sends"]
    assert "kind=late&source=ads" in notifications_of(mia).last().link


def test_the_source_that_should_have_sent_is_named(acme, clicks, mia):
    slow = make_metric(acme, "signups")
    observe(slow, days_until(YESTERDAY - timedelta(days=15)), source="old tool", at=after(-15))
    observe(slow, days_until(YESTERDAY - timedelta(days=6)), source="crm", at=after(-6))
    check_sources(at=NOON)
    assert Lapse.objects.get().source.name == "crm"


def test_who_wants_no_such_notices_gets_none_and_a_retired_metric_is_not_late(acme, clicks, ed):
    prefer_notices(ed, wanted={"late": False})
    check_sources(at=after(9))
    assert (told(ed), late_of(acme).count()) == ([], 1)
    make_metric(acme, "other")
    retire_metric(clicks, by=ed, at=after(9))
    check_sources(at=after(10))
    assert late_of(acme).count() == 0


def test_an_import_of_history_makes_no_alarm_and_taking_it_back_none_either(acme, ed, mia):
    metric = make_metric(acme, "opens")
    observe(metric, days_until(date(2020, 12, 23)), source="mailchimp", at=NOON)
    for days in range(3):
        check_sources(at=after(days))
    assert (told(mia), late_of(acme).count()) == ([], 0)
    assert findings(acme, Asked(kind="late"), at=after(2)) == []
    assert freshness_of(acme, [metric.pk], acme.day_of(NOON))[metric.pk].is_late
    take_back(metric, days_until(date(2020, 12, 23)), "mailchimp", by=ed, at=after(3))
    check_sources(at=after(3))
    assert told(mia) == []


def test_one_value_is_no_rhythm(acme, mia):
    metric = make_metric(acme, "sends")
    observe(metric, {YESTERDAY: 1}, source="crm")
    check_sources(at=after(30))
    assert (told(mia), late_of(acme).count()) == ([], 0)
    row = next(row for row in sources_of(acme, at=after(30)) if row.source.name == "crm")
    assert (row.until, row.state) == (YESTERDAY, None)


def test_a_rhythm_that_was_stated_holds_from_the_first_value(acme, mia):
    metric = make_metric(acme, "sends", cadence_days=7)
    observe(metric, {YESTERDAY: 1}, source="crm")
    check_sources(at=after(30))
    assert len(told(mia)) == 1


def test_a_lapse_that_ends_because_its_data_were_taken_back_is_closed_in_silence(acme, clicks, mia):
    check_sources(at=after(5))
    assert len(told(mia)) == 1
    take_back(clicks, days_until(YESTERDAY), "ads", by=mia, at=after(5))
    check_sources(at=after(6))
    assert (len(told(mia)), late_of(acme).count()) == (1, 0)


def test_what_is_not_expected_any_more_is_not_late(acme, clicks, ed, mia):
    other = make_metric(acme, "sends")
    observe(other, days_until(YESTERDAY), source="crm")
    check_sources(at=after(9))
    assert late_of(acme).count() == 2
    definition = replace(definition_of(Metric.objects.get(pk=clicks.pk)), cadence_days=0)
    redefine_metric(clicks, definition=definition, version=1, by=ed, at=after(9))
    check_sources(at=after(9))
    assert [lapse.metric.key for lapse in late_of(acme)] == ["sends"]
    crm = Source.objects.get(name="crm")
    expect_source(crm, cadence=0, lag=0, by=ed, at=after(9))
    check_sources(at=after(9))
    assert late_of(acme).count() == 0
    assert not any("again" in sentence for sentence in told(mia))


def source_row(acme, name, at):
    return next(row for row in sources_of(acme, at=at) if row.source.name == name)


def test_a_source_may_end_for_one_metric_alone(acme, clicks, ed, mia):
    other = make_metric(acme, "sends")
    observe(other, days_until(YESTERDAY), source="ads")
    ads = Source.objects.get(name="ads")
    assert expect_feed(ads, other, is_expected=False, by=ed, at=NOON)
    assert not expect_feed(ads, other, is_expected=False, by=ed, at=NOON)
    check_sources(at=after(9))
    assert [lapse.metric.key for lapse in late_of(acme)] == ["clicks"]
    assert source_row(acme, "ads", after(9)).state == "stale"
    expect_feed(ads, clicks, is_expected=False, by=ed, at=after(9))
    check_sources(at=after(9))
    assert (late_of(acme).count(), len(told(mia))) == (0, 1)
    row = source_row(acme, "ads", after(9))
    assert (row.state, row.silence, row.until) == (None, "not_expected", YESTERDAY)
    assert [(feed.metric.key, feed.is_over) for feed in row.feeds] == [
        ("clicks", True), ("sends", True),
    ]  # fmt: skip
    expect_feed(ads, clicks, is_expected=True, by=ed, at=after(9))
    check_sources(at=after(9))
    assert [lapse.metric.key for lapse in late_of(acme)] == ["clicks"]


def test_what_a_source_with_a_stated_rhythm_has_ended_holds_nothing_up(acme, clicks, ed):
    other = make_metric(acme, "sends")
    observe(other, days_until(YESTERDAY - timedelta(days=15)), source="ads")
    observe(other, days_until(YESTERDAY), source="crm")
    ads = Source.objects.get(name="ads")
    expect_source(ads, cadence=1, lag=1, by=ed, at=NOON)

    def state():
        return freshness_of(acme, [other.pk], acme.day_of(NOON))[other.pk].state

    assert state() == "stale"
    expect_feed(ads, other, is_expected=False, by=ed, at=NOON)
    assert state() == "fresh"
    assert source_row(acme, "ads", NOON).state == "fresh"


def test_a_source_of_past_data_alone_is_not_stale(acme, ed):
    observe(make_metric(acme, "opens"), days_until(YESTERDAY), source="history", at=after(40))
    row = source_row(acme, "history", after(41))
    assert (row.state, row.silence) == (None, "past")
    metric = make_metric(acme, "sends")
    observe(metric, days_until(YESTERDAY), source="history", at=NOON)
    assert source_row(acme, "history", after(41)).state == "stale"
    retire_metric(metric, by=ed, at=after(41))
    assert source_row(acme, "history", after(41)).silence == "past"


def test_what_is_late_costs_the_same_however_many_sources_send(acme, ed):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            sources_of(acme, at=after(9))
        return len(asked)

    observe(make_metric(acme, "m0"), days_until(YESTERDAY), source="s0")
    few = queries()
    for n in range(1, 5):
        observe(make_metric(acme, f"m{n}"), days_until(YESTERDAY), source=f"s{n}")
    assert queries() == few <= 6
