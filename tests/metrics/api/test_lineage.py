from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.models import Metric
from metrics.operations.rollups import roll_up
from metrics.queries.imports import paths_of
from tests.make.imports import FILE, KEYED, import_file
from tests.make.metrics import make_metric, make_ratio, observe

URL = "/api/v1/workspaces/acme/metrics/{}/lineage/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def api(vi, api_of):
    return api_of(vi, scope="read")


@pytest.fixture
def run(ed):
    done = import_file(ed, FILE)
    roll_up()
    assert done.state == "done"
    return done


def told(api, key="clicks", **query):
    answer = api.get(URL.format(key), query)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def traced(found):
    return [
        (one["day"], one["dims"].get("channel"), one["value"], one["row"])
        for one in found["results"]
    ]


def test_a_value_is_traced_to_the_rows_of_its_file(api, run):
    found = told(api, period="2020-01")
    assert (found["value"], found["count"], found["cut"]) == ("22", 3, False)
    assert sorted(traced(found), key=lambda row: row[3]) == [
        ("2020-01-01", "mail", "10", 2),
        ("2020-01-01", "ads", "7", 3),
        ("2020-01-02", "mail", "5", 4),
    ]
    assert found["inputs"] == [{"metric": "clicks", "value": "22", "exact": True, "series": 2}]
    assert [(one["import"], one["file"], one["observations"]) for one in found["imports"]] == [
        (run.pk, "ads.csv", 3)
    ]
    [one] = told(api, **{"from": "2020-01-02", "to": "2020-01-02"})["inputs"]
    assert one["series"] == 1


def test_rows_with_keys_are_found_by_their_key(api, ed):
    text = "day,id,clicks,cost\n2020-01-01,a,1,1\n2020-01-01,b,2,1\n2020-01-01,a,4,1\n"
    import_file(ed, text, KEYED)
    roll_up()
    rows = {(one["value"], one["row"]) for one in told(api, period="2020-01")["results"]}
    assert rows == {("4", 4), ("2", 3)}


def test_a_ratio_is_traced_to_both_its_parts(api, run, acme):
    clicks = Metric.objects.get(key="clicks")
    cost = Metric.objects.get(key="cost")
    make_ratio(acme, "cpc", numerator=cost, denominator=clicks, scale="1", unit="number")
    found = told(api, "cpc", period="2020-01-02", where="channel:mail")
    assert found["value"] == "0.4"
    assert {(one["metric"], one["value"], one["row"]) for one in found["results"]} == {
        ("clicks", "5", 4), ("cost", "2.00", 4),
    }  # fmt: skip


def test_what_came_without_a_file_or_whose_file_is_gone_is_said(api, run, acme):
    other = make_metric(acme, "by_hand")
    observe(other, {date(2020, 1, 1): 5})
    assert told(api, "by_hand", period="2020")["results"][0]["no_row"] == "no_file"
    Path(paths_of(run).raw).unlink()
    assert {one["no_row"] for one in told(api, period="2020")["results"]} == {"file_is_gone"}


def test_a_corrected_value_belongs_to_who_corrected_it(api, run, ed):
    second = import_file(ed, FILE.replace("mail,10", "mail,11"))
    roll_up()
    rows = {one["value"]: one["import"] for one in told(api, period="2020")["results"]}
    assert rows == {"11": second.pk, "7": run.pk, "5": run.pk}


@pytest.mark.parametrize(
    ("query", "column", "code"),
    [
        ({}, "from", "required"),
        ({"period": "2020-13"}, "period", "not_a_period"),
        ({"period": "2020-W60"}, "period", "not_a_period"),
        ({"period": "x"}, "period", "not_a_period"),
        ({"period": "2020", "from": "2020-01-01"}, "period", "either_or"),
        ({"period": "2020", "where": "color:red"}, "where", "unknown_dimension"),
        ({"period": "2020", "limit": "0"}, "limit", "not_a_number"),
    ],
)
def test_I08_bad_questions_are_named(api, run, query, column, code):
    answer = api.get(URL.format("clicks"), query)
    assert answer.status_code == 400, answer.json()
    assert (column, code) in {(e["column"], e["code"]) for e in answer.json()["errors"]}


def test_pages_and_a_constant_number_of_queries(api, run, ed):
    def queries():
        with CaptureQueriesContext(connection) as found:
            told(api, period="2020", limit=2)
        return len(found)

    before = queries()
    import_file(ed, FILE.replace("2020-01", "2020-02"))
    roll_up()
    assert told(api, period="2020", limit=2)["count"] == 6
    assert queries() == before


def test_T10_a_stranger_finds_nothing(run, sam, api_of):
    assert api_of(sam).get(URL.format("clicks"), {"period": "2020"}).status_code == 404


def test_the_page_names_the_rows(run, vi, client_of):
    page = client_of(vi).get("/w/acme/metrics/clicks/lineage/", {"period": "2020-01"})
    assert page.status_code == 200
    assert "ads.csv" in page.content.decode()
