from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.make.metrics import make_metric, make_ratio, observe

D = date(2026, 1, 1)
pytestmark = pytest.mark.django_db


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def ratio(acme):
    ratio = make_ratio(acme, name="Click rate")
    for channel, clicks, sends in (("news", 10, 500), ("<b>x</b>", 30, 1000)):
        days = {D + timedelta(n): clicks for n in range(40)}
        observe(ratio.numerator, days, dims={"ch": channel}, source="Mautic")
        observe(ratio.denominator, dict.fromkeys(days, sends), dims={"ch": channel})
    return ratio


def ask(client, key="ctr", **query):
    return client.get(f"/w/acme/metrics/{key}/", query)


def test_the_page_shows_the_ratio_of_sums_its_formula_and_where_it_comes_from(ratio, vi, client_of):
    page = text_of(ask(client_of(vi), grain="month"))
    assert "Click rate" in page
    assert 'data-v="2.66666666667"' in page
    assert "ratio of sums" in page
    assert "Mautic" in page
    assert "/api/v1/workspaces/acme/metrics/ctr/series/" in page


@pytest.mark.parametrize("grain", ["day", "week", "month", "quarter", "year"])
def test_every_grain_has_a_page_and_a_table(ratio, vi, client_of, grain):
    response = ask(client_of(vi), grain=grain, **{"from": "2026-01-10", "to": "2026-02-05"})
    assert response.status_code == 200
    page = text_of(response)
    assert page.count('data-v="2.66666666667"') >= 1
    assert ("data-partial" in page) == (grain != "day")


def test_a_breakdown_shows_each_value_escaped(ratio, vi, client_of):
    page = text_of(ask(client_of(vi), grain="month", by="ch"))
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<b>x</b>" not in page
    assert 'data-v="2"' in page
    assert 'data-v="3"' in page


def test_a_filter_narrows(ratio, vi, client_of):
    page = text_of(ask(client_of(vi), grain="year", where="ch:news"))
    assert 'data-v="2"' in page
    assert 'data-v="2.66666666667"' not in page


@pytest.mark.parametrize(
    "query",
    [
        {"grain": "hour"},
        {"from": "x"},
        {"from": "2026-02-01", "to": "2026-01-01"},
        {"by": "nothing"},
        {"where": "nothing:x"},
        {"where": "x"},
        {"grain": "day", "from": "1950-01-01"},
        {"known_at": "abc"},
        {"by": ["ch", "ch2"]},
        {"compare": "never"},
    ],
)
def test_an_address_that_makes_no_sense_is_told_and_shows_no_numbers(ratio, vi, client_of, query):
    response = ask(client_of(vi), **query)
    page = text_of(response)
    assert (response.status_code, "Click rate" in page) == (400, True)
    assert "no numbers are shown" in page
    assert "data-v" not in page


def test_what_was_left_empty_is_not_asked(ratio, vi, client_of):
    empty = {"by": "", "from": "", "known_at": "", "compare": ""}
    assert ask(client_of(vi), **empty).status_code == 200


def test_a_breakdown_is_compared_row_by_row(ratio, vi, client_of):
    observe(ratio.numerator, {date(2025, 12, 5): 50}, dims={"ch": "news"})
    observe(ratio.denominator, {date(2025, 12, 5): 1000}, dims={"ch": "news"})
    days = {"from": "2026-01-01", "to": "2026-01-31"}
    response = ask(client_of(vi), by="ch", compare="previous", **days)
    rows = {row.value: row.line for row in response.context["shown"].slices}
    assert str(rows["news"].before_total.value) == "5"
    assert rows["<b>x</b>"].before_total.value is None
    page = text_of(response)
    assert response.context["shown"].answer.compared_days[0] == date(2025, 12, 1)
    assert "compared with stands in the table below" in page
    assert 'data-label="Before">5.00' in page


def test_a_metric_without_data_has_a_page(acme, vi, client_of):
    make_metric(acme, "empty", name="Empty one")
    response = ask(client_of(vi), "empty")
    assert response.status_code == 200
    assert "Empty one" in text_of(response)


def test_T13_unknown_and_foreign_metrics_are_404(acme, globex, vi, client_of):
    make_metric(globex, "theirs")
    client = client_of(vi)
    for key in ("theirs", "nothing", "NO"):
        assert ask(client, key).status_code == 404


def test_the_page_takes_a_constant_number_of_queries(acme, vi, client_of):
    client = client_of(vi)

    def queries(key):
        with CaptureQueriesContext(connection) as found:
            assert ask(client, key, grain="week", by="ch").status_code == 200
        return len(found)

    small, large = make_metric(acme, "small"), make_metric(acme, "large")
    observe(small, {D: 1, D + timedelta(69): 1}, dims={"ch": "a"})
    for channel in range(12):
        observe(large, {D + timedelta(n): 1 for n in range(70)}, dims={"ch": str(channel)})
    queries("small")
    assert queries("large") == queries("small")


def test_only_dimensions_that_all_inputs_have_are_offered(acme, ed, client_of):
    clicks, leads = make_metric(acme), make_metric(acme, "leads")
    observe(clicks, {"2026-01-05": 10}, dims={"channel": "email", "campaign": "spring"})
    observe(leads, {"2026-01-05": 4}, dims={"channel": "email", "region": "north"})
    make_metric(acme, "quality", kind="derived", formula="leads / clicks * 100", unit="percent")
    client = client_of(ed)
    page = client.get("/w/acme/metrics/quality/")
    assert list(page.context["shown"].values) == ["channel"]
    refused = client.get("/w/acme/metrics/quality/", {"by": "campaign"})
    assert refused.status_code == 400
    assert "cannot be split by “campaign”. It can be by: channel." in text_of(refused)
    best = client.get("/w/acme/metrics/quality/best/")
    assert list(best.context["dims"]) == ["channel"]
    assert list(client.get("/w/acme/metrics/clicks/").context["shown"].values) == [
        "campaign",
        "channel",
    ]
