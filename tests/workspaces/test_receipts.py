"""Q01 to Q03: a request with an Idempotency-Key is done once, whatever the network does."""

import os
import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from metrics.models import Metric
from metrics.models.imports import ImportRun
from metrics.models.observations import Observation
from tests.make.metrics import make_metric
from tests.make.workspaces import make_member, make_workspace
from workspaces import jobs
from workspaces.models.receipts import Receipt
from workspaces.operations import receipts
from workspaces.operations.receipts import answer_once, sweep_receipts
from workspaces.rules.errors import Busy
from workspaces.rules.receipts import KEPT, Answered, Asked
from workspaces.rules.roles import Role

BASE = "/api/v1/workspaces/acme/"
CLICKS = {"key": "clicks", "name": "Clicks", "kind": "additive"}
KEYS = int(os.environ.get("MOPS_RECEIPT_KEYS", "5"))
ROW = {"metric": "clicks", "day": "2026-01-31", "value": "5"}


@pytest.fixture
def api(ed, api_of):
    return api_of(ed)


def post(api, path, body, key="k-1"):
    return api.post(BASE + path, body, format="json", HTTP_IDEMPOTENCY_KEY=key)


def test_Q01_the_same_request_five_times_is_one_effect_and_one_answer(api):
    first = post(api, "metrics/", CLICKS)
    assert first.status_code == 201, first.content
    assert "Idempotency-Replayed" not in first
    for _again in range(4):
        answer = post(api, "metrics/", CLICKS)
        assert (answer.status_code, answer.content) == (201, first.content)
        assert answer["Content-Type"] == first["Content-Type"]
        assert answer["Idempotency-Replayed"] == "true"
    assert Metric.objects.count() == 1
    assert post(api, "metrics/", CLICKS, key="k-2").status_code == 422  # the key is taken: a rule


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("observations/", [ROW], 200),
        ("stakeholders/", {"name": "Sales"}, 201),
        ("boards/", {"name": "Newsletter"}, 201),
    ],
)
def test_Q01_every_endpoint_that_creates_knows_it(mia, acme, api_of, path, body, status):
    make_metric(acme)
    api = api_of(mia)
    first, again = post(api, path, body), post(api, path, body)
    assert (first.status_code, again.status_code) == (status, status), first.content
    assert first.content == again.content
    assert again["Idempotency-Replayed"] == "true"


def test_Q01_a_card_and_a_goal_are_made_once(mia, acme, api_of):
    api = api_of(mia)
    make_metric(acme)
    board = post(api, "boards/", {"name": "Newsletter"}).json()
    first, again = (post(api, "cards/", {"title": "Write", "board": board["id"]}) for _ in "ab")
    assert first.json()["number"] == again.json()["number"]
    assert api.get(BASE + "cards/").json()["count"] == 1


MAPPING = (
    b'{"version": 1, "source": "shop", "day": {"column": "day", "format": "%Y-%m-%d"},'
    b' "metrics": [{"metric": "clicks", "column": "clicks"}]}'
)


def test_Q01_a_file_is_imported_once_whatever_the_boundary_of_the_form(acme, api):
    make_metric(acme)

    def send(content=b"day,clicks\n2026-01-31,7\n"):
        parts = {
            "file": SimpleUploadedFile("a.csv", content),
            "mapping": SimpleUploadedFile("m.json", MAPPING),
        }
        return api.post(BASE + "imports/", parts, format="multipart", HTTP_IDEMPOTENCY_KEY="file-1")

    first, again = send(), send()
    assert first.status_code == 200, first.content
    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")
    assert ImportRun.objects.count() == 1
    assert send(b"day,clicks\n2026-01-31,8\n").status_code == 422


def test_Q01_a_bare_file_is_imported_once(acme, api):
    make_metric(acme)

    def send(content):
        return api.generic(
            "POST", f"{BASE}imports/?name=a.csv&mapping={MAPPING.decode()}", content,
            content_type="text/csv", HTTP_IDEMPOTENCY_KEY="bare-1",
        )  # fmt: skip

    first, again = send("day,clicks\n2026-01-31,7\n"), send("day,clicks\n2026-01-31,7\n")
    assert first.status_code == 200, first.content
    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")
    assert ImportRun.objects.count() == 1
    assert send("day,clicks\n2026-01-31,9\n").status_code == 422


def test_Q02_the_key_of_another_body_is_422(api):
    post(api, "metrics/", CLICKS)
    answer = post(api, "metrics/", {**CLICKS, "key": "opens"})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert Metric.objects.count() == 1
    spelt = '{"name":"Clicks",   "kind":"additive","key":"clicks"}'
    again = api.generic(
        "POST", BASE + "metrics/", spelt, content_type="application/json",
        HTTP_IDEMPOTENCY_KEY="k-1",
    )  # fmt: skip
    assert again["Idempotency-Replayed"] == "true"


def test_Q02_while_the_first_runs_the_second_is_told_to_wait(ed, noon):
    asked = Asked("POST /x", "k", "d")

    def work():
        with pytest.raises(Busy) as told:
            answer_once(ed, asked, answer=work, at=noon)
        assert told.value.retry_after == 1
        return Answered(200, {}, "done")

    assert answer_once(ed, asked, answer=work, at=noon).body == "done"
    assert answer_once(ed, asked, answer=work, at=noon).replayed


def test_Q02_busy_is_409_with_retry_after(api, ed, monkeypatch):
    monkeypatch.setattr(receipts, "_running", {(ed.pk, f"POST {BASE}metrics/", "k-1")})
    answer = post(api, "metrics/", CLICKS)
    assert (answer.status_code, answer.json()["code"]) == (409, "still_running")
    assert answer["Retry-After"] == "1"
    assert not Metric.objects.exists()


def test_a_refusal_is_no_receipt_and_the_retry_is_judged_anew(acme, api):
    answer = post(api, "observations/", [ROW])
    assert answer.status_code == 400
    assert not Receipt.objects.exists()
    make_metric(acme)
    assert post(api, "observations/", [ROW]).status_code == 200


def test_Q02_a_crash_leaves_neither_effect_nor_receipt(api, monkeypatch):
    def crash(*_args):
        raise RuntimeError("killed")

    monkeypatch.setattr(receipts, "_keep", crash)
    api.raise_request_exception = False
    assert post(api, "metrics/", CLICKS).status_code == 500
    assert not Metric.objects.exists()
    assert not Receipt.objects.exists()
    monkeypatch.undo()
    assert post(api, "metrics/", CLICKS).status_code == 201


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 201, "a,b", "schlüssel", "\x7f"])
def test_I17_a_key_that_is_none_is_400(api, key):
    answer = post(api, "metrics/", CLICKS, key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert answer.json()["errors"][0]["code"] == "bad_idempotency_key"
    assert not Metric.objects.exists()


def test_secrets_are_told_only_once_and_kept_in_no_receipt(olga, api_of):
    api = api_of(olga)
    answer = post(api, "invitations/", {"email": "new@acme.example", "role": "viewer"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "no_idempotency_key"


def test_keys_are_apart_by_person_endpoint_and_workspace(acme, api, olga, api_of, globex, sam):
    make_metric(acme)
    make_metric(globex)
    assert post(api, "observations/", [ROW]).status_code == 200
    assert "Idempotency-Replayed" not in post(api_of(olga), "observations/", [ROW])
    assert "Idempotency-Replayed" not in post(api, "stakeholders/", {"name": "Sales"})
    theirs = "/api/v1/workspaces/globex/observations/"
    answer = api_of(sam).post(theirs, [ROW], format="json", HTTP_IDEMPOTENCY_KEY="k-1")
    assert answer.status_code == 200
    assert "Idempotency-Replayed" not in answer


def test_P08_who_may_no_longer_write_gets_no_replay(api, ed, acme, api_of):
    make_metric(acme)
    assert post(api, "observations/", [ROW]).status_code == 200
    reader = api_of(ed, scope="read")
    assert post(reader, "observations/", [ROW]).status_code == 403


def test_receipts_are_forgotten_after_two_days(api, noon):
    post(api, "metrics/", CLICKS)
    made = Receipt.objects.get().created_at
    assert sweep_receipts(at=made + KEPT) == 0
    assert jobs.sweep_receipts() == 0
    assert sweep_receipts(at=made + KEPT + timedelta(seconds=1)) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_Q03_thirty_two_threads_and_one_key_are_one_effect(api_of):
    acme = make_workspace("acme")
    make_metric(acme)
    ed = make_member(acme, "ed@acme.example", Role.EDITOR)
    clients = [api_of(ed) for _ in range(32)]
    statuses = []
    for number in range(KEYS):
        barrier = threading.Barrier(len(clients))
        row = {**ROW, "key": f"row {number}"}

        def ask(client, barrier=barrier, row=row, number=number):
            try:
                barrier.wait()
                statuses.append(post(client, "observations/", [row], f"k-{number}").status_code)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=ask, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert len(statuses) == KEYS * 32
    assert set(statuses) <= {200, 409}
    kept = (model.objects.count() for model in (ImportRun, Observation, Receipt))
    assert set(kept) == {KEYS}
