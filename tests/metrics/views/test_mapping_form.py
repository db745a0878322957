"""All that a mapping document can say is said on the page, and nothing of one is lost there."""

import json
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from metrics.models.imports import ImportRun
from metrics.rules.mapping import parse_mapping
from tests.make.imports import CLICKS, COST
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
        "decimal": ",", "thousands": ".", "digits": "native", "signs": ["€", "$"],
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
