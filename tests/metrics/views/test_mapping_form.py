"""All that a mapping document can say is said on the page, and nothing of one is lost there."""

import json
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from metrics.models.definitions import Metric
from metrics.models.imports import ImportRun
from metrics.operations.import_runs import run_waiting
from metrics.rules.mapping import parse_mapping
from tests.make.imports import CLICKS, COST, clock
from tests.metrics.views.test_imports import form_of, send, url

pytestmark = pytest.mark.django_db
EVENTS = (
    "at,who,action,list\n2026-01-01T23:30:00Z,ann,sent,news\n2026-01-01T23:30:00Z,bob,sent,news\n"
    "2026-01-02T10:00:00Z,ann,clicked,news\n2026-01-02T11:00:00Z,ann,clicked,news\n"
)
ABOUT_EVENTS = {
    "version": 1,
    "source": "events",
    "file": {"delimiter": ",", "header_row": 1},
    "day": {"column": "at", "format": "%Y-%m-%dT%H:%M:%S%z", "instant": True,
            "timezone": "Asia/Tehran"},
    "key": ["who", "at"],
    "dims": {"list": {"column": "list"}, "person": {"column": "who"}},
    "metrics": [
        {"metric": "clickers", "id": {"column": "who"}, "when": {"action": "clicked"}},
        {"metric": "sends", "constant": "1", "when": {"action": ["sent", ""],
                                                         "list": ["a, b", "news"]}},
        {"metric": "halves", "constant": "0.5"},
    ],
    "create": [
        {"key": "sends", "name": "Sends", "description": "All of them", "cadence_days": 7},
        {"key": "clickers", "name": "Clickers", "kind": "unique", "counting": "sketch"},
        {"key": "halves", "name": "Halves", "kind": "last", "decimals": 1},
        {"key": "rate", "name": "Rate", "kind": "ratio", "unit": "percent", "numerator": "clickers",
         "denominator": "sends", "scale": "100"},
    ],
    "expect": {"list": ["news", "alerts"]},
    "mode": "replace_days",
}  # fmt: skip
LONG = "day,kpi,amount,to\n2026-01-01,Clicks,5,2026-01-07\n2026-01-01,Opens,7,2026-01-07\n"
ABOUT_LONG = {
    "version": 1,
    "source": "long",
    "file": {
        "decimal": ",", "thousands": ".", "digits": "native", "signs": ["€", "pcs"],
        "skip_first_cell": ["Total", "Sum, all"], "skip_where": {"kpi": ["", "-"]},
        "footer": ["Grand Totals"], "missing": ["", "n/a"],
    },
    "day": {"from": "day", "to": "to", "format": "%Y-%m-%d", "span": "last_day"},
    "long": {"metric": "kpi", "value": "amount", "names": {"Clicks": "clicks", "Opens": "opens"}},
    "create": [CLICKS, {"key": "opens", "name": "Opens", "kind": "last", "unit": "currency",
                        "currency": "EUR", "decimals": 2}],
}  # fmt: skip


def kept(mapping):
    return SimpleUploadedFile("m.json", json.dumps(mapping).encode())


def errors_of(page):
    """What is said at controls."""
    html = page.content.decode()
    found = re.findall(r'class="field-error".*?<span>(.*?)</span>', html, re.DOTALL)
    return [unescape(text) for text in found]


@pytest.mark.parametrize(
    ("content", "mapping"),
    [
        (EVENTS, ABOUT_EVENTS),
        (LONG, ABOUT_LONG),
        ("m,d,k,n\nJan,1,C,5\n", ABOUT_LONG | {
            "file": {}, "day": {"parts": {"month": "m", "day": "d"}, "year": 2020,
                                "calendar": "buddhist", "month_names": "en"},
            "long": {"metric": "k", "value": "n", "names": {"C": "clicks"}}, "create": [CLICKS],
        }),
        ("a,b\n1,5\n", {
            "version": 1, "source": "undated", "file": {"encoding": "cp1250", "section": 1},
            "day": {"fixed": "2026-05-29", "span": 30},
            "metrics": [{"metric": "clicks", "column": "b"},
                        {"metric": "cost", "column": "b", "when": {"a": "1"}}],
            "create": [CLICKS, COST],
        }),
    ],
)  # fmt: skip
def test_nothing_of_a_mapping_document_is_lost_in_the_form(ed, client_of, content, mapping):
    client = client_of(ed)
    values = form_of(client.get(send(client, content, mapping=kept(mapping)).url))
    run = ImportRun.objects.get()
    answer = client.post(url("import_map", run), values)
    assert answer.status_code == 302, errors_of(answer)
    run.refresh_from_db()
    assert run.mapping == parse_mapping(mapping).as_json()


def test_events_are_proposed_to_be_counted_by_kind_and_by_person(ed, client_of):
    client = client_of(ed)
    values = form_of(client.get(send(client, EVENTS, name="events.csv").url))
    assert values["zone"] == "UTC"  # the times have an offset
    run = ImportRun.objects.get()
    fewer = client.post(url("import_preview", run), values | {"n0-name": ""}).content.decode()
    assert "Sent: people" in fewer
    assert "<bdi>Sent</bdi>" not in fewer
    assert client.post(url("import_map", run), values).status_code == 302
    run.refresh_from_db()
    found = {entry["metric"]: entry for entry in run.mapping["metrics"]}
    assert found["sent"] == {"metric": "sent", "constant": "1", "when": {"action": "sent"}}
    clickers = {"id": {"column": "who"}, "when": {"action": "clicked"}}
    assert found["clicked_people"] == {"metric": "clicked_people"} | clickers
    assert {entry["key"]: entry["kind"] for entry in run.mapping["create"]} == {
        "sent": "additive", "sent_people": "unique", "clicked": "additive",
        "clicked_people": "unique",
    }  # fmt: skip


def test_names_of_a_long_file_are_asked_for_when_a_column_is_said_to_hold_them(ed, client_of):
    client = client_of(ed)
    content = "day,what,n\n2026-01-01,Clicks,5\n2026-01-01,Opens,7\n"
    values = form_of(client.get(send(client, content).url))
    values |= {"c1-role": "named", "c2-role": "value"}
    run = ImportRun.objects.get()
    answer = client.post(url("import_map", run), values)
    assert answer.status_code == 400
    assert "which metric each of the names is" in answer.content.decode()
    answer = client.post(url("import_map", run), form_of(answer))
    assert answer.status_code == 302, errors_of(answer)
    run.refresh_from_db()
    assert run.mapping["long"]["names"] == {"Clicks": "clicks", "Opens": "opens"}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"zone": "Mars"}, "is no time zone"),
        ({"day_format": "%Q"}, "no format of a day"),
        ({"decimal": ",", "thousands": ","}, "are the same"),
        ({"n0-name": "Halves", "n0-amount": "x"}, "is not a number"),
        ({"n0-name": "People", "n0-counts": "people"}, "Say in which column."),
        ({"n0-name": "Some", "n0-only": "who"}, "what has to stand there"),
        ({"r0-column": "who"}, "what has to stand there"),
        ({"c1-role": "value"}, "One column names the metric"),
        ({"c1-role": "metric", "c1-name": "Share"}, "percentages"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(ed, client_of, wrong, words):
    client = client_of(ed)
    content = "day,who,n\n2026-01-01T10:00:00,5%,1\n2026-01-02T10:00:00,6%,2\n"
    values = form_of(client.get(send(client, content).url))
    run = ImportRun.objects.get()
    answer = client.post(url("import_map", run), values | wrong)
    assert answer.status_code == 400
    assert any(words in text for text in errors_of(answer))
    run.refresh_from_db()
    assert run.state == "uploaded"


@pytest.mark.parametrize(
    "base", ["[" * 100_000, "{", '{"create":[{"key":[],"name":{}}],"held":{"a":1}}']
)
def test_I10_what_is_carried_along_can_be_anything(ed, client_of, base):
    client = client_of(ed)
    values = form_of(client.get(send(client, "day,n\n2026-01-01,1\n").url)) | {"base": base}
    for name in ("import_preview", "import_map"):
        assert client.post(url(name, ImportRun.objects.get()), values).status_code < 500


def test_another_line_is_shown_without_script_and_nothing_is_stored(ed, client_of):
    client = client_of(ed)
    values = form_of(client.get(send(client, EVENTS).url)) | {"source": "kept"}
    run = ImportRun.objects.get()
    answer = client.post(url("import_map", run), values | {"more": "n"})
    assert answer.status_code == 200
    assert form_of(answer)["source"] == "kept"
    lines = [sum(name.endswith("-counts") for name in page) for page in (values, form_of(answer))]
    assert lines[1] == lines[0] + 1


def test_rates_that_the_columns_make_possible_are_proposed(ed, client_of):
    client = client_of(ed)
    content = "day,delivered,clicks,cost\n2026-01-01,100,5,1.5\n2026-01-02,100,7,2.5\n"
    values = form_of(client.get(send(client, content, name="mail.csv").url))
    assert {name for name in values if name.startswith("ready-")} == {"ready-ctr_delivered"}
    run = ImportRun.objects.get()
    client.post(url("import_map", run), values | {"ready-cpc": "1"})
    run_waiting(clock=clock)
    client.post(url("import_run", run))
    run_waiting(clock=clock)
    ctr = Metric.objects.get(key="ctr_delivered")
    assert (ctr.numerator.key, ctr.denominator.key, ctr.unit) == ("clicks", "delivered", "percent")
    assert Metric.objects.get(key="cpc").unit == "number"
    assert "/metrics/ctr_delivered/" in client.get(url("import_run_page", run)).content.decode()
    again = client.get(send(client, content + "2026-01-03,9,1,1\n", name="other.csv").url)
    assert "ready-" not in again.content.decode()


def test_new_metrics_whose_names_have_no_latin_letters_do_not_meet(ed, client_of):
    client = client_of(ed)
    content = "تاریخ,کلیک,نمایش\n۱۴۰۵/۰۱/۰۱,۱۲,۳۰\n۱۴۰۵/۰۱/۰۲,۵,۷\n"
    values = form_of(client.get(send(client, content).url))
    assert (values["calendar"], values["digits"]) == ("jalali", "native")
    run = ImportRun.objects.get()
    answer = client.post(url("import_map", run), values)
    assert answer.status_code == 302, errors_of(answer)
    run.refresh_from_db()
    assert [entry["key"] for entry in run.mapping["create"]] == ["m", "m_2"]


def test_dimensions_whose_names_have_no_latin_letters_do_not_meet(ed, client_of):
    client = client_of(ed)
    content = "تاریخ,کمپین,کشور,کلیک\n2026-01-01,بهار,ایران,10\n2026-01-02,نوروز,ترکیه,12\n"
    values = form_of(client.get(send(client, content).url))
    names = [name for name in values if name.endswith("-dim") and values[name]]
    assert [values[name] for name in names] == ["m", "m_2"]
    run = ImportRun.objects.get()
    same = client.post(url("import_map", run), values | {names[1]: "کشور"})
    assert "Another column has this name" in same.content.decode()
    empty = client.post(url("import_map", run), values | {names[1]: " "})
    assert "Name the dimension." in empty.content.decode()
    assert client.post(url("import_map", run), values).status_code == 302
    run.refresh_from_db()
    assert sorted(run.mapping["dims"]) == ["m", "m_2"]


def test_two_currencies_are_never_added_and_one_can_be_chosen(ed, client_of):
    client = client_of(ed)
    content = (
        '"Opportunity Name","Stage","Amount Currency","Amount","Close Date"\n'
        '"A","Won","EUR","100.00","1/13/2026"\n"B","Open","USD","7.00","1/14/2026"\n'
    )
    page = client.get(send(client, content, name="report.csv").url)
    assert "Which one is to be read?" in page.content.decode()
    assert 'id="mapping"' not in page.content.decode()
    run = ImportRun.objects.get()
    values = form_of(client.get(url("import_map", run) + "?currency=EUR"))
    assert client.post(url("import_map", run), values).status_code == 302
    run_waiting(clock=clock)
    run.refresh_from_db()
    assert (run.rows_total, run.rejected) == (1, 0)
    assert run.mapping["expect"] == {"Amount Currency": "EUR"}


def test_Q10_a_file_of_sixteen_thousand_columns_is_shown_as_far_as_people_read(ed, client_of):
    names = ",".join(f"c{place}" for place in range(16_383))
    content = f"day,{names}\n2026-01-01{',1' * 16_383}\n"
    client = client_of(ed)
    page = client.get(send(client, content).url)
    assert "16284 more columns are not shown" in page.content.decode()
    values = form_of(page)
    assert (values["c0-role"], values["c99-role"]) == ("day", "metric")
    assert "c100-role" not in values


def test_I16_numbers_that_may_be_grouped_are_shown_as_doubtful(ed, client_of):
    client = client_of(ed)
    page = client.get(send(client, "day;v\n2026-10-01;1.234\n2026-10-02;7.812\n").url)
    assert "“1.234” could be grouped digits or have decimals" in page.content.decode()
    assert (form_of(page)["decimal"], form_of(page)["thousands"]) == (",", ".")


def test_a_day_in_parts_without_a_year_is_asked_for_it_by_its_name(ed, client_of):
    client = client_of(ed)
    values = form_of(client.get(send(client, "month,day,n\nJan,1,5\nFeb,2,7\n").url))
    run = ImportRun.objects.get()
    preview = client.post(url("import_preview", run), values).content.decode()
    assert "Year: State the year either as a column" in preview
    assert "/day/year" not in preview
