"""Promises that a metric measures: set, judged month by month, explained."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals.models import Quota, QuotaBreach
from goals.operations.quota_watch import watch_quotas
from goals.operations.quotas import (
    QuotaDraft,
    change_quota,
    explain_month,
    remove_quota,
    set_quota,
)
from goals.queries.quotas import quota_months, quotas_of
from goals.queries.slas import sla_lines, sla_page
from goals.rules.quotas import Aspect, Bound, Verdict
from metrics.operations.definitions import retire_metric
from tests.make.goals import every_day, measured, observe, ratio
from tests.make.sla import make_clock, make_promise, make_sla
from workspaces.models import Notification
from workspaces.operations.clocks import stop_clock
from workspaces.operations.sla import end_sla
from workspaces.operations.stakeholders import change_stakeholder
from workspaces.queries.events import events_of
from workspaces.rules.errors import Refused, Stale

AT = datetime(2026, 3, 16, 9, tzinfo=UTC)
JANUARY, FEBRUARY, MARCH = (date(2026, n, 1) for n in (1, 2, 3))


@pytest.fixture
def leads(acme):
    values = every_day("2026-01-01", "2026-01-31", 5) | every_day("2026-02-01", "2026-03-15", 3)
    return measured(acme, "leads", values)


@pytest.fixture
def sla(acme):
    return make_sla(acme)


@pytest.fixture
def quota(sla, leads, olga):
    """At least 120 leads a month: 155 in January, 84 in February, 45 of 58 by now in March."""
    promise = make_promise(sla, "Qualified leads", hours=None)
    return set_quota(promise, draft=QuotaDraft(leads, Decimal(120)), by=olga, at=AT)


def test_each_month_is_kept_broken_or_at_risk_by_its_data(acme, quota):
    months = quota_months(acme, list(quotas_of(acme)), [MARCH, FEBRUARY, JANUARY], at=AT)[quota.pk]
    assert [(m.value, m.verdict) for m in months] == [
        (45, Verdict.AT_RISK),
        (84, Verdict.BROKEN),
        (155, Verdict.KEPT),
    ]
    assert months[1].share == Decimal("0.7")


def test_months_before_the_agreement_held_and_months_to_come_are_left_out(acme, quota):
    days = [date(2026, 4, 1), MARCH, date(2025, 12, 1)]
    found = quota_months(acme, list(quotas_of(acme)), days, at=AT)[quota.pk]
    assert [month.month.first for month in found] == [MARCH]


def test_quality_is_a_ratio_of_sums_over_the_month(acme, sla, leads, olga):
    calls = measured(acme, "calls", every_day("2026-02-01", "2026-02-28", 1))
    rate = ratio(acme, "rate", calls, leads)
    promise = make_promise(sla, hours=None)
    draft = QuotaDraft(rate, Decimal(30), Bound.AT_LEAST, Aspect.QUALITY)
    made = set_quota(promise, draft=draft, by=olga, at=AT)
    [month] = quota_months(acme, list(quotas_of(acme)), [FEBRUARY], at=AT)[made.pk]
    assert round(month.value, 2) == Decimal("33.33")
    assert month.verdict is Verdict.KEPT


def test_a_month_that_was_missed_gets_a_reason_with_its_value(acme, quota, ed):
    told = {"reason": "Forms were down", "mitigation": "A watch on them"}
    first = explain_month(quota, month=FEBRUARY, **told, by=ed, at=AT)
    assert (first.value, first.told_by) == ("84", ed)
    explain_month(quota, month=FEBRUARY, **{**told, "reason": "The form"}, by=ed, at=AT)
    assert QuotaBreach.objects.get().reason == "The form"
    for month in (JANUARY, MARCH, date(2025, 1, 1), date(2026, 2, 2)):
        with pytest.raises(Refused, match="not broken in this month"):
            explain_month(quota, month=month, **told, by=ed, at=AT)
    with pytest.raises(Refused, match="Say why"):
        explain_month(quota, month=FEBRUARY, reason=" ", mitigation="", by=ed, at=AT)
    [event] = events_of(acme, "workspaces.sla", quota.promise.sla_id)[:1]
    assert event.sentence.startswith("Ed said why “Qualified leads” fell short in the month of")


def test_a_quota_needs_a_living_metric_of_this_workspace_and_none_twice(globex, quota, leads, olga):
    draft = QuotaDraft(leads, Decimal(100))
    with pytest.raises(Refused, match="measures the promise already"):
        set_quota(quota.promise, draft=draft, by=olga, at=AT)
    theirs = replace(draft, metric=measured(globex, "theirs"))
    with pytest.raises(Refused, match="no metric"):
        set_quota(quota.promise, draft=theirs, by=olga, at=AT)


def test_a_retired_metric_measures_nothing_new(acme, sla, olga):
    old = measured(acme, "old")
    retire_metric(old, by=olga, at=AT)
    promise = make_promise(sla, hours=None)
    with pytest.raises(Refused, match="retired"):
        set_quota(promise, draft=QuotaDraft(old, Decimal(1)), by=olga, at=AT)


def test_O01_a_quota_that_somebody_changed_is_stale_and_a_removed_one_is_gone(quota, leads, olga):
    draft = QuotaDraft(leads, Decimal(80))
    changed = change_quota(quota, draft=draft, version=1, by=olga, at=AT)
    assert (changed.target, changed.version) == (80, 2)
    with pytest.raises(Stale):
        change_quota(quota, draft=draft, version=1, by=olga, at=AT)
    remove_quota(changed, version=2, by=olga, at=AT)
    with pytest.raises(Refused, match="no more"):
        change_quota(quota, draft=draft, version=3, by=olga, at=AT)
    assert not quotas_of(quota.workspace).exists()


def test_an_agreement_that_has_ended_takes_no_quota(quota, sla, leads, olga):
    end_sla(sla, version=1, by=olga, at=AT)
    with pytest.raises(Refused, match="not given any more"):
        change_quota(quota, draft=QuotaDraft(leads, Decimal(1)), version=1, by=olga, at=AT)


def test_the_list_tells_this_month_and_the_page_each_month(acme, sla, quota, ed):
    promise = make_promise(sla, "An answer", hours=8)
    clock = make_clock(promise, at=datetime(2026, 3, 2, 8, tzinfo=UTC))
    stop_clock(clock, version=1, by=ed, at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    [line] = sla_lines(acme, AT)
    assert (line.answers.share, line.quotas[0].verdict, line.tone) == (
        1,
        Verdict.AT_RISK,
        "at_risk",
    )
    shown = sla_page(acme, sla.pk, AT)
    assert [month.first for month in shown.months] == [MARCH, FEBRUARY, JANUARY]
    assert [one.month.first for one in shown.missed] == [FEBRUARY]
    assert [len(promises) for _side, promises in shown.sides] == [2, 0]


def test_the_list_costs_the_same_for_one_agreement_and_for_four(acme, quota, leads, olga):
    counts = []
    for count in (0, 3):
        for number in range(count):
            promise = make_promise(make_sla(acme, f"More {number}"))
            make_clock(promise)
            set_quota(promise, draft=QuotaDraft(leads, Decimal(1)), by=olga, at=AT)
        with CaptureQueriesContext(connection) as counted:
            assert len(sla_lines(acme, AT)) == count + 1
        counts.append(len(counted))
    assert counts[0] == counts[1] <= 15
    assert Quota.objects.count() == 4


def test_missed_months_and_risky_ones_are_told_once_to_both_parties(acme, sla, quota, ed, noon):
    change_stakeholder(sla.receiver, {"member": ed}, version=1, by=ed, at=noon)
    assert (watch_quotas(at=AT), watch_quotas(at=AT)) == (2, 0)
    [breach] = QuotaBreach.objects.all()
    assert (breach.month, breach.value, breach.reason) == (FEBRUARY, "84", "")
    notices = Notification.objects.filter(member=ed, kind="sla").order_by("verb")
    assert [one.verb for one in notices] == ["quota.at_risk", "quota.broken"]
    told = [event.sentence for event in events_of(acme, "workspaces.sla", sla.pk)[:2]]
    assert any(words.startswith("“Qualified leads” is at risk this month") for words in told)
    explain_month(quota, month=FEBRUARY, reason="Forms", mitigation="", by=ed, at=AT)
    assert QuotaBreach.objects.get().reason == "Forms"


def test_a_month_that_has_just_begun_is_not_called_at_risk(acme, quota, leads):
    observe(leads, {"2026-04-01": 1})
    april = datetime(2026, 4, 2, 9, tzinfo=UTC)
    assert watch_quotas(at=april) == 1  # March turned out missed
    quota.refresh_from_db()
    assert quota.warned_month is None


@pytest.mark.parametrize("amount", ["-1", "0"])
def test_a_count_is_not_promised_to_come_to_nothing_or_less(sla, leads, olga, amount):
    promise = make_promise(sla, "Qualified leads", hours=None)
    with pytest.raises(Refused) as refusal:
        set_quota(promise, draft=QuotaDraft(leads, Decimal(amount)), by=olga, at=AT)
    assert refusal.value.field == "amount"
    none_at_all = QuotaDraft(leads, Decimal(0), bound=Bound.AT_MOST)
    assert set_quota(promise, draft=none_at_all, by=olga, at=AT).pk
