"""Many people at once, on PostgreSQL with real threads (SQLite lets one writer in at a time)."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from tasks.models import Card, Column
from tasks.operations.boards import ColumnDraft
from tasks.operations.cards import CardDraft, add_card
from tasks.operations.checklists import add_item, tick_item
from tasks.operations.columns import add_column, change_column, remove_column
from tasks.operations.edits import edit_card
from tasks.operations.moves import move_card, tick_card
from tests.make.tasks import column_of, make_board, make_card
from tests.make.workspaces import NOON, make_workspace, owner_of
from tests.tasks.events import verbs_of, versions_of
from workspaces.rules.errors import Refused, Stale

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def board():
    return make_board(make_workspace("acme"))


def together(workers, work):
    """Run work(number) in as many threads, let loose at once; their results in order."""
    barrier = threading.Barrier(workers)

    def run(number):
        try:
            barrier.wait(10)
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, range(workers)))


def assert_in_order():
    """INV-05 to INV-08 of reliability.md."""
    for column in Column.objects.all():
        keys = list(Card.objects.filter(column=column).values_list("position", flat=True))
        assert len(set(keys)) == len(keys)
        assert all(0 < len(key) <= 64 for key in keys)
    for card in Card.objects.select_related("column"):
        assert (card.column.board_id, card.column.workspace_id) == (
            card.board_id,
            card.workspace_id,
        )
        assert versions_of(card) == list(range(1, card.version + 1))


def test_positions_are_compared_by_bytes_whatever_the_locale_of_the_database():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, collation_name FROM information_schema.columns"
            " WHERE column_name = 'position' AND data_type = 'character varying'"
            " AND table_name LIKE 'tasks_%%' ORDER BY 1"
        )
        assert cursor.fetchall() == [("tasks_card", "C"), ("tasks_checklistitem", "C")]


def test_O02_a_hundred_cards_at_once_have_a_hundred_numbers(board):
    ready, owner = column_of(board, "Ready"), owner_of(board.workspace)

    def add_some(number):
        column = Column.objects.select_related("board").get(pk=ready.pk)
        return [
            add_card(column, draft=CardDraft(f"{number}.{n}"), by=owner, at=NOON).number
            for n in range(10)
        ]

    numbers = [number for some in together(10, add_some) for number in some]
    assert sorted(numbers) == list(range(1, 101))
    assert_in_order()


def test_O09_the_same_nonce_from_eight_threads_is_one_card(board):
    owner = owner_of(board.workspace)

    def add_one(_number):
        column = column_of(board, "Ready")
        return add_card(column, draft=CardDraft("Once"), nonce="n-1", by=owner, at=NOON).pk

    assert len(set(together(8, add_one))) == 1
    card = Card.objects.get()
    assert verbs_of(card) == ["card.added"]


def test_O03_eight_people_shuffle_one_board(board):
    owner = owner_of(board.workspace)
    columns = [column_of(board, name) for name in ("Backlog", "Ready", "Done")]
    for number in range(12):
        make_card(columns[0], f"Card {number}")
    pks = list(Card.objects.values_list("pk", flat=True))

    def shuffle(number):
        chance, outcome = random.Random(number), []
        for _each in range(25):
            card = Card.objects.select_related("column", "board").get(pk=chance.choice(pks))
            after = Card.objects.filter(pk=chance.choice([None, *pks])).exclude(pk=card.pk).first()
            to = after.column if after else chance.choice(columns)
            try:
                move_card(card, to=to, after=after, version=card.version, by=owner, at=NOON)
                outcome.append("moved")
            except Stale:
                outcome.append("stale")
        return outcome

    outcomes = [word for some in together(8, shuffle) for word in some]
    assert len(outcomes) == 200
    assert outcomes.count("moved") >= 20
    assert_in_order()
    moves = sum(card.version - 1 for card in Card.objects.all())
    assert moves == outcomes.count("moved")  # nothing acknowledged was lost, nothing was done twice


def test_O01_of_eight_edits_from_one_version_one_is_kept(board):
    card, owner = make_card(board), owner_of(board.workspace)

    def edit(number):
        seen = Card.objects.get(pk=card.pk)
        try:
            edit_card(seen, version=1, changes={"title": f"By {number}"}, by=owner, at=NOON)
        except Stale as stale:
            return stale.current.version
        return number

    results = together(8, edit)
    card.refresh_from_db()
    assert card.version == 2
    assert card.title in {f"By {n}" for n in range(8)}
    assert versions_of(card) == [1, 2]
    assert len(results) == 8


def test_a_limit_holds_against_eight_people_at_once(board):
    doing, owner = column_of(board, "In progress"), owner_of(board.workspace)
    change_column(doing, changes={"wip_limit": 3}, by=owner, at=NOON)
    cards = [make_card(board, f"Card {n}") for n in range(8)]

    def take(number):
        card = Card.objects.select_related("board", "column").get(pk=cards[number].pk)
        try:
            column = column_of(board, "In progress")
            move_card(card, to=column, after=None, version=1, by=owner, at=NOON)
        except Refused:
            return False
        return True

    assert together(8, take).count(True) == 3
    assert Card.objects.filter(column=doing).count() == 3
    assert_in_order()


def test_eight_people_tick_one_card_and_its_steps_once(board):
    card, owner = make_card(board, checklist=("One",)), owner_of(board.workspace)

    def tick(_number):
        item = card.items.get()
        tick_item(item, done=True, by=owner, at=NOON)
        try:
            tick_card(Card.objects.get(pk=card.pk), done=True, by=owner, at=NOON)
        except Stale:
            return "stale"
        return "done"

    together(8, tick)
    assert verbs_of(card).count("item.ticked") == verbs_of(card).count("card.done") == 1
    assert_in_order()


def test_steps_added_at_once_all_have_a_place(board):
    card, owner = make_card(board), owner_of(board.workspace)

    def add(number):
        add_item(Card.objects.get(pk=card.pk), text=f"Step {number}", by=owner, at=NOON)

    together(8, add)
    assert len(set(card.items.values_list("position", flat=True))) == 8


def test_a_column_is_removed_or_gets_a_card_and_never_both(board):
    owner = owner_of(board.workspace)
    for _round in range(8):
        Column.objects.filter(board=board, name="Extra").delete()
        extra = add_column(board, draft=ColumnDraft("Extra"), by=owner, at=NOON)
        cards = [make_card(board) for _ in range(3)]

        def work(number, extra=extra, cards=cards):
            column = Column.objects.select_related("board").filter(pk=extra.pk).first()
            try:
                if column is None:
                    return "gone"
                if number == 0:
                    remove_column(column, by=owner, at=NOON)
                    return "removed"
                card = Card.objects.select_related("column", "board").get(pk=cards[number - 1].pk)
                move_card(card, to=column, after=None, version=1, by=owner, at=NOON)
            except (Refused, Stale) as refused:
                return getattr(refused, "code", "stale")
            return "moved"

        told = together(4, work)
        assert set(told) <= {"removed", "moved", "gone", "not_empty", "other_board"}
        there = Column.objects.filter(pk=extra.pk).exists()
        assert there is ("removed" not in told)
        assert Card.objects.filter(column_id=extra.pk).count() == told.count("moved")
        Card.objects.filter(column_id=extra.pk).delete()
