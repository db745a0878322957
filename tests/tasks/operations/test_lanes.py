"""Swimlanes: a card moves into one whole or not at all; many move and come back as one."""

from datetime import date

import pytest

from tasks.operations.boards import change_board
from tasks.operations.bulk import DONE, STALE, BulkDraft, change_cards, places_of, put_back
from tasks.operations.columns import change_column
from tasks.operations.edits import edit_card
from tasks.operations.lanes import Target, move_to_lane
from tasks.operations.moves import move_card
from tasks.operations.quick_add import Typed, add_lines
from tasks.queries.boards import Look, more_cards
from tasks.queries.lanes import laned_view
from tasks.rules.lanes import Lane
from tests.make.goals import make_goal, measured
from tests.make.tasks import column_of, make_board, make_card, make_label, titles
from tests.tasks.queries.test_boards import copies
from workspaces.rules.errors import Refused, Stale

TODAY = date(2026, 3, 4)


def moved(card, column, lane, ed, at, *, after=None, version=1):
    target = Target(column_of(card.board, column), after, lane)
    return move_to_lane(card, target=target, version=version, by=ed, at=at)


def test_a_card_takes_over_what_its_new_lane_is_by_and_its_place(board, acme, ed, vi, noon):
    goal, label, other = make_goal(measured(acme)), make_label(acme, "B"), make_label(acme, "A")
    above = make_card(column_of(board, "Ready"), "Above")
    card = make_card(board, "Card", assignee=ed, labels=(label,))
    now = moved(card, "Ready", Lane("assignee", vi.pk), ed, noon, after=above)
    assert (now.assignee, now.column.name, now.version) == (vi, "Ready", 3)
    assert titles(now.column) == ["Above", "Card"]
    now = moved(now, "Ready", Lane("goal", goal.pk), ed, noon, version=3)
    now = moved(now, "Ready", Lane("priority", 4), ed, noon, version=now.version)
    now = moved(now, "Ready", Lane("label", other.pk), ed, noon, version=now.version)
    assert (now.goal, now.priority) == (goal, 4)
    assert [one.label for one in now.labels.all()] == [other]
    now = moved(now, "Review", Lane("label", None), ed, noon, version=now.version)
    assert not now.labels.exists()


def test_a_lane_that_cannot_take_the_card_leaves_it_as_it_was(board, acme, globex, ed, vi, noon):
    first, last = make_label(acme, "A"), make_label(acme, "Z")
    card = make_card(board, labels=(first, make_label(acme, "M")))
    with pytest.raises(Refused) as refused:
        moved(card, "Ready", Lane("label", last.pk), ed, noon)
    assert (refused.value.code, "“M”" in refused.value.message) == ("other_lane", True)
    for strange in (Lane("assignee", 10**9), Lane("label", make_label(globex).pk)):
        with pytest.raises(Refused) as refused:
            moved(card, "Ready", strange, ed, noon)
        assert refused.value.code == "not_found"
    board = change_board(board, changes={"lanes": "assignee"}, version=1, by=ed, at=noon)
    backlog = column_of(board, "Backlog")
    change_column(backlog, changes={"lane_limit": 1, "lane_limit_is_hard": True}, by=ed, at=noon)
    make_card(column_of(board, "Backlog"), assignee=vi)
    with pytest.raises(Refused) as refused:
        moved(card, "Backlog", Lane("assignee", vi.pk), ed, noon)
    assert refused.value.code == "lane_full"
    card.refresh_from_db()
    assert (card.version, card.assignee, card.column) == (1, None, backlog)


def test_O01_who_moves_into_a_lane_meets_whoever_moved_or_assigned_meanwhile(board, ed, vi, noon):
    ready = column_of(board, "Ready")
    one, two, three = (make_card(board, name) for name in "abc")
    edit_card(one, version=1, changes={"assignee": ed}, by=ed, at=noon)
    move_card(two, to=ready, after=None, version=1, by=ed, at=noon)
    edit_card(three, version=1, changes={"title": "c!"}, by=ed, at=noon)
    for card in (one, two):
        with pytest.raises(Stale):
            moved(card, "Review", Lane("assignee", vi.pk), vi, noon)
    now = moved(three, "Review", Lane("assignee", vi.pk), vi, noon)  # the title is no matter
    assert (now.title, now.assignee, now.column.name) == ("c!", vi, "Review")


def test_many_cards_move_together_and_go_back_to_their_places(acme, ed, vi, noon):
    board = make_board(acme)
    backlog, ready, doing = (column_of(board, n) for n in ("Backlog", "Ready", "In progress"))
    a, b, _c, d = (make_card(backlog, name) for name in "abcd")
    e = make_card(ready, "e", assignee=ed)
    cards = [a, b, d, e]
    stood = places_of(cards, "assignee")
    draft = BulkDraft(to=column_of(board, "Review"), lane=Lane("assignee", vi.pk))
    found = change_cards([(card, 1) for card in cards], draft=draft, by=ed, at=noon)
    assert titles(column_of(board, "Review")) == ["a", "b", "d", "e"]
    assert {one.card.assignee for one in found} == {vi}
    meanwhile = move_card(found[1].card, to=doing, after=None, version=3, by=vi, at=noon)
    back = [(one.card, one.card.version, stood[one.card.pk]) for one in found]
    outcomes = {one.card.title: one.result for one in put_back(back, by=ed, at=noon)}
    assert outcomes == {"a": DONE, "b": STALE, "d": DONE, "e": DONE}
    assert titles(backlog) == ["a", "c", "d"]
    assert (titles(ready), titles(doing)) == (["e"], [meanwhile.title])
    e.refresh_from_db()
    assert e.assignee == ed


@pytest.mark.parametrize("jitter", ["01", "V1", "zz"])
def test_neighbours_go_back_in_their_order_whatever_their_new_ranks(
    board, ed, noon, jitter, monkeypatch
):
    monkeypatch.setattr("tasks.operations.places._jitter", lambda: jitter)
    backlog = column_of(board, "Backlog")
    cards = [make_card(backlog, name) for name in "abcdefg"]
    monkeypatch.undo()
    stood = places_of(cards, "")
    away = [cards[n] for n in (0, 1, 2, 4, 5)]
    draft = BulkDraft(to=column_of(board, "Review"))
    found = change_cards([(card, 1) for card in away], draft=draft, by=ed, at=noon)
    back = [(one.card, one.card.version, stood[one.card.pk]) for one in found]
    assert {one.result for one in put_back(back, by=ed, at=noon)} == {DONE}
    assert titles(backlog) == list("abcdefg")


def test_lines_become_cards_all_or_none(board, acme, ed, vi, noon):
    ready, label = column_of(board, "Ready"), make_label(acme, "Email")
    typed = Typed("- Brief @ed tomorrow\n- Draft !high", lane=Lane("label", label.pk), nonce="n")
    made = [card for card, _line in add_lines(ready, typed=typed, by=vi, at=noon)]
    assert titles(ready) == ["Brief", "Draft"]
    assert (made[0].assignee, made[0].due_on) == (ed, date(2026, 3, 3))
    assert made[1].priority == 3
    assert all(card.labels.get().label == label for card in made)
    again = [card for card, _line in add_lines(ready, typed=typed, by=vi, at=noon)]
    assert again == made
    for bad in ("", "  \n ", "Good\n@ed tomorrow", "x" * 501, "y" * 201, "z\n" * 101):
        with pytest.raises(Refused) as refused:
            add_lines(ready, typed=Typed(bad), by=vi, at=noon)
        assert refused.value.field == "line"
    assert titles(ready) == ["Brief", "Draft"]


@pytest.mark.parametrize("by", ["assignee", "goal", "label", "priority"])
def test_lanes_cost_the_same_for_ten_and_a_hundred_cards_and_show_thirty_a_cell(
    acme, ed, django_assert_max_num_queries, by
):
    board = make_board(acme)
    label, goal = make_label(acme), make_goal(measured(acme))
    card = make_card(board, assignee=ed, goal=goal, priority=2, labels=(label,))
    costs = []
    for first, count in ((1, 10), (10, 100)):
        copies(card, first, count)
        with django_assert_max_num_queries(15) as asked:
            shown = laned_view(board, TODAY, by)
        costs.append(len(asked))
        assert sum(lane.count for lane in shown.lanes) == shown.view.facts.cards == count
    assert len(set(costs)) == 1
    busiest = max(shown.lanes, key=lambda lane: lane.count)
    cell = busiest.cells[0]
    assert (len(cell.cards), cell.more) == (30, cell.count - 30)
    last = type(card).objects.get(pk=cell.cards[-1].id)
    rest = more_cards(column_of(board, "Backlog"), last, Look(page=5), busiest.lane)
    assert (len(rest.cards), rest.count) == (5, cell.count - 30)
