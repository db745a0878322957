"""Overlaps and orphans: what two do at once and what nobody does."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals.models import Goal
from reports.queries.gaps import gaps_of
from reports.rules.gaps import Claim, overlaps
from tests.make.goals import make_goal, measured
from tests.make.tasks import make_board, make_card
from tests.make.workspaces import make_stakeholder

API = "/api/v1/workspaces/acme/gaps/"
Q1 = (date(2026, 1, 1), date(2026, 3, 31))
Q2 = (date(2026, 4, 1), date(2026, 6, 30))


def claim(goal, owner, *, metric=1, days=Q1, parent=None):
    return Claim(goal, metric, owner, *days, parent)


@pytest.mark.parametrize(
    ("claims", "pairs"),
    [
        ([claim(1, 1), claim(2, 2)], [(1, 2)]),
        ([claim(1, 1), claim(2, 1)], []),
        ([claim(1, 1), claim(2, 2, metric=2)], []),
        ([claim(1, 1), claim(2, 2, days=Q2)], []),
        ([claim(1, 1), claim(2, 2, parent=1)], []),
        ([claim(1, 1), claim(2, 1, parent=1), claim(3, 2, parent=2)], []),
        ([claim(1, 1), claim(2, 2, parent=1), claim(3, 3, parent=1)], [(2, 3)]),
        ([claim(1, None), claim(2, 2)], []),
    ],
)
def test_S10_two_owners_of_one_metric_at_once_are_a_double_unless_one_serves_the_other(
    claims, pairs
):
    assert [(one.goal_id, other.goal_id) for one, other in overlaps(claims)] == pairs


@pytest.fixture
def plan(acme, olga, ed):
    """One goal with all that it needs, and one of everything that lacks something."""
    clicks = measured(acme, "clicks")
    sales = make_stakeholder(acme, "Sales", need="Leads")
    make_stakeholder(acme, "Press", need="Dates")
    make_stakeholder(acme, "Nobody in need")
    whole = make_goal(clicks, "Whole", stakeholder=sales, owner=olga)
    step = make_goal(clicks, "Its step", parent=whole, owner=ed)
    make_goal(clicks, "Double", owner=ed)
    make_goal(measured(acme, "sends"), "Of nobody", owner=None, stakeholder=sales)
    board = make_board(acme)
    make_card(board, "Work on the step", goal=step, assignee=ed)
    make_card(board, "Loose", assignee=ed)
    make_card(board, "Forgotten", goal=step)
    return acme


def titles(found):
    return [row.title for row in found.rows]


def test_S10_each_gap_is_found_where_it_is(plan):
    gaps = gaps_of(plan)
    assert [(o.one.title, o.other.title) for o in gaps.overlaps.rows] == [("Whole", "Double")]
    assert titles(gaps.without_owner) == ["Of nobody"]
    assert titles(gaps.without_need) == ["Double"]
    assert titles(gaps.without_work) == ["Double", "Of nobody"]
    assert [person.name for person in gaps.unserved.rows] == ["Press"]
    assert titles(gaps.loose_cards) == ["Loose"]
    assert titles(gaps.nobodys_cards) == ["Forgotten"]
    assert gaps.count == 8


def test_a_goal_that_is_over_asks_for_no_work(plan):
    Goal.objects.filter(title="Double").update(status="missed")
    Goal.objects.filter(title="Of nobody").update(status="achieved")
    assert titles(gaps_of(plan).without_work) == []


def test_the_page_and_the_api_tell_the_same(plan, vi, client_of, api_of):
    page = client_of(vi).get("/w/acme/gaps/").content.decode()
    told = api_of(vi).get(API).json()
    assert "Done twice" in page
    assert told["overlaps"]["first"][0]["other"]["title"] == "Double"
    assert told["stakeholders_unserved"]["count"] == 1
    for found in told.values():
        for row in found["first"]:
            assert str(row.get("title") or row.get("name") or row["one"]["title"]) in page
    assert api_of(vi).get(API + "?owner=1").status_code == 400


def test_a_workspace_without_gaps_says_so(acme, vi, client_of):
    assert "No gaps" in client_of(vi).get("/w/acme/gaps/").content.decode()


def test_gaps_cost_the_same_for_four_goals_and_for_ten(plan, ed):
    counts = []
    for count in (0, 6):
        for number in range(count):
            make_goal(measured(plan, f"m{number}"), f"More {number}", owner=ed)
        with CaptureQueriesContext(connection) as counted:
            gaps_of(plan)
        counts.append(len(counted))
    assert counts == [7, 7]
