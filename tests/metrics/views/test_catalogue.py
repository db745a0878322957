import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.models import Metric
from metrics.operations.saved_views import ViewDraft, save_view
from metrics.rules.questions import Question
from mops.logs import RefusalsInALine
from tests.make.metrics import make_metric, make_ratio, observe
from tests.make.workspaces import NOON

INDEX = "/w/acme/metrics/"
NEW = "/w/acme/metrics/new/"
D = date(2026, 1, 1)

CLICKS = {
    "key": "clicks", "name": "Total clicks", "kind": "additive", "unit": "count", "decimals": "0",
    "direction": "up", "numerator": "", "denominator": "", "scale": "100", "currency": "",
    "description": "Every click.",
}  # fmt: skip
pytestmark = pytest.mark.django_db


def text_of(response):
    return " ".join(response.content.decode().split())


def test_an_empty_catalogue_teaches(acme, ed, vi, client_of):
    page = text_of(client_of(ed).get(INDEX))
    assert "No metric yet" in page
    assert "/w/acme/imports/new/" in page
    assert NEW in page
    assert NEW not in text_of(client_of(vi).get(INDEX))


def test_the_catalogue_shows_value_change_and_freshness(acme, vi, client_of):
    metric = make_metric(acme, name="Total <b>clicks</b>")
    observe(metric, {D + timedelta(n): 10 if n < 28 else 15 for n in range(56)})
    page = text_of(client_of(vi).get(INDEX))
    assert "Total &lt;b&gt;clicks&lt;/b&gt;" in page
    assert "420" in page
    assert "50.0" in page
    assert 'datetime="2026-02-25"' in page or "25 Feb 2026" in page
    assert ", stale<" in page


def test_values_of_long_ago_are_shown_with_their_days(acme, vi, client_of):
    observe(make_metric(acme), {date(2020, 12, 1) + timedelta(n): 1 for n in range(28)})
    page = text_of(client_of(vi).get(INDEX))
    assert "Last 4 weeks with data" in page
    assert '<small class="muted">1 Dec 2020 – 28 Dec 2020</small>' in page


def test_a_metric_is_defined_by_form(acme, ed, client_of):
    response = client_of(ed).post(NEW, CLICKS)
    assert response.status_code == 302
    assert response["Location"] == "/w/acme/metrics/clicks/"
    metric = Metric.objects.get()
    assert (metric.name, metric.kind, metric.owner) == ("Total clicks", "additive", ed)


def test_a_ratio_is_defined_by_form(acme, ed, client_of):
    make_metric(acme, "clicks")
    make_metric(acme, "sends")
    ratio = CLICKS | {
        "key": "ctr", "name": "CTR", "kind": "ratio", "unit": "percent", "decimals": "2",
        "numerator": "clicks", "denominator": "sends",
    }  # fmt: skip
    assert client_of(ed).post(NEW, ratio).status_code == 302
    made = Metric.objects.get(key="ctr")
    assert (made.numerator.key, made.denominator.key, made.scale) == ("clicks", "sends", 100)


@pytest.mark.parametrize(
    "change",
    [
        {"key": "No Key"}, {"key": "taken"}, {"name": ""}, {"kind": "gauge"}, {"decimals": "9"},
        {"kind": "ratio"}, {"unit": "currency"}, {"name": "x" * 500}, {"numerator": "theirs"},
    ],
)  # fmt: skip
def test_a_wrong_form_comes_back_with_what_is_wrong(acme, ed, globex, client_of, change):
    make_metric(acme, "taken")
    make_metric(globex, "theirs")
    response = client_of(ed).post(NEW, CLICKS | change)
    assert response.status_code == 422
    assert "Every click." in text_of(response)
    assert not Metric.objects.filter(workspace=acme, key="clicks").exists()


def test_a_definition_is_changed_by_form_and_a_stale_one_refused(acme, ed, client_of):
    make_metric(acme)
    client = client_of(ed)
    form = CLICKS | {"name": "All clicks", "version": "1"}
    assert client.get("/w/acme/metrics/clicks/edit/").status_code == 200
    assert client.post("/w/acme/metrics/clicks/edit/", form).status_code == 302
    assert Metric.objects.get().name == "All clicks"
    stale = client.post("/w/acme/metrics/clicks/edit/", form | {"name": "Mine"})
    assert stale.status_code == 409
    assert Metric.objects.get().name == "All clicks"
    told = [(one.label, one.mine, one.theirs) for one in stale.context["form"].differences]
    assert told[0] == ("Name", "Mine", "All clicks")
    page = text_of(stale)
    assert 'value="Mine"' in page
    assert 'name="version" value="2"' in page
    again = form | {"name": "Mine", "version": "2"}
    assert client.post("/w/acme/metrics/clicks/edit/", again).status_code == 302
    assert Metric.objects.get().name == "Mine"


def test_a_metric_is_retired_by_page(acme, ed, client_of):
    make_metric(acme)
    assert client_of(ed).post("/w/acme/metrics/clicks/retire/").status_code == 302
    assert Metric.objects.get().retired_at


def test_a_viewer_changes_nothing(acme, vi, client_of):
    make_metric(acme)
    client = client_of(vi)
    for path in (NEW, "/w/acme/metrics/clicks/edit/", "/w/acme/metrics/clicks/retire/"):
        assert client.post(path, CLICKS).status_code == 403
    assert client.get(NEW).status_code == 403


def test_the_catalogue_takes_a_constant_number_of_queries(acme, vi, client_of):
    client = client_of(vi)

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(INDEX).status_code == 200
        return len(found)

    observe(make_ratio(acme).numerator, {D: 5})
    queries()
    few = queries()
    for n in range(8):
        ratio = make_ratio(acme, f"rate_{n}", numerator=f"n{n}", denominator=f"d{n}")
        observe(ratio.numerator, {D: n, D + timedelta(9): n})
    assert queries() == few


def test_a_percentage_changes_by_points_on_every_page(acme, vi, client_of):
    ctr = make_ratio(acme)
    observe(ctr.denominator, {D + timedelta(n): 100 for n in range(59)})
    observe(ctr.numerator, {D + timedelta(n): 20 if n < 31 else 25 for n in range(59)})
    for address in (INDEX, f"{INDEX}ctr/?grain=month"):
        page = text_of(client_of(vi).get(address))
        assert re.search(r"better </span>[0-9.]+\spts", page), address


def test_what_goes_with_a_metric_is_named_before_it_is_deleted(acme, mia, api_of, client_of):
    make_metric(acme)
    browser = client_of(mia)
    assert "With it go" not in text_of(browser.get("/w/acme/metrics/clicks/edit/"))
    alert = {"name": "Low", "condition": "below", "threshold": "5", "compare": "previous",
             "grain": "day", "persistence": "1"}  # fmt: skip
    browser.post("/w/acme/metrics/clicks/watch/alerts/", alert)
    save_view(acme, draft=ViewDraft("Ours", Question(("clicks",)), shared=True), by=mia, at=NOON)
    page = text_of(browser.get("/w/acme/metrics/clicks/edit/"))
    assert "With it go: alerts (“Low”). Views that show it will lack it: “Ours”." in page
    told = api_of(mia).get("/api/v1/workspaces/acme/metrics/clicks/uses/").json()
    assert (told["alerts"], told["views"], told["targets"]) == (["Low"], ["Ours"], 0)


def test_a_refused_page_leaves_one_line_in_the_log(acme, vi, client_of, caplog):
    line = RefusalsInALine()
    assert client_of(vi).get(NEW).status_code == 403
    [record] = [one for one in caplog.records if getattr(one, "status_code", 0) == 403]
    assert line.filter(record)
    assert record.exc_info is None
