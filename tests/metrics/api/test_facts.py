"""One observation by its address: read, put, withdrawn, its history; many withdrawn at once."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics.models.imports import ImportRun
from metrics.models.observations import KeyPlace, Observation, ObservationHistory
from metrics.operations.rollups import roll_up
from metrics.rules.keys import plain_key, read_plain_key
from tests.make.metrics import make_metric, make_ratio, observe
from tests.make.recompute import wrong_rollups

BASE = "/api/v1/workspaces/acme/"
ONE = BASE + "observations/clicks/crm/{}/"
BODY = {"day": "2016-01-31", "value": "5", "dims": {"ch": "a"}}
pytestmark = pytest.mark.django_db


@pytest.fixture
def api(ed, api_of):
    return api_of(ed)


@pytest.fixture
def clicks(acme):
    return make_metric(acme)


def put(api, key="k-1", **changes):
    return api.put(ONE.format(key), {**BODY, **changes}, format="json")


def test_what_is_put_beside_the_values_of_another_source_says_so(api, clicks):
    observe(clicks, {date(2016, 1, 31): 300}, source="ads", dims={"ch": "a", "campaign": "x"})
    observe(clicks, {date(2016, 1, 31): 77}, source="ads", dims={"ch": "b"})
    told = [{"source": "ads", "observations": 1, "value": "300"}]
    assert put(api).json()["beside"] == told
    assert api.get(ONE.format("k-1")).json()["beside"] == told


def test_an_observation_is_put_read_corrected_moved_and_withdrawn(api, clicks):
    made = put(api)
    assert made.status_code == 201, made.json()
    version = made.json()["version"]
    assert made.json() == {
        "metric": "clicks", "day": "2016-01-31", "value": "5", "dims": {"ch": "a"},
        "source": "crm", "key": "k-1", "version": version, "beside": [],
    }  # fmt: skip
    assert api.get(ONE.format("k-1")).json() == made.json()
    again = put(api)
    assert (again.status_code, again.json()["version"]) == (200, version)
    moved = put(api, value=6, day="2016-02-01", dims={})
    assert (moved.status_code, moved.json()["day"], moved.json()["value"]) == (
        200, "2016-02-01", "6",
    )  # fmt: skip
    assert moved.json()["version"] != version
    for _twice in range(2):
        assert api.delete(ONE.format("k-1")).status_code == 204
    assert api.get(ONE.format("k-1")).status_code == 404
    assert not Observation.objects.exists()
    assert not KeyPlace.objects.exists()
    past = api.get(ONE.format("k-1") + "history/").json()["results"]
    assert [(row["day"], row["value"], row["reason"], row["by"]) for row in past] == [
        ("2016-01-31", "5", "moved", "Ed"),
        ("2016-02-01", "6", "withdrawn", "Ed"),
    ]
    put(api, value=7)
    past = api.get(ONE.format("k-1") + "history/").json()["results"]
    assert (past[-1]["value"], past[-1]["until"], len(past)) == ("7", None, 3)
    roll_up()
    assert wrong_rollups() == []


@pytest.mark.parametrize("key", ["a/b c", "ключ", "100%25", "x" * 300, "a?b"])
def test_I15_keys_of_any_letters_have_an_address(api, clicks, key):
    address = key.replace("%", "%25").replace("?", "%3F") if key != "100%25" else "100%2525"
    assert put(api, address).json()["key"] == key
    assert api.get(BASE + "observations/", {"metric": "clicks", "key": key}).json()["count"] == 1


def test_who_saw_another_version_gets_what_stands_there_now(api, clicks):
    version = put(api, version=None).json()["version"]
    assert put(api, value=6, version=version).status_code == 200
    stale = put(api, value=7, version=version)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    assert stale.json()["current"]["value"] == "6"
    assert put(api, value=8, version=None).status_code == 409
    api.delete(ONE.format("k-1"))
    gone = put(api, value=7, version=version)
    assert (gone.status_code, gone.json()["current"]) == (409, None)
    assert not Observation.objects.exists()


def test_a_row_without_a_key_has_the_address_that_the_list_tells(acme, api, clicks):
    observe(clicks, {date(2016, 1, 31): 5}, dims={"ch": "a/b"}, source="crm")
    [found] = api.get(BASE + "observations/", {"metric": "clicks"}).json()["results"]
    assert found["key"] == '2016-01-31|{"ch":"a/b"}|1'
    address = ONE.format(found["key"])
    assert api.get(address).json()["version"] == found["version"]
    dims = {"ch": "a/b"}
    corrected = api.put(address, {**BODY, "dims": dims, "value": "6"}, format="json")
    assert (corrected.status_code, Observation.objects.get().value) == (200, 6)
    other = api.put(address, {**BODY, "dims": {}, "value": "6"}, format="json")
    assert (other.status_code, other.json()["errors"][0]["code"]) == (400, "key_says_otherwise")
    assert api.delete(address).status_code == 204
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"value": "1,5"}, "value"),
        ({"day": "never"}, "day"),
        ({"metric": "clicks"}, "metric"),
        ({"id": "ann"}, "id"),
        ({"author": "olga"}, "author"),
        ({"version": "1"}, "version"),
        ({"version": True}, "version"),
        ({"version": -1}, "version"),
        ({"at": "2026-01-01T10:00:00+00:99", "day": None}, "at"),
        ({"days": 0}, "days"),
    ],
)
def test_P07_a_put_names_its_bad_fields(api, clicks, change, column):
    answer = put(api, **change)
    assert answer.status_code == 400, answer.json()
    assert [error["column"] for error in answer.json()["errors"]] == [column]
    assert not Observation.objects.exists()


@pytest.mark.parametrize("body", [[], None, 5, "text"])
def test_I10_a_put_of_anything_but_an_object_is_400(api, clicks, body):
    assert api.put(ONE.format("k"), body, format="json").status_code == 400


def test_what_is_not_there_is_404(acme, api, clicks, globex):
    make_metric(globex, "theirs")
    put(api)
    for path in ("clicks/crm/other/", "clicks/shop/k-1/", "none/crm/k-1/", "theirs/crm/k-1/"):
        assert api.get(f"{BASE}observations/{path}").status_code == 404, path
        assert api.get(f"{BASE}observations/{path}history/").status_code == 404, path
    assert api.get(f"{BASE}observations/clicks/%00/k/").status_code == 404
    make_ratio(acme, numerator=clicks)
    assert api.put(f"{BASE}observations/ctr/crm/k/", BODY, format="json").status_code == 400


def test_P08_roles_and_scopes(acme, clicks, ed, vi, sam, api_of):
    put(api_of(ed))
    reader = api_of(ed, scope="read")
    body = {"source": "crm", "observations": [{"metric": "clicks", "key": "k-1"}]}
    for api, status in ((api_of(vi), 403), (reader, 403), (api_of(sam), 404)):
        assert put(api).status_code == status
        assert api.delete(ONE.format("k-1")).status_code == status
        answer = api.post(BASE + "observations/withdraw/", body, format="json")
        assert answer.status_code == status
    override = {"HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE"}
    assert reader.get(ONE.format("k-1"), **override).status_code == 200
    assert reader.options(ONE.format("k-1")).status_code == 200
    assert Observation.objects.count() == 1


def test_many_are_withdrawn_at_once(acme, api, clicks):
    for key in ("a", "b", "c"):
        put(api, key)
    observe(clicks, {date(2016, 2, 1): 1}, source="crm")
    names = [{"metric": "clicks", "key": key} for key in ("a", "b", "none", "2016-02-01|{}|1")]
    answer = api.post(
        BASE + "observations/withdraw/", {"source": "crm", "observations": names}, format="json"
    )
    assert answer.json() == {"withdrawn": 3, "missing": 1}
    assert ObservationHistory.objects.filter(reason="withdrawn").count() == 3
    again = api.post(
        BASE + "observations/withdraw/", {"source": "crm", "observations": names}, format="json"
    )
    assert again.json() == {"withdrawn": 0, "missing": 4}
    roll_up()
    assert wrong_rollups() == []


def test_a_withdrawal_of_nothing_leaves_no_trace(api, clicks):
    put(api)
    runs = ImportRun.objects.count()
    assert api.delete(ONE.format("other")).status_code == 204
    assert ImportRun.objects.count() == runs


@pytest.mark.parametrize(
    "body",
    [
        {"source": "crm", "observations": []},
        {"source": "crm"},
        {"source": "crm", "observations": [{"metric": "none", "key": "a"}]},
        {"source": "crm", "observations": [{"metric": "clicks"}]},
        {"source": "crm", "observations": [{"metric": "clicks", "key": "a", "day": "x"}]},
        {"source": "crm", "observations": [{"metric": {"a": 1}, "key": "a"}]},
        {"source": "crm", "observations": [{"metric": "\u0000", "key": "a"}]},
        [],
    ],
)
def test_I10_a_withdrawal_of_the_wrong_shape_is_400(api, clicks, body):
    assert api.post(BASE + "observations/withdraw/", body, format="json").status_code == 400


def test_the_list_is_filtered(acme, api, clicks):
    observe(clicks, {date(2016, 1, 1): 1}, dims={"ch": "a"}, source="crm", key="k")
    observe(clicks, {date(2016, 1, 2): 2}, dims={"ch": "b", "in": "x__y"}, source="shop")
    observe(clicks, {date(2016, 1, 3): 3}, source="shop", key="k")

    def days(**asked):
        answer = api.get(BASE + "observations/", {"metric": "clicks", **asked})
        assert answer.status_code == 200, answer.json()
        return [int(row["value"]) for row in answer.json()["results"]]

    assert days(source="shop") == [2, 3]
    assert days(key="k") == [1, 3]
    assert days(key="k", source="crm") == [1]
    assert days(key='2016-01-02|{"ch":"b","in":"x__y"}|1') == [2]
    assert days(where="ch:a") == [1]
    assert days(where=["ch:a", "ch:b"]) == [1, 2]
    assert days(where=["ch:b", "in:x__y"]) == [2]
    assert days(where="ch:") == [3]
    assert days(where="in:") == [1, 3]
    assert days(source="nobody") == days(source="\0") == days(where="ch:\0") == []
    assert api.get(BASE + "observations/?metric=clicks&where=ch").status_code == 400


def test_an_address_costs_the_same_whatever_is_stored(acme, api, clicks):
    def queries():
        with CaptureQueriesContext(connection) as found:
            api.get(ONE.format("k-1"))
            api.get(ONE.format("k-1") + "history/")
        return len(found)

    put(api)
    before = queries()
    for value in range(6, 20):
        put(api, value=value, day=f"2016-02-{value:02}")
    assert queries() <= before + 1  # the series of what is past


@pytest.mark.parametrize("dims", [(), (("ch", "a|1"),), (("ch", "ż"), ("d", "{}|2"))])
def test_a_plain_key_says_its_day_and_dimensions(dims):
    key = plain_key(date(2016, 1, 31), dims, 12)
    assert read_plain_key(key) == (date(2016, 1, 31), dims)


@pytest.mark.parametrize(
    "key",
    ["", "a", "2016-01-31", "2016-02-30|{}|1", "2016-01-31|{}|0", '2016-01-31|{"b": "c"}|1',
     "2016-01-31|{]}|1", '2016-01-31|{"a":5}|1', '2016-01-31|{"a":{"b":1}}|1'],
)  # fmt: skip
def test_another_key_says_nothing(key):
    assert read_plain_key(key) is None
