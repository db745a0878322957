import json
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.api import rows
from metrics.models import Metric
from metrics.models.imports import ImportRun
from metrics.models.observations import Observation, ObservationHistory
from metrics.operations.definitions import retire_metric
from metrics.operations.rollups import roll_up
from tests.make.metrics import make_metric, make_ratio, observe

URL = "/api/v1/workspaces/acme/observations/"
SERIES = "/api/v1/workspaces/acme/metrics/{}/series/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def api(ed, api_of):
    return api_of(ed)


@pytest.fixture
def clicks(acme):
    return make_metric(acme)


def row(**changes):
    return {"metric": "clicks", "day": "2016-01-31", "value": "5", **changes}


def send(api, body, **options):
    return raw(api, json.dumps(body), **options)


def raw(api, text, **options):
    return api.generic("POST", URL, text, **{"content_type": "application/json", **options})


def test_a_batch_is_recorded_and_sent_again_changes_nothing(api, clicks):
    body = [
        row(key="a", source="crm", dims={"ch": "x"}),
        row(key="b", source="crm", value=7),
        row(key="b", source="crm", value=8),
    ]
    first = send(api, body)
    assert first.status_code == 200, first.json()
    assert first.json() == {
        "received": 3, "new": 2, "changed": 0, "unchanged": 0, "duplicates": 1,
        "import": ImportRun.objects.get().pk,
    }  # fmt: skip
    again = send(api, {"observations": body}).json()
    assert (again["new"], again["changed"], again["unchanged"], again["duplicates"]) == (0, 0, 2, 1)
    assert sorted(Observation.objects.values_list("value", flat=True)) == [5, 8]


def test_Q04_a_changed_value_is_a_correction(api, clicks):
    send(api, [row(key="a")])
    changed = send(api, [row(key="a", value="6", day="2016-02-01")]).json()
    assert (changed["new"], changed["changed"]) == (0, 1)
    assert ObservationHistory.objects.get().value == 5
    roll_up()
    answer = api.get(SERIES.format("clicks"), {"grain": "day"}).json()
    assert [(p["period"], p["value"]) for p in answer["series"][0]["points"]] == [
        ("2016-02-01", "6")
    ]


def test_rows_without_source_or_key_are_fine(api, clicks):
    assert send(api, [row(), row(), row(dims=None, key=None)]).json()["new"] == 3
    assert send(api, [row(), row(), row()]).json()["unchanged"] == 3


def test_several_sources_in_one_body(api, clicks):
    answer = send(api, [row(source="one", key="a"), row(source="two", key="a")]).json()
    assert (answer["received"], answer["new"]) == (2, 2)


def test_a_day_to_come_is_stored_and_warned_of(api, clicks, noon):
    with time_machine.travel(noon, tick=False):
        answer = send(api, [row(key="a", day="2026-03-02"), row(key="b", day="2026-12-24")])
        again = send(api, [row(key="a", day="2026-03-02")]).json()
    (told,) = answer.json()["warnings"]
    assert told == ("1 observation is dated after today, on 2026-12-24: it counts from its day on.")
    assert "warnings" not in again


def test_an_empty_batch_is_nothing(api):
    assert send(api, []).json() == {
        "received": 0, "new": 0, "changed": 0, "unchanged": 0, "duplicates": 0, "import": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"metric": "unknown"}, "metric", "unknown_metric"),
        ({"metric": 5}, "metric", "unknown_metric"),
        ({"metric": {"$ne": 1}}, "metric", "unknown_metric"),
        ({"metric": "\ud800"}, "metric", "unknown_metric"),
        ({"metric": None}, "metric", "required"),
        ({"metric": "ctr"}, "metric", "metric_is_a_ratio"),
        ({"metric": "retired"}, "metric", "metric_retired"),
        ({"metric": "theirs"}, "metric", "unknown_metric"),
        ({"day": "2016-02-30"}, "day", "not_a_day"),
        ({"day": "31/01/2016"}, "day", "not_a_day"),
        ({"day": "2016-01-31T00:00:00Z"}, "day", "not_a_day"),
        ({"day": 20160131}, "day", "not_a_day"),
        ({"day": ""}, "day", "not_a_day"),
        ({"day": None}, "day", "required"),
        ({"day": "9999-01-01"}, "day", "out_of_range"),
        ({"day": "0001-01-01"}, "day", "out_of_range"),
        ({"value": "five"}, "value", "not_a_number"),
        ({"value": "NaN"}, "value", "not_a_number"),
        ({"value": "Infinity"}, "value", "not_a_number"),
        ({"value": "1,234.5"}, "value", "not_a_number"),
        ({"value": "1.234,5"}, "value", "not_a_number"),
        ({"value": "１２"}, "value", "not_a_number"),
        ({"value": " 5 "}, "value", "not_a_number"),
        ({"value": "0x10"}, "value", "not_a_number"),
        ({"value": "5%"}, "value", "not_a_number"),
        ({"value": "1\u00a0234"}, "value", "not_a_number"),
        ({"value": ""}, "value", "not_a_number"),
        ({"value": True}, "value", "not_a_number"),
        ({"value": [5]}, "value", "not_a_number"),
        ({"value": None}, "value", "required"),
        ({"value": "1e400"}, "value", "out_of_range"),
        ({"value": 10**16}, "value", "out_of_range"),
        ({"value": "123456789012345678.123456"}, "value", "out_of_range"),
        ({"dims": []}, "dims", "not_an_object"),
        ({"dims": {f"d{n}": "x" for n in range(11)}}, "dims", "not_an_object"),
        ({"dims": {"Bad Name": "x"}}, "dims.Bad Name", "bad_dimension_name"),
        ({"dims": {"ch": 5}}, "dims.ch", "not_a_text"),
        ({"dims": {"ch": "x" * 201}}, "dims.ch", "bad_dimension"),
        ({"dims": {"ch": "a\u0000"}}, "dims.ch", "bad_dimension"),
        ({"dims": {"ch": "\ud800"}}, "dims.ch", "bad_dimension"),
        ({"source": ""}, "source", "not_a_text"),
        ({"source": 5}, "source", "not_a_text"),
        ({"source": "x" * 81}, "source", "bad_text"),
        ({"key": "x" * 301}, "key", "bad_text"),
        ({"key": "a\u0000"}, "key", "bad_text"),
        ({"key": 7}, "key", "not_a_text"),
        ({"author": "olga"}, "author", "unknown_field"),
        ({"id": "ann"}, "id", "one_of_two"),
        ({"id": "ann", "value": None}, "id", "not_a_unique_metric"),
        ({"at": "2016-01-31T12:00:00Z"}, "at", "one_of_two"),
        ({"day": None, "at": "2016-01-31T12:00:00"}, "at", "not_an_instant"),
        ({"day": None, "at": "2016-01-31T23:59:60Z"}, "at", "not_an_instant"),
        ({"day": None, "at": "2016-01-31T24:00:00Z"}, "at", "not_an_instant"),
        ({"day": None, "at": "2016-01-31T12:00Z\n"}, "at", "not_an_instant"),
        ({"day": None, "at": 1454241600}, "at", "not_an_instant"),
        ({"day": None, "at": "9999-12-31T23:59:59-12:00"}, "at", "out_of_range"),
        ({"day": None, "at": "0001-01-01T00:00:00+12:00"}, "at", "out_of_range"),
        ({"days": 0}, "days", "out_of_range"),
        ({"days": 367}, "days", "out_of_range"),
        ({"days": 1.5}, "days", "out_of_range"),
        ({"days": True}, "days", "out_of_range"),
        ({"days": "x"}, "days", "out_of_range"),
        ({"day": "1900-01-03", "days": 7}, "days", "out_of_range"),
        ({"metric": "people", "id": 7, "value": None}, "id", "not_a_text"),
        ({"metric": "people", "id": "a\u0000", "value": None}, "id", "bad_text"),
        ({"metric": "people", "id": "ann", "value": None, "days": 7}, "days", "one_of_two"),
        ({"metric": "people", "value": -1}, "value", "out_of_range"),
        ({"metric": "narrow", "dims": {"region": "EU"}}, "dims.region", "dimension_not_allowed"),
        ({"\ud800": 7}, "?", "unknown_field"),
        ({"dims": {"\ud800": "x"}}, "dims.?", "bad_dimension_name"),
    ],
)
def test_I16_every_bad_cell_is_named_and_nothing_is_stored(
    acme, api, ed, noon, globex, clicks, change, column, code
):
    make_ratio(acme, numerator=clicks)
    make_metric(globex, "theirs")
    retire_metric(make_metric(acme, "retired"), by=ed, at=noon)
    Metric.objects.filter(pk=make_metric(acme, "people").pk).update(kind="unique")
    Metric.objects.filter(pk=make_metric(acme, "narrow").pk).update(allowed_dims=["ch"])
    good = row(key="good")
    answer = send(api, [good, good, good, row(**change)])
    assert answer.status_code == 400, answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["code"] == "invalid"
    [error] = body["errors"]
    pointer = f"/3/{column.replace('.', '/', 1)}"
    assert (error["pointer"], error["row"], error["column"], error["code"]) == (
        pointer,
        4,
        column,
        code,
    )
    assert error["message"]
    assert not Observation.objects.exists()
    assert not ImportRun.objects.exists()


def test_the_limit_is_named(acme, api):
    make_metric(acme, "exact", unit="number", decimals=6)
    answer = send(api, [row(metric="exact", value="123456789012345678.123456")])
    assert "1000000000.000000" in answer.json()["errors"][0]["message"]


def test_Q05_of_a_thousand_rows_the_two_bad_ones_are_named(api, clicks):
    rows = [row(key=str(n)) for n in range(1000)]
    rows[16]["value"] = "x"
    rows[639]["day"] = "never"
    answer = send(api, rows)
    assert answer.status_code == 400
    found = [(error["pointer"], error["row"]) for error in answer.json()["errors"]]
    assert found == [("/16/value", 17), ("/639/day", 640)]
    assert not Observation.objects.exists()


def test_pointers_lead_into_the_body_as_it_was_sent(api, clicks):
    answer = send(api, {"observations": [row(value="x")]})
    assert answer.json()["errors"][0]["pointer"] == "/observations/0/value"


def test_several_faults_of_a_row_are_all_named(api, clicks):
    errors = send(api, [{"metric": "x", "day": "y", "value": "z", "more": 1}, 5]).json()["errors"]
    assert {(e["row"], e["column"]) for e in errors} == {
        (1, "more"),
        (1, "metric"),
        (1, "day"),
        (2, ""),
    }


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[1,", "nonsense", '[{"value": NaN}]', '[{"value": Infinity}]', "\x00", "\ufffe",
        '[{"value": ' + "9" * 5000 + "}]", "[" * 20_000, b"\xff\xfe", b'["\xff"]',
    ],
)  # fmt: skip
def test_what_is_no_json_is_400(api, clicks, text):
    answer = raw(api, text)
    assert answer.status_code == 400, answer.content[:200]
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("media_type", ["application/json", "application/x-ndjson"])
def test_I16_a_key_that_comes_twice_is_named_and_nothing_is_stored(api, clicks, media_type):
    row = '{"metric": "clicks", "day": "2026-01-01", "value": "1", "value": "2"}'
    text = f"[{row}]" if media_type == "application/json" else row
    answer = api.generic("POST", URL, text, media_type)
    assert answer.status_code == 400, answer.json()
    [error] = answer.json()["errors"]
    assert (error["row"], error["column"], error["code"]) == (1, "value", "repeated_key")
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    "body",
    [5, "text", None, {}, {"observations": {}}, {"observations": None}, {"rows": []}, [[]], [None]],
)
def test_what_is_no_list_of_observations_is_400(api, clicks, body):
    assert send(api, body).status_code == 400


def test_Q15_too_many_rows_are_413(api, clicks, monkeypatch):
    monkeypatch.setattr(rows, "MOST_ROWS", 1000)
    answer = send(api, [row(key=str(n)) for n in range(1001)])
    assert answer.status_code == 413
    assert "1,000" in answer.json()["detail"]
    assert send(api, [row(key=str(n)) for n in range(1000)]).status_code == 200


def test_Q15_a_body_that_is_too_large_is_413(api, clicks, settings):
    settings.MAX_OBSERVATIONS_BYTES = 100_000
    answer = raw(api, json.dumps([row(key="x" * 200)]) + " " * 100_000)
    assert answer.status_code == 413
    assert "100,000" in answer.json()["detail"]
    assert not Observation.objects.exists()


def test_another_media_type_is_415(api, clicks):
    assert raw(api, "metric,day", content_type="text/plain").status_code == 415
    assert raw(api, "a=b", content_type="application/x-www-form-urlencoded").status_code == 415


def test_numbers_in_json_lose_no_digit(acme, api):
    make_metric(acme, "exact", unit="number", decimals=6)
    text = '[{"metric":"exact","day":"2016-01-01","value":999999999.999999,"key":"a"},'
    text += '{"metric":"exact","day":"2016-01-02","value":0.1,"key":"b"},'
    text += '{"metric":"exact","day":"2016-01-03","value":-0.0,"key":"c"},'
    text += '{"metric":"exact","day":"2016-01-04","value":1E2,"key":"d"}]'
    assert raw(api, text).status_code == 200
    roll_up()
    points = api.get(SERIES.format("exact"), {"grain": "day"}).json()["series"][0]["points"]
    assert [p["value"] for p in points] == [
        "999999999.999999",
        "0.100000",
        "0.000000",
        "100.000000",
    ]
    total = Decimal(api.get(SERIES.format("exact")).json()["total"]["value"])
    assert total == Decimal("1000000100.099999")


def test_a_body_with_a_byte_order_mark_is_read(api, clicks):
    assert raw(api, b"\xef\xbb\xbf" + json.dumps([row()]).encode()).status_code == 200


def test_roles_and_scopes(acme, clicks, vi, ed, sam, api_of):
    assert send(api_of(vi), [row()]).status_code == 403
    assert send(api_of(ed, scope="read"), [row()]).status_code == 403
    assert send(api_of(sam), [row()]).status_code == 404
    assert not Observation.objects.exists()


def test_T10_facts_land_in_the_workspace_of_the_address(acme, globex, sam, clicks, api_of):
    theirs = make_metric(globex, "clicks")
    url = "/api/v1/workspaces/globex/observations/"
    assert api_of(sam).post(url, [row()], format="json").status_code == 200
    assert Observation.objects.get().series.metric == theirs


def test_what_is_stored_can_be_read_back_page_by_page(api, acme, clicks):
    days = {date(2016, 1, n): n for n in range(1, 8)}
    recorded = observe(clicks, days, dims={"ch": "a"}, source="crm")
    answer = api.get(URL, {"metric": "clicks", "from": "2016-01-03", "limit": 2}).json()
    assert answer["count"] == 5
    assert answer["results"] == [
        {
            "metric": "clicks",
            "day": f"2016-01-0{n}",
            "value": str(n),
            "dims": {"ch": "a"},
            "source": "crm",
            "key": f'2016-01-0{n}|{{"ch":"a"}}|1',
            "version": recorded.import_id,
        }
        for n in (3, 4)
    ]
    assert api.get(URL).status_code == 400
    assert api.get(URL, {"metric": "nothing"}).status_code == 404
    assert api.get(URL, {"metric": "clicks", "from": "x"}).status_code == 400


def test_the_number_of_queries_is_constant(api, clicks):
    def queries(sent):
        with CaptureQueriesContext(connection) as found:
            assert send(api, sent).status_code == 200
        return len(found)

    queries([row(key="first")])
    few = queries([row(key="a")])
    assert queries([row(key=str(n)) for n in range(300)]) == few

    def reading():
        with CaptureQueriesContext(connection) as found:
            api.get(URL, {"metric": "clicks", "limit": 200})
        return len(found)

    before = reading()
    send(api, [row(key=f"more {n}", dims={"ch": str(n)}) for n in range(50)])
    assert reading() == before
