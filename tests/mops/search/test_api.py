import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.make.sla import make_sla
from tests.make.strategies import make_strategy
from tests.make.tasks import make_card
from tests.mops.search.conftest import furnish

URL = "/api/v1/workspaces/acme/search/"


@pytest.fixture
def client(vi, api_of):
    return api_of(vi, scope="read")


def test_a_viewer_finds_one_of_each_kind(client, things):
    goal, card, _metric, board, stakeholder, person = things
    body = client.get(URL, {"q": " Mail "}).json()
    assert body["query"] == "Mail"
    assert [(found["kind"], found["id"]) for found in body["results"]] == [
        ("goal", goal.pk),
        ("card", card.pk),
        ("metric", "mail_clicks"),
        ("board", board.pk),
        ("stakeholder", stakeholder.pk),
        ("person", person.pk),
    ]
    assert body["results"][1] == {
        "kind": "card",
        "id": card.pk,
        "title": "Write the mail",
        "detail": f"#{card.number} · Team mail · Backlog",
        "url": f"/w/acme/cards/{card.pk}/",
    }


def test_a_strategy_is_found_by_its_title_and_told_with_its_period(client, acme, globex):
    plan, _theirs = make_strategy(acme), make_strategy(globex)
    [found] = client.get(URL, {"q": "plan"}).json()["results"]
    assert (found["kind"], found["id"], found["url"]) == (
        "strategy", plan.pk, f"/w/acme/strategy/{plan.pk}/",
    )  # fmt: skip
    assert "2026" in found["detail"]


def test_an_agreement_is_found_by_its_name_and_by_its_parties(client, acme, globex):
    sla, _theirs = make_sla(acme), make_sla(globex)
    for q in ("briefs", "sales of leads"):
        found = client.get(URL, {"q": q}).json()["results"]
        agreements = [one for one in found if one["kind"] == "agreement"]
        assert [(one["id"], one["url"]) for one in agreements] == [
            (sla.pk, f"/w/acme/sla/{sla.pk}/")
        ]


def test_a_cards_number_finds_it(client, things):
    [found] = client.get(URL, {"q": f"#{things[1].number}"}).json()["results"]
    assert (found["kind"], found["id"]) == ("card", things[1].pk)


@pytest.mark.parametrize(
    ("q", "code"),
    [(None, "required"), ("", "required"), (" \0", "required"), ("x" * 201, "too_long")],
)
def test_no_text_or_too_much_of_it_is_refused(client, q, code):
    response = client.get(URL, {} if q is None else {"q": q})
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    [error] = response.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/q", code)


def test_200_letters_are_not_too_many(client, acme):
    assert client.get(URL, {"q": "x" * 200}).json()["results"] == []


def test_another_workspaces_things_are_never_told(client, globex):
    furnish(globex, "rival")
    assert client.get(URL, {"q": "rival"}).json()["results"] == []


def test_a_stranger_gets_404(acme, sam, api_of):
    assert api_of(sam).get(URL, {"q": "mail"}).status_code == 404


def test_the_number_of_queries_does_not_grow_with_what_is_found(client, things):
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as counted:
            client.get(URL, {"q": "mail"})
        counts.append(len(counted))
        for number in range(4):
            make_card(things[3], f"Mail {number}")
    assert counts[0] == counts[1]
