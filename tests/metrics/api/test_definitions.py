from datetime import date, timedelta

import pytest

from metrics.models import Metric
from metrics.queries.catalogue import find_metric
from tests.make.metrics import make_metric, make_ratio, observe
from tests.make.workspaces import NOON

URL = "/api/v1/workspaces/acme/metrics/"
WEEK = date(2026, 2, 23)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(NOON, tick=False)


def ask(api, formula, **more):
    return api.post(f"{URL}formula/", {"formula": formula, **more}, format="json")


def test_a_formula_is_tried_and_nothing_is_stored(acme, ed, api_of):
    for key, value in {"clicks": 7, "sends": 3}.items():
        observe(make_metric(acme, key), {WEEK + timedelta(n): value for n in range(7)})
    before = Metric.objects.count()
    answer = ask(api_of(ed), "[Clicks]/sends *100")
    assert answer.status_code == 200, answer.json()
    assert answer.json() == {
        "formula": "clicks / sends * 100",
        "inputs": [
            {"key": "clicks", "name": "Clicks", "kind": "additive"},
            {"key": "sends", "name": "Sends", "kind": "additive"},
        ],
        "value": "233.333333333", "exact": True, "lower": None, "upper": None, "reason": "",
    }  # fmt: skip
    assert Metric.objects.count() == before
    answer = ask(api_of(ed), "clicks", **{"from": "2026-02-23", "to": "2026-02-24"})
    assert answer.json()["value"] == "14"
    answer = ask(api_of(ed), "clicks", **{"from": "2026-03-01"})
    assert answer.json()["value"] == "7"


def test_a_formula_over_snapshots_tells_its_bounds_and_what_is_missing_says_why(acme, ed, api_of):
    observe(make_metric(acme, "readers", kind="unique"), {WEEK: 2, WEEK + timedelta(1): 3})
    observe(make_metric(acme), {WEEK: 6})
    make_metric(acme, "none")
    api = api_of(ed)
    found = ask(api, "clicks / readers").json()
    assert (found["value"], found["exact"], found["reason"]) == (None, False, "not_additive")
    assert (found["lower"], found["upper"]) == ("1.2", "2")
    assert ask(api, "clicks + none").json()["reason"] == "no_data"


def test_I03_zero_below_and_missing_parts_are_null_with_a_reason(acme, ed, api_of):
    observe(make_metric(acme, "zero"), {WEEK: 0})
    observe(make_metric(acme), {WEEK: 6})
    make_metric(acme, "none")
    api = api_of(ed)
    for formula, reason in {
        "clicks / zero": "no_denominator",
        "zero / zero": "no_denominator",
        "none * 2": "no_data",
        "clicks * 100000000000000 * 100000000000000 * 100000000000000": "too_large",
    }.items():
        found = ask(api, formula).json()
        assert (found["value"], found["reason"]) == (None, reason), formula
    assert ask(api, "zero * -1").json()["value"] == "0"
    assert ask(api, "if_missing(none, 0) + clicks").json()["value"] == "6"


@pytest.mark.parametrize(
    ("formula", "place"),
    [
        ("__import__('os').system('id')", 1), ("().__class__", 2), ("clicks.b", 7),
        ("clicks.__class__", 7), ("[DIP clicks", 1),
        ("clicks[0]", 7), ("lambda:1", 7), ('f"{clicks}"', 2), ("[x for x in clicks]", 1),
        ("clicks:=1", 7), ('"%s"%clicks', 1), ("9**9**9", 3), ("clicks +", 9), ("a b", 3),
        ("clicks + nothing", 10), ("pow(clicks, 2)", 1), ("abs(clicks, 2)", 1), ("clicks\x00", 7),
        ("2<<10**9", 2), ("Clicks", 1), ("clicks + [theirs]", 10),
    ],
)  # fmt: skip
def test_I01_a_bad_formula_is_a_400_with_the_place(acme, ed, globex, api_of, formula, place):
    make_metric(acme)
    make_metric(globex, "theirs")
    answer = ask(api_of(ed), formula)
    assert answer.status_code == 400, answer.json()
    [error] = answer.json()["errors"]
    assert error["column"] == "formula"
    if "\x00" not in formula:
        assert f"At character {place}:" in error["message"], error


@pytest.mark.parametrize("number", ["1e5", "1234567890123456", "1.0123456789"])
def test_a_number_that_a_formula_cannot_hold_is_named_whole(acme, ed, api_of, number):
    make_metric(acme)
    [error] = ask(api_of(ed), f"clicks * {number}").json()["errors"]
    assert error["code"] == "formula_number"
    assert f"“{number}” is no number here: at most 15 digits" in error["message"]


@pytest.mark.parametrize(
    "body",
    [
        {}, {"formula": ""}, {"formula": 5, "more": 1}, {"formula": "2"}, {"formula": None}, [],
        {"formula": "clicks", "metric": "nothing"}, {"formula": "clicks", "from": "x"},
        {"formula": "clicks", "from": "0001-01-01"}, {"formula": "clicks", "metric": "\x00"},
        {"formula": "clicks", "from": "2026-02-01", "to": "2026-01-01"},
    ],
)  # fmt: skip
def test_a_bad_question_about_a_formula_is_a_400(acme, ed, api_of, body):
    make_metric(acme)
    assert api_of(ed).post(f"{URL}formula/", body, format="json").status_code == 400


def test_a_formula_that_reads_the_metric_it_defines_is_refused(acme, ed, api_of):
    make_metric(acme)
    make_metric(acme, "double", kind="derived", formula="clicks * 2")
    answer = ask(api_of(ed), "double + 1", metric="double")
    assert (answer.status_code, answer.json()["code"]) == (422, "formula_cycle")


def test_trying_takes_the_role_of_defining(acme, vi, ed, api_of):
    make_metric(acme)
    assert ask(api_of(vi), "clicks").status_code == 403
    assert ask(api_of(ed, scope="read"), "clicks").status_code == 403
    assert api_of(ed).get(f"{URL}formula/").status_code == 405


def test_words_of_addresses_are_no_keys(acme, ed, api_of):
    for key in ("formula", "starters"):
        body = {"key": key, "name": "X", "kind": "additive"}
        answer = api_of(ed).post(URL, body, format="json")
        assert (answer.status_code, answer.json()["code"]) == (422, "reserved")


def test_versions_say_how_it_was_computed_when_and_by_whom(acme, ed, vi, api_of):
    ratio = make_ratio(acme, by=ed)
    observe(ratio.numerator, {WEEK: 1})
    observe(ratio.denominator, {WEEK: 10})
    change = {"version": 1, "kind": "derived", "formula": "clicks / sends * 1000"}
    api = api_of(ed)
    changed = api.patch(f"{URL}ctr/", change | {"effective_from": "2026-02-25"}, format="json")
    assert changed.status_code == 200, changed.json()
    told = api_of(vi).get(f"{URL}ctr/versions/").json()
    assert told["count"] == 2
    first, second = told["results"]
    assert {name: first[name] for name in ("number", "effective_from", "kind", "formula")} == {
        "number": 1, "effective_from": None, "kind": "ratio", "formula": "100 * clicks / sends",
    }  # fmt: skip
    assert (first["numerator"], first["denominator"], first["scale"]) == ("clicks", "sends", "100")
    assert (second["number"], second["effective_from"]) == (2, "2026-02-25")
    assert (second["formula"], second["by"]) == ("clicks / sends * 1000", "ed@acme.example")
    assert second["inputs"] == ["clicks", "sends"]
    assert api.get(f"{URL}clicks/versions/").json()["results"] == []
    assert api.get(f"{URL}nothing/versions/").status_code == 404
    assert find_metric(acme, "ctr").definition_revision == 2


def test_a_metric_is_told_as_it_is_today_with_what_is_to_come(acme, ed, api_of, client_of):
    make_ratio(acme)
    client, today = api_of(ed), acme.day_of(NOON)
    later = (today + timedelta(days=30)).isoformat()
    change = {"version": 1, "scale": "1000", "effective_from": later}
    told = client.patch(f"{URL}ctr/", change, format="json").json()
    listed = [one for one in client.get(URL).json()["results"] if one["key"] == "ctr"]
    for found in (told, client.get(f"{URL}ctr/").json(), *listed):
        assert (found["definition"], found["scale"], found["version"]) == (1, "100", 2)
        [coming] = found["coming"]
        assert coming == {
            "definition": 2, "effective_from": later, "kind": "ratio", "numerator": "clicks",
            "denominator": "sends", "scale": "1000", "formula": "", "inputs": ["clicks", "sends"],
        }  # fmt: skip
    page = client_of(ed).get("/w/acme/metrics/ctr/").content.decode()
    formula = page.partition('class="formula')[2].partition("</p>")[0]
    assert ("100" in formula, "1000" in formula) == (True, False)
    assert page.count("to come") == 1
    at_once = {"version": 2, "scale": "10", "effective_from": today.isoformat()}
    refused = client.patch(f"{URL}ctr/", at_once, format="json")
    assert (refused.status_code, refused.json()["code"]) == (422, "replaces_later")
    assert f"v2 from {later}" in refused.json()["detail"]
    at_once |= {"replaces_later": True}
    found = client.patch(f"{URL}ctr/", at_once, format="json").json()
    assert (found["scale"], found["coming"]) == ("10", [])


def test_a_definition_that_begins_earlier_names_the_later_ones_it_would_replace(acme, ed, api_of):
    make_ratio(acme)
    client = api_of(ed)

    def patch(version, **change):
        sent = {"version": version, **change}
        return client.patch(f"{URL}ctr/", sent, format="json")

    assert patch(1, scale="1", effective_from="2026-10-03").status_code == 200
    assert patch(2, scale="2", effective_from="2199-01-01").status_code == 200
    refused = patch(3, scale="3", effective_from="2026-10-02")
    assert refused.status_code == 422
    assert "v2 from 2026-10-03, v3 from 2199-01-01" in refused.json()["detail"]
    assert find_metric(acme, "ctr").version == 3
    assert "v3 from 2199-01-01" in patch(3, scale="3", effective_from="always").json()["detail"]
    assert patch(3, name="Click rate").status_code == 200
    assert patch(4, scale="3", effective_from="2199-01-01").status_code == 200
    last = patch(5, scale="4", effective_from="2026-10-02", replaces_later=True)
    assert (last.status_code, last.json()["coming"][0]["scale"]) == (200, "4")
