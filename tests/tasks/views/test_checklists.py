import pytest

from tests.make.tasks import make_card

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def client(ed, client_of):
    return client_of(ed)


@pytest.fixture
def card(board):
    return make_card(board, checklist=("One", "Two"))


def texts(card):
    return list(card.items.order_by("position").values_list("text", flat=True))


def item_path(card, text, action=""):
    return f"/w/acme/cards/items/{card.items.get(text=text).pk}/{action}"


def test_steps_are_added_and_ticked_without_script(client, card):
    response = client.post(f"/w/acme/cards/{card.pk}/items/", {"text": "Three"})
    assert response["Location"] == f"/w/acme/cards/{card.pk}/"
    client.post(item_path(card, "Two", "tick/"), {"done": "1"})
    assert card.items.get(text="Two").done_at
    client.post(item_path(card, "Two", "tick/"), {"done": ""})
    assert card.items.get(text="Two").done_at is None
    client.post(item_path(card, "Three", "place/"), {"after": ""})
    client.post(item_path(card, "One", "remove/"))
    assert texts(card) == ["Three", "Two"]


def test_a_tick_in_the_drawer_renews_the_ring_on_the_board(client, card):
    html = client.post(item_path(card, "One", "tick/"), {"done": "1"}, **HTMX).content.decode()
    assert f'<hx-partial hx-target="#card-{card.pk}"' in html
    assert "1/2" in html


def test_O01_a_step_that_somebody_rewrote_is_not_overwritten(client, card):
    path = item_path(card, "One")
    assert client.post(path, {"text": "First", "was": "One"}).status_code == 302
    stale = client.post(path, {"text": "Uno", "was": "One"})
    assert stale.status_code == 409
    assert texts(card) == ["First", "Two"]


@pytest.mark.parametrize("text", ["", "  ", "x" * 501])
def test_a_step_needs_a_text_of_a_sensible_length(client, card, text):
    assert client.post(f"/w/acme/cards/{card.pk}/items/", {"text": text}).status_code == 422
    assert texts(card) == ["One", "Two"]


def test_P01_a_viewer_ticks_nothing(vi, client_of, card):
    path = item_path(card, "One", "tick/")
    assert client_of(vi).post(path, {"done": "1"}).status_code == 403
    assert card.items.filter(done_at=None).count() == 2
