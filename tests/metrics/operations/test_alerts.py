from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from metrics.models.alerts import Alert, AlertRule
from metrics.operations.alerts import (
    Watch,
    add_alert_rule,
    change_alert_rule,
    retire_alert_rule,
    snooze_alert_rule,
    watch_metrics,
    watch_of,
)
from tests.make.metrics import make_metric, make_ratio, observe
from workspaces.operations.preferences import prefer_notices
from workspaces.queries.notifications import notifications_of, tell_notices
from workspaces.rules.errors import Refused, Stale

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
YESTERDAY = date(2026, 3, 1)
WEEK = (100, 110, 120, 110, 100, 40, 30)


def day(back):
    return YESTERDAY - timedelta(days=back)


def rule_on(metric, by, **watch):
    given = {"name": "Watch it", "condition": "below", "threshold": Decimal(50), **watch}
    return add_alert_rule(metric, watch=Watch(**given), watchers=(), by=by, at=NOON)


@pytest.fixture
def clicks(acme):
    metric = make_metric(acme)
    observe(metric, {day(back): 100 for back in range(1, 20)})
    return metric


def told(member):
    return [row.sentence for row in tell_notices(notifications_of(member))]


def test_an_alert_opens_once_and_closes_by_itself(clicks, ed):
    rule_on(clicks, ed)
    watch_metrics(at=NOON)
    assert not Alert.objects.exists()
    observe(clicks, {day(0): 20})
    watch_metrics(at=NOON)
    watch_metrics(at=NOON)
    alert = Alert.objects.get()
    assert (alert.value, alert.period, alert.closed_at) == (20, "2026-03-01", None)
    observe(clicks, {day(0): 90})
    watch_metrics(at=NOON)
    alert.refresh_from_db()
    assert alert.closed_at == NOON
    assert told(ed) == [
        "Watch it: Clicks is back, 90 (1 Mar 2026)",
        "Watch it: Clicks was 20 (1 Mar 2026)",
    ]


def test_nothing_is_judged_twice_for_the_same_numbers_and_day(clicks, ed):
    rule_on(clicks, ed)
    assert watch_metrics(at=NOON) == 1
    assert watch_metrics(at=NOON) == 0
    assert watch_metrics(at=NOON + timedelta(days=1)) == 1


def test_a_breach_must_last_for_as_many_periods_as_the_rule_says(clicks, ed):
    rule_on(clicks, ed, persistence=2)
    observe(clicks, {day(0): 20})
    watch_metrics(at=NOON)
    assert not Alert.objects.exists()
    observe(clicks, {day(1): 30})
    watch_metrics(at=NOON)
    assert Alert.objects.count() == 1


def test_late_data_raise_nothing(clicks, ed):
    rule_on(clicks, ed)
    observe(clicks, {day(0): 20})
    watch_metrics(at=NOON + timedelta(days=12))
    assert not Alert.objects.exists()


def test_too_little_volume_says_nothing(acme, ed):
    ctr = make_ratio(acme)
    observe(ctr.denominator, {day(back): 1000 for back in range(20)})
    observe(ctr.numerator, {day(back): 50 for back in range(20)})
    rule_on(ctr, ed, threshold=Decimal(10), floor=Decimal(5000))
    watch_metrics(at=NOON)
    assert not Alert.objects.exists()
    rule_on(ctr, ed, threshold=Decimal(10), floor=Decimal(500))
    watch_metrics(at=NOON)
    assert Alert.objects.get().value == 5


@pytest.mark.parametrize(("condition", "value"), [("fall", 79), ("rise", 121)])
def test_a_change_is_a_share_of_the_period_before(clicks, ed, condition, value):
    rule_on(clicks, ed, condition=condition, threshold=Decimal("0.2"))
    observe(clicks, {day(0): value})
    watch_metrics(at=NOON)
    assert Alert.objects.get().against["before"] == "100"


def test_only_what_leaves_the_rhythm_of_the_week_is_unusual(acme, ed):
    metric = make_metric(acme)
    values = {day(back): WEEK[day(back).weekday()] * 10 + (back * 7) % 11 for back in range(1, 120)}
    values[day(40)] = 5000
    observe(metric, values)
    rule_on(metric, ed, condition="anomaly", threshold=None)
    observe(metric, {day(0): 305})
    watch_metrics(at=NOON)
    assert not Alert.objects.exists()
    observe(metric, {day(0): 900})
    watch_metrics(at=NOON)
    alert = Alert.objects.get()
    assert Decimal(alert.against["low"]) < 305 < Decimal(alert.against["high"]) < 900


def test_a_snoozed_rule_is_silent_until_it_wakes(clicks, ed):
    rule = rule_on(clicks, ed)
    snooze_alert_rule(rule, until=NOON + timedelta(days=1), by=ed, at=NOON)
    observe(clicks, {day(0): 20})
    assert watch_metrics(at=NOON) == 0
    assert watch_metrics(at=NOON + timedelta(days=1, hours=1)) == 1


def test_changing_the_terms_closes_what_was_raised_by_others(clicks, ed):
    rule = rule_on(clicks, ed)
    observe(clicks, {day(0): 20})
    watch_metrics(at=NOON)
    rule.refresh_from_db()
    wanted = Watch(**vars(watch_of(rule)) | {"threshold": Decimal(10)})
    change_alert_rule(rule, watch=wanted, watchers=None, version=1, by=ed, at=NOON)
    assert Alert.objects.get().closed_at == NOON
    with pytest.raises(Stale):
        change_alert_rule(rule, watch=wanted, watchers=None, version=1, by=ed, at=NOON)
    retire_alert_rule(rule, by=ed, at=NOON)
    assert watch_metrics(at=NOON) == 0


def test_who_does_not_want_alerts_gets_none(clicks, ed):
    rule_on(clicks, ed)
    prefer_notices(ed, wanted={"alert": False})
    observe(clicks, {day(0): 20})
    watch_metrics(at=NOON)
    assert Alert.objects.count() == 1
    assert told(ed) == []


@pytest.mark.parametrize(
    ("watch", "field"),
    [
        ({"name": " "}, "name"),
        ({"condition": "no"}, "condition"),
        ({"threshold": None}, "threshold"),
        ({"condition": "rise", "threshold": Decimal(0)}, "threshold"),
        ({"condition": "fall", "threshold": Decimal("1.01")}, "threshold"),
        ({"condition": "anomaly", "grain": "year"}, "grain"),
        ({"persistence": 13}, "persistence"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(clicks, ed, watch, field):
    with pytest.raises(Refused) as refusal:
        rule_on(clicks, ed, **watch)
    assert refusal.value.field == field
    assert not AlertRule.objects.exists()
