"""Cards that are finished although they are blocked, and looking for what is blocked."""

import pytest

from tasks.operations.blocking import block_card
from tasks.operations.dependencies import add_dependency
from tasks.queries.choices import chips_of
from tasks.queries.filters import fits
from tasks.rules.filters import Wanted
from tests.make.tasks import column_of, make_card
from tests.make.workspaces import NOON

HTMX = {"HTTP_HX_REQUEST": "true"}
API = "/api/v1/workspaces/acme/"


@pytest.fixture
def held(board, ed):
    """A card that waits for another one."""
    card, other = make_card(board, "Send"), make_card(board, "Approve")
    add_dependency(card, waits_for=other, by=ed, at=NOON)
    return card


def test_finishing_a_blocked_card_is_told_on_the_page_and_can_be_taken_back(
    board, held, ed, client_of
):
    client, done = client_of(ed), column_of(board, "Done")
    sent = {"to": done.pk, "after": "", "version": 1}
    html = client.post(f"/w/acme/cards/{held.pk}/move/", sent, **HTMX).content.decode()
    assert "“Send” is done although it is blocked by: #2 “Approve”." in html
    assert f'action="/w/acme/cards/{held.pk}/tick/"' in html
    client.post(f"/w/acme/cards/{held.pk}/tick/")
    held.refresh_from_db()
    assert held.done_at is None
    block_card(held, reason="No budget", by=ed, at=NOON)
    bulk = {"card": f"{held.pk}:{held.version}", "to": done.pk}
    told = client.post(f"/w/acme/boards/{board.pk}/bulk/", bulk, **HTMX).content.decode()
    assert "1 card changed." in told
    assert "No budget" in told


def test_rest_says_what_a_soft_rule_lets_pass_and_refuses_where_it_is_hard(
    board, held, mia, api_of
):
    api, done = api_of(mia), column_of(board, "Done")
    move = f"{API}cards/{held.pk}/move/"
    told = api.post(move, {"to": done.pk, "version": 1}, format="json").json()
    assert [one["code"] for one in told["warnings"]] == ["blocked"]
    assert "#2 “Approve”" in told["warnings"][0]["message"]
    again = api.post(move, {"to": done.pk, "version": 2}, format="json").json()
    assert again["warnings"] == []
    api.post(f"{API}cards/{held.pk}/tick/", {"done": False}, format="json")
    rule = {"version": 1, "blocked_is_hard": True}
    ruled = api.patch(f"{API}boards/{board.pk}/", rule, format="json").json()
    assert ruled["blocked_is_hard"] is True
    refused = api.post(f"{API}cards/{held.pk}/tick/", {"done": True}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (422, "blocked")


def test_blocked_cards_are_looked_for_on_pages_and_over_rest(board, held, ed, client_of, api_of):
    def found(word):
        only = fits(Wanted(blocked=word), board, member=ed, today=NOON.date())
        return set(board.cards.filter(only).values_list("title", flat=True))

    assert (found("yes"), found("no")) == ({"Send"}, {"Approve"})
    assert [chip.text for chip in chips_of(Wanted(blocked="no"), board)] == ["Not blocked"]
    page = client_of(ed).get(f"/w/acme/boards/{board.pk}/?blocked=yes").content.decode()
    assert "1 of 2 cards" in page
    api = api_of(ed)
    listed = api.get(f"{API}cards/?blocked=true").json()["results"]
    assert [card["title"] for card in listed] == ["Send"]
    assert api.get(f"{API}cards/?blocked=maybe").status_code == 400
