from datetime import date, timedelta

import pytest

from tasks.models import Card
from tasks.operations.boards import archive_board
from tasks.operations.cards import (
    MOST_ITEMS,
    TRASH_LASTS,
    CardDraft,
    add_card,
    archive_card,
    empty_trash,
    restore_card,
    trash_card,
)
from tasks.operations.columns import change_column
from tasks.operations.edits import edit_card
from tests.make.tasks import column_of, make_board, make_card, titles
from tests.tasks.events import events_of, verbs_of, versions_of
from workspaces.rules.errors import Refused, Stale


@pytest.fixture
def board(acme):
    return make_board(acme)


def test_a_new_card_stands_at_the_bottom_with_the_next_number(board, ed, noon):
    ready = column_of(board, "Ready")
    for title in ("One", "Two", "Three"):
        make_card(ready, title)
    assert titles(ready) == ["One", "Two", "Three"]
    assert list(Card.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
    draft = CardDraft("  Four ", " why ", ed, date(2026, 3, 9), None, ("a", " ", "b "))
    card = add_card(ready, draft=draft, by=ed, at=noon)
    assert (card.number, card.title, card.description, card.version) == (4, "Four", "why", 1)
    assert list(card.items.order_by("position").values_list("text", flat=True)) == ["a", "b"]
    event = events_of(card)[0]
    assert (event.verb, event.data["version"], event.data["to"]) == ("card.added", 1, "Ready")
    assert (event.by, event.at) == (ed, noon)


def test_O02_each_workspace_counts_its_own_cards(board, globex):
    assert make_card(board).number == 1
    assert make_card(make_board(globex)).number == 1
    assert make_card(board).number == 2


def test_O09_the_same_nonce_twice_is_one_card(board, globex):
    first = make_card(board, nonce="n-1")
    assert make_card(board, "Something else", nonce="n-1") == first
    assert make_card(board, nonce="n-2") != first
    assert make_card(make_board(globex), nonce="n-1") != first
    assert [card.number for card in Card.objects.filter(board=board).order_by("pk")] == [1, 2]
    assert verbs_of(first) == ["card.added"]


@pytest.mark.parametrize(
    ("draft", "nonce", "code"),
    [
        (CardDraft("   "), "", "required"),
        (CardDraft("x"), "n" * 65, "max_length"),
        (CardDraft("x", checklist=("a",) * (MOST_ITEMS + 1)), "", "too_many"),
    ],
)
def test_a_card_that_cannot_be_is_refused_and_takes_no_number(board, ed, noon, draft, nonce, code):
    with pytest.raises(Refused) as refusal:
        add_card(column_of(board, "Ready"), draft=draft, nonce=nonce, by=ed, at=noon)
    assert refusal.value.code == code
    assert make_card(board).number == 1


def test_T03_a_card_never_points_at_another_workspace(board, sam, ed, noon):
    with pytest.raises(Refused) as refusal:
        make_card(board, assignee=sam)
    assert refusal.value.code == "foreign"
    card = make_card(board)
    with pytest.raises(Refused):
        edit_card(card, version=1, changes={"assignee": sam}, by=ed, at=noon)


def test_an_archived_board_takes_no_card(board, olga, noon):
    board = archive_board(board, by=olga, at=noon)
    with pytest.raises(Refused) as refusal:
        make_card(board)
    assert refusal.value.code == "archived"


def test_a_card_made_in_a_done_column_is_done(board, noon):
    assert make_card(column_of(board, "Done")).done_at == noon


def test_an_archived_card_comes_back_to_its_place(board, ed, noon):
    ready = column_of(board, "Ready")
    cards = [make_card(ready, title) for title in ("One", "Two", "Three")]
    gone = archive_card(cards[1], version=1, by=ed, at=noon)
    assert titles(ready) == ["One", "Three"]
    assert archive_card(gone, by=ed, at=noon).version == 2
    back = restore_card(gone, by=ed, at=noon + timedelta(hours=1))
    assert titles(ready) == ["One", "Two", "Three"]
    assert restore_card(back, by=ed, at=noon).version == 3
    assert verbs_of(back) == ["card.added", "card.archived", "card.restored"]
    assert versions_of(back) == [1, 2, 3]


def test_a_stale_archive_is_refused(board, ed, noon):
    card = make_card(board)
    edited = edit_card(card, version=1, changes={"title": "New"}, by=ed, at=noon)
    with pytest.raises(Stale):
        archive_card(edited, version=1, by=ed, at=noon)


def test_an_archived_card_does_not_come_back_to_a_full_column(board, olga, noon):
    ready = column_of(board, "Ready")
    gone = archive_card(make_card(ready), by=olga, at=noon)
    make_card(ready)
    change_column(ready, changes={"wip_limit": 1}, by=olga, at=noon)
    with pytest.raises(Refused) as refusal:
        restore_card(Card.objects.get(pk=gone.pk), by=olga, at=noon)
    assert refusal.value.code == "full"


def test_a_card_in_the_trash_comes_back_until_the_trash_is_emptied(board, ed, noon):
    ready = column_of(board, "Ready")
    one, two = make_card(ready, "One"), make_card(ready, "Two")
    gone = trash_card(one, version=1, by=ed, at=noon)
    assert titles(ready) == ["Two"]
    assert trash_card(gone, by=ed, at=noon).version == 2
    assert titles(restore_card(gone, by=ed, at=noon).column) == ["One", "Two"]
    trash_card(two, by=ed, at=noon)
    assert empty_trash(at=noon + TRASH_LASTS - timedelta(seconds=1)) == 0
    assert empty_trash(at=noon + TRASH_LASTS) == 1
    assert list(Card.objects.filter(board=board)) == [one]
    assert verbs_of(two) == ["card.added", "card.trashed"]
