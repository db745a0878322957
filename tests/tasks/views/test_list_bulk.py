"""Many cards changed at once from a list, of a board or of all boards, and brought back."""

import html
import re

import pytest

from tasks.models import Card
from tests.make.tasks import column_of, make_board, make_card

HTMX = {"HTTP_HX_REQUEST": "true"}
ALL = "/w/acme/cards/bulk/"
QUERIES = 20


@pytest.fixture
def client(ed, client_of):
    return client_of(ed)


def picked(*cards):
    return {"card": [f"{card.pk}:{card.version}" for card in cards]}


def undone(client, answer):
    """Send the form that the toast offers."""
    form = re.search(r"<form.*?</form>", answer.content.decode(), re.DOTALL)[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    fields.pop("csrfmiddlewaretoken", None)
    return client.post(html.unescape(re.search(r'action="([^"]+)"', form)[1]), fields, **HTMX)


def test_rows_are_selected_for_one_bar_and_a_viewer_has_none(client, board, vi, client_of):
    card = make_card(board, "One")
    for url, goes in (
        (f"/w/acme/boards/{board.pk}/list/?sort=title", f"/w/acme/boards/{board.pk}/bulk/"),
        ("/w/acme/cards/?sort=title", ALL),
    ):
        page = client.get(url).content.decode()
        assert f'value="{card.pk}:1" form="bulk"' in page
        assert f'id="bulk" method="post" action="{goes}"' in page
        assert f'name="next" value="{url}"' in page
        assert 'form="bulk"' not in client_of(vi).get(url).content.decode()


def test_cards_of_several_boards_are_changed_together_and_come_back_from_the_trash(
    client, board, ed
):
    cards = [make_card(board, "One"), make_card(make_board(board.workspace, "Other"), "Two")]
    said = client.post(ALL, picked(*cards) | {"assignee": ed.pk, "then": "trash"}, **HTMX)
    assert "2 cards changed." in said.content.decode()
    assert set(Card.objects.values_list("assignee", flat=True)) == {ed.pk}
    assert not Card.objects.filter(trashed_at=None).exists()
    assert "2 cards changed." in undone(client, said).content.decode()
    assert Card.objects.filter(archived_at=None, trashed_at=None).count() == 2


def test_a_move_is_undone_on_one_board_and_to_another(client, board):
    other = make_board(board.workspace, "Other")
    card, ready = make_card(board, "One"), column_of(board, "Ready")
    home = card.column
    said = client.post(ALL, picked(card) | {"to": ready.pk}, **HTMX)
    assert Card.objects.get().column == ready
    undone(client, said)
    card = Card.objects.get()
    assert card.column == home
    said = client.post(ALL, picked(card) | {"to": column_of(other, "Ready").pk}, **HTMX)
    assert Card.objects.get().board == other
    undone(client, said)
    assert Card.objects.get().column == home


def test_a_card_of_another_workspace_is_not_found(client, sam, vi, client_of, board):
    theirs = make_card(make_board(sam.workspace), "Theirs")
    client.post(ALL, picked(theirs) | {"then": "trash"}, **HTMX)
    assert Card.objects.get(pk=theirs.pk).trashed_at is None
    ours = make_card(board, "Ours")
    sent = picked(ours) | {"then": "trash"}
    assert client_of(vi).post(ALL, sent, **HTMX).status_code == 403


@pytest.mark.parametrize("cards", [1, 40])
def test_a_list_costs_the_same_however_many_cards_can_be_selected(
    client, board, cards, django_assert_num_queries
):
    for number in range(cards):
        make_card(board, f"Card {number}")
    client.get("/w/acme/cards/")
    with django_assert_num_queries(QUERIES):
        client.get("/w/acme/cards/")
