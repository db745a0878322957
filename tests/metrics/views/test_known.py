"""Past views on pages, and the page of what was learnt in between."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.models.imports import Source
from metrics.models.saved_views import SavedView
from metrics.operations.exclusions import Rule, exclude_facts
from metrics.operations.observations import withdraw_observations
from tests.make.metrics import make_metric, make_ratio, observe
from tests.make.people import make_unique, meet
from tests.make.workspaces import NOON
from tests.support.words import says

pytestmark = pytest.mark.django_db
W = "/w/acme/"
D, E = date(2026, 1, 5), date(2026, 1, 6)
LATER = NOON + timedelta(days=7)
THEN, SINCE = NOON.date().isoformat(), {"known_from": NOON.date().isoformat()}


@pytest.fixture
def clicks(acme):
    """One value that was corrected, one that moved, one that came later, one that went."""
    metric = make_metric(acme, name="Clicks")
    observe(metric, {D: 111}, key="a", dims={"ch": "<b>mail</b>"})
    observe(metric, {D: 20}, key="b", source="Mautic")
    observe(metric, {D: 9}, key="d")
    observe(metric, {D: 222}, key="a", dims={"ch": "<b>mail</b>"}, at=LATER)
    observe(metric, {E: 20}, key="b", source="Mautic", at=LATER)
    observe(metric, {E: 7}, key="c", at=LATER)
    return metric


def text_of(response, status=200):
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def changes_of(page):
    """The rows of the table of changes."""
    return page.partition('id="h-changes"')[2].split("<tr>")[2:]


def test_the_page_of_a_metric_shows_what_was_known(clicks, vi, client_of):
    client = client_of(vi)
    now = text_of(client.get(f"{W}metrics/clicks/", {"grain": "year"}))
    then = text_of(client.get(f"{W}metrics/clicks/", {"grain": "year", "known_at": THEN}))
    assert 'data-v="258"' in now
    assert "As it was known at" not in now
    assert 'data-v="140"' in then
    assert "As it was known at the end of 2 Mar 2026" in then
    assert 'href="?grain=year">Back to now' in then
    assert f"/changes/?known_from={THEN}" in then
    assert f"known_at={THEN}" in then.partition("Same numbers by API")[2]
    linked = re.findall(r'href="([^"]*(?:/lineage/|/why/|/best/)[^"]*)"', then)
    assert linked
    assert all("known_at=" in address for address in linked)


@pytest.mark.parametrize("path", ["why", "best", "lineage"])
def test_questions_about_a_past_view_say_so_and_lead_back(clicks, vi, client_of, path):
    days = {"from": "2026-01-01", "to": "2026-01-31"}
    page = text_of(client_of(vi).get(f"{W}metrics/clicks/{path}/", {**days, "known_at": THEN}))
    assert "As it was known at the end of 2 Mar 2026" in page
    assert 'href="?from=2026-01-01&amp;to=2026-01-31">Back to now' in page
    assert ("140" in page) == (path != "why")  # of the days before nothing is known
    assert not says(page, "258")


def test_a_past_view_keeps_its_day_when_something_else_is_changed(clicks, vi, client_of):
    page = text_of(client_of(vi).get(f"{W}metrics/clicks/", {"known_at": THEN}))
    assert f"?grain=week&amp;known_at={THEN}" in page
    assert page.count(f'<input type="hidden" name="known_at" value="{THEN}">') == 1


@pytest.mark.parametrize("path", ["why", "best", "lineage"])
def test_a_view_of_a_day_to_come_is_refused_on_every_page(clicks, vi, client_of, path):
    query = {"from": "2026-01-01", "to": "2026-01-31", "by": "ch"}
    address = f"{W}metrics/clicks/{path}/"
    assert client_of(vi).get(address, query).status_code == 200
    page = text_of(client_of(vi).get(address, {**query, "known_at": "2199-01-01"}), 400)
    assert "nobody knows yet" in page
    assert "Past view" not in page


@pytest.mark.parametrize("known_at", ["x", "0001-01-01", "0001-01-01T00:00:00+23:00", "\x00"])
def test_what_is_no_instant_is_told_and_never_looks_like_today(clicks, vi, client_of, known_at):
    refused = client_of(vi).get(f"{W}metrics/clicks/", {"known_at": known_at})
    assert refused.status_code == 400
    page = refused.content.decode()
    assert "As known: Write a day as 2026-01-31" in page
    assert not says(page, "258")


def test_the_explorer_and_the_funnel_show_what_was_known(clicks, vi, client_of):
    client = client_of(vi)
    for path in ("explore/", "funnel/"):
        query = {"metric": "clicks", "known_at": THEN, "from": "2026-01-01", "to": "2026-01-31"}
        page = text_of(client.get(W + path, query))
        assert "As it was known at the end of 2 Mar 2026" in page
        assert "140" in page
        assert not says(page, "258")
        assert says(text_of(client.get(W + path, {**query, "known_at": ""})), "258")


def test_a_kept_past_view_stays_one_and_says_so_on_the_overview(clicks, ed, client_of):
    client = client_of(ed)
    words = f"metric=clicks&from=2026-01-01&to=2026-01-31&known_at={THEN}"
    client.post(f"{W}views/", {"name": "Then", "words": words, "pinned": "on"})
    assert SavedView.objects.get().question["known_at"] == THEN
    page = text_of(client.get(W))
    assert "As it was known at the end of 2 Mar 2026" in page
    assert ">140<" in page


def test_what_was_learnt_is_listed_with_what_it_did_and_who_brought_it(clicks, vi, client_of):
    page = text_of(client_of(vi).get(f"{W}metrics/clicks/changes/", SINCE))
    assert "&lt;b&gt;mail&lt;/b&gt;" in page
    assert "<b>mail</b>" not in page
    assert "before on 5 Jan 2026" in page
    rows = changes_of(page)
    told = [[word in row for word in ("111", "222", "+111", "Mautic", "not known")] for row in rows]
    assert told == [
        [True, True, True, False, False],
        [False, False, False, False, True],
        [False, False, False, True, False],
    ]
    facts = page.partition("<dl")[2].partition("</dl>")[0]
    assert ">140<" in facts
    assert ">258<" in facts


def test_what_was_withdrawn_is_told(acme, clicks, olga, vi, client_of):
    withdraw_observations(acme, source="test", keys=[(clicks.pk, "d")], by=olga, at=LATER)
    page = text_of(client_of(vi).get(f"{W}metrics/clicks/changes/", SINCE))
    assert "taken out" in page
    assert len(changes_of(page)) == 4


def test_what_does_not_count_any_more_is_told_with_the_way_to_its_rule(acme, ed, client_of):
    metric = make_metric(acme)
    observe(metric, {D: 9}, source="robots")
    rule = Rule(source=Source.objects.get(name="robots"), reason="They click all night.")
    exclude_facts(metric, rule=rule, by=ed, at=LATER)
    page = text_of(client_of(ed).get(f"{W}metrics/{metric.key}/changes/", SINCE))
    assert f'<a href="{W}quality/">What does not count</a>' in changes_of(page)[0]


def test_people_are_no_values(acme, vi, client_of):
    readers = make_unique(acme)
    meet(readers, {D: "ab"}, at=LATER)
    page = text_of(client_of(vi).get(f"{W}metrics/openers/changes/", SINCE))
    assert page.count("a person") == 2


def test_a_computed_metric_leads_to_what_it_is_made_of(acme, vi, client_of):
    make_ratio(acme)
    page = text_of(client_of(vi).get(f"{W}metrics/ctr/changes/", SINCE))
    assert f"{W}metrics/clicks/changes/?known_from={THEN}" in page
    assert f"{W}metrics/sends/changes/" in page


def test_what_makes_no_sense_is_told(clicks, vi, client_of):
    client = client_of(vi)
    for query in ({"known_from": "x"}, {"known_from": "2026-02-01", "known_to": "2026-01-01"}):
        assert 'role="alert"' in text_of(client.get(f"{W}metrics/clicks/changes/", query), 400)
    page = text_of(client.get(f"{W}metrics/clicks/changes/", {"known_from": "2199-01-01"}), 400)
    assert "lies after" in page


def test_the_page_of_what_was_learnt_takes_a_constant_number_of_queries(acme, vi, client_of):
    client = client_of(vi)

    def queries(key):
        with CaptureQueriesContext(connection) as found:
            text_of(client.get(f"{W}metrics/{key}/changes/", SINCE))
        return len(found)

    small, large = make_metric(acme, "small"), make_metric(acme, "large")
    observe(small, {D: 1}, at=LATER)
    for number in range(6):
        days = {D + timedelta(n): number for n in range(25)}
        observe(large, days, dims={"ch": str(number)}, source=f"s{number}", at=LATER)
    queries("small")
    assert queries("large") == queries("small")
