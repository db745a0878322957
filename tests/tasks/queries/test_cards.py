from datetime import UTC, date, datetime, timedelta

import pytest

from tasks.operations.boards import archive_board
from tasks.operations.cards import archive_card
from tasks.operations.moves import tick_card
from tasks.queries.cards import (
    SHOWN_LATE,
    card_page,
    cards_of_goal,
    count_due,
    due_now,
    my_cards,
    work_of_goals,
)
from tests.make.goals import make_goal, make_goals, measured
from tests.make.tasks import make_board, make_card
from tests.make.workspaces import make_stakeholder, make_workspace, owner_of

TODAY = date(2026, 3, 4)  # a Wednesday


def shown(cards):
    return [card.title for card in cards]


def due(days):
    return TODAY + timedelta(days=days)


def test_my_work_is_grouped_by_due_day_the_soonest_first(board, ed, vi, noon):
    for title, days in [("a", -1), ("b", -9), ("c", 0), ("d", 4), ("e", 1), ("f", 5), ("g", None)]:
        make_card(board, title, assignee=ed, due_on=None if days is None else due(days))
    make_card(board, "Somebody else's", assignee=vi, due_on=TODAY)
    make_card(board, "Nobody's", due_on=TODAY)
    tick_card(make_card(board, "h", assignee=ed, due_on=due(-2)), done=True, by=ed, at=noon)
    archive_card(make_card(board, "i", assignee=ed, due_on=TODAY), by=ed, at=noon)
    work = my_cards(ed, TODAY)
    assert shown(work.overdue) == ["b", "a"]
    assert shown(work.today) == ["c"]
    assert shown(work.this_week) == ["e", "d"]
    assert shown(work.later) == ["f"]
    assert shown(work.no_date) == ["g"]
    assert shown(work.done) == ["h"]
    assert (work.open, work.waiting) == (7, 3)
    assert count_due(ed, TODAY) == 3
    assert shown(due_now(ed, TODAY)) == ["b", "a", "c"]


def test_the_week_is_the_one_of_the_workspace(board, acme, ed):
    make_card(board, "On Sunday", assignee=ed, due_on=date(2026, 3, 8))
    assert shown(my_cards(ed, TODAY).this_week) == ["On Sunday"]
    acme.week_starts_on = 7
    ed.workspace.week_starts_on = 7
    assert shown(my_cards(ed, TODAY).later) == ["On Sunday"]


@pytest.mark.parametrize(
    ("zone", "late"), [("Pacific/Kiritimati", 1), ("Europe/Warsaw", 0), ("Pacific/Pago_Pago", 0)]
)
def test_today_is_the_day_of_the_workspace(db, zone, late):
    away = make_workspace("away", owner="a@away.example", timezone=zone)
    owner = owner_of(away)
    at = datetime(2026, 3, 4, 12, tzinfo=UTC)  # already Thursday in Kiritimati
    make_card(make_board(away), "Due on Wednesday", assignee=owner, due_on=date(2026, 3, 4))
    work = my_cards(owner, away.day_of(at))
    assert (len(work.overdue), len(work.today)) == (late, 1 - late)


def test_cards_of_an_archived_board_are_nobodys_work(board, ed, olga, noon):
    make_card(board, assignee=ed, due_on=TODAY)
    archive_board(board, by=olga, at=noon)
    assert my_cards(ed, TODAY).open == count_due(ed, TODAY) == 0


def test_only_the_last_done_cards_are_shown(board, ed, noon):
    for number in range(12):
        card = make_card(board, str(number), assignee=ed)
        tick_card(card, done=True, by=ed, at=noon + timedelta(minutes=number))
    assert shown(my_cards(ed, TODAY).done) == [str(n) for n in range(11, 1, -1)]


def test_a_line_of_my_work_says_for_whom_and_how_far(board, acme, ed, noon):
    goal = make_goal(measured(acme), stakeholder=make_stakeholder(acme, "Sales"))
    make_card(board, assignee=ed, goal=goal, checklist=("a", "b", "c"))
    line = my_cards(ed, TODAY).no_date[0]
    assert (line.goal_title, line.stakeholder, line.items, line.items_done) == (
        "More clicks",
        "Sales",
        3,
        0,
    )
    assert (line.board_name, line.column_name, line.assignee) == ("Launch", "Backlog", ed)


def test_the_work_of_goals_is_counted_with_the_worst_named(board, acme, ed, noon):
    goal, idle = make_goals(measured(acme), 2)
    for days in range(1, SHOWN_LATE + 3):
        make_card(board, f"{days} late", goal=goal, due_on=due(-days))
    make_card(board, "In time", goal=goal, due_on=TODAY)
    tick_card(make_card(board, "Done", goal=goal, due_on=due(-30)), done=True, by=ed, at=noon)
    archive_card(make_card(board, "Gone", goal=goal, due_on=due(-99)), by=ed, at=noon)
    work = work_of_goals(acme, [goal.pk, idle.pk], TODAY)
    assert idle.pk not in work
    found = work[goal.pk]
    assert (found.open, found.late, found.done) == (SHOWN_LATE + 3, SHOWN_LATE + 2, 1)
    assert shown(found.late_cards)[:2] == [f"{SHOWN_LATE + 2} late", f"{SHOWN_LATE + 1} late"]
    assert len(found.late_cards) == SHOWN_LATE


def test_the_cards_of_a_goal_come_open_and_urgent_first(board, acme, ed, noon):
    goal = make_goal(measured(acme))
    tick_card(make_card(board, "Done", goal=goal, due_on=due(-5)), done=True, by=ed, at=noon)
    make_card(board, "No date", goal=goal)
    make_card(board, "Later", goal=goal, due_on=due(9))
    make_card(board, "Sooner", goal=goal, due_on=due(1))
    make_card(board, "Of no goal")
    assert shown(cards_of_goal(goal)) == ["Sooner", "Later", "No date", "Done"]


def test_lists_cost_the_same_for_one_and_for_many(board, acme, ed, django_assert_num_queries):
    goal = make_goal(measured(acme))

    def make(count):
        for number in range(count):
            fields = {"assignee": ed, "goal": goal, "due_on": due(-number), "checklist": ("a", "b")}
            make_card(board, f"Card {number}", **fields)

    for count in (1, 9):
        make(count)
        with django_assert_num_queries(2):
            assert my_cards(ed, TODAY).open in (1, 10)
        with django_assert_num_queries(1):
            cards_of_goal(goal)
        with django_assert_num_queries(3):
            work_of_goals(acme, [goal.pk], TODAY)
        with django_assert_num_queries(1):
            due_now(ed, TODAY)


def test_the_page_of_a_card_costs_the_same_for_any_checklist(board, ed, django_assert_num_queries):
    small, large = make_card(board), make_card(board, checklist=[f"Step {n}" for n in range(50)])
    for card in (small, large):
        with django_assert_num_queries(9):
            page = card_page(card.pk, ed)
        assert page.items_done == 0
        assert [told.verb for told in page.history] == ["card.added"]
