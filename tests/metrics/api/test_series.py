from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.operations.definitions import definition_of, redefine_metric
from tests.make.metrics import make_metric, make_ratio, observe

URL = "/api/v1/workspaces/acme/metrics/{}/series/"
D = date(2016, 1, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def api(vi, api_of):
    return api_of(vi, scope="read")


@pytest.fixture
def clicks(acme):
    metric = make_metric(acme)
    observe(metric, {D: 5, date(2016, 1, 31): 7}, dims={"ch": "a", "Ω_no": None})
    observe(metric, {date(2016, 2, 1): 11}, dims={"ch": "b:c"})
    observe(metric, {date(2016, 3, 1): 13})
    return metric


def ask(api, key="clicks", **query):
    names = {"first": "from", "last": "to"}
    return api.get(URL.format(key), {names.get(name, name): value for name, value in query.items()})


def test_the_answer_has_the_fixed_shape(api, clicks):
    answer = ask(api, grain="month", first="2016-01-01", last="2016-02-29")
    assert answer.status_code == 200
    assert answer.json() == {
        "metric": "clicks", "unit": "count", "grain": "month", "pending": False,
        "series": [{
            "dims": {},
            "points": [
                {"period": "2016-01", "start": "2016-01-01", "end": "2016-01-31",
                 "value": "12", "complete": True},
                {"period": "2016-02", "start": "2016-02-01", "end": "2016-02-29",
                 "value": "11", "complete": True},
            ],
            "total": {"value": "23", "exact": True},
        }],
        "total": {"value": "23", "exact": True},
        "breaks": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("grain", "periods"),
    [
        ("day", ["2016-01-31", "2016-02-01"]),
        ("week", ["2016-W04", "2016-W05"]),
        ("month", ["2016-01", "2016-02"]),
        ("quarter", ["2016-Q1"]),
        ("year", ["2016"]),
    ],
)
def test_labels(api, clicks, grain, periods):
    answer = ask(api, grain=grain, first="2016-01-31", last="2016-02-01").json()
    assert [point["period"] for point in answer["series"][0]["points"]] == periods
    assert answer["total"]["value"] == "18"
    assert [p["complete"] for p in answer["series"][0]["points"]] == [grain == "day"] * len(periods)


def test_the_default_is_months_from_the_first_to_the_last_day_with_data(api, clicks):
    answer = ask(api).json()
    points = answer["series"][0]["points"]
    assert answer["grain"] == "month"
    assert [(p["period"], p["value"], p["complete"]) for p in points] == [
        ("2016-01", "12", True), ("2016-02", "11", True), ("2016-03", "13", False),
    ]  # fmt: skip


def test_the_page_flags_the_same_periods_as_incomplete(api, clicks, client_of, vi):
    days = {"first": "2016-02-01", "last": "2016-03-31"}
    points = ask(api, **days).json()["series"][0]["points"]
    assert [point["complete"] for point in points] == [True, False]
    page = client_of(vi).get("/w/acme/metrics/clicks/?from=2016-02-01&to=2016-03-31")
    assert page.content.decode().count("data-partial") == 1


def test_null_is_never_zero(api, acme):
    ratio = make_ratio(acme)
    observe(ratio.numerator, {D: 0, D + timedelta(2): 5})
    observe(ratio.denominator, {D: 3, D + timedelta(2): 0})
    days = ask(api, "ctr", grain="day").json()["series"][0]["points"]
    assert [point["value"] for point in days] == ["0", None, None]


def test_ratios_have_twelve_significant_digits_and_additive_values_their_decimals(api, acme):
    cost = make_metric(acme, "cost", unit="currency", currency="EUR", decimals=2)
    clicks = make_metric(acme, "clicks")
    make_ratio(
        acme, "cpc", numerator=cost, denominator=clicks, scale="1", unit="currency", currency="EUR"
    )
    observe(cost, {D: "19.90"})
    observe(clicks, {D: 3})
    assert ask(api, "cost").json()["total"]["value"] == "19.90"
    assert ask(api, "cpc").json()["total"]["value"] == "6.63333333333"
    assert ask(api, "cpc").json()["unit"] == "currency"


def test_a_breakdown_and_filters(api, clicks):
    lines = ask(api, by="ch", grain="year").json()["series"]
    assert [(line["dims"], line["total"]["value"]) for line in lines] == [
        ({"ch": "a"}, "12"), ({"ch": "b:c"}, "11"), ({"ch": None}, "13"),
    ]  # fmt: skip
    assert ask(api, where="ch:b:c").json()["total"]["value"] == "11"
    assert ask(api, where="ch:").json()["total"]["value"] == "13"
    assert ask(api, where=["ch:", "ch:a"]).json()["total"]["value"] == "25"
    assert ask(api, where="ch:nobody").json()["total"]["value"] is None


@pytest.mark.parametrize(
    ("query", "column", "code"),
    [
        ({"grain": "hour"}, "grain", "invalid_choice"),
        ({"grain": ["day", "week"]}, "grain", "repeated"),
        ({"grain": "year', x)) --"}, "grain", "invalid_choice"),
        ({"first": "2016-02-30"}, "from", "not_a_day"),
        ({"first": "31.01.2016"}, "from", "not_a_day"),
        ({"last": "２０１６-01-01"}, "to", "not_a_day"),
        ({"last": "2016-1-1"}, "to", "not_a_day"),
        ({"last": "9999-12-31"}, "to", "out_of_range"),
        ({"first": "0001-01-01"}, "from", "out_of_range"),
        ({"first": "2016-02-01", "last": "2016-01-31"}, "from", "backwards"),
        ({"by": "color"}, "by", "unknown_dimension"),
        ({"by": "members__user__password"}, "by", "unknown_dimension"),
        ({"by": ""}, "by", "unknown_dimension"),
        ({"by": [f"d{n}" for n in range(40)]}, "by", "too_many"),
        ({"where": "color:red"}, "where", "unknown_dimension"),
        ({"where": "ch"}, "where", "not_a_filter"),
        ({"where": ":a"}, "where", "not_a_filter"),
        ({"grain": "day", "first": "1950-01-01"}, "grain", "too_many_points"),
        ({"grain": "day", "first": "2000-01-01", "by": "ch"}, "grain", "too_many_points"),
    ],
)
def test_bad_questions_are_named(api, clicks, query, column, code):
    answer = ask(api, **query)
    assert answer.status_code == 400, answer.json()
    error = answer.json()["errors"][0]
    assert (error["column"], error["code"], error["pointer"]) == (column, code, f"/{column}")
    assert error["message"]


def test_pending_is_told_and_goes(api, acme):
    metric = make_metric(acme)
    observe(metric, {D: 5}, roll=False)
    assert ask(api).json()["pending"] is True
    assert "ETag" not in ask(api)
    observe(metric, {})
    assert ask(api).json()["pending"] is False


def test_a_settled_answer_has_an_etag_and_a_new_one_after_every_change(api, acme, clicks, ed, noon):
    def tag(**headers):
        return api.get(URL.format("clicks"), {"grain": "day"}, headers=headers)

    first = tag()
    again = tag(**{"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert ask(api, grain="week")["ETag"] != first["ETag"]
    observe(clicks, {D: 6}, key="k", roll=False)
    assert tag(**{"if-none-match": first["ETag"]}).status_code == 200
    observe(clicks, {D + timedelta(1): 6}, key="k")
    changed = tag(**{"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    renamed = replace(definition_of(clicks), name="X")
    redefine_metric(clicks, definition=renamed, version=1, by=ed, at=noon)
    assert tag(**{"if-none-match": changed["ETag"]}).status_code == 200


def test_answers_are_private(api, clicks):
    assert ask(api)["Cache-Control"] == "private, no-cache"


def test_T10_a_stranger_finds_nothing(clicks, sam, api_of):
    assert ask(api_of(sam)).status_code == 404


def test_the_number_of_queries_is_constant(api, acme):
    def queries(key):
        with CaptureQueriesContext(connection) as found:
            assert ask(api, key, grain="week", by="ch").status_code == 200
        return len(found)

    small, large = make_metric(acme, "small"), make_metric(acme, "large")
    observe(small, {D: 1, D + timedelta(200): 1}, dims={"ch": "0"})
    for channel in range(10):
        observe(large, {D + timedelta(n): 1 for n in range(60)}, dims={"ch": str(channel)})
    assert queries("small") == queries("large") <= 16
