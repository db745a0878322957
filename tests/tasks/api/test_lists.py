import pytest
import time_machine
from django.test import Client

from tasks.models import CalendarFeed, Card
from tests.conftest import BACKEND
from tests.make.tasks import make_card, make_label
from tests.make.workspaces import NOON

API = "/api/v1/workspaces/acme/"


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def test_cards_are_asked_for_in_any_order_and_by_what_pages_look_for(acme, board, ed, api_of):
    client, label = api_of(ed), make_label(acme)
    make_card(board, "Beta", due_on="2026-03-09", labels=(label,), priority=4)
    make_card(board, "alpha", due_on="2026-03-02")
    make_card(board, "Gamma")

    def found(query):
        return "".join(
            card["title"][0] for card in client.get(f"{API}cards/?{query}").json()["results"]
        )

    assert found("") == "BaG"
    assert [found(f"sort={word}") for word in ("title", "-title", "due", "-labels")] == [
        "aBG",
        "GBa",
        "aBG",
        "BaG",
    ]
    assert found("due_from=2026-03-02&due_to=2026-03-08") == "a"
    assert [found(f"label={label.pk}"), found("priority=urgent"), found("q=amm")] == ["B", "B", "G"]
    for bad in ("sort=secret", "due_from=soon", "priority=5", "label=x", "q=%00"):
        answer = client.get(f"{API}cards/?{bad}")
        assert answer.status_code == 400, bad
        assert bad.partition("=")[0] in str(answer.json())


def test_a_card_is_given_another_day_and_a_stale_one_is_told_how_it_stands(board, ed, api_of):
    client = api_of(ed)
    card = make_card(board, start_on="2026-03-02", due_on="2026-03-04")
    card = Card.objects.get(pk=card.pk)
    url = f"{API}cards/{card.pk}/schedule/"
    answer = client.post(url, {"due": "2026-03-11", "version": 1}, format="json").json()
    assert (answer["start"], answer["due"], answer["version"]) == ("2026-03-09", "2026-03-11", 2)
    late = client.post(url, {"due": "2026-03-12", "version": 1}, format="json")
    assert (late.status_code, late.json()["current"]["due"]) == (409, "2026-03-11")
    for bad in ({"due": "soon", "version": 2}, {"version": 2}, {"due": None}):
        assert client.post(url, bad, format="json").status_code == 400, bad
    assert client.post(url, {"due": None, "version": 2}, format="json").json()["due"] is None


def test_columns_are_ones_own_and_P09_addresses_are_made_by_a_signed_in_person(
    acme, board, ed, api_of
):
    client = api_of(ed)
    for url in (f"{API}boards/{board.pk}/list/look/", f"{API}cards/look/"):
        assert "goal" in client.get(url).json()["columns"]
        said = client.put(url, {"columns": ["due", "column"]}, format="json").json()
        assert said == {"columns": ["column", "due"]}
        assert client.put(url, {"columns": ["secret"]}, format="json").status_code == 400
    assert client.post(f"{API}calendar-feeds/", {}, format="json").status_code == 403
    person = Client()
    person.force_login(ed.user, backend=BACKEND)
    sent = {"board": board.pk}
    made = person.post(f"{API}calendar-feeds/", sent, content_type="application/json")
    assert made.status_code == 201
    assert person.get(made.json()["address"].removeprefix("http://testserver")).status_code == 200
    listed = person.get(f"{API}calendar-feeds/").json()["results"]
    assert [(row["board"], "address" in row) for row in listed] == [(board.pk, False)]
    no_token = client.delete(f"{API}calendar-feeds/{listed[0]['id']}/")
    assert (no_token.status_code, no_token.json()["code"]) == (403, "not_by_token")
    assert no_token.json()["detail"] == "A token cannot manage addresses of calendars; sign in."
    gone = person.delete(f"{API}calendar-feeds/{listed[0]['id']}/")
    assert (gone.status_code, CalendarFeed.objects.count()) == (204, 0)
