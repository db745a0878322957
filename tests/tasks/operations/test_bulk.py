from tasks.operations.bulk import DONE, REFUSED, RESTORE, STALE, TRASH, BulkDraft, change_cards
from tasks.operations.edits import edit_card
from tests.make.tasks import column_of, make_board, make_card, make_label, titles


def seen(*cards):
    return [(card, card.version) for card in cards]


def test_many_cards_move_in_their_order_and_one_refusal_stops_no_other(acme, ed, noon):
    board = make_board(acme, columns=[("Ready",), ("Doing", 3), ("Done", None, True)])
    ready, doing = column_of(board, "Ready"), column_of(board, "Doing")
    cards = [make_card(ready, name) for name in "abcd"]
    above = make_card(doing, "above")
    found = change_cards(seen(*cards), draft=BulkDraft(to=doing, after=above), by=ed, at=noon)
    assert [one.result for one in found] == [DONE, DONE, REFUSED, REFUSED]
    assert "limit of 3" in found[2].message
    assert titles(doing) == ["above", "a", "b"]
    assert titles(ready) == ["c", "d"]


def test_O01_a_card_that_somebody_changed_in_the_same_field_is_stale_and_left_alone(
    board, ed, vi, noon
):
    one, two = make_card(board, "one"), make_card(board, "two")
    pairs = seen(one, two)
    edit_card(one, version=1, changes={"priority": 1}, by=ed, at=noon)
    draft = BulkDraft(changes={"priority": 4}, label_on=make_label(board.workspace))
    found = change_cards(pairs, draft=draft, by=vi, at=noon)
    assert [one.result for one in found] == [STALE, DONE]
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.priority, one.labels.count()) == (1, 0)
    assert (two.priority, two.labels.count(), two.version) == (4, 1, 3)


def test_what_is_thrown_away_together_comes_back_together(board, ed, noon):
    cards = [make_card(board, name) for name in "ab"]
    gone = change_cards(seen(*cards), draft=BulkDraft(then=TRASH), by=ed, at=noon)
    assert titles(column_of(board, "Backlog")) == []
    back = [one.card for one in gone]
    change_cards(seen(*back), draft=BulkDraft(then=RESTORE), by=ed, at=noon)
    assert titles(column_of(board, "Backlog")) == ["a", "b"]
