"""What is late is noted for every page, and told once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from metrics.models.quality import Lapse
from metrics.operations.definitions import retire_metric
from metrics.operations.health import check_sources
from metrics.queries.health import late_of
from tests.make.metrics import make_metric, observe
from workspaces.operations.notifications import prefer_notices
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
    late = "No data of Clicks, Sends from ads since 2026-03-01"
    assert (told(ed), told(mia), told(vi)) == ([late], [late], [])
    assert [lapse.state for lapse in late_of(acme)] == ["stale", "stale"]
    observe(clicks, {YESTERDAY + timedelta(19): 10}, source="ads")
    check_sources(at=after(20))
    assert told(ed) == ["ads sends Clicks again, until 2026-03-20", late]
    assert [lapse.metric.key for lapse in late_of(acme)] == ["sends"]
    assert "kind=late&source=ads" in notifications_of(mia).last().link


def test_the_source_that_should_have_sent_is_named(acme, clicks, mia):
    slow = make_metric(acme, "signups")
    observe(slow, days_until(YESTERDAY - timedelta(days=15)), source="old tool")
    observe(slow, days_until(YESTERDAY - timedelta(days=6)), source="crm")
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
