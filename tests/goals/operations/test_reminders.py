"""Reminders: what is due is told once for each due day, on the workspace's own day."""

from datetime import date, timedelta

import pytest
import time_machine

from goals.jobs import remind as job
from goals.operations.checkins import Said, acknowledge, check_in
from goals.operations.goals import close_goal
from goals.operations.reminders import remind
from goals.operations.strategy_decisions import DecisionDraft, close_decision, log_decision
from goals.queries.reminders import owed_by
from goals.rules.checkins import Cadence
from tests.make.goals import every_day, make_goal, measured
from tests.make.strategies import make_strategy
from workspaces.models import Membership
from workspaces.queries.notifications import notifications_of, tell_notices

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def clicks(acme):
    return measured(acme, "clicks", every_day("2026-01-01", "2026-03-01", 10))


def weekly(clicks, owner, **words):
    """From Monday 2 March on: the first check-in is due on the 9th."""
    words = {"window": ("2026-03-02", "2026-04-05"), "value": "300"} | words
    return make_goal(clicks, owner=owner, cadence=Cadence.WEEKLY, **words)


def told(member):
    return [row.sentence for row in tell_notices(notifications_of(member))]


def test_an_owner_is_reminded_once_for_each_due_day(clicks, ed, noon):
    goal = weekly(clicks, ed)
    assert [remind(at=noon + n * DAY) for n in range(9)] == [0] * 7 + [1, 0]
    assert told(ed) == ["Your check-in on “More clicks” is due since 9 Mar 2026"]
    check_in(goal, said=Said("Well"), by=ed, at=noon + 9 * DAY)
    assert [remind(at=noon + n * DAY) for n in range(9, 17)] == [0] * 7 + [1]
    assert told(ed)[0].endswith("18 Mar 2026")


def test_the_day_is_the_workspaces_own(clicks, ed, noon):
    weekly(clicks, ed)
    evening = noon.replace(day=8, hour=22)
    assert remind(at=evening.replace(minute=59)) == 0
    assert remind(at=evening.replace(hour=23, minute=1)) == 1


def test_who_answers_for_it_now_is_told_too(clicks, ed, mia, noon):
    goal = weekly(clicks, ed)
    late = noon + 8 * DAY
    remind(at=late)
    type(goal).objects.update(owner=mia)
    assert remind(at=late + DAY) == 1
    assert len(told(mia)) == 1


def test_closed_goals_and_goals_without_cadence_or_owner_remind_nobody(clicks, ed, noon):
    closed = weekly(clicks, ed, title="Closed")
    close_goal(closed, version=1, reason="Over", retrospective="", by=ed, at=noon)
    make_goal(clicks, "Silent", value="3650", owner=ed)
    weekly(clicks, None, title="Nobody's")
    assert remind(at=noon + 20 * DAY) == 0


def test_whom_the_author_reports_to_is_asked_to_read_it_the_day_after(clicks, ed, mia, noon):
    Membership.objects.filter(pk=ed.pk).update(reports_to=mia)
    goal = weekly(clicks, ed)
    row = check_in(goal, said=Said("Well"), by=ed, at=noon)
    assert [remind(at=noon + n * DAY) for n in range(3)] == [0, 1, 0]
    assert told(mia) == [
        "Ed checked in on “More clicks” on 2 Mar 2026 and waits for you to read it"
    ]
    acknowledge(row, by=mia, at=noon + DAY)
    assert owed_by(mia, date(2026, 3, 4)) == []


def test_what_another_wrote_waits_for_the_owner_and_a_viewer_is_asked_nothing(
    clicks, ed, mia, vi, noon
):
    check_in(weekly(clicks, ed, title="Ed's"), said=Said("By Mia"), by=mia, at=noon)
    Membership.objects.filter(pk=ed.pk).update(reports_to=vi)
    check_in(weekly(clicks, ed, title="His own"), said=Said("By Ed"), by=ed, at=noon)
    remind(at=noon + DAY)
    assert (len(told(ed)), told(vi), told(mia)) == (1, [], [])


def test_a_decision_is_looked_at_again_on_its_day(acme, ed, noon):
    draft = DecisionDraft("Drop the fair", date(2026, 3, 1), review_on=date(2026, 3, 5))
    made = log_decision(make_strategy(acme), draft=draft, by=ed, at=noon)
    assert [remind(at=noon + n * DAY) for n in range(5)] == [0, 0, 0, 1, 0]
    words = "You wanted to look at the decision “Drop the fair” again on 5 Mar 2026"
    assert told(ed) == [words]
    close_decision(made, came_of_it="It paid", version=1, by=ed, at=noon + 4 * DAY)
    assert owed_by(ed, date(2026, 3, 9)) == []


def test_my_work_and_rest_tell_what_i_owe(clicks, ed, mia, noon, client_of, api_of):
    goal = weekly(clicks, ed)
    with time_machine.travel(noon + 8 * DAY, tick=False):
        page = client_of(ed).get("/w/acme/my-work/").content.decode()
        (one,) = api_of(ed).get("/api/v1/workspaces/acme/reminders/").json()
        assert api_of(mia).get("/api/v1/workspaces/acme/reminders/").json() == []
        assert job() == 1
    assert "a check-in, due since 9 Mar" in page
    assert (one["kind"], one["due"]) == ("check_in", "2026-03-09")
    assert (one["subject"], one["checkin"]) == (f"goals.goal:{goal.pk}", None)
