import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.make.workspaces import make_member, make_stakeholder
from workspaces.models import ApiToken, Stakeholder
from workspaces.operations.stakeholders import change_stakeholder
from workspaces.operations.tokens import issue_token
from workspaces.rules.roles import Role

BASE = "/api/v1/workspaces/acme/"


def test_the_workspace_tells_its_zone_and_the_callers_role(ed, api_of):
    body = api_of(ed).get(BASE).json()
    assert (body["slug"], body["timezone"], body["role"]) == ("acme", "Europe/Warsaw", "editor")


def test_a_token_is_stored_as_a_hash_only(olga, api_of):
    client = api_of(olga)
    text = client._credentials["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    assert text.startswith("mops_")
    token = ApiToken.objects.get()
    assert text not in (token.digest, token.token_key)
    assert len(token.digest) == 128


@pytest.mark.parametrize("header", ["Bearer", "Bearer mops_wrong", "Bearer a b", "Bearer \xff"])
def test_A14_a_wrong_token_is_401_problem_json(acme, header):
    client = APIClient()
    response = client.get(BASE, HTTP_AUTHORIZATION=header)
    assert response.status_code == 401
    assert response.json()["status"] == 401
    assert response.json()["request_id"] == response["X-Request-ID"]


def test_T10_a_token_opens_only_its_own_workspace(acme, olga, globex, api_of, noon):
    make_member(globex, olga.user.email, Role.OWNER)
    client = api_of(olga)
    assert client.get(BASE).status_code == 200
    assert client.get("/api/v1/workspaces/globex/").status_code == 404
    assert [w["slug"] for w in client.get("/api/v1/workspaces/").json()] == ["acme"]


def test_P09_a_token_neither_lists_nor_makes_tokens(olga, api_of):
    client = api_of(olga)
    assert client.get(BASE + "tokens/").status_code == 403
    assert client.post(BASE + "tokens/", {"name": "x"}, format="json").status_code == 403


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ('{"name": "Sales", "name": "Press"}', "/name", "repeated_key"),
        ('{"name": ["a", {"x": "\\ud800"}]}', "/name/1/x", "surrogate_characters_not_allowed"),
        ('{"na\\ud800": "a"}', "/na?", "surrogate_characters_not_allowed"),
        ('{"\\ud800": 1, "\\ud800": 2}', "/?", "repeated_key"),
    ],
)
def test_I15_what_json_would_lose_is_a_400_that_names_it(olga, api_of, body, pointer, code):
    response = api_of(olga).generic("POST", BASE + "stakeholders/", body, "application/json")
    assert response.status_code == 400
    [error] = response.json()["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)
    assert not Stakeholder.objects.exists()


def test_an_unknown_field_is_named(olga, api_of):
    response = api_of(olga).post(
        BASE + "stakeholders/", {"name": "Sales", "budget": 1}, format="json"
    )
    assert response.status_code == 400
    [error] = response.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/budget", "unknown_field")
    assert not Stakeholder.objects.exists()


@pytest.mark.parametrize("body", ["[" * 100_000, '{"name":' * 5_000, "[NaN]", "\xff"])
def test_a_body_that_cannot_be_read_is_a_400_wherever_it_is_sent(olga, api_of, body):
    for path in ("stakeholders/", "metrics/", "observations/", "goals/", "cards/"):
        answer = api_of(olga).generic("POST", BASE + path, body, content_type="application/json")
        assert (answer.status_code, answer.json()["status"]) == (400, 400), path


def test_a_query_parameter_that_there_is_not_is_named(olga, api_of):
    for path in ("", "goals/", "metrics/", "observations/", "boards/", "members/", "overview/"):
        answer = api_of(olga).get(BASE + path, {"granularity": "day"})
        assert answer.status_code == 400, path
        told = answer.json()["errors"][0]
        assert (told["pointer"], told["code"]) == ("/granularity", "unknown_parameter")


@pytest.mark.parametrize("query", ["limit=abc", "limit=0", "limit=-1", "offset=-1", "offset=x"])
def test_a_page_that_cannot_be_is_a_400(olga, api_of, query):
    answer = api_of(olga).get(f"{BASE}goals/?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["column"] == query.partition("=")[0]


def test_who_may_but_not_by_this_token_is_told_so(acme, mia, noon):
    _token, text = issue_token(mia, name="reports", scope="read", by=mia, at=noon)
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {text}")
    answer = client.post(f"{BASE}stakeholders/", {"name": "Sales"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_too_narrow")
    assert answer.json()["detail"] == "This token may only read."


def test_C01_a_session_without_the_token_of_its_forms_is_told_so(acme, mia):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(mia.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(f"{BASE}stakeholders/", {"name": "Sales"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


def test_an_address_without_its_slash_is_not_there_for_any_method(olga, api_of):
    client = api_of(olga)
    client.handler.enforce_csrf_checks = True
    assert client.post(f"{BASE}metrics", {}, format="json").status_code == 404


def test_a_body_that_is_no_json_is_400(olga, api_of):
    response = api_of(olga).post(BASE + "stakeholders/", b"{nope", content_type="application/json")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_O01_a_stale_stakeholder_is_409_with_the_current_state(acme, olga, api_of, noon):
    sales = make_stakeholder(acme)
    change_stakeholder(sales, {"need": "Leads"}, version=1, by=olga, at=noon)
    response = api_of(olga).patch(
        f"{BASE}stakeholders/{sales.pk}/", {"version": 1, "need": "Mine"}, format="json"
    )
    assert response.status_code == 409
    assert response.json()["current"]["need"] == "Leads"
    assert response.json()["current"]["version"] == 2


def test_T03_a_foreign_member_in_a_body_is_unknown(acme, olga, sam, api_of):
    response = api_of(olga).post(
        BASE + "stakeholders/", {"name": "Sales", "member": sam.pk}, format="json"
    )
    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == "/member"
    assert "Sam" not in response.content.decode()


@pytest.mark.parametrize("pk", ["0", "-5", "7abc", "0x7", "99999999999999999999", "null"])
def test_T11_an_id_that_is_none_is_404(acme, olga, api_of, pk):
    assert api_of(olga).get(f"{BASE}stakeholders/{pk}/").status_code == 404


def test_an_unknown_address_below_the_api_is_problem_json(olga, api_of):
    response = api_of(olga).get(BASE + "nothing-here/")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["members/", "stakeholders/", "events/"])
def test_N08_a_list_costs_the_same_for_one_row_and_for_ten(acme, olga, api_of, path):
    client = api_of(olga)
    counts = []
    for n in (1, 10):
        for i in range(n):
            make_stakeholder(acme, f"Stakeholder {n} {i}")
        with CaptureQueriesContext(connection) as counted:
            assert client.get(BASE + path).status_code == 200
        counts.append(len(counted))
    assert counts[0] == counts[1]
