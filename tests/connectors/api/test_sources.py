"""Sources over REST: made, tested, started, changed, removed; secrets go in and never out."""

import json

import pytest
import time_machine

from connectors.models import Connector
from tests.make.connectors import SECRET, connect, document, fetch_now
from tests.make.workspaces import NOON
from tests.support.stub import Reply
from workspaces.sources.vault import opened

BASE = "/api/v1/workspaces/acme/sources/"
ROW = {"day": "2026-03-02", "channel": "mail", "clicks": 10}


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def body(stub, **more):
    auth = {"kind": "bearer"}
    return {
        "name": "Shop",
        "kind": "custom",
        "document": document(stub.url, auth=auth),
        "secrets": {"token": SECRET},
    } | more


def test_a_source_is_made_tested_started_and_fetched(acme, mia, api_of, stub):
    api = api_of(mia)
    stub.says(Reply({"rows": [ROW]}))
    made = api.post(BASE, body(stub), format="json")
    assert made.status_code == 201, made.json()
    assert (made.json()["state"], made.json()["has_secrets"]) == ("paused", True)
    one = f"{BASE}{made.json()['id']}/"
    tried = api.post(f"{one}test/").json()
    assert tried["works"] is True
    assert tried["shown"][0]["values"] == {"clicks": "10"}
    assert stub.seen[0].headers["authorization"] == f"Bearer {SECRET}"
    assert api.get("/api/v1/workspaces/acme/metrics/").json()["count"] == 0
    started = api.post(f"{one}start/").json()
    assert (started["state"], started["next_due_at"]) == ("running", "2026-03-03T05:00:00+00:00")
    fetch_now(Connector.objects.get())
    told = api.get(one).json()
    assert (told["state"], told["fetched_until"]) == ("fresh", "2026-03-02")
    assert told["last_fetch"]["new"] == 1
    assert api.post(f"{one}fetches/").status_code == 202
    assert api.get(f"{one}fetches/").json()["count"] == 2
    assert api.post(f"{one}pause/").json()["state"] == "paused"
    assert api.post(f"{one}fetches/").status_code == 422
    assert api.delete(one).status_code == 204
    assert api.get(one).status_code == 404
    removed = Connector.objects.get()
    assert (removed.secrets, removed.token) == ("", "")


def test_S10_no_answer_tells_a_secret(acme, mia, api_of, stub):
    api = api_of(mia)
    stub.says(Reply(f"no {SECRET}", 500))
    told = [api.post(BASE, body(stub), format="json")]
    one = f"{BASE}{told[0].json()['id']}/"
    told.append(api.post(f"{one}test/"))
    told.append(api.post(f"{one}start/"))
    fetch_now(Connector.objects.get())
    told += [api.get(BASE), api.get(one), api.get(f"{one}fetches/")]
    told.append(api.patch(one, {"version": 1, "secrets": {"token": "no\nway"}}, format="json"))
    assert SECRET not in " ".join(answer.content.decode() for answer in told)
    assert opened(Connector.objects.get(name="Shop").secrets) == {"token": SECRET}


def test_S12_what_the_server_said_is_shown_to_managers_alone(acme, mia, vi, api_of, stub):
    stub.says(Reply("out of order", 400))
    connector = connect(acme, document(stub.url))
    fetch_now(connector)
    one = f"{BASE}{connector.pk}/"
    assert api_of(mia).get(one).json()["last_fetch"]["answer"] == "out of order"
    assert api_of(vi).get(one).json()["last_fetch"]["answer"] == ""


@pytest.mark.parametrize("role", ["vi", "ed"])
def test_editors_and_viewers_look_and_change_nothing(acme, role, request, api_of, stub):
    api = api_of(request.getfixturevalue(role))
    connector = connect(acme, document(stub.url))
    assert api.get(BASE).json()["count"] == 1
    assert api.post(BASE, body(stub), format="json").status_code == 403
    for path in ("start/", "pause/", "test/", "fetches/"):
        assert api.post(f"{BASE}{connector.pk}/{path}").status_code == 403
    assert api.delete(f"{BASE}{connector.pk}/").status_code == 403


def test_another_workspaces_source_does_not_exist(acme, sam, api_of, stub):
    connector = connect(acme, document(stub.url))
    path = f"/api/v1/workspaces/globex/sources/{connector.pk}/"
    assert api_of(sam).get(path).status_code == 404
    assert api_of(sam).post(f"{path}test/").status_code == 404


def test_a_change_names_the_version_that_it_saw(acme, mia, api_of, stub):
    connector = connect(acme, document(stub.url))
    one, api = f"{BASE}{connector.pk}/", api_of(mia)
    assert api.patch(one, {"schedule": "hourly"}, format="json").status_code == 400
    stale = api.patch(one, {"version": 1, "schedule": "hourly"}, format="json")
    assert (stale.status_code, stale.json()["current"]["version"]) == (409, 2)
    changed = api.patch(
        one, {"version": 2, "schedule": "hourly", "local_time": "00:20"}, format="json"
    )
    assert changed.json()["next_due_at"] == "2026-03-02T12:20:00+00:00"


def test_S05_secrets_do_not_follow_to_another_server(acme, mia, api_of, stub):
    api = api_of(mia)
    made = api.post(BASE, body(stub), format="json").json()
    one = f"{BASE}{made['id']}/"
    auth = {"kind": "bearer"}
    elsewhere = document("https://evil.example", auth=auth)
    answer = api.patch(one, {"version": 1, "document": elsewhere}, format="json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/secrets/token"
    same = document(stub.url, auth=auth, window={"days_back": 3})
    assert api.patch(one, {"version": 1, "document": same}, format="json").status_code == 200


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"request": {"url": "http://10.0.0.5/"}}, "/document/request/url"),
        ({"request": {"url": "https://me:pw@example.com/"}}, "/document/request/url"),
        ({"request": {"url": "file:///etc/passwd"}}, "/document/request/url"),
        ({"request": {"url": "https://{from}.example.com/"}}, "/document/request/url"),
        ({"request": {"url": "https://example.com/{what}"}}, "/document/request/url"),
        ({"request": {"url": "https://a.example/", "headers": {"Host": "evil"}}},
         "/document/request/headers/Host"),
        ({"request": {"url": "https://a.example/", "headers": {"X-A": "b\r\nHost: evil"}}},
         "/document/request/headers/X-A"),
        ({"request": {"url": "https://a.example/", "headers": {"X A": "b"}}},
         "/document/request/headers/X A"),
        ({"request": {"url": "https://a.example/", "headers": {"Content-Length": "0"}}},
         "/document/request/headers/Content-Length"),
        ({"auth": {"kind": "client_credentials", "token_url": "https://127.0.0.1/"}},
         "/document/auth/token_url"),
        ({"rows": "a..b"}, "/document/rows"),
        ({"rows": "$.x[?(@.a)]"}, "/document/rows"),
        ({"version": 2}, "/document/version"),
        ({"surprise": 1}, "/document/surprise"),
        ({"metrics": []}, "/document/metrics"),
        ({"metrics": [{"metric": "clicks", "path": "a[]"}]}, "/document/metrics/0/path"),
        ({"metrics": [{"metric": "clicks"}]}, "/document/metrics/0"),
        ({"day": {"path": "d", "as": "someday"}}, "/document/day/as"),
        ({"window": {"days_back": 0}}, "/document/window/days_back"),
        ({"paging": {"kind": "cursor"}}, "/document/paging/path"),
        ({"params": {"p": {"shape": "regex"}}}, "/document/params/p/shape"),
        ({"dims": {"Channel!": {"path": "c"}}}, "/document/dims/Channel!/name"),
        ({"request": {"url": "https://a.example/", "body": {"a": "\x00"}}}, "/document"),
    ],
)  # fmt: skip
def test_S05_a_description_at_fault_is_refused_by_its_place(
    acme, mia, api_of, settings, change, pointer
):
    sent = {"name": "Shop", "kind": "custom", "document": document("https://a.example") | change}
    answer = api_of(mia).post(BASE, sent, format="json")
    assert answer.status_code == 400, answer.json()
    assert pointer in [found["pointer"] for found in answer.json()["errors"]]
    assert Connector.objects.count() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"kind": "excel"},
        {"secrets": {"token": SECRET, "other": "x"}},
        {"secrets": {}},
        {"secrets": {"token": "a\r\nb"}},
        {"params": {"p": "1"}},
        {"schedule": "yearly"},
        {"local_time": "noon"},
        {"document": []},
        {"document": {}},
        {"document": {"version": 1.5, "request": 1, "day": None, "metrics": {"a": 1.25}}},
        {"unknown": 1},
    ],
)
def test_a_source_that_is_not_whole_is_refused(acme, mia, api_of, stub, change):
    answer = api_of(mia).post(BASE, body(stub, **change), format="json")
    assert answer.status_code == 400, answer.json()
    assert Connector.objects.count() == 0


def test_a_name_belongs_to_one_source(acme, mia, api_of, stub):
    connect(acme, document(stub.url), name="Shop")
    fetch = api_of(mia).post(BASE, body(stub), format="json")
    assert fetch.status_code == 422


def test_without_a_key_of_the_installation_no_credentials_are_kept(
    acme, mia, api_of, stub, settings
):
    settings.CREDENTIALS_KEYS = []
    answer = api_of(mia).post(BASE, body(stub), format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "no_credentials_key")


def test_the_kinds_say_what_they_need(acme, vi, api_of):
    kinds = {kind["kind"]: kind for kind in api_of(vi).get(f"{BASE}kinds/").json()}
    assert kinds["google_ads"]["ways"] == [
        ["client_id", "client_secret", "refresh_token", "developer_token"],
        ["service_account", "developer_token"],
    ]
    both = {name for way in kinds["google_ads"]["ways"] for name in way}
    assert set(kinds["google_ads"]["secrets"]) == both
    assert kinds["mailchimp"]["params"]["data_center"]["needed"] is True


def test_the_list_takes_as_many_queries_for_many_sources_as_for_one(
    acme, mia, api_of, stub, django_assert_max_num_queries
):
    api = api_of(mia)
    for number in range(6):
        connect(acme, document(stub.url), name=f"Source {number}")
    api.get(BASE)
    with django_assert_max_num_queries(8):
        assert len(api.get(BASE).json()["results"]) == 6


def test_numbers_with_a_point_in_a_document_are_kept(acme, mia, api_of, stub):
    described = document(stub.url)
    described["request"] = {"method": "POST", "url": f"{stub.url}/q", "body": {"share": 0.25}}
    sent = body(stub, document=described, secrets={})
    answer = api_of(mia).generic("POST", BASE, json.dumps(sent), content_type="application/json")
    assert answer.status_code == 201, answer.json()
    assert Connector.objects.get().document["request"]["body"] == {"share": 0.25}
