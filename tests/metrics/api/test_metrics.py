import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.models import Metric
from tests.make.metrics import make_metric, make_ratio, observe

URL = "/api/v1/workspaces/acme/metrics/"
CLICKS = {"key": "clicks", "name": "Clicks", "kind": "additive", "unit": "count", "decimals": 0}
pytestmark = pytest.mark.django_db


def post(api, body):
    """As any client may write it: in ASCII."""
    return api.generic("POST", URL, json.dumps(body), content_type="application/json")


def test_a_metric_is_defined_and_listed(acme, ed, api_of):
    api = api_of(ed)
    made = api.post(URL, CLICKS | {"direction": "up"}, format="json")
    assert made.status_code == 201
    told = made.json()
    assert told.pop("warnings") == []
    assert told == {
        "key": "clicks", "name": "Clicks", "kind": "additive", "unit": "count", "currency": "",
        "decimals": 0, "direction": "up", "numerator": None, "denominator": None, "scale": "1",
        "description": "", "formula": "", "inputs": [], "counting": "exact", "cadence_days": None,
        "lag_days": 0, "allowed_dims": [], "stage": "", "definition": 1, "coming": [],
        "owner": "ed@acme.example", "version": 1, "retired": False, "data_until": None,
    }  # fmt: skip
    assert api.get(URL).json()["results"] == [told]
    assert api.get(f"{URL}clicks/").json() == told


def test_a_ratio_is_defined_by_the_keys_of_its_parts(acme, ed, api_of):
    api = api_of(ed)
    for key in ("clicks", "sends"):
        api.post(URL, CLICKS | {"key": key}, format="json")
    ratio = {
        "key": "ctr", "name": "CTR", "kind": "ratio", "unit": "percent", "decimals": 2,
        "direction": "up", "numerator": "clicks", "denominator": "sends", "scale": "100",
    }  # fmt: skip
    made = api.post(URL, ratio, format="json")
    assert made.status_code == 201, made.json()
    assert {name: made.json()[name] for name in ratio} == ratio


@pytest.mark.parametrize(
    ("change", "status", "column", "code"),
    [
        ({"formula": "sends * 2"}, 400, "formula", "misplaced"),
        ({"numerator": "taken"}, 400, "numerator", "misplaced"),
        (
            {"kind": "derived", "formula": "taken", "denominator": "taken"},
            400,
            "denominator",
            "misplaced",
        ),
        ({"scale": "100"}, 400, "scale", "misplaced"),
        ({"counting": "sketch"}, 400, "counting", "misplaced"),
        ({"currency": "EUR"}, 400, "currency", "misplaced"),
        ({"unit": "currency", "currency": "XXQ"}, 422, "currency", "unknown_currency"),
        ({"key": "No Key"}, 400, "key", "invalid"),
        ({"key": "k" * 64}, 400, "key", "invalid"),
        ({"key": None}, 400, "key", "null"),
        ({"name": ""}, 400, "name", "blank"),
        ({"name": "a\u0000b"}, 400, "name", "null_characters_not_allowed"),
        ({"name": "\ud800"}, 400, "name", "surrogate_characters_not_allowed"),
        ({"kind": "\ud800"}, 400, "kind", "surrogate_characters_not_allowed"),
        ({"stage": "\udfff"}, 400, "stage", "surrogate_characters_not_allowed"),
        ({"kind": "gauge"}, 400, "kind", "invalid_choice"),
        ({"unit": ["count"]}, 400, "unit", "invalid_choice"),
        ({"decimals": 7}, 400, "decimals", "max_value"),
        ({"decimals": "two"}, 400, "decimals", "invalid"),
        ({"direction": "left"}, 400, "direction", "invalid_choice"),
        ({"color": "red"}, 400, "color", "unknown_field"),
        ({"workspace": 1}, 400, "workspace", "unknown_field"),
        ({"\ud800": 1}, 400, "?", "surrogate_characters_not_allowed"),
        ({"version": 3}, 400, "version", "unknown_field"),
        (
            {"kind": "ratio", "numerator": "none", "denominator": "none"},
            400,
            "numerator",
            "unknown_metric",
        ),
        (
            {"kind": "ratio", "numerator": "\ud800"},
            400,
            "numerator",
            "surrogate_characters_not_allowed",
        ),
        ({"kind": "ratio"}, 422, "numerator", "required"),
        ({"unit": "currency"}, 422, "currency", "invalid"),
        ({"key": "taken"}, 422, "key", "key_taken"),
    ],
)
def test_bad_definitions_are_refused_by_field(acme, ed, api_of, change, status, column, code):
    make_metric(acme, "taken")
    answer = post(api_of(ed), CLICKS | change)
    assert answer.status_code == status, answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    errors = {(error["column"], error["code"]) for error in answer.json()["errors"]}
    assert (column, code) in errors
    assert list(Metric.objects.values_list("key", flat=True)) == ["taken"]


@pytest.mark.parametrize("body", [[], "text", 5, None, [CLICKS]])
def test_a_definition_is_an_object(acme, ed, api_of, body):
    assert api_of(ed).post(URL, body, format="json").status_code == 400


def test_T03_another_workspaces_metric_is_unknown(acme, ed, globex, api_of):
    make_metric(globex, "secret_plans", name="Secret plans")
    ratio = CLICKS | {"kind": "ratio", "numerator": "secret_plans", "denominator": "secret_plans"}
    answer = api_of(ed).post(URL, ratio, format="json")
    assert answer.status_code == 400
    assert "Secret plans" not in answer.content.decode()


def test_a_metric_is_redefined_with_its_version(acme, ed, api_of):
    make_metric(acme)
    api = api_of(ed)
    changed = api.patch(f"{URL}clicks/", {"version": 1, "name": "All clicks"}, format="json")
    assert (changed.status_code, changed.json()["name"], changed.json()["version"]) == (
        200,
        "All clicks",
        2,
    )
    stale = api.patch(f"{URL}clicks/", {"version": 1, "name": "Mine"}, format="json")
    assert stale.status_code == 409
    assert stale.json()["current"]["name"] == "All clicks"
    assert api.patch(f"{URL}clicks/", {"name": "Mine"}, format="json").status_code == 400
    assert api.patch(f"{URL}clicks/", {"version": 2, "key": "x"}, format="json").status_code == 400


def test_a_name_that_another_metric_has_is_stored_with_a_warning(acme, ed, api_of):
    api = api_of(ed)
    api.post(URL, CLICKS, format="json")
    made = api.post(URL, CLICKS | {"key": "other", "name": "clicks"}, format="json")
    assert made.status_code == 201
    [warning] = made.json()["warnings"]
    assert "Another metric is called “clicks” too" in warning
    again = {"version": 1, "description": "Of ads"}
    assert api.patch(f"{URL}other/", again, format="json").json()["warnings"] == [warning]
    mended = {"version": 2, "name": "Clicks of ads"}
    assert api.patch(f"{URL}other/", mended, format="json").json()["warnings"] == []


def test_a_metric_is_retired(acme, ed, api_of):
    make_metric(acme)
    api = api_of(ed)
    retired = api.post(f"{URL}clicks/retire/")
    assert (retired.status_code, retired.json()["retired"]) == (200, True)
    assert api.get(URL).json()["results"] == []
    assert [row["key"] for row in api.get(f"{URL}?retired=true").json()["results"]] == ["clicks"]


def test_fixed_fields_are_refused(acme, ed, api_of):
    observe(make_metric(acme), {"2026-01-01": 5})
    answer = api_of(ed).patch(f"{URL}clicks/", {"version": 1, "decimals": 2}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "fixed_by_observations")


@pytest.mark.parametrize("key", ["nothing", "NO", "a b", "%00", "1", "x" * 100])
def test_an_unknown_metric_is_404(acme, ed, api_of, key):
    for path in (f"{URL}{key}/", f"{URL}{key}/series/"):
        assert api_of(ed).get(path).status_code == 404


def test_T13_a_foreign_metric_looks_like_a_missing_one(acme, ed, globex, api_of):
    make_metric(globex, "theirs")
    api = api_of(ed)
    bodies = [api.get(f"{URL}{key}/").json() | {"request_id": ""} for key in ("theirs", "missing")]
    assert bodies[0] == bodies[1]
    assert api.get("/api/v1/workspaces/globex/metrics/theirs/").status_code == 404


def test_roles_and_scopes(acme, vi, ed, api_of):
    assert api_of(vi).get(URL).status_code == 200
    assert api_of(vi).post(URL, CLICKS, format="json").status_code == 403
    assert api_of(ed, scope="read").post(URL, CLICKS, format="json").status_code == 403
    assert api_of(ed, scope="read").get(URL).status_code == 200


def test_the_list_takes_a_constant_number_of_queries(acme, ed, api_of):
    api = api_of(ed)

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert api.get(URL).status_code == 200
        return len(found)

    make_ratio(acme)
    few = queries()
    for n in range(10):
        make_ratio(acme, f"rate_{n}", numerator=f"n{n}", denominator=f"d{n}")
    assert queries() == few


def test_a_metric_is_deleted_by_a_manager_unless_something_is_built_on_it(acme, api_of, ed, mia):
    ratio = make_ratio(acme)
    assert api_of(ed).delete(f"{URL}ctr/").status_code == 403
    refused = api_of(mia).delete(f"{URL}clicks/")
    assert (refused.status_code, refused.json()["code"]) == (422, "metric_in_use")
    assert ratio.name in refused.json()["detail"]
    assert api_of(mia).delete(f"{URL}ctr/").status_code == 204
    assert api_of(mia).get(f"{URL}ctr/").status_code == 404
    assert api_of(mia).delete(f"{URL}clicks/").status_code == 204
