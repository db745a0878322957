from datetime import date

from tasks.operations.cards import archive_card
from tasks.operations.checklists import tick_item
from tasks.queries.boards import board_view, boards_of, first_column
from tasks.queries.faces import some_cards
from tests.make.goals import make_goal, measured
from tests.make.tasks import column_of, make_board, make_card

TODAY = date(2026, 3, 4)


def test_a_board_shows_its_live_cards_in_their_order(board, acme, ed, noon):
    goal = make_goal(measured(acme))
    ready = column_of(board, "Ready")
    one = make_card(ready, "One", assignee=ed, goal=goal, due_on=TODAY, checklist=("a", "b"))
    make_card(ready, "Two")
    archive_card(make_card(ready, "Gone"), by=ed, at=noon)
    make_card(make_board(acme, "Other"), "Elsewhere")
    tick_item(one.items.first(), done=True, by=ed, at=noon)
    view = board_view(board, TODAY)
    assert [c.column.name for c in view.columns] == [
        "Backlog",
        "Ready",
        "In progress",
        "Review",
        "Done",
    ]
    assert [card.title for card in view.columns[1].cards] == ["One", "Two"]
    row = view.columns[1].cards[0]
    assert (row.goal_title, row.due_on, row.assignee_id, row.version) == (
        "More clicks",
        TODAY,
        ed.pk,
        1,
    )
    assert [row] == some_cards(board, [one.pk], TODAY).rows
    assert view.marks.checklists == {one.pk: (1, 2)}
    assert (view.facts.cards, view.facts.late) == (2, 0)
    assert view.busy == [ed]


def test_a_column_is_over_when_more_stands_there_than_its_limit(acme, mia, noon):
    board = make_board(acme, columns=[("Doing", 2), ("Done", None, True)])
    doing = column_of(board, "Doing")
    make_card(doing)
    make_card(doing)
    assert not board_view(board, TODAY).columns[0].is_over
    board.columns.filter(pk=doing.pk).update(wip_limit=1)
    assert board_view(board, TODAY).columns[0].is_over


def test_late_is_what_should_have_been_done_before_today(board):
    for title, column, day in [("a", "Ready", 3), ("b", "Ready", 4), ("c", "Done", 3)]:
        make_card(column_of(board, column), title, due_on=date(2026, 3, day))
    assert board_view(board, TODAY).facts.late == 1


def test_a_board_costs_the_same_for_ten_a_hundred_and_a_thousand_cards(
    board, acme, ed, django_assert_num_queries
):
    goal = make_goal(measured(acme))
    template = make_card(board, assignee=ed, goal=goal, checklist=("a", "b"))
    made = 1
    for count in (10, 100, 1000):
        copies(template, made, count)
        made = count
        with django_assert_num_queries(13):
            view = board_view(board, TODAY)
        assert view.facts.cards == count


def copies(card, first, last):
    """Rows like this card's; through the operations a thousand would take too long."""
    model = type(card)
    fields = {
        name: getattr(card, name)
        for name in (
            "workspace_id",
            "board_id",
            "column_id",
            "assignee_id",
            "goal_id",
            "created_at",
            "column_since",
        )
    }
    model.objects.bulk_create(
        model(number=n + 1, position=f"z{n:05}V", title=f"Card {n}", **fields)
        for n in range(first, last)
    )


def test_the_list_of_boards_counts_cards_and_costs_the_same(
    acme, ed, noon, django_assert_num_queries
):
    for count in (1, 9):
        for number in range(count):
            board = make_board(acme, f"Board {count}.{number}")
            make_card(board)
            make_card(column_of(board, "Done"))
            archive_card(make_card(board), by=ed, at=noon)
        with django_assert_num_queries(2):
            found = list(boards_of(acme))
        assert {(b.open_cards, b.done_cards) for b in found} == {(1, 1)}


def test_a_card_without_a_column_goes_to_the_first_board(acme, board):
    other = make_board(acme, "Other")
    assert first_column(acme) == column_of(board, "Backlog")
    assert first_column(acme, other) == column_of(other, "Backlog")
