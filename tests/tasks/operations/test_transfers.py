"""Cards go to another board: its rules count, both boards hear of it, and it can be undone."""

import pytest

from tasks.models import Card, Stay
from tasks.operations.blocking import rule_blocked
from tasks.operations.boards import archive_board, change_board
from tasks.operations.bulk import DONE, REFUSED, BulkDraft, change_cards
from tasks.operations.cards import archive_card
from tasks.operations.dependencies import add_dependency
from tasks.operations.moves import tick_card
from tasks.operations.transfers import put_back, transfer_card
from tasks.queries.transfers import hidden_fields, places_of
from tasks.rules.stood import Stood, read_places, written
from tests.make.tasks import (
    column_of,
    make_board,
    make_card,
    make_comment,
    make_field,
    make_label,
    titles,
)
from tests.make.workspaces import make_workspace
from tests.tasks.events import events_of, versions_of
from workspaces.rules.errors import Refused, Stale

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(acme):
    return make_board(acme, "Other", columns=[("In", 2), ("Out", None, True)])


@pytest.fixture
def send(ed, noon):
    def sent(card, to, after=None, version=None):
        fresh = Card.objects.get(pk=card.pk)
        seen = version or fresh.version
        return transfer_card(fresh, to=to, after=after, version=seen, by=ed, at=noon)

    return sent


def test_a_card_goes_to_another_board_with_all_that_it_is(board, other, acme, send, ed):
    label, field = make_label(acme), make_field(acme, board=board)
    card = make_card(board, "Goes", labels=(label,), values={field: 7}, assignee=ed)
    make_comment(card)
    above = make_card(column_of(other, "In"), "Above")
    gone = send(card, column_of(other, "In"), after=above)
    assert (gone.board, gone.number, gone.version) == (other, card.number, 2)
    assert titles(column_of(other, "In")) == ["Above", "Goes"]
    assert titles(card.column) == []
    assert (gone.labels.get().label, gone.comments.count()) == (label, 1)
    assert (gone.values, hidden_fields(gone)) == ({str(field.pk): "7"}, [field.name])
    assert Stay.objects.get(card=card).column == card.column
    back = send(gone, card.column)
    assert hidden_fields(back) == []


def test_INV_08_both_boards_hear_of_it_and_the_version_has_one_event(board, other, send):
    card = make_card(board)
    send(card, column_of(other, "In"))
    told = [(event.verb, event.stream_id) for event in events_of(card)[1:]]
    assert told == [("card.left", board.stream_id), ("card.came", other.stream_id)]
    assert versions_of(card) == [1, 2]


def test_O01_who_saw_it_elsewhere_is_told_and_nothing_moves(board, other, send):
    card = make_card(board)
    moved = send(card, column_of(other, "In"))
    with pytest.raises(Stale) as stale:
        send(moved, card.column, version=1)
    assert stale.value.current.board == other
    away = make_card(board, "Away")
    with pytest.raises(Stale):
        send(make_card(board), column_of(other, "In"), after=away)
    assert titles(column_of(other, "In")) == [card.title]


def test_the_rules_of_the_other_board_are_asked(board, other, acme, send, ed, noon, olga):
    inbox, out = column_of(other, "In"), column_of(other, "Out")
    one, two, three = (make_card(board, name, assignee=ed) for name in "abc")
    change = {"person_limit": 1, "person_limit_is_hard": True}
    change_board(other, changes=change, version=1, by=olga, at=noon)
    send(one, inbox)
    other.refresh_from_db()
    refusals = []
    for card, to in ((two, column_of(other, "In")),):
        with pytest.raises(Refused) as refusal:
            send(card, to)
        refusals.append(refusal.value.code)
    change = {"person_limit": None}
    change_board(other, changes=change, version=other.version, by=olga, at=noon)
    send(two, column_of(other, "In"))
    with pytest.raises(Refused) as refusal:
        send(three, column_of(other, "In"))
    refusals.append(refusal.value.code)
    other.refresh_from_db()
    rule_blocked(other, hard=True, version=other.version, by=olga, at=noon)
    add_dependency(three, waits_for=two, by=ed, at=noon)
    with pytest.raises(Refused) as refusal:
        send(three, column_of(other, "Out"))
    refusals.append(refusal.value.code)
    assert refusals == ["busy_person", "full", "blocked"]
    three.refresh_from_db()
    assert (three.board, three.version) == (board, 1)
    assert out.board == other


def test_what_is_put_away_does_not_go_and_nothing_goes_to_what_is(board, other, send, ed, noon):
    card = make_card(board)
    archived = archive_card(make_card(board), by=ed, at=noon)
    with pytest.raises(Refused):
        send(archived, column_of(other, "In"))
    elsewhere = make_board(make_workspace("elsewhere"))
    with pytest.raises(Refused) as refusal:
        send(card, column_of(elsewhere, "Ready"))
    assert refusal.value.code == "foreign"
    archive_board(other, by=ed, at=noon)
    with pytest.raises(Refused):
        send(card, column_of(other, "In"))


def test_done_is_what_stands_in_a_done_column_there_and_the_tick_is_taken_back_there(
    board, other, send, ed, noon
):
    card = send(make_card(board), column_of(other, "Out"))
    assert card.done_at == noon
    again = tick_card(card, done=False, by=ed, at=noon)
    assert again.column == column_of(other, "In")


def test_many_cards_go_and_come_back_to_their_places(board, other, ed, noon, acme):
    backlog = column_of(board, "Backlog")
    cards = [make_card(backlog, name) for name in "abcd"]
    places = places_of([card.pk for card in cards[1:]])
    assert read_places(written(places), 9) == places
    draft = BulkDraft(to=column_of(other, "In"))
    found = change_cards([(one, 1) for one in cards[1:]], draft=draft, by=ed, at=noon)
    assert [one.result for one in found] == [DONE, DONE, REFUSED]
    assert titles(column_of(other, "In")) == ["b", "c"]
    back, refused = put_back(places, workspace=acme, by=ed, at=noon)
    assert (len(back), refused) == (3, [])
    assert titles(backlog) == ["a", "b", "c", "d"]
    assert titles(column_of(other, "In")) == []


@pytest.mark.parametrize(
    "text", ["", "1.2", "a.b.c", "1.2.-3", "١.2.3", "1.2.3.4", "9" * 19 + ".1.1"]
)
def test_what_is_no_place_is_passed_over(text):
    assert read_places(f"{text}-1.2.3", 5) == [Stood(1, 2, 3)]
