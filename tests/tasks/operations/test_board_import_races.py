"""Imports beside people and beside each other, on PostgreSQL with real threads."""

import pytest

from tasks.models import BoardImport, Card, ImportedCard
from tasks.operations.import_runs import run_waiting
from tasks.operations.imports import Choices
from tests.make.board_files import bring_board, clock, written
from tests.make.tasks import make_board, make_card
from tests.make.workspaces import make_workspace, owner_of
from tests.tasks.operations.test_races import assert_in_order, together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
CARDS = 60


@pytest.mark.parametrize(("again", "cards"), [(True, 2 * CARDS), (False, CARDS)])
def test_O02_F11_numbers_are_each_anothers_and_files_come_once_side_by_side(again, cards):
    board = make_board(make_workspace("acme"))
    olga = owner_of(board.workspace)
    rows = [["Name", "Status"], *([f"Card {n}", "Backlog"] for n in range(CARDS))]
    for _file in range(2):
        run = bring_board(
            olga,
            written(rows),
            name="a.csv",
            choices=Choices(board=board.pk, again=again),
            go=False,
        )
        BoardImport.objects.filter(pk=run.pk).update(state="waiting")

    def work(number):
        if number < 2:
            return run_waiting(clock=clock)
        return [make_card(board, f"By hand {number}.{n}").pk for n in range(10)]

    done = together(6, work)
    numbers = sorted(Card.objects.values_list("number", flat=True))
    assert sum(done[:2]) == 2
    assert numbers == list(range(1, cards + 40 + 1))
    assert ImportedCard.objects.count() == cards
    assert_in_order()
