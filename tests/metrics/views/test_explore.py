import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.models.saved_views import SavedView
from metrics.rules.cells import text_cell
from tests.make.metrics import make_metric, make_ratio, observe
from tests.make.people import make_unique, snapshot
from tests.make.saved_views import make_view

W = "/w/acme/"
API = "/api/v1/workspaces/acme/"
pytestmark = pytest.mark.django_db
D = date(2026, 1, 5)
YEAR = {"from": "2026-01-01", "to": "2026-03-31"}


@pytest.fixture
def ctr(acme):
    ratio = make_ratio(acme)
    for number, name in enumerate(["mail", "ads", "=web"]):
        days = {D + timedelta(30 * month): 10 * (number + 1) + month for month in range(3)}
        observe(ratio.numerator, days, dims={"ch": name})
        observe(ratio.denominator, dict.fromkeys(days, 70), dims={"ch": name})
    return ratio


def text_of(response):
    return response.content.decode()


def rows_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_R12_page_api_and_file_say_the_same_to_the_last_digit(ctr, vi, client_of, api_of):
    client = client_of(vi)
    query = {"metric": ["ctr", "clicks"], "by": "ch", "compare": "previous", **YEAR}
    page = text_of(client.get(f"{W}explore/", query))
    body = {"metrics": ["ctr", "clicks"], "by": ["ch"], "compare": "previous", **YEAR}
    told = api_of(vi).post(f"{API}query/", body, format="json").json()
    filed = rows_of(client.get(f"{W}explore/metrics.csv", query))
    names, lines = filed[0], [dict(zip(filed[0], row, strict=True)) for row in filed[1:]]
    assert names[:3] == ["metric", "ch", "period"]
    by_api = [
        (one["metric"], line["dims"]["ch"], point["period"], point["value"], point["complete"])
        for one in told["metrics"]
        for line in one["series"]
        for point in line["points"]
    ]
    by_file = [
        (line["metric"], line["ch"].removeprefix("'"), line["period"], line["value"],
         line["complete"] == "true")
        for line in lines
        if line["period"] != "total"
    ]  # fmt: skip
    assert by_api == by_file
    shown = set(re.findall(r'data-v="([^"]+)"', page))
    assert {value for *_place, value, _complete in by_api} == shown
    totals = [line["value"] for line in lines if line["period"] == "total" and not line["ch"]]
    assert totals == [one["total"]["value"] for one in told["metrics"]]


def test_I06_texts_are_disarmed_and_numbers_are_not(acme, vi, client_of):
    metric = make_metric(acme, "balance", decimals=1)
    for text in ("=1+1", "+1", "-5", "@x", "plain"):
        observe(metric, {D: "-5.5"}, dims={"ch": text})
    filed = rows_of(client_of(vi).get(f"{W}explore/metrics.csv", {"metric": "balance", "by": "ch"}))
    assert {row[1] for row in filed[1:]} == {"'=1+1", "'+1", "'-5", "'@x", "plain", ""}
    assert {row[6] for row in filed[1:] if row[1] and row[6]} == {"-5.5"}
    assert [text_cell(text) for text in ("\tx", "\rx", "\0x", "", "a=1")] == [
        "'\tx", "'\rx", "'\0x", "", "a=1",
    ]  # fmt: skip


def test_names_are_shown_as_text(acme, vi, client_of):
    metric = make_metric(acme, name="<b>Clicks</b>")
    observe(metric, {D: 1}, dims={"ch": "<i>x</i>"})
    page = text_of(client_of(vi).get(f"{W}explore/", {"metric": "clicks", "by": "ch"}))
    assert "<b>Clicks" not in page
    assert "<i>x</i>" not in page
    assert "&lt;i&gt;x" in page


def test_the_whole_is_computed_and_never_added_up(ctr, vi, client_of):
    page = text_of(client_of(vi).get(f"{W}explore/", {"metric": "ctr", "by": "ch", **YEAR}))
    assert "computed anew" in page
    assert "30.00" in page


def test_people_without_ids_are_told_by_their_bounds(acme, vi, client_of):
    counts = make_unique(acme, "counts")
    snapshot(counts, D, 20)
    snapshot(counts, D + timedelta(40), 30)
    page = text_of(client_of(vi).get(f"{W}explore/", {"metric": "counts", **YEAR}))
    assert "30 to 50" in page


@pytest.mark.parametrize(
    "query",
    [
        {"metric": "nothing"},
        {"metric": "clicks", "by": "color"},
        {"metric": "clicks", "grain": "hour"},
        {"metric": "clicks", "from": "x"},
        {"metric": "clicks", "days": "-1"},
        {"metric": "clicks", "where": "x"},
        {"metric": "clicks", "compare": "never"},
        {"metric": "clicks", "sql": "1"},
        {"metric": "clicks", "view": "x"},
    ],
)
def test_what_makes_no_sense_is_no_error_page(ctr, vi, client_of, query):
    client = client_of(vi)
    for path in ("explore/", "funnel/"):
        assert client.get(f"{W}{path}", query).status_code in (200, 400)
    assert client.get(f"{W}explore/metrics.csv", query).status_code in (200, 400)


def test_what_was_chosen_stays_where_an_answer_is_refused(ctr, acme, vi, client_of):
    many = ["ctr", "clicks", "sends"] + [make_metric(acme, f"m{n}").key for n in range(6)]
    refused = client_of(vi).get(f"{W}explore/", {"metric": many, "grain": "week", "by": "ch"})
    page = text_of(refused)
    assert (refused.status_code, "Choose at most 8 metrics." in page) == (400, True)
    assert page.count(" checked") == len(many) + 1
    assert '<option value="week" selected>' in page
    refused = client_of(vi).get(f"{W}explore/", {"metric": "ctr", "days": "99999"})
    assert "Days: Write a whole number from 0 to 3,660." in text_of(refused)
    assert refused.context["question"].metrics == ("ctr",)
    refused = client_of(vi).get(f"{W}explore/", {"metric": ["ctr", "gone"], "grain": "week"})
    assert refused.context["question"].grain == "week"


def test_an_empty_workspace_has_every_page(acme, vi, client_of):
    client = client_of(vi)
    make_metric(acme, "empty")
    for path in ("explore/", "explore/?metric=empty", "funnel/", "metrics/empty/best/"):
        assert client.get(f"{W}{path}").status_code == 200, path
    days = "from=2026-01-01&to=2026-01-31"
    for path in (f"metrics/empty/why/?{days}", f"metrics/empty/lineage/?{days}"):
        assert client.get(f"{W}{path}").status_code == 200, path


def test_a_question_is_kept_opened_changed_and_removed(ctr, ed, client_of):
    client = client_of(ed)
    words = "metric=ctr&grain=week&by=ch&where=ch%3Amail"
    made = client.post(f"{W}views/", {"name": "CTR", "words": words, "page": "explore"})
    view = SavedView.objects.get()
    assert made["Location"].endswith(f"&view={view.pk}")
    page = text_of(client.get(made["Location"]))
    assert "This view" in page
    fields = {"version": 1, "name": "CTR 2", "shared": "on", "words": "metric=ctr&grain=year"}
    assert client.post(f"{W}views/{view.pk}/", fields).status_code == 302
    view.refresh_from_db()
    assert (view.name, view.is_shared, view.question["grain"]) == ("CTR 2", True, "year")
    assert client.post(f"{W}views/{view.pk}/", fields).status_code == 409
    assert client.post(f"{W}views/{view.pk}/remove/").status_code == 302
    assert not SavedView.objects.exists()


def test_views_of_others_are_not_opened_and_not_changed(ctr, ed, mia, client_of):
    secret = make_view(ed, name="Secret")
    client = client_of(mia)
    page = text_of(client.get(f"{W}explore/", {"metric": "ctr", "view": secret.pk}))
    assert "Secret" not in page
    assert client.post(f"{W}views/{secret.pk}/", {"version": 1}).status_code == 404


def test_a_pinned_view_stands_on_the_overview(ctr, ed, vi, client_of):
    make_view(ed, name="Our rate", metrics=["ctr"], shared=True, pinned=True, **YEAR)
    broken = make_view(ed, name="Broken", shared=True, pinned=True, **YEAR)
    SavedView.objects.filter(pk=broken.pk).update(question={**broken.question, "metrics": ["gone"]})
    page = text_of(client_of(vi).get(W))
    assert "Our rate" in page
    assert "30.00" in page
    assert "There is no metric" in page


def test_the_explorer_takes_a_constant_number_of_queries(ctr, vi, client_of):
    client = client_of(vi)

    def queries():
        with CaptureQueriesContext(connection) as found:
            query = {"metric": ["ctr", "clicks"], "by": "ch", "compare": "year"}
            assert client.get(f"{W}explore/", query).status_code == 200
        return len(found)

    queries()
    before = queries()
    for number in range(10):
        observe(ctr.numerator, {D - timedelta(number): 1}, dims={"ch": f"c{number}"})
    assert queries() == before


def test_why_is_a_page_and_a_fragment(ctr, vi, client_of):
    client = client_of(vi)
    query = {"from": "2026-03-01", "to": "2026-03-31", "by": "ch"}
    page = text_of(client.get(f"{W}metrics/ctr/why/", query))
    assert "<html" in page
    assert "the rows add up to the change" in page
    part = text_of(client.get(f"{W}metrics/ctr/why/", query, headers={"hx-request": "true"}))
    assert "<html" not in part
    assert "Segments that did better or worse" in part
    assert client.get(f"{W}metrics/ctr/why/", {"from": "x"}).status_code == 400


def test_the_metric_page_leads_to_why_and_to_the_rows(ctr, vi, client_of):
    page = text_of(client_of(vi).get(f"{W}metrics/ctr/", {"grain": "day"}))
    assert "Why did it move?" in page
    assert "/w/acme/metrics/ctr/lineage/?from=" in page
    assert "/w/acme/metrics/ctr/why/?from=" in page


def test_the_best_is_ranked_on_a_page(ctr, vi, client_of):
    page = text_of(client_of(vi).get(f"{W}metrics/ctr/best/", {"by": "ch", **YEAR}))
    assert "Wilson" in page
    assert "=web" in page


def test_the_usual_range_begins_where_the_data_begin(ctr, vi, client_of):
    for grain, first in (("month", date(2026, 1, 1)), ("quarter", date(2026, 1, 1))):
        query = {"metric": ["clicks"], "grain": grain}
        assert client_of(vi).get(f"{W}explore/", query).context["answered"].first == first
    funnel = client_of(vi).get(f"{W}funnel/", {"metric": ["clicks"]}).context["found"]
    assert funnel.first == date(2026, 1, 1)
    page = client_of(vi).get(f"{W}metrics/clicks/", {"compare": "previous"}).context["shown"]
    assert page.first == date(2026, 1, 1)
    assert page.answer.compared_days[0] == date(2025, 10, 1)


def test_a_value_has_one_place_and_one_colour_on_the_whole_page(ctr, vi, client_of):
    observe(ctr.denominator, {D: 5000}, dims={"ch": "mail"})
    query = {"metric": ["ctr", "clicks", "sends"], "by": "ch"}
    shown = client_of(vi).get(f"{W}explore/", query).context["answered"].metrics
    for one in shown:
        assert [line.dims["ch"] for line in one.lines] == ["=web", "ads", "mail"]
        assert [drawn.colour for drawn in one.drawn] == [1, 2, 3]
    assert shown[2].answer.series[2].total.value == 5140  # mail is the largest there


def test_a_pinned_comparison_says_what_it_is_worth(ctr, ed, vi, client_of):
    make_view(ed, shared=True, pinned=True, compare="year", **YEAR)
    observe(ctr.numerator, {date(2025, 1, 5): 3}, dims={"ch": "mail"})
    page = text_of(client_of(vi).get(W))
    assert "2 periods have nothing before them to be compared with" in page
    assert "31 Mar" in page
