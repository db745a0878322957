from goals.operations.goals import close_goal
from goals.queries.search import find_goals
from tests.make.goals import make_goal, measured
from tests.make.workspaces import NOON, owner_of


def titles(found):
    return [goal.title for goal in found]


def test_open_goals_come_before_closed_ones_and_words_before_their_insides(acme):
    clicks = measured(acme)
    closed = make_goal(clicks, "E-mail of last year")
    make_goal(clicks, "Grow the e-mail list")
    make_goal(clicks, "Fewer emails")
    close_goal(closed, reason="Over", version=closed.version, by=owner_of(acme), at=NOON)
    assert titles(find_goals(acme, "E-mail")) == ["Grow the e-mail list", "E-mail of last year"]
    assert titles(find_goals(acme, "mail")) == [
        "Grow the e-mail list",
        "E-mail of last year",
        "Fewer emails",
    ]


def test_another_workspaces_goal_is_not_found_and_one_query_is_enough(
    acme, globex, django_assert_num_queries
):
    make_goal(measured(globex), "More clicks")
    make_goal(measured(acme), "More leads")
    with django_assert_num_queries(1):
        found = find_goals(acme, "more")
        assert [(goal.title, goal.metric.name) for goal in found] == [("More leads", "Clicks")]
