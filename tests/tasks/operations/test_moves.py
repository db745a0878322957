import random
from datetime import timedelta

import pytest

from tasks.models import Card
from tasks.operations.boards import archive_board
from tasks.operations.cards import archive_card
from tasks.operations.columns import change_column
from tasks.operations.edits import edit_card
from tasks.operations.moves import move_card, tick_card
from tasks.rules.ordering import LONGEST, ROOM
from tests.make.tasks import column_of, make_board, make_card, titles
from tests.tasks.events import events_of, verbs_of, versions_of
from workspaces.rules.errors import Refused, Stale


@pytest.fixture
def board(acme):
    return make_board(acme)


@pytest.fixture
def move(ed, noon):
    """Move as ed, from what the database says now."""

    def moved(card, to, after=None, version=None):
        fresh = Card.objects.get(pk=card.pk)
        seen = fresh.version if version is None else version
        return move_card(fresh, to=to, after=after, version=seen, by=ed, at=noon)

    return moved


def test_a_card_moves_to_the_top_or_right_below_another(board, move):
    ready, review = column_of(board, "Ready"), column_of(board, "Review")
    one, two, three = (make_card(ready, title) for title in ("One", "Two", "Three"))
    four = make_card(review, "Four")
    move(four, ready, after=one)
    assert titles(ready) == ["One", "Four", "Two", "Three"]
    move(three, ready)
    assert titles(ready) == ["Three", "One", "Four", "Two"]
    move(one, ready, after=two)
    assert titles(ready) == ["Three", "Four", "Two", "One"]
    assert titles(review) == []
    assert (four.column_id, Card.objects.get(pk=four.pk).column) == (review.pk, ready)
    assert verbs_of(four) == ["card.added", "card.moved"]
    assert events_of(four)[1].data | {} == {
        "version": 2,
        "number": 4,
        "title": "Four",
        "was": "Review",
        "to": "Ready",
        "column": ready.pk,
        "left": review.pk,
    }
    assert verbs_of(one)[-1] == "card.placed"


def test_O01_a_stale_move_is_refused_with_the_current_state(board, ed, noon, move):
    ready, review = column_of(board, "Ready"), column_of(board, "Review")
    card = make_card(ready)
    move(card, review)
    with pytest.raises(Stale) as stale:
        move(card, ready, version=1)
    assert (stale.value.current.column, stale.value.current.version) == (review, 2)
    with pytest.raises(Stale):  # the row that the mover holds is old as well
        move_card(card, to=ready, after=None, version=1, by=ed, at=noon)
    assert titles(review) == [card.title]
    assert versions_of(card) == [1, 2]


def test_O10_a_card_is_not_put_below_one_that_has_left_the_column(board, move):
    ready, review = column_of(board, "Ready"), column_of(board, "Review")
    above, card = make_card(ready, "Above"), make_card(review, "Card")
    move(above, review)
    with pytest.raises(Stale) as stale:
        move(card, ready, after=above)
    assert stale.value.current.column == review
    assert verbs_of(card) == ["card.added"]


def test_O06_hidden_cards_keep_their_order_around_a_move(board, ed, noon, move):
    ready = column_of(board, "Ready")
    cards = [make_card(ready, title) for title in "abcd"]
    hidden = archive_card(cards[1], by=ed, at=noon)
    move(cards[3], ready, after=cards[0])
    Card.objects.filter(pk=hidden.pk).update(archived_at=None)
    assert titles(ready) == ["a", "d", "b", "c"]


def test_a_full_column_refuses_another_card(acme, move):
    board = make_board(acme, columns=[("Ready",), ("Doing", 1), ("Done", None, True)])
    ready, doing = column_of(board, "Ready"), column_of(board, "Doing")
    first = make_card(doing, "First")
    second = make_card(ready, "Second")
    with pytest.raises(Refused) as refusal:
        move(second, doing)
    assert refusal.value.message == "“Doing” already holds its limit of 1."
    assert refusal.value.code == "full"
    with pytest.raises(Refused):
        make_card(doing, "Third")
    move(first, doing)  # within the column is no arrival
    move(first, ready)
    move(second, doing)
    assert titles(doing) == ["Second"]


def test_archived_cards_do_not_count_against_a_limit(board, olga, noon, move):
    doing = column_of(board, "In progress")
    archive_card(make_card(doing), by=olga, at=noon)
    change_column(doing, changes={"wip_limit": 1}, by=olga, at=noon)
    move(make_card(board, "Next"), column_of(board, "In progress"))
    assert titles(doing) == ["Next"]


def test_INV06_a_card_moves_only_on_its_own_board(board, acme, globex, move):
    card = make_card(board)
    for other in (make_board(acme, "Other"), make_board(globex)):
        with pytest.raises(Refused) as refusal:
            move(card, column_of(other, "Ready"))
        assert refusal.value.code == "other_board"
    assert Card.objects.get(pk=card.pk).version == 1


def test_a_card_does_not_stand_below_itself(board, move):
    card = make_card(board)
    with pytest.raises(Refused) as refusal:
        move(card, card.column, after=card)
    assert refusal.value.code == "itself"


def test_what_is_archived_does_not_move(board, ed, olga, noon, move):
    ready = column_of(board, "Ready")
    gone = archive_card(make_card(board), by=ed, at=noon)
    card = make_card(board)
    archive_board(board, by=olga, at=noon)
    for stuck in (gone, card):
        with pytest.raises(Refused) as refusal:
            move(stuck, ready)
        assert refusal.value.code == "archived"


def test_entering_the_done_column_says_when_and_leaving_it_takes_that_back(board, noon, move):
    done, review = column_of(board, "Done"), column_of(board, "Review")
    card = make_card(review)
    finished = move(card, done)
    assert (finished.done_at, finished.came_from) == (noon, review)
    again = move(card, review)
    assert (again.done_at, again.came_from) == (None, None)
    assert verbs_of(card) == ["card.added", "card.done", "card.reopened"]
    assert versions_of(card) == [1, 2, 3]


def test_a_ticked_card_goes_to_the_top_of_done_and_back_to_where_it_was(board, ed, noon):
    done, review = column_of(board, "Done"), column_of(board, "Review")
    make_card(done, "Older")
    card = make_card(review, "Newer")
    ticked = tick_card(card, done=True, by=ed, at=noon)
    assert titles(done) == ["Newer", "Older"]
    assert tick_card(ticked, done=True, by=ed, at=noon).version == 2  # said twice, done once
    tick_card(Card.objects.get(pk=card.pk), done=False, by=ed, at=noon)
    assert titles(review) == ["Newer"]
    assert verbs_of(card) == ["card.added", "card.done", "card.reopened"]


def test_a_card_that_was_never_elsewhere_goes_back_to_the_first_column(board, ed, noon):
    card = make_card(column_of(board, "Done"))
    assert tick_card(card, done=False, by=ed, at=noon).column == column_of(board, "Backlog")


def test_a_board_without_a_done_column_refuses_the_tick(acme, ed, noon):
    card = make_card(make_board(acme, columns=[("All",)]))
    with pytest.raises(Refused) as refusal:
        tick_card(card, done=True, by=ed, at=noon)
    assert refusal.value.code == "no_done_column"


def test_a_stale_tick_is_refused(board, ed, noon, move):
    card = make_card(board)
    moved = move(card, column_of(board, "Review"))
    with pytest.raises(Stale):
        tick_card(moved, done=True, version=1, by=ed, at=noon)


def test_O01_a_move_and_an_edit_from_one_version_are_both_kept(board, ed, noon, move):
    card, review = make_card(board), column_of(board, "Review")
    edit_card(card, version=1, changes={"title": "New"}, by=ed, at=noon)
    moved = move(card, review, version=1)
    assert (moved.title, moved.column, moved.version) == ("New", review, 3)
    edited = edit_card(moved, version=2, changes={"description": "Why"}, by=ed, at=noon)
    assert (edited.column, edited.description) == (review, "Why")
    with pytest.raises(Stale):
        move(card, column_of(board, "Ready"), version=2)
    assert versions_of(card) == [1, 2, 3, 4]


def test_how_long_a_card_stood_in_a_column_is_kept(board, ed, noon):
    card, ready, review = make_card(board), column_of(board, "Ready"), column_of(board, "Review")
    hour = timedelta(hours=1)
    card = move_card(card, to=ready, after=None, version=1, by=ed, at=noon + hour)
    other = make_card(ready, at=noon)
    card = move_card(card, to=ready, after=other, version=2, by=ed, at=noon + 2 * hour)
    card = move_card(card, to=review, after=None, version=3, by=ed, at=noon + 5 * hour)
    stays = [(s.column_name, s.came_at, s.left_at) for s in card.stays.order_by("left_at")]
    assert stays == [
        ("Backlog", noon, noon + hour),
        ("Ready", noon + hour, noon + 5 * hour),
    ]
    assert card.column_since == noon + 5 * hour


def test_O03_random_moves_keep_every_column_in_a_strict_order(board, move):
    chance = random.Random(3)
    names = ["Backlog", "Ready", "In progress"]
    columns = [column_of(board, name) for name in names]
    cards = [make_card(chance.choice(columns), f"Card {n}") for n in range(12)]
    order = {c.pk: titles(c) for c in columns}
    for _each in range(150):
        card, to = chance.choice(cards), chance.choice(columns)
        for names_there in order.values():
            if card.title in names_there:
                names_there.remove(card.title)
        place = chance.randrange(len(order[to.pk]) + 1)
        above = order[to.pk][place - 1] if place else None
        after = next((c for c in cards if c.title == above), None)
        order[to.pk].insert(place, card.title)
        move(card, to, after=after)
        assert titles(to) == order[to.pk]
    for column in columns:
        keys = list(Card.objects.filter(column=column).values_list("position", flat=True))
        assert len(set(keys)) == len(keys)
    for card in cards:
        assert versions_of(card) == list(range(1, Card.objects.get(pk=card.pk).version + 1))


def test_O04_a_column_with_a_long_key_spreads_out_and_keeps_its_order(board, move):
    ready = column_of(board, "Ready")
    top, bottom, card = (make_card(ready, title) for title in ("Top", "Bottom", "Card"))
    Card.objects.filter(pk=top.pk).update(position="a0" + "V" * LONGEST)
    Card.objects.filter(pk=bottom.pk).update(position="a0" + "V" * LONGEST + "1")
    move(card, ready, after=top)
    assert titles(ready) == ["Top", "Card", "Bottom"]
    longest = max(map(len, Card.objects.values_list("position", flat=True)))
    assert longest < 10 < ROOM
    assert Card.objects.get(pk=top.pk).version == 1  # its place among others did not change
