"""New routes are covered by existing tests: every one refuses strangers, guests and viewers."""

import re

import pytest
from django.test import Client
from rest_framework.test import APIClient

from tests.architecture.routes import (
    api_calls,
    api_routes,
    guarded_endpoints,
    guarded_pages,
    page_routes,
)
from workspaces.rules.roles import LEAST_ROLE, Role

WRITES = {"post", "patch", "put", "delete"}
# What a viewer may post: keys, notices and filters of their own, what they watch, their word.
VIEWER_MAY = {
    "/w/acme/settings/tokens/",
    "/w/acme/settings/tokens/1/revoke/",
    "/w/acme/notifications/read/",
    "/w/acme/notifications/preferences/",
    "/w/acme/notifications/preferences/board/",
    "/w/acme/notifications/preferences/habits/",
    "/w/acme/notifications/1/read/",
    "/w/acme/strategy/1/sign/",
    "/w/acme/strategy/1/feedback/new/",
    "/w/acme/pulse/answer/",
    "/w/acme/cards/1/comments/new/",
    "/w/acme/comments/1/edit/",
    "/w/acme/comments/1/delete/",
    "/w/acme/comments/1/sign/",
    "/w/acme/markdown/",
    "/w/acme/approvals/1/answer/",
    "/w/acme/requests/forms/1/send/",
    "/w/acme/cards/1/watch/",
    "/w/acme/boards/1/here/",
    "/w/acme/boards/1/look/",
    "/w/acme/boards/1/filters/",
    "/w/acme/boards/columns/1/fold/",
    "/w/acme/boards/filters/1/",
    "/w/acme/boards/filters/1/remove/",
    "/w/acme/boards/1/list/columns/",
    "/w/acme/boards/1/fold-lane/",
    "/w/acme/boards/keys/",
    "/w/acme/cards/columns/",
    "/w/acme/calendar/links/",
    "/w/acme/calendar/links/1/withdraw/",
}
OWN = ("/tokens/", "/notifications/", "/watch/", "/filters/", "/look/")
OWN_WORD = ("/strategies/1/signatures/", "/strategies/1/feedback/", "/pulse/answers/")
OWN_WORD += (
    "/cards/1/comments/",
    "/comments/1/",
    "/comments/1/signs/1/",
    "/approvals/1/answer/",
    "/requests/",
)

# What is asked by POST, because it is long, and changes nothing.
ASKS = ("/query/", "/markdown/")


def answers(client, path, methods):
    for method in methods:
        data = {} if isinstance(client, APIClient) else None
        options = {"format": "json"} if isinstance(client, APIClient) else {}
        yield method, getattr(client, method)(path, data, **options)


def test_the_product_has_routes(db):
    assert len(page_routes("acme")) > 40
    assert len(api_routes("acme")) > 20


def test_T01_a_stranger_finds_no_page(acme, sam, client_of):
    client = client_of(sam)
    found = {
        (method, path): response.status_code
        for path in page_routes("acme")
        for method, response in answers(client, path, ("get", "post"))
        if response.status_code != 404
    }
    assert found == {}


def test_T01_a_stranger_finds_no_endpoint(acme, sam, api_of):
    client = api_of(sam)
    found = {
        (method, path): response.status_code
        for path, methods in api_calls("acme")
        for method, response in answers(client, path, methods)
        if response.status_code != 404
    }
    assert found == {}


def test_T01_a_method_that_an_endpoint_does_not_know_tells_a_stranger_nothing(acme, sam, api_of):
    client = api_of(sam)
    path, methods = next(call for call in api_calls("acme") if "put" not in call[1])
    assert methods
    assert client.put(path, {}, format="json").status_code == 404


def test_T13_a_foreign_workspace_looks_like_one_that_is_not_there(acme, sam, client_of):
    client = client_of(sam)
    foreign = client.get("/w/acme/")
    missing = client.get("/w/nowhere/")
    assert foreign.status_code == missing.status_code == 404
    assert anonymous(foreign, "acme") == anonymous(missing, "nowhere")


def anonymous(response, slug):
    """The page without what differs from one request to the next."""
    text = response.content.decode().replace(response["X-Request-ID"], "")
    return re.sub(r"[A-Za-z0-9]{64}", "", text.replace(slug, ""))


def test_guests_are_sent_to_sign_in(acme):
    client = Client()
    for path in page_routes("acme"):
        response = client.get(path)
        assert response.status_code == 302, path
        assert response["Location"].startswith("/accounts/login/?next=/w/acme/"), path


def test_guests_get_401_from_the_api(acme):
    client = APIClient()
    for path in api_routes("acme"):
        response = client.get(path)
        assert response.status_code == 401, path
        assert response["WWW-Authenticate"] == "Bearer", path
        assert response["Content-Type"] == "application/problem+json", path


def test_P01_a_viewer_changes_nothing_by_page(acme, vi, client_of):
    client = client_of(vi)
    let_in = {
        path: response.status_code
        for path in page_routes("acme")
        if path not in VIEWER_MAY
        for _method, response in answers(client, path, ("post",))
        if response.status_code not in (403, 405)
    }
    assert let_in == {}


def test_P01_a_viewer_changes_nothing_by_api(acme, vi, api_of):
    client = api_of(vi)
    let_in = {
        (method, path): response.status_code
        for path, methods in api_calls("acme")
        if not any(part in path for part in OWN)
        if "/tokens/" not in path and not path.endswith((*ASKS, *OWN_WORD))
        for method, response in answers(client, path, methods & WRITES)
        if response.status_code not in (403, 405)
    }
    assert let_in == {}


def test_P01_every_page_and_every_method_names_an_action_of_the_one_table():
    pages = {path: can for path, can in guarded_pages("acme") if can not in LEAST_ROLE}
    methods = {
        (method, path): can
        for path, method, can in guarded_endpoints("acme")
        if can not in LEAST_ROLE
    }
    assert pages == {}
    assert methods == {}


def test_P01_what_is_done_by_page_takes_the_role_that_it_takes_by_api():
    pages = {can for _path, can in guarded_pages("acme")}
    methods = {can for _path, _method, can in guarded_endpoints("acme")}
    assert methods == set(LEAST_ROLE)
    assert pages == methods - {"workspace.edit"}  # its page is shown to all, and asks itself


BELOW = {Role.MANAGER: "ed", Role.OWNER: "mia"}  # viewers are asked for everything above


@pytest.mark.parametrize("needed", BELOW, ids=lambda role: role.word)
def test_P01_a_role_too_low_is_told_so_and_the_role_itself_is_let_in(
    acme, olga, mia, ed, client_of, api_of, needed
):
    below, fit = {"ed": ed, "mia": mia}[BELOW[needed]], {"manager": mia, "owner": olga}[needed.word]
    asked = [
        (path, method, api_of)
        for path, method, can in guarded_endpoints("acme")
        if LEAST_ROLE[can] is needed
    ]
    asked += [
        (path, "post", client_of)
        for path, can in guarded_pages("acme")
        if LEAST_ROLE[can] is needed
    ]
    clients = {way: way(below) for way in (api_of, client_of)}
    let_in = {
        (method, path): status
        for path, method, way in asked
        if (status := getattr(clients[way], method)(path).status_code) not in (403, 405)
    }
    browser = client_of(fit)
    pages = [path for path, _method, way in asked if way is client_of]
    shut_out = [path for path in pages if browser.post(path).status_code == 403]
    assert asked
    assert let_in == {}
    assert shut_out == []


def test_P08_a_read_token_changes_nothing(acme, olga, api_of):
    client = api_of(olga, scope="read")
    let_in = {
        (method, path): response.status_code
        for path, methods in api_calls("acme")
        if not path.endswith(ASKS)
        for method, response in answers(client, path, methods & WRITES)
        if response.status_code not in (403, 405)
    }
    assert let_in == {}


@pytest.mark.parametrize("path", ["/w/acme/", "/w/acme/settings/members/"])
def test_C08_private_pages_are_not_stored(acme, olga, client_of, path):
    response = client_of(olga).get(path)
    assert response["Cache-Control"] == "private, no-store"


def test_C01_a_post_without_its_token_is_refused(acme, olga):
    client = Client(enforce_csrf_checks=True)
    client.force_login(olga.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for path in page_routes("acme"):
        response = client.post(path)
        assert response.status_code in (403, 405), path
