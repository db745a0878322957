"""The window of the timeline: quarters around today, with what lies outside counted."""

from datetime import date

import pytest

from goals.queries.catalogue import goal_lines, goals_of
from goals.queries.timelines import timeline_of
from tests.make.goals import make_goal, measured

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture
def lines(acme, noon):
    metric = measured(acme)
    for title, window in {
        "Long ago": ("2020-02-01", "2020-04-30"),
        "This year": ("2026-01-01", "2026-12-31"),
        "Since long": ("2024-01-01", "2026-03-31"),
        "Far": ("2031-01-01", "2031-12-31"),
    }.items():
        make_goal(metric, title, window=window, value="100")
    return goal_lines(acme, list(goals_of(acme)), noon, as_tree=True, curves=False)


def test_one_goal_of_long_ago_does_not_squeeze_the_others(lines):
    shown = timeline_of(lines, TODAY)
    assert [lane.line.goal.title for lane in shown.lanes] == ["Since long", "This year"]
    assert (shown.ticks[0], shown.ticks[-1]) == (date(2025, 7, 1), date(2027, 1, 1))
    assert shown.last == date(2027, 3, 31)
    assert (shown.earlier, shown.later) == (1, 1)
    since_long, year = shown.lanes
    assert (since_long.begins, round(since_long.lasts, 6)) == (0, round(3 / 7, 6))
    assert (round(year.begins, 6), round(year.lasts, 6)) == (round(2 / 7, 6), round(4 / 7, 6))
    assert 2 / 7 < shown.today < 3 / 7


def test_what_lies_outside_is_one_step_away(lines):
    shown = timeline_of(lines, TODAY)
    before = timeline_of(lines, TODAY, shown.earlier_from)
    assert [lane.line.goal.title for lane in before.lanes] == ["Long ago"]
    assert (before.today, before.earlier, before.later) == (None, 0, 3)
    after = timeline_of(lines, TODAY, shown.later_from)
    assert [lane.line.goal.title for lane in after.lanes] == ["Far"]
    assert after.later_from is None


@pytest.mark.parametrize("since", [date.min, date.max])
def test_the_ends_of_the_calendar_are_no_fault(lines, since):
    assert timeline_of(lines, TODAY, since).lanes == []
