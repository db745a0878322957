import pytest

from metrics.models import Metric
from metrics.operations.definitions import retire_metric
from metrics.operations.starters import define_starters
from metrics.rules.formula import parse, refs
from metrics.rules.starters import GROUPS, STARTERS, inputs_of, with_inputs
from tests.make.metrics import make_metric, make_ratio
from tests.make.workspaces import NOON

URL = "/api/v1/workspaces/acme/metrics/starters/"


def test_the_catalogue_is_whole():
    assert len(STARTERS) >= 45
    for key, starter in STARTERS.items():
        assert key == starter.key
        assert starter.group in GROUPS
        assert starter.name
        assert starter.description.endswith(".")
        assert starter.vendors.endswith(".")
        assert set(inputs_of(starter)) <= STARTERS.keys()
        assert bool(inputs_of(starter)) == (starter.kind in ("ratio", "derived")), key
    assert (STARTERS["ctr"].above, STARTERS["ctr"].below) == ("clicks", "unique_recipients")
    assert next(refs(parse(STARTERS["roi"].formula))).name == "revenue"
    assert len({starter.name for starter in STARTERS.values()}) == len(STARTERS)


def test_inputs_come_before_what_reads_them():
    keys = [starter.key for starter in with_inputs(["roi", "ctr", "clicks", "roi"])]
    assert keys == ["revenue", "marketing_cost", "roi", "clicks", "unique_recipients", "ctr"]


@pytest.mark.django_db
def test_every_starter_can_be_defined_at_once_and_again_changes_nothing(acme, ed):
    made = define_starters(acme, keys=list(STARTERS), currency="EUR", by=ed, at=NOON)
    assert {metric.key for metric in made} == STARTERS.keys()
    assert define_starters(acme, keys=list(STARTERS), by=ed, at=NOON) == []
    money = Metric.objects.get(key="cpm")
    assert (money.currency, money.scale, money.unit) == ("EUR", 1000, "currency")


@pytest.mark.django_db
def test_a_starter_brings_what_it_is_made_of_and_uses_what_is_there(acme, ed, api_of):
    make_metric(acme, "clicks", name="Our clicks")
    api = api_of(ed)
    row = next(r for r in api.get(URL).json()["results"] if r["key"] == "ctr")
    assert (row["state"], row["missing"]) == ("new", ["unique_recipients"])
    assert row["formula"] == "clicks / unique_recipients * 100"
    made = api.post(URL, {"keys": ["ctr"]}, format="json")
    assert made.status_code == 201, made.json()
    assert [metric["key"] for metric in made.json()] == ["unique_recipients", "ctr"]
    assert Metric.objects.get(key="clicks").name == "Our clicks"
    row = next(r for r in api.get(URL).json()["results"] if r["key"] == "ctr")
    assert (row["state"], row["missing"]) == ("here", [])


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["last", "retired"])
def test_a_key_that_means_something_else_is_refused_and_nothing_defined(acme, ed, api_of, kind):
    metric = make_metric(acme, "clicks", kind="last" if kind == "last" else "additive")
    if kind == "retired":
        retire_metric(metric, by=ed, at=NOON)
    api = api_of(ed)
    answer = api.post(URL, {"keys": ["sends", "ctr"]}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "starter_clash")
    assert Metric.objects.count() == 1
    row = next(r for r in api.get(URL).json()["results"] if r["key"] == "ctr")
    assert row["state"] == "clash"


@pytest.mark.django_db
def test_money_needs_a_currency_once(acme, ed, api_of):
    api = api_of(ed)
    answer = api.post(URL, {"keys": ["cpc"]}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "currency_needed")
    for none in ("x", "NaN"):
        assert api.post(URL, {"keys": ["cpc"], "currency": none}, format="json").status_code == 422
    assert Metric.objects.count() == 0
    assert api.post(URL, {"keys": ["cpc"], "currency": "CHF"}, format="json").status_code == 201
    assert api.post(URL, {"keys": ["revenue"]}, format="json").json()[0]["currency"] == "CHF"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    [{}, {"keys": []}, {"keys": ["nothing"]}, {"keys": "ctr"}, {"keys": [5, None]},
     {"keys": ["ctr"] * 99}, {"keys": ["ctr"], "more": 1}],
)  # fmt: skip
def test_bad_choices_are_400(acme, ed, api_of, body):
    answer = api_of(ed).post(URL, body, format="json")
    assert answer.status_code == 400
    assert Metric.objects.count() == 0


@pytest.mark.django_db
def test_a_viewer_reads_the_catalogue_and_defines_nothing(acme, vi, api_of):
    assert api_of(vi).get(URL).status_code == 200
    assert api_of(vi).post(URL, {"keys": ["ctr"]}, format="json").status_code == 403


@pytest.mark.django_db
def test_starters_take_the_currency_of_what_is_there_and_no_other(acme, ed, api_of):
    make_metric(acme, "ad_cost", unit="currency", decimals=2, currency="EUR")
    for key in ("other", "third"):
        make_metric(acme, key, unit="currency", decimals=2, currency="USD")
    api = api_of(ed)
    for keys in (["roas"], ["cpc"]):
        answer = api.post(URL, {"keys": keys, "currency": "USD"}, format="json")
        assert (answer.status_code, answer.json()["code"]) == (422, "two_currencies")
        assert "EUR" in answer.json()["detail"]
    made = api.post(URL, {"keys": ["roas"]}, format="json")
    assert made.status_code == 201
    assert Metric.objects.get(key="conversion_value").currency == "EUR"


@pytest.mark.django_db
def test_the_catalogue_says_how_a_key_is_computed_here(acme, ed, api_of, client_of):
    make_ratio(acme, "unsubscribe_rate", numerator="email_left", denominator="email_sent")
    make_ratio(acme, "ctr", numerator="clicks", denominator="unique_recipients")
    rows = {row["key"]: row for row in api_of(ed).get(URL).json()["results"]}
    assert rows["unsubscribe_rate"]["here"] == "email_left / email_sent * 100"
    assert rows["unsubscribe_rate"]["formula"] == "unsubscribes / delivered * 100"
    assert rows["ctr"]["here"] == rows["ctr"]["formula"]
    shown = client_of(ed).get("/w/acme/metrics/starters/").content.decode()
    assert shown.count("Here it is computed from other metrics") == 1
    assert shown.count("defined in another way") == 1
