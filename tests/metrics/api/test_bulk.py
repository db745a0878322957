"""Observations in bulk: NDJSON, CSV and JSON bodies, partly good ones, large ones."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import pytest
from django.db import connections

from metrics.api.rows import read_rows
from metrics.models import Metric
from metrics.models.imports import ImportRun
from metrics.models.observations import Observation
from metrics.sources.bodies import ndjson_rows
from metrics.sources.json_array import NotJson, elements
from tests.make.metrics import make_metric
from tests.make.workspaces import make_member, make_workspace
from workspaces.rules.roles import Role

ROOT = Path(__file__).parents[3]
URL = "/api/v1/workspaces/acme/observations/"
MEASURE = """
import json, sys, django
django.setup()
from tests.make.bulk import measure
print(json.dumps(measure(sys.argv[1])))
"""
NDJSON, CSV = "application/x-ndjson", "text/csv; charset=utf-8"


@pytest.fixture
def api(ed, api_of):
    return api_of(ed)


@pytest.fixture
def clicks(acme):
    return make_metric(acme)


def row(**changes):
    return {"metric": "clicks", "day": "2016-01-31", "value": "5", **changes}


def send(api, body, content_type=NDJSON, query="", **options):
    return api.generic("POST", URL + query, body, content_type=content_type, **options)


def lines(*rows):
    return "\n".join(json.dumps(row) for row in rows)


def stored():
    rows = Observation.objects.select_related("series").order_by("day", "value")
    return [(str(row.day), row.value, row.series.dims) for row in rows]


def test_a_body_of_lines_is_stored(api, clicks):
    body = "\ufeff" + lines(row(dims={"ch": "ż"}), row(day="2016-02-01", value=7)) + "\n\n"
    answer = send(api, body)
    assert (answer.status_code, answer.json()["new"]) == (200, 2), answer.json()
    assert stored() == [("2016-01-31", 5, {"ch": "ż"}), ("2016-02-01", 7, {})]
    assert send(api, body).json()["unchanged"] == 2


def test_a_body_of_csv_is_stored(api, clicks):
    body = (
        "\ufeffmetric,day,value,dims.ch,key,days,source\r\n"
        'clicks,2016-01-31,5,"a, ""b""\nc",k1,,crm\r\n'
        "clicks,2016-02-07,1.5e1,,k2,7,\r\n\r\n"
    )
    answer = send(api, body, CSV)
    assert (answer.status_code, answer.json()["new"]) == (200, 2), answer.json()
    assert stored() == [("2016-01-31", 5, {"ch": 'a, "b"\nc'}), ("2016-02-07", 15, {})]
    assert {run.source.name for run in ImportRun.objects.all()} == {"api", "crm"}


@pytest.mark.parametrize(
    ("body", "row", "column", "code"),
    [
        ("metric,day,value\nclicks,2016-01-31,5\nclicks,2016-01-31,x", 3, "value", "not_a_number"),
        ('metric,day,value,key\nclicks,2016-01-31,5,"a\nb"\nclicks,no,5,c', 4, "day", "not_a_day"),
        ("metric,day,value\nclicks,2016-01-31\n", 2, "", "ragged_row"),
        ("metric,day,value\nclicks,2016-01-31,5,6\n", 2, "", "ragged_row"),
        ("metric,day,value\nclicks,2016-01-31,\n", 2, "value", "required"),
        ("metric;day;value\nclicks;2016-01-31;5\n", 1, "metric;day;value", "unknown_column"),
        ("metric,day,value,author\n", 1, "author", "unknown_column"),
        ("metric,day,value,dims.\n", 1, "dims.", "unknown_column"),
        ("metric,day,value,day\n", 1, "day", "repeated_column"),
        ('metric,day,value\nclicks,2016-01-31,"5"6\n', 2, "", "not_csv"),
        ('metric,day,value\nclicks,2016-01-31,"5\n', 2, "", "not_csv"),
        (b"metric,day,value\nclicks,2016-01-31,\xff\n", 2, "", "not_utf8"),
        ("metric,day,value\n" + "x" * 70_000, 2, "", "too_long"),
        ("", 1, "", "no_header"),
        ("metric,day,value\nclicks,2016-01-31,5\x00\n", 2, "value", "not_a_number"),
        ("metric,day,value,dims.Ch\nclicks,2016-01-31,5,a\n", 2, "dims.Ch", "bad_dimension_name"),
    ],
)  # fmt: skip
def test_Q05_every_fault_of_a_csv_is_named(api, clicks, body, row, column, code):
    answer = send(api, body, CSV)
    assert answer.status_code == 400, answer.content
    [error] = answer.json()["errors"]
    assert (error["row"], error["column"], error["code"]) == (row, column, code)
    assert not Observation.objects.exists()


def test_a_csv_of_a_header_alone_stores_nothing(api, clicks):
    answer = send(api, "metric,day,value\n", CSV)
    assert (answer.status_code, answer.json()["received"]) == (200, 0)


def test_Q05_faults_of_lines_are_named_by_line(api, clicks):
    body = lines(row(), row(value="x")) + '\n\n{"metric": \n' + lines(row(day="never"), 5)
    answer = send(api, body)
    assert answer.status_code == 400
    found = [(e["pointer"], e["row"], e["code"]) for e in answer.json()["errors"]]
    assert found == [
        ("/1/value", 2, "not_a_number"),
        ("/2", 4, "not_json"),
        ("/3/day", 5, "not_a_day"),
        ("/4", 6, "not_an_object"),
    ]
    assert not Observation.objects.exists()


@pytest.mark.parametrize("content_type", [NDJSON, CSV, "application/json"])
def test_Q05_the_good_rows_are_stored_where_that_was_asked_for(api, clicks, content_type):
    rows = [row(key=str(n)) for n in range(1000)]
    rows[16]["value"] = "x"
    rows[639]["day"] = "never"
    body = {NDJSON: lines(*rows), "application/json": json.dumps(rows)}.get(content_type)
    if body is None:
        text = io.StringIO()
        writer = csv.DictWriter(text, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        body = text.getvalue()
    header = 1 if content_type == CSV else 0
    answer = send(api, body, content_type, "?partial=1")
    assert answer.status_code == 207, answer.content
    told = answer.json()
    assert (told["received"], told["new"], told["rejected"]) == (998, 998, 2)
    assert [(e["row"], e["column"]) for e in told["errors"]] == [
        (17 + header, "value"),
        (640 + header, "day"),
    ]
    assert Observation.objects.count() == 998
    again = send(api, body, content_type, "?partial=1").json()
    assert (again["unchanged"], again["rejected"]) == (998, 2)


def test_partial_without_a_bad_row_is_200(api, clicks):
    answer = send(api, lines(row()), query="?partial=1")
    assert (answer.status_code, answer.json()["rejected"], answer.json()["errors"]) == (200, 0, [])


def test_partial_with_bad_rows_alone_stores_nothing_and_says_so(api, clicks):
    answer = send(api, lines(row(value="x")), query="?partial=1").json()
    assert (answer["received"], answer["rejected"], answer["import"]) == (0, 1, None)
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("query", ["?partial=yes", "?partial=", "?partiel=1"])
def test_a_parameter_that_there_is_not_is_400(api, clicks, query):
    assert send(api, lines(row()), query=query).status_code == 400
    assert not Observation.objects.exists()


def test_of_very_many_faults_the_first_are_named_and_all_are_counted(api, clicks):
    answer = send(api, lines(*[row(value="x")] * 1500)).json()
    assert len(answer["errors"]) == 1000
    assert "1500" in answer["detail"]


def test_Q09_an_instant_falls_on_the_workspaces_day(api, clicks):
    instants = {
        "2026-03-28T22:59:59Z": "2026-03-28",
        "2026-03-28T23:00:00Z": "2026-03-29",
        "2026-03-29T21:59:59.999999999Z": "2026-03-29",
        "2026-03-29T22:00Z": "2026-03-30",
        "2026-10-25T02:30:00+02:00": "2026-10-25",
        "2026-10-25T02:30:00+01:00": "2026-10-25",
        "1969-12-31T23:30:00Z": "1970-01-01",
    }
    rows = [
        {"metric": "clicks", "at": at, "value": "1", "key": str(n)} for n, at in enumerate(instants)
    ]
    answer = send(api, lines(*rows))
    assert answer.status_code == 200, answer.json()
    assert sorted(day for day, _value, _dims in stored()) == sorted(instants.values())


@pytest.mark.parametrize(
    ("first", "last", "count"), [(28, 29, 23), (24, 25, 25)], ids=["short day", "long day"]
)
def test_R01_the_short_and_the_long_day(api, clicks, first, last, count):
    month, begins, ends = (3, 23, 22) if count == 23 else (10, 22, 23)
    hours = [f"2026-{month:02}-{first}T{hour:02}:00:00Z" for hour in range(begins, 24)]
    hours += [f"2026-{month:02}-{last}T{hour:02}:00:00Z" for hour in range(ends)]
    rows = [{"metric": "clicks", "at": at, "value": "1", "key": at} for at in hours]
    assert send(api, lines(*rows)).status_code == 200
    on_the_day = Observation.objects.filter(day=date(2026, month, last))
    assert on_the_day.count() == len(hours) == count


def test_R09_the_edges_of_a_month(api, clicks):
    instants = ["2026-05-31T21:59:59.999999Z", "2026-05-31T22:00:00Z"]
    instants += ["2026-06-30T21:59:59.999999Z", "2026-06-30T22:00:00Z"]
    rows = [{"metric": "clicks", "at": at, "value": "1", "key": at} for at in instants]
    assert send(api, lines(*rows)).status_code == 200
    days = [day for day, _value, _dims in stored()]
    assert days == ["2026-05-31", "2026-06-01", "2026-06-30", "2026-07-01"]


def test_Q07_ten_copies_of_a_row_are_one_and_nine_duplicates(api, clicks):
    answer = send(api, lines(*[row(key="same")] * 10)).json()
    assert (answer["received"], answer["new"], answer["duplicates"]) == (10, 1, 9)


def test_Q14_numbers_of_any_spelling_are_exact(acme, api):
    make_metric(acme, "exact", unit="number", decimals=6)
    body = "\n".join(
        f'{{"metric":"exact","day":"2016-01-0{n}","value":{value}}}'
        for n, value in enumerate(["999999999.999999", "0.000001", "1E2", "12.50"], 1)
    )
    assert send(api, body).status_code == 200
    assert [value for _day, value, _dims in stored()] == [
        999_999_999_999_999, 1, 100_000_000, 12_500_000,
    ]  # fmt: skip


def test_allowed_dimensions_are_taken_and_a_missing_value_is_none(api, clicks):
    Metric.objects.filter(pk=clicks.pk).update(allowed_dims=["ch"])
    answer = send(api, lines(row(dims={"ch": "a"}), row(dims={"region": None, "ch": "b"})))
    assert answer.json()["new"] == 2


def test_Q01_a_bulk_with_a_key_is_stored_once_even_when_the_metric_is_gone(api, clicks, noon):
    body = lines(row(key="a"))
    first = send(api, body, HTTP_IDEMPOTENCY_KEY="b-1")
    Metric.objects.filter(pk=clicks.pk).update(retired_at=noon)
    again = send(api, body, HTTP_IDEMPOTENCY_KEY="b-1")
    assert (again.status_code, again.content) == (200, first.content)
    assert again["Idempotency-Replayed"] == "true"
    other = send(api, lines(row(key="b")), HTTP_IDEMPOTENCY_KEY="b-1")
    assert other.status_code == 422
    assert send(api, body, query="?partial=1", HTTP_IDEMPOTENCY_KEY="b-1").status_code == 422
    assert send(api, body, "text/plain", HTTP_IDEMPOTENCY_KEY="b-1").status_code == 415


def test_Q01_a_partial_answer_is_repeated_too(api, clicks):
    body = lines(row(key="a"), row(value="x"))
    first = send(api, body, query="?partial=1", HTTP_IDEMPOTENCY_KEY="b-2")
    again = send(api, body, query="?partial=1", HTTP_IDEMPOTENCY_KEY="b-2")
    assert (first.status_code, again.status_code) == (207, 207)
    assert again.content == first.content


def test_people_of_a_unique_metric_are_readings_with_their_id(acme, clicks):
    metric = make_metric(acme, "people")
    Metric.objects.filter(pk=metric.pk).update(kind="unique")
    sent = [
        {"metric": "people", "day": "2026-01-31", "id": "ann", "dims": {"ch": "a"}},
        {"metric": "people", "day": "2026-01-31", "value": 7, "days": 31, "source": "meta"},
    ]
    rows = read_rows(acme, ndjson_rows(io.BytesIO(lines(*sent).encode())), partial=False)
    [person], [snapshot] = rows.batch["api"], rows.batch["meta"]
    assert (person.recipient, person.span, person.dims) == ("ann", 1, (("ch", "a"),))
    assert (snapshot.recipient, snapshot.span, snapshot.value) == (None, 31, 7)


def parts(text):
    return list(elements(io.BytesIO(text.encode()), "observations"))


def test_an_array_is_read_element_by_element_wherever_a_piece_ends():
    rows = [{"n": n, "text": "ż" * (n % 977)} for n in range(3000)]
    assert [value for _prefix, value in parts(json.dumps(rows, ensure_ascii=False))] == rows
    assert parts(' { "observations" : [ 1 , {} ] } ') == [
        ("/observations", 1),
        ("/observations", {}),
    ]
    assert parts("[" + " " * 200_000 + "1" * 4000 + "]") == [("", int("1" * 4000))]
    assert parts("[]") == parts('{"observations": []}') == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_json"), ("[", "not_json"), ("[1", "not_json"), ("[1,]", "not_json"),
        ("[1 2]", "not_json"), ("[1]]", "not_json"), ("[1] x", "not_json"), ("5", "not_a_list"),
        ("{}", "not_a_list"), ('{"observations": {}}', "not_a_list"),
        ('{"observations": [], "x": 1}', "unknown_field"), ('{"x": []}', "unknown_field"),
        ('{"observations": []', "not_json"), ('["' + "x" * 200_000 + '"]', "too_long"),
        ("[nonsense" + " " * 200_000 + "]", "not_json"), ("[NaN]", "not_json"),
    ],
)  # fmt: skip
def test_I10_what_is_no_array_is_refused(text, code):
    with pytest.raises(NotJson) as told:
        parts(text)
    assert told.value.code == code


def test_F03_fifty_thousand_rows_take_little_memory_whatever_the_form(migrated, tmp_path):
    """In a process of its own, on SQLite; the limit is 50 MB above the first small call."""
    env = {**os.environ, "MOPS_EMBEDDED": "1", "DATABASE_URL": "", "MOPS_VAR": str(tmp_path)}
    env["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    shutil.copy(migrated, tmp_path / "mops.sqlite3")
    form = "json"  # the form that is hardest to stream
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, form], cwd=ROOT, env=env,
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["status"] == 200, told
    assert told["new"] + told["unchanged"] == 50_000
    assert told["grown_mb"] < 50, told


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_Q13_bulks_with_the_metrics_in_opposite_order_never_deadlock(api_of):
    acme = make_workspace("acme")
    ed = make_member(acme, "ed@acme.example", Role.EDITOR)
    keys = [make_metric(acme, f"m{n}").key for n in range(6)]
    failed = []

    def work(client, order, number):
        try:
            for turn in range(40):
                rows = [
                    row(
                        metric=key, key=str(n), value=str(turn + number), dims={"ch": str(turn % 3)}
                    )
                    for key in order
                    for n in range(5)
                ]
                options = {"HTTP_IDEMPOTENCY_KEY": f"{number}-{turn}"} if turn % 2 else {}
                answer = send(client, lines(*rows), **options)
                if answer.status_code != 200:
                    failed.append(answer.content)
        finally:
            connections.close_all()

    orders = [keys, keys[::-1], keys, keys[::-1]]
    threads = [
        threading.Thread(target=work, args=(api_of(ed), order, number))
        for number, order in enumerate(orders)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failed == []
    assert Observation.objects.count() == 30
