import pytest

from goals.rules.strategy import Step
from tests.make.goals import make_goal, measured
from tests.make.strategies import make_strategy, publish, take_part, write
from tests.make.tasks import column_of, make_card

MY_WORK = "/w/acme/my-work/"


@pytest.fixture
def client(ed, client_of):
    return client_of(ed)


def test_my_work_shows_what_is_mine(client, board, ed, vi):
    make_card(board, "Long ago", assignee=ed, due_on="2000-01-01")
    make_card(board, "Far away", assignee=ed, due_on="2999-01-01")
    make_card(column_of(board, "Done"), "Finished", assignee=ed)
    make_card(board, "Somebody else's", assignee=vi)
    html = client.get(MY_WORK).content.decode()
    for text in ("Overdue", "Long ago", "Later", "Far away", "Recently done", "Finished"):
        assert text in html
    assert "Somebody else" not in html
    assert "2 cards wait for you, 1 late." in html
    assert "data-tick-keys" in html


def test_an_empty_day_says_where_cards_come_from(client, acme):
    html = client.get(MY_WORK).content.decode()
    assert "Nothing is assigned to you." in html
    assert "Nothing waits for you." in html


def test_my_work_says_whom_i_report_to(client, ed, olga):
    assert "Nobody is named" in client.get(MY_WORK).content.decode()
    ed.reports_to = olga
    ed.save()
    assert "Olga" in client.get(MY_WORK).content.decode().split("I report to")[1]


def test_a_viewer_has_no_ticks(vi, client_of, board):
    make_card(board, "Look", assignee=vi)
    html = client_of(vi).get(MY_WORK).content.decode()
    assert "Look" in html
    assert "/tick/" not in html


def test_the_work_of_a_goal_is_a_fragment_with_a_link_to_add_more(client, acme, board):
    goal = make_goal(measured(acme))
    path = f"/w/acme/cards/of-goal/{goal.pk}/"
    assert "No task serves this goal yet." in client.get(path).content.decode()
    make_card(board, "Write", goal=goal)
    html = client.get(path).content.decode()
    assert "Write" in html
    assert f"/w/acme/cards/new/?goal={goal.pk}" in html
    assert "<html" not in html


def test_lists_of_work_cost_the_same_for_one_card_and_for_many(
    client, acme, board, ed, django_assert_max_num_queries
):
    goal = make_goal(measured(acme))
    paths = [MY_WORK, f"/w/acme/cards/of-goal/{goal.pk}/"]

    def cost(path):
        with django_assert_max_num_queries(20) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    make_card(board, assignee=ed, goal=goal, checklist=("a",))
    client.get(MY_WORK)
    one = [cost(path) for path in paths]
    for number in range(9):
        make_card(board, f"Card {number}", assignee=ed, goal=goal, checklist=("a", "b"))
    assert [cost(path) for path in paths] == one


def test_what_a_strategy_asks_of_me_stands_beside_my_work(client, acme, ed):
    plan = write(make_strategy(acme), Step.OUTCOMES, newcomer=("Sales", "120 leads a month"))
    take_part(plan, questions=["Why?"], members=[ed])
    publish(plan)
    html = client.get("/w/acme/my-work/").content.decode()
    assert "Asked of me" in html
    assert f'href="/w/acme/strategy/{plan.pk}/"' in html
