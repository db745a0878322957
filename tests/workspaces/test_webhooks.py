"""Webhooks: what happens goes out in its order, signed, once, and to public addresses only."""

import base64
import hashlib
import hmac
import json
import threading
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.db import connection, transaction

from tests.make.tasks import make_board, make_card
from tests.make.workspaces import make_stakeholder
from tests.support.stub import Reply, stub_server
from workspaces.models import Notification, Webhook, WebhookCall
from workspaces.models.events import Event
from workspaces.operations import calling
from workspaces.operations.calling import LEASE, tell_webhooks, tidy_calls
from workspaces.operations.webhooks import (
    MOST,
    Draft,
    add_webhook,
    change_webhook,
    remove_webhook,
    renew_secret,
    reseal_webhooks,
    switch_webhook,
    tell_again,
)
from workspaces.operations.webhooks import test_webhook as send_test
from workspaces.queries.events import log_of, tell
from workspaces.queries.horizon import whole_until
from workspaces.queries.preferences import place_named
from workspaces.queries.webhooks import next_events
from workspaces.rules.errors import Invalid, Refused
from workspaces.rules.verbs import GROUPS, REGISTRY

pytestmark = pytest.mark.django_db
API = "/api/v1/workspaces/acme/webhooks/"
HOUR = timedelta(hours=1)
INWARD = ["http://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://0.0.0.0/",
          "https://169.254.169.254/", "https://10.0.0.5/", "https://100.64.0.1/",
          "https://224.0.0.1/", "https://[fd00:ec2::254]/", "https://2130706433/",
          "https://0x7f000001/", "https://0177.0.0.1/", "https://127.1/", "file:///etc/passwd",
          "gopher://example.com/", "ftp://example.com/", "https://a:b@example.com/"]  # fmt: skip


@pytest.fixture(autouse=True)
def _here(settings):
    settings.WEB_LOOPBACK = True


@pytest.fixture
def stub():
    with stub_server() as server:
        server.says(Reply("", 204))
        yield server


def hook(acme, mia, url, noon, name="Channel", **draft):
    return add_webhook(acme, draft=Draft(name, url, **draft), by=mia, at=noon)


def work(at):
    return tell_webhooks(clock=lambda: at)


def verbs(stub):
    return [seen.json["type"] for seen in stub.seen]


def test_J13_each_event_goes_out_once_in_order_and_signed(acme, mia, stub, noon):
    make_stakeholder(acme, "Before")
    row, secret = hook(acme, mia, f"{stub.url}/in", noon)
    for name in ("One", "Two"):
        make_stakeholder(acme, name)
    assert work(noon) == 3
    assert work(noon) == 0
    assert verbs(stub) == ["webhook.added", "stakeholder.added", "stakeholder.added"]
    first = stub.seen[1]
    assert (first.method, first.path) == ("POST", "/in")
    assert first.json["data"]["sentence"] == "Olga added the stakeholder One"
    head = {name.lower(): value for name, value in first.headers.items()}
    told = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + first.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    proof = base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
    assert head["webhook-signature"] == f"v1,{proof}"
    assert head["webhook-id"] == f"evt_{row.pk}_{first.json['data']['id']}"


def test_J13_five_hooks_and_none_holds_up_another(acme, mia, noon):
    with ExitStack() as stack:
        stubs = [stack.enter_context(stub_server()) for _n in range(4)]
        for stub, status in zip(stubs, (204, 500, 410, 429), strict=True):
            stub.says(Reply("", status, {"Retry-After": "7200"} if status == 429 else {}))
            hook(acme, mia, stub.url, noon, name=str(status), groups=("agreements",))
        hook(acme, mia, "http://127.0.0.1:9/", noon, name="nobody", groups=("agreements",))
        for name in ("One", "Two"):
            make_stakeholder(acme, name)
        assert work(noon) == 2
        counts = [len(stub.seen) for stub in stubs]
        assert counts == [2, 1, 1, 1]
        rows = {row.name: row for row in Webhook.objects.all()}
        assert (rows["410"].disabled_why, rows["500"].tries) == ("gone", 1)
        assert rows["429"].next_try_at >= noon + 2 * HOUR
        assert noon < rows["500"].next_try_at < noon + HOUR
        assert rows["nobody"].tries == 1
        work(noon + HOUR)
        assert [len(stub.seen) for stub in stubs] == [2, 2, 1, 1]
        stubs[1].says(Reply("", 200))
        assert work(noon + 3 * HOUR) >= 2
        ids = [seen.json["data"]["id"] for seen in stubs[1].seen]
        assert ids[:3] == [ids[0]] * 3
        assert len(set(ids)) == 2
    heads = [{k.lower(): v for k, v in seen.headers.items()} for seen in stubs[1].seen]
    assert len({head["webhook-id"] for head in heads[:3]}) == 1


def test_what_fails_for_a_day_is_switched_off_and_its_maker_is_told(acme, mia, olga, stub, noon):
    stub.says(Reply("", 500))
    row, _secret = hook(acme, mia, stub.url, noon)
    at, tries = noon, 0
    while not Webhook.objects.get().disabled_at:
        work(at)
        at, tries = at + HOUR / 4, tries + 1
        assert tries < 200
    assert noon + 24 * HOUR <= at < noon + 28 * HOUR
    assert len(stub.seen) < 25
    (told,) = Notification.objects.filter(kind="webhook")
    assert told.member == mia
    assert "has not taken it for a day" in tell(log_of(acme))[0].sentence
    assert told.link == f"/w/acme/settings/webhooks/{row.pk}/"
    stub.says(Reply("", 200))
    make_stakeholder(acme, "Meanwhile", at=at)
    assert work(at) == 0
    switch_webhook(row, on=True, by=mia, at=at)
    work(at)
    assert "stakeholder.added" in verbs(stub)
    assert verbs(stub)[-1] == "webhook.started"


def test_J05_a_worker_that_dies_leaves_one_event_to_be_told_twice_with_the_same_id(
    acme, mia, stub, noon
):
    row, _secret = hook(acme, mia, stub.url, noon)
    assert calling._claim(row, at=noon)
    (event,) = next_events(row, until=whole_until(), most=9)
    calling._try(row, calling.said_of_in(row, event), noon)  # and the worker is killed here
    assert work(noon + LEASE / 2) == 0
    assert work(noon + 2 * LEASE) == 1
    assert work(noon + 4 * LEASE) == 0
    heads = [{name.lower(): value for name, value in seen.headers.items()} for seen in stub.seen]
    assert [head["webhook-id"] for head in heads] == [f"evt_{row.pk}_{event.pk}"] * 2


def test_only_what_is_wanted_is_told(acme, mia, stub, noon):
    board, other = make_board(acme), make_board(acme, "Fair")
    place = place_named(acme, f"tasks.board:{board.pk}")
    hook(acme, mia, stub.url, noon, groups=("cards",), place=place)
    make_stakeholder(acme)
    make_card(other, "Not this")
    make_card(board, "This")
    assert work(noon) == 1
    (seen,) = stub.seen
    assert seen.json["data"]["data"]["title"] == "This"
    assert place_named(acme, "tasks.board:999") is None


def test_every_verb_stands_in_one_group():
    nouns = [noun for group in GROUPS.values() for noun in group.nouns]
    assert len(nouns) == len(set(nouns))
    assert {name.partition(".")[0] for name in REGISTRY} - set(nouns) == set()


@pytest.mark.parametrize("url", INWARD)
def test_S01_inward_addresses_are_refused_when_they_are_saved(
    acme, mia, noon, settings, client_of, url
):
    settings.WEB_LOOPBACK = False
    with pytest.raises(Invalid):
        hook(acme, mia, url, noon)
    answer = client_of(mia).post(API, {"name": "x", "url": url}, "application/json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["column"] == "url"
    assert Webhook.objects.count() == 0


def test_S03_a_redirect_is_not_followed_and_a_large_answer_is_not_read(acme, mia, stub, noon):
    with stub_server() as canary:
        canary.says(Reply("", 200))
        stub.says(Reply("", 302, {"Location": canary.url}))
        hook(acme, mia, stub.url, noon)
        assert work(noon) == 0
        assert canary.seen == []
    assert WebhookCall.objects.get().fault == "redirected"
    stub.says(Reply("x" * 100_000, 200))
    assert work(noon + HOUR) == 0
    assert WebhookCall.objects.get().fault == "too_large"


def test_S10_addresses_and_secrets_are_told_once_and_kept_sealed(acme, mia, noon, client_of):
    browser = client_of(mia)
    body = {"name": "Chat", "url": "http://127.0.0.1:9/hook/s3cr3t-path", "body": "json"}
    made = browser.post(API, body, "application/json")
    assert made.status_code == 201
    secret = made.json()["secret"]
    assert secret.startswith("whsec_")
    row = Webhook.objects.get()
    pages = [browser.get(API), browser.get(f"{API}{row.pk}/"),
             browser.get("/w/acme/settings/webhooks/"),
             browser.get(f"/w/acme/settings/webhooks/{row.pk}/")]  # fmt: skip
    everything = b"".join(page.content for page in pages) + row.sealed.encode()
    everything += json.dumps(list(Event.objects.values_list("data", flat=True))).encode()
    assert b"s3cr3t-path" not in everything
    assert secret.encode() not in everything
    other = browser.post(f"{API}{row.pk}/secret/").json()["secret"]
    assert other != secret
    reseal_webhooks()
    row.refresh_from_db()
    change_webhook(row, version=row.version, changes={"name": "C"}, by=mia, at=noon)
    assert renew_secret(row, by=mia, at=noon) not in (secret, other)


def test_P09_a_token_neither_makes_nor_lists_webhooks(acme, mia, ed, stub, api_of, client_of):
    for method in ("get", "post"):
        answer = getattr(api_of(mia), method)(API)
        assert answer.status_code == 403
    assert client_of(ed).get(API).status_code == 403


def test_webhooks_over_rest(acme, mia, stub, noon, client_of):
    browser, board = client_of(mia), make_board(acme)
    body = {"name": "Chat", "url": stub.url, "body": "slack", "groups": ["cards"],
            "place": f"tasks.board:{board.pk}"}  # fmt: skip
    made = browser.post(API, body, "application/json").json()
    one = f"{API}{made['id']}/"
    assert (made["place"], made["on"]) == (body["place"], True)
    late = browser.patch(one, {"version": 9, "name": "X"}, "application/json")
    assert (late.status_code, late.json()["current"]["name"]) == (409, "Chat")
    for bad in ({"groups": ["nonsense"]}, {"place": "tasks.board:999"}, {"body": "xml"},
                {"name": ""}, {"url": "x"}, {"groups": "cards"}, {"groups": [["x"]]}):  # fmt: skip
        answer = browser.patch(one, {"version": 1, **bad}, "application/json")
        assert answer.status_code == 400, bad
    changed = browser.patch(
        one, {"version": 1, "place": None, "groups": []}, "application/json"
    ).json()
    assert (changed["place"], changed["groups"], changed["version"]) == (None, [], 2)
    assert browser.post(f"{one}test/").status_code == 202
    work(noon.replace(year=2030))
    assert stub.seen[0].json["text"] == "Acme: This is a test of the webhook Chat."
    (call, *_more) = [row for row in browser.get(f"{one}calls/").json()["results"] if row["event"]]
    assert (call["state"], call["status"]) == ("sent", 204)
    count = len(stub.seen)
    assert browser.post(f"{API}calls/{call['id']}/again/").status_code == 202
    work(noon.replace(year=2030))
    assert len(stub.seen) == count + 1
    off = browser.post(f"{one}switch/", {"on": False}, "application/json").json()
    assert (off["on"], off["why_off"]) == (False, "by_hand")
    assert browser.delete(one).status_code == 204
    assert browser.get(one).status_code == 404


def test_webhooks_on_their_pages(acme, mia, stub, noon, client_of):
    browser, board = client_of(mia), make_board(acme)
    base = "/w/acme/settings/webhooks/"
    bad = browser.post(f"{base}new/", {"name": "Chat", "url": "ftp://x", "body": "json"})
    assert bad.status_code == 422
    assert "begin with https" in bad.content.decode()
    made = browser.post(
        f"{base}new/", {"name": "Chat", "url": stub.url, "body": "json", "groups": ["cards"]}
    )
    assert "whsec_" in made.content.decode()
    row = Webhook.objects.get()
    assert row.groups == ["cards"]
    page = f"{base}{row.pk}/"
    kept = {"name": "Talk", "url": "", "body": "teams", "version": "1",
            "place": f"tasks.board:{board.pk}"}  # fmt: skip
    assert browser.post(page, kept).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.body, row.groups, row.place_id) == ("Talk", "teams", [], board.pk)
    browser.post(f"{page}test/")
    make_card(board)
    work(noon.replace(year=2030))
    assert len(stub.seen) == 2
    assert stub.seen[0].json["attachments"][0]["content"]["type"] == "AdaptiveCard"
    assert "card.added" in browser.get(page).content.decode()
    browser.post(f"{page}switch/", {})
    assert "Switched off by hand" in browser.get(page).content.decode()
    browser.post(f"{page}remove/")
    assert Webhook.objects.count() == 0


def test_a_workspace_has_a_few_webhooks_of_different_names(acme, mia, stub, noon):
    hook(acme, mia, stub.url, noon)
    with pytest.raises(Refused):
        hook(acme, mia, stub.url, noon)
    for n in range(MOST - 1):
        hook(acme, mia, stub.url, noon, name=str(n))
    with pytest.raises(Refused):
        hook(acme, mia, stub.url, noon, name="more")
    remove_webhook(Webhook.objects.first(), by=mia, at=noon)


def test_a_test_goes_to_a_webhook_that_is_off_and_is_tried_once(acme, mia, stub, noon):
    row, _secret = hook(acme, mia, stub.url, noon)
    switch_webhook(row, on=False, by=mia, at=noon)
    stub.says(Reply("", 500))
    call = send_test(row, at=noon)
    for _look in range(3):
        work(noon)
    assert len(stub.seen) == 1
    call.refresh_from_db()
    assert (call.state, call.status) == ("failed", 500)
    tell_again(call, at=noon)
    work(noon)
    assert len(stub.seen) == 2
    assert tidy_calls(before=noon + HOUR) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_INV10_an_event_that_is_seen_late_is_not_passed_over(acme, mia, noon):
    began, may_end = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            make_stakeholder(acme, "Slow")
            began.set()
            may_end.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    with transaction.atomic():  # it begins first, and takes its number last
        make_stakeholder(acme, "First")
        thread.start()
        began.wait(20)
        make_stakeholder(acme, "Fast")
    assert whole_until(looks=2) is None
    may_end.set()
    thread.join()
    assert whole_until(looks=20) == Event.objects.latest("pk").pk
