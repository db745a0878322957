from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.models.imports import Source
from metrics.operations.exclusions import Rule, exclude_facts
from metrics.operations.observations import Reading, record_observations
from metrics.operations.quality import About, dismiss_finding, expect_source, reopen_finding
from metrics.queries.dismissals import find_finding
from metrics.queries.freshness import freshness_of
from metrics.queries.quality import Asked, findings
from metrics.queries.quality_words import ADVICE, KIND_WORDS
from metrics.rules.quality import Kind
from tests.make.metrics import make_metric, make_ratio, observe
from tests.make.people import make_unique, snapshot

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LAST = date(2026, 3, 1)


def day(back):
    return LAST - timedelta(days=back)


def found(acme, kind="", **asked):
    return findings(acme, Asked(kind=kind, **asked), at=NOON)


def test_a_workspace_without_data_has_no_findings(acme):
    make_metric(acme)
    assert found(acme) == []


def test_missing_days_are_told_but_not_quiet_weekdays(acme):
    daily = make_metric(acme)
    observe(daily, {day(back): 5 for back in range(60) if day(back).weekday() < 5 and back != 20})
    assert day(20).weekday() < 5
    (row,) = found(acme, "gap")
    assert row.finding.data["spans"] == [[str(day(20)), str(day(20))]]


def test_a_rate_above_a_hundred_percent_imports_with_a_warning(acme):
    ctr = make_ratio(acme)
    observe(ctr.denominator, {LAST: 100})
    observe(ctr.numerator, {LAST: 142})
    (row,) = found(acme, "above_maximum")
    assert row.finding.data["value"] == "142"
    assert row.finding.severity == "warning"
    assert row.sentence == "One day lies above 100 %: 142 %."


def test_clicks_far_above_opens_and_negative_counts_are_told(acme):
    opens, clicks = make_metric(acme, "opens"), make_metric(acme, "clicks")
    observe(opens, {day(back): 10 for back in range(3)})
    observe(clicks, {day(0): 90, day(1): 50, day(2): -3})
    (far,) = found(acme, "far_above")
    assert (far.metric, far.finding.count) == (clicks, 2)
    (row,) = found(acme, "negative")
    assert (row.finding.severity, row.finding.data["value"]) == ("error", "-3")


def test_one_day_of_robots_among_many_is_found_and_unrelated_sources_are_not_compared(acme):
    opens, clicks = make_metric(acme, "opens"), make_metric(acme, "clicks")
    usual = {day(back): 62 for back in range(60)}
    observe(opens, usual | {day(7): 3}, source="mail")
    observe(clicks, dict.fromkeys(usual, 21) | {day(7): 300}, source="mail")
    ads = make_metric(acme, "ad_clicks")
    observe(ads, dict.fromkeys(usual, 5000), source="ads")
    (row,) = found(acme, "far_above")
    assert (row.metric, row.finding.first, row.finding.count) == (clicks, day(7), 1)
    assert (row.finding.data["value"], row.finding.data["against"]) == ("300", "3")
    make_ratio(acme, "ad_ctor", numerator=ads, denominator=opens)
    assert {row.metric for row in found(acme, "far_above")} == {clicks, ads}


def test_a_jump_is_one_against_the_same_weekday(acme):
    metric = make_metric(acme)
    values = {day(b): (100 if day(b).weekday() < 5 else 10) + b % 3 for b in range(70)}
    observe(metric, values | {day(4): 900})
    assert [row.finding.first for row in found(acme, "jump")] == [day(4)]


def test_values_of_several_days_on_the_last_of_them_are_told_by_source(acme, ed):
    weekly, daily = make_metric(acme, "signups"), make_metric(acme)
    people = make_unique(acme)
    spans = [Reading(weekly.pk, day(7 * n), 70, key=f"w{n}", span=7 - n) for n in range(3)]
    record_observations(acme, source="sheet", readings=spans, by=ed, at=NOON)
    observe(weekly, {day(n): 10 for n in range(30)}, source="crm")
    observe(daily, {day(n): 10 for n in range(30)}, source="crm")
    snapshot(people, day(0), 40, span=7)
    (row,) = found(acme, "several_days")
    assert (row.metric, row.sources, row.finding.count) == (weekly, ["sheet"], 3)
    assert (row.finding.first, row.finding.last) == (day(14), day(0))
    assert row.finding.data["longest"] == 7
    assert "cover up to 7 days and stand on the last of them" in row.sentence
    assert found(acme, "several_days", source="crm") == []


def test_two_sources_that_tell_the_same_are_told_until_one_is_trusted(acme, ed):
    metric = make_metric(acme)
    days = {day(back): 5 for back in range(10)}
    for source in ("ads", "sheet"):
        observe(metric, days, dims={"campaign": "spring"}, source=source)
    observe(metric, days, dims={"campaign": "autumn"}, source="other")
    (row,) = found(acme, "double_counting")
    assert row.finding.data["sources"] == ["ads", "sheet"]
    rule = Rule(trusted=Source.objects.get(name="ads"), reason="The sheet is a copy.")
    exclude_facts(metric, rule=rule, by=ed, at=NOON)
    assert found(acme, "double_counting") == []


def test_a_metric_is_looked_at_where_it_has_data_and_what_is_found_can_be_dismissed(acme):
    old = make_metric(acme, "old")
    for source in ("ads", "sheet"):
        observe(old, {day(400 + back): 5 for back in range(10)}, source=source)
    observe(make_metric(acme), {LAST: 5})
    assert found(acme, "double_counting") == []
    (row,) = found(acme, "double_counting", metric="old")
    assert row.finding.last == day(400)
    dismissable = find_finding(acme, row.finding.id, at=NOON)
    assert dismissable.metric == old


def test_what_is_found_since_a_day_can_be_dismissed_however_old_its_metric_is(acme):
    old = make_metric(acme, "old")
    observe(old, {day(400 + back): 100 + back % 5 for back in range(1, 60)} | {day(400): 900})
    observe(make_metric(acme), {LAST: 5})
    since = day(470)
    (row,) = found(acme, "jump", metric="old", first=since)
    dismissable = find_finding(acme, row.finding.id, days=(since, None), at=NOON)
    assert dismissable.sentence == row.sentence
    (row,) = found(acme, "jump", metric="old", last=day(390))
    assert find_finding(acme, row.finding.id, days=(None, day(390)), at=NOON)
    assert find_finding(acme, row.finding.id, days=(day(100), None), at=NOON) is None


def test_a_stated_rhythm_is_the_judge_and_late_inputs_make_a_ratio_late(acme, ed):
    ctr = make_ratio(acme)
    for part in (ctr.numerator, ctr.denominator):
        observe(part, {day(back): 5 for back in range(2, 30)}, source="mail")
    assert found(acme, "late") == []
    expect_source(Source.objects.get(name="mail"), cadence=1, lag=1, by=ed, at=NOON)
    assert {row.metric.key for row in found(acme, "late")} == {"clicks", "sends"}
    fresh = freshness_of(acme, [ctr.pk], date(2026, 3, 2))[ctr.pk]
    assert (fresh.state, fresh.is_late) == ("late", True)


def test_a_dismissed_finding_is_out_of_sight_until_its_day(acme, ed):
    ctr = make_ratio(acme)
    observe(ctr.denominator, {LAST: 100})
    observe(ctr.numerator, {LAST: 142})
    (row,) = found(acme, "above_maximum")
    about = About(row.finding.id, "above_maximum", row.sentence)
    dismissal = dismiss_finding(
        acme, about=about, reason="Total clicks", until=date(2026, 3, 9), by=ed, at=NOON
    )
    assert found(acme, "above_maximum") == []
    assert [r.dismissal for r in found(acme, "above_maximum", dismissed=True)] == [dismissal]
    later = findings(acme, Asked(kind="above_maximum"), at=NOON + timedelta(days=9))
    assert len(later) == 1
    reopen_finding(dismissal, by=ed, at=NOON)
    assert len(found(acme, "above_maximum")) == 1


def test_findings_take_the_same_number_of_queries_for_any_number_of_metrics(acme):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            found(acme)
        with CaptureQueriesContext(connection) as looked:
            assert find_finding(acme, "gone", at=NOON) is None
        return len(asked), len(looked)

    def more(*keys):
        for key in keys:
            metric = make_metric(acme, key)
            for source in ("a", "b"):
                observe(metric, {day(back): 3 for back in range(9)}, source=source)

    more("clicks", "impressions")
    few = queries()
    more("conversions", "opens", "leads")
    assert queries() == few <= (20, 20)


def test_each_kind_has_its_words_and_its_advice():
    assert set(KIND_WORDS) == set(ADVICE) == set(Kind)
