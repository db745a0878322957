from datetime import timedelta

import pytest

from tasks.models import Blocking, Card, Dependency
from tasks.operations.blocking import block_card, rule_blocked, unblock_card
from tasks.operations.cards import archive_card, restore_card, trash_card
from tasks.operations.dependencies import MOST, add_dependency, remove_dependency
from tasks.operations.moves import tick_card
from tasks.queries.dependencies import blocked_cards, blocked_on, count_holds, held_by, ties_of
from tests.make.tasks import make_board, make_card
from tests.tasks.events import verbs_of, versions_of
from workspaces.models import Notification
from workspaces.models.events import Event
from workspaces.rules.errors import Refused, Stale


@pytest.fixture
def wait(ed, noon):
    def waits(card, *others):
        for other in others:
            add_dependency(card, waits_for=other, by=ed, at=noon)

    return waits


@pytest.fixture
def tick(ed, noon):
    def ticked(card, *, done=True, after=timedelta(0)):
        return tick_card(Card.objects.get(pk=card.pk), done=done, by=ed, at=noon + after)

    return ticked


def cards(board, count, **said):
    return [make_card(board, f"Card {n}", **said) for n in range(1, count + 1)]


def test_a_card_waits_for_another_also_of_another_board(board, acme, wait, ed, noon):
    one, two = make_card(board, "Send"), make_card(make_board(acme, "Design"), "Draw")
    wait(one, two)
    wait(one, two)  # said twice is said once
    assert Dependency.objects.count() == Blocking.objects.count() == 1
    assert (blocked_on(board), blocked_on(two.board)) == ({one.pk: 1}, {})
    ties = ties_of(one)
    assert ([card.title for card in ties.waits_for], ties.held) == (["Draw"], 1)
    assert [card.title for card in ties_of(two).blocks] == ["Send"]
    assert verbs_of(one) == ["card.added", "card.waits"]
    assert verbs_of(two) == ["card.added", "card.blocks"]
    told = Event.objects.get(verb="card.blocks")
    assert (told.stream_id, told.data["other"]) == (two.board.stream_id, "Send")
    assert remove_dependency(one, waits_for=two, by=ed, at=noon + timedelta(hours=1))
    assert not remove_dependency(one, waits_for=two, by=ed, at=noon)
    assert (blocked_on(board), verbs_of(two)[-1]) == ({}, "card.blocks_not")
    assert Blocking.objects.get().until == noon + timedelta(hours=1)


def test_a_circle_is_refused_and_its_chain_is_named(board, wait, ed, noon):
    one, two, three = cards(board, 3)
    wait(one, two)
    wait(two, three)
    with pytest.raises(Refused, match="#1 “Card 1” → #2 “Card 2” → #3 “Card 3”") as refused:
        add_dependency(three, waits_for=one, by=ed, at=noon)
    assert (refused.value.code, refused.value.field) == ("circle", "card")
    with pytest.raises(Refused, match="itself"):
        add_dependency(one, waits_for=one, by=ed, at=noon)
    assert Dependency.objects.count() == 2


def test_a_card_waits_only_in_its_workspace_and_for_so_many(board, globex, wait, ed, noon):
    one = make_card(board)
    with pytest.raises(Refused) as foreign:
        add_dependency(one, waits_for=make_card(make_board(globex)), by=ed, at=noon)
    wait(one, *cards(board, MOST))
    with pytest.raises(Refused) as many:
        add_dependency(one, waits_for=make_card(board), by=ed, at=noon)
    assert (foreign.value.code, many.value.code) == ("foreign", "too_many")


def test_a_card_is_blocked_until_the_last_one_is_done_and_its_people_are_told(
    board, acme, wait, tick, ed, mia, vi, noon
):
    send = make_card(board, "Send", assignee=mia, watchers=(vi,), helpers=(ed,))
    draw, write = make_card(board, "Draw"), make_card(board, "Write")
    wait(send, draw, write)
    assert count_holds(send) == 2
    tick(draw)
    assert (count_holds(send), Notification.objects.filter(kind="unblocked").count()) == (1, 0)
    tick(write, after=timedelta(hours=2))
    assert (count_holds(send), blocked_cards(acme).count()) == (0, 0)
    told = Notification.objects.filter(kind="unblocked", verb="card.freed")
    assert set(told.values_list("member_id", flat=True)) == {mia.pk, vi.pk}  # not ed: he did it
    assert told[0].link == f"/w/acme/cards/{send.pk}/"
    assert verbs_of(send)[-1] == "card.freed"
    assert versions_of(send) == [1]  # INV-08: nothing on the card itself has changed
    tick(write, done=False)
    assert (count_holds(send), verbs_of(send)[-1]) == (1, "card.held")
    assert held_by([send.pk])[send.pk][0].waits_for == write


def test_what_is_put_away_holds_up_nobody_and_what_comes_back_does(board, wait, ed, noon):
    one, two = cards(board, 2)
    wait(one, two)
    for put_away in (archive_card, trash_card):
        put_away(Card.objects.get(pk=two.pk), by=ed, at=noon)
        assert blocked_on(board) == {}
        restore_card(Card.objects.get(pk=two.pk), by=ed, at=noon)
        assert blocked_on(board) == {one.pk: 1}


def test_a_card_that_is_done_is_not_blocked_and_is_again_when_it_is_taken_up(
    board, wait, tick, ed, noon
):
    one, two = cards(board, 2)
    wait(one, two)
    block_card(one, reason="No budget", by=ed, at=noon)
    assert count_holds(one) == 2
    tick(one)
    assert blocked_on(board) == {}
    assert not Blocking.objects.filter(until=None).exists()
    tick(one, done=False)
    assert blocked_on(board) == {one.pk: 1}


def test_a_card_is_marked_by_hand_with_a_reason(board, ed, mia, noon):
    card = make_card(board, assignee=mia)
    block_card(card, reason="  No   budget ", by=ed, at=noon)
    block_card(card, reason="No budget", by=mia, at=noon)
    assert (ties_of(card).by_hand.reason, ties_of(card).by_hand.by) == ("No budget", ed)
    block_card(card, reason="No time", by=ed, at=noon)
    assert (Blocking.objects.get().reason, Blocking.objects.get().since) == ("No time", noon)
    unblock_card(card, by=ed, at=noon + timedelta(days=1))
    unblock_card(card, by=ed, at=noon + timedelta(days=2))
    assert (ties_of(card).by_hand, ties_of(card).held) == (None, 0)
    assert Blocking.objects.get().until == noon + timedelta(days=1)
    assert verbs_of(card)[1:] == ["card.blocked", "card.blocked", "card.unblocked"]
    assert Notification.objects.get(kind="unblocked").member == mia
    with pytest.raises(Refused, match="what the card waits for"):
        block_card(card, reason=" ", by=ed, at=noon)
    archive_card(Card.objects.get(pk=card.pk), by=ed, at=noon)
    with pytest.raises(Refused, match="to be done"):
        block_card(card, reason="Late", by=ed, at=noon)


def test_a_board_finishes_what_is_blocked_unless_it_says_no(board, wait, tick, mia, noon):
    one, two, three = cards(board, 3)
    wait(one, two)
    wait(three, two)
    assert tick(one).is_done
    hard = rule_blocked(board, hard=True, version=board.version, by=mia, at=noon)
    assert rule_blocked(hard, hard=True, version=hard.version, by=mia, at=noon) == hard
    with pytest.raises(Stale):
        rule_blocked(board, hard=False, version=board.version, by=mia, at=noon)
    with pytest.raises(Refused, match="waits for nothing") as refused:
        tick(three)
    assert refused.value.code == "blocked"
    tick(two)
    assert tick(three).is_done
    assert versions_of(board)[-1] == 2
