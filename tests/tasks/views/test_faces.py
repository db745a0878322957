import pytest

from tasks.models import Board, BoardChoice, Card, CustomField, Label, SavedFilter
from tests.make.tasks import column_of, make_card, make_field, make_label

BOARDS = "/w/acme/boards/"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def client(mia, client_of):
    return client_of(mia)


def test_a_face_says_what_is_on_the_card_and_not_what_the_board_hides(client, acme, board, ed):
    budget = make_field(acme, "Budget", on_card=True)
    label = make_label(acme, "<b>News</b>")
    make_card(board, assignee=ed, labels=(label,), priority=4, estimate=3, values={budget: 1200})
    page = f"{BOARDS}{board.pk}/"
    html = client.get(page).content.decode()
    for text in ("#1", "&lt;b&gt;News", "Urgent", "3 h", "Budget", "1,200", "In this column for"):
        assert text in html
    shown = {"name": "Board", "version": 1, "shows": ["number", "goal"], "lanes": "goal"}
    assert client.post(f"{page}settings/", shown).status_code == 302
    html = client.get(page).content.decode()
    for text in ("Urgent", "News", "3 h", "1,200", "In this column for"):
        assert text not in html.split('id="bcols"')[1].split("</sortable-board>")[0]
    assert Board.objects.get().lanes == "goal"


def test_a_board_begins_by_a_plan_or_as_another_one(client, board):
    client.post(f"{BOARDS}new/", {"name": "Spring", "like": "campaign"})
    spring = Board.objects.get(name="Spring")
    assert spring.columns.get(position=1).name == "Ideas"
    client.post(f"{BOARDS}new/", {"name": "Autumn", "like": str(spring.pk)})
    autumn = Board.objects.get(name="Autumn")
    assert autumn.lanes == spring.lanes == "goal"
    assert column_of(autumn, "Brief").entry == ["goal"]
    assert client.post(f"{BOARDS}new/", {"name": "X", "like": "nope"}).status_code == 422


def test_labels_and_fields_are_kept_by_managers_on_pages_of_their_own(client, acme, vi, client_of):
    client.post(f"{BOARDS}labels/", {"name": "News", "colour": "teal"})
    label = Label.objects.get()
    assert "News" in client.get(f"{BOARDS}labels/").content.decode()
    sent = {"name": "Newsletter", "colour": "pink", "version": 1}
    client.post(f"{BOARDS}labels/{label.pk}/", sent)
    assert client.post(f"{BOARDS}labels/{label.pk}/", sent).status_code == 409
    assert client.post(f"{BOARDS}labels/{label.pk}/remove/", {"version": 2}).status_code == 302
    assert not Label.objects.exists()
    for name in ("Budget", "Channel"):
        client.post(f"{BOARDS}fields/", {"name": name, "kind": "choice", "choices": "a\nb"})
    field = CustomField.objects.get(name="Channel")
    client.post(f"{BOARDS}fields/{field.pk}/", {"name": "Via", "choices": "a\nb\nc", "version": 1})
    client.post(f"{BOARDS}fields/{field.pk}/place/", {"after": ""})
    client.post(f"{BOARDS}fields/{field.pk}/retire/", {"version": 2, "done": "1"})
    field.refresh_from_db()
    assert (field.name, field.choices, field.position) == ("Via", ["a", "b", "c"], 1)
    assert field.retired_at is not None
    assert client_of(vi).get(f"{BOARDS}labels/").status_code == 403


def test_what_one_chooses_is_remembered_for_oneself(client, board, ed, client_of):
    page, column = f"{BOARDS}{board.pk}/", column_of(board, "Ready")
    client.post(f"{page}look/", {"is_compact": "1"})
    client.post(f"{BOARDS}columns/{column.pk}/fold/", {"folded": "1"})
    html = client.get(page).content.decode()
    assert "bd-compact" in html
    assert "is-folded" in html
    assert "bd-compact" not in client_of(ed).get(page).content.decode()
    client.post(f"{BOARDS}columns/{column.pk}/fold/", {})
    assert BoardChoice.objects.get().folded == []


def test_P01_a_filter_is_ones_own_until_a_manager_shares_it(client, board, ed, client_of):
    page, editor = f"{BOARDS}{board.pk}/", client_of(ed)
    sent = {"name": "Mine", "query": "assignee=me", "shared": "on"}
    editor.post(f"{page}filters/", sent)
    own = SavedFilter.objects.get()
    assert not own.is_shared  # an editor may not
    assert client.post(f"{BOARDS}filters/{own.pk}/", sent).status_code == 404
    client.post(f"{page}filters/", {"name": "Late", "query": "due=overdue", "shared": "on"})
    shared = SavedFilter.objects.get(name="Late")
    assert "Late" in editor.get(f"{page}filter/").content.decode()
    assert editor.post(f"{BOARDS}filters/{shared.pk}/", sent).status_code == 403
    assert editor.post(f"{page}filters/", {"name": "All", "query": ""}).status_code == 422
    assert client.post(f"{BOARDS}filters/{shared.pk}/remove/", {"version": 1}).status_code == 302


def test_selected_cards_are_changed_together_and_told_apart(client, board, ed):
    one, two = make_card(board, "One"), make_card(board, "Two")
    url = f"{BOARDS}{board.pk}/bulk/"
    cards = [f"{one.pk}:1", f"{two.pk}:9"]
    answer = client.post(url, {"card": cards, "assignee": ed.pk}, **HTMX)
    assert "1 card changed. #2: Somebody changed" in answer.content.decode()
    assert Card.objects.get(pk=one.pk).assignee == ed
    sent = {"card": [f"{one.pk}:2"], "then": "archive"}
    html = client.post(url, sent, **HTMX).content.decode()
    assert f"bulk/undo/?cards={one.pk}" in html
    client.post(f"{url}undo/?cards={one.pk}")
    assert Card.objects.get(pk=one.pk).archived_at is None
    for bad in ({}, {"card": ["x:1"], "then": "trash"}, {"card": cards}):
        assert client.post(url, bad, **HTMX).status_code == 422
