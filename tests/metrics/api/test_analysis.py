from datetime import date

import pytest

from tests.make.metrics import make_metric, make_ratio, observe

URL = "/api/v1/workspaces/acme/metrics/{}/{}/"
pytestmark = pytest.mark.django_db
JAN, FEB = date(2026, 1, 10), date(2026, 2, 10)
FEBRUARY = {"from": "2026-02-01", "to": "2026-02-28"}


@pytest.fixture
def api(vi, api_of):
    return api_of(vi, scope="read")


@pytest.fixture
def ctr(acme):
    ratio = make_ratio(acme)
    for day, rows in {JAN: {"mail": (90, 900), "ads": (1, 100)}, FEB: {"mail": (12, 100), "ads": (18, 900)}}.items():  # fmt: skip # noqa: E501
        for name, (above, below) in rows.items():
            observe(ratio.numerator, {day: above}, dims={"ch": name})
            observe(ratio.denominator, {day: below}, dims={"ch": name})
    return ratio


def test_why_it_moved(api, ctr):
    answer = api.get(URL.format("ctr", "explain"), {**FEBRUARY, "by": "ch"})
    assert answer.status_code == 200
    told = answer.json()
    assert told["against"] == {"from": "2026-01-01", "to": "2026-01-31"}
    assert (told["before"], told["after"], told["change"]) == ("9.1", "3", "-6.1")
    assert told["way"] == "ratio"
    assert {row["value"] for row in told["segments"]} == {"mail", "ads"}


def test_which_is_best(api, ctr):
    answer = api.get(URL.format("ctr", "best"), {**FEBRUARY, "by": "ch", "min": "50"})
    assert answer.status_code == 200
    told = answer.json()
    assert told["leaders"] == ["mail"]
    assert [(row["value"], row["place"], row["n"]) for row in told["results"]] == [
        ("mail", 1, "100"), ("ads", 2, "900"),
    ]  # fmt: skip
    assert told["results"][0]["method"] == "wilson"


@pytest.mark.parametrize(
    ("what", "query", "column", "code"),
    [
        ("explain", {}, "from", "required"),
        ("explain", {**FEBRUARY, "from": "x"}, "from", "not_a_day"),
        ("explain", {**FEBRUARY, "from": "2026-03-01"}, "from", "backwards"),
        ("explain", {**FEBRUARY, "from": "0001-01-01"}, "from", "out_of_range"),
        ("explain", {**FEBRUARY, "against_from": "2026-01-01"}, "against_to", "required"),
        ("explain", {**FEBRUARY, "by": "members__user__password"}, "by", "unknown_dimension"),
        ("explain", {**FEBRUARY, "by": ["ch", "x"]}, "by", "repeated"),
        ("explain", {**FEBRUARY, "where": "x"}, "where", "not_a_filter"),
        ("explain", {**FEBRUARY, "color": "x"}, "color", "unknown_parameter"),
        ("best", FEBRUARY, "by", "required"),
        ("best", {**FEBRUARY, "by": "color"}, "by", "unknown_dimension"),
        ("best", {**FEBRUARY, "by": "ch", "min": "-1"}, "min", "not_a_number"),
        ("best", {**FEBRUARY, "by": "ch", "min": "NaN"}, "min", "not_a_number"),
        ("best", {**FEBRUARY, "by": "ch", "where": [":"] * 60}, "where", "too_many"),
    ],
)
def test_I08_bad_questions_are_named(api, ctr, what, query, column, code):
    answer = api.get(URL.format("ctr", what), query)
    assert answer.status_code == 400, answer.json()
    assert (column, code) in {(e["column"], e["code"]) for e in answer.json()["errors"]}


@pytest.mark.parametrize("what", ["explain", "best"])
def test_T10_a_stranger_finds_nothing(ctr, sam, api_of, globex, what):
    client = api_of(sam)
    assert client.get(URL.format("ctr", what), FEBRUARY).status_code == 404
    make_metric(globex, "theirs")
    foreign = URL.replace("acme", "globex").format("ctr", what)
    assert client.get(foreign, FEBRUARY).status_code == 404


@pytest.mark.parametrize("key", ["empty"])
def test_a_metric_without_data_is_no_error(api, acme, key):
    make_metric(acme, key)
    assert api.get(URL.format(key, "explain"), {**FEBRUARY, "by": "ch"}).json()["way"] == "none"
    assert api.get(URL.format(key, "best"), {**FEBRUARY, "by": "ch"}).json()["results"] == []
