"""Reviews: goals whose numbers moved or whose day has turned."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals.jobs import review_goals as job
from goals.models import Goal, GoalForecast
from goals.operations import reviews
from goals.operations.goals import close_goal
from goals.operations.reviews import review_goals
from goals.queries.pages import SUBJECT
from goals.queries.standing import standings
from goals.rules.status import Status
from tests.make.goals import YEAR, day, every_day, make_goal, make_goals, measured, observe
from workspaces.queries.events import events_of

pytestmark = pytest.mark.django_db
PAST = every_day("2025-01-01", "2025-12-31", 10)


def fresh(goal):
    return Goal.objects.get(pk=goal.pk)


def changes_of(goal):
    told = events_of(goal.workspace, SUBJECT, goal.pk)
    return [(e.data["was"], e.data["now"]) for e in told if e.verb == "goal.status_changed"]


@pytest.fixture
def clicks(acme):
    """Ten a day until 1 March 2026."""
    return measured(acme, "clicks", PAST | every_day("2026-01-01", "2026-03-01", 10))


def test_a_moved_number_moves_the_goal_and_tells_it_once(clicks, noon):
    goal = make_goal(clicks, value="3650")
    assert goal.status == Status.ON_TRACK
    observe(clicks, every_day("2026-01-01", "2026-02-20", 2))
    assert review_goals(at=noon) == 1
    assert fresh(goal).status == Status.OFF_TRACK
    assert fresh(goal).previous_status == Status.ON_TRACK
    assert fresh(goal).status_since == noon
    assert review_goals(at=noon + timedelta(minutes=1)) == 0
    assert changes_of(goal) == [("on_track", "off_track")]
    told = events_of(goal.workspace, SUBJECT, goal.pk)[0]
    assert told.sentence == "“More clicks” went from On track to Off track"


def test_running_twice_at_once_tells_it_once(clicks, noon, monkeypatch):
    goal = make_goal(clicks, value="3650")
    observe(clicks, every_day("2026-01-01", "2026-02-20", 2))
    calls = []

    def rival(workspace, goals, at, **options):
        found = standings(workspace, goals, at, **options)
        if not calls:
            calls.append(1)
            review_goals(at=at)
        return found

    monkeypatch.setattr(reviews, "standings", rival)
    review_goals(at=noon)
    assert changes_of(goal) == [("on_track", "off_track")]
    assert fresh(goal).reviewed_on == day("2026-03-02")


def test_a_goal_revised_while_its_numbers_are_read_is_left_for_the_next_sweep(
    clicks, noon, monkeypatch
):
    goal = make_goal(clicks, value="3650")
    observe(clicks, every_day("2026-01-01", "2026-02-20", 2))

    def rival(workspace, goals, at, **options):
        found = standings(workspace, goals, at, **options)
        Goal.objects.filter(pk=goal.pk).update(version=2, target_value="100")
        return found

    monkeypatch.setattr(reviews, "standings", rival)
    review_goals(at=noon)
    assert fresh(goal).status == Status.ON_TRACK
    monkeypatch.undo()
    review_goals(at=noon)
    assert fresh(goal).status == Status.ACHIEVED


def test_a_day_that_turned_is_enough(clicks, noon):
    goal = make_goal(clicks, value="3000")
    assert [review_goals(at=noon) for _sweep in range(2)] == [1, 0]  # the first one forecasts it
    assert review_goals(at=noon + timedelta(days=1)) == 1
    assert fresh(goal).reviewed_on == day("2026-03-03")
    assert fresh(goal).status == Status.ON_TRACK
    assert changes_of(goal) == []


def test_the_day_turns_where_the_workspace_lives(clicks, noon):
    make_goal(clicks, value="3650")
    review_goals(at=noon)
    assert review_goals(at=noon.replace(hour=22, minute=59)) == 0
    assert review_goals(at=noon.replace(hour=23, minute=1)) == 1


def found_likely(goal, chance, until):
    """As if the forecast of that day had found this chance."""
    GoalForecast.objects.filter(goal=goal).update(chance_value=chance, until=day(until))
    Goal.objects.filter(pk=goal.pk).update(reviewed_revision=-1)


def test_a_small_step_over_the_border_waits_for_a_second_local_day(clicks, noon):
    goal = make_goal(clicks, value="3000")
    review_goals(at=noon)
    assert fresh(goal).status == Status.ON_TRACK
    found_likely(goal, "0.66", "2026-03-01")
    assert review_goals(at=noon) == 1
    assert (fresh(goal).status, fresh(goal).pending_status) == (Status.ON_TRACK, Status.AT_RISK)
    found_likely(goal, "0.66", "2026-03-01")
    review_goals(at=noon + timedelta(hours=1))
    assert fresh(goal).status == Status.ON_TRACK
    found_likely(goal, "0.66", "2026-03-02")
    review_goals(at=noon + timedelta(days=1))
    assert (fresh(goal).status, fresh(goal).pending_status) == (Status.AT_RISK, "")
    assert changes_of(goal) == [("on_track", "at_risk")]


def test_silence_turns_a_goal_unknown_and_data_turn_it_back(clicks, noon):
    goal = make_goal(clicks, value="3000")
    review_goals(at=noon + timedelta(days=4))
    assert fresh(goal).status == Status.ON_TRACK
    review_goals(at=noon + timedelta(days=5))
    assert fresh(goal).status == Status.UNKNOWN
    observe(clicks, every_day("2026-03-02", "2026-03-06", 10))
    review_goals(at=noon + timedelta(days=5))
    assert fresh(goal).status == Status.ON_TRACK
    assert changes_of(goal) == [("unknown", "on_track"), ("on_track", "unknown")]


def test_a_reached_total_is_latched(clicks, noon):
    goal = make_goal(clicks, value="590")
    assert goal.status == Status.ACHIEVED
    observe(clicks, every_day("2026-01-01", "2026-03-01", 1))
    review_goals(at=noon + timedelta(days=1))
    assert fresh(goal).status == Status.ACHIEVED


def test_after_the_window_a_goal_is_achieved_or_missed_and_rests(clicks, noon):
    window = ("2026-01-01", "2026-02-28")
    goal = make_goal(clicks, value="600", window=window)
    assert goal.status == Status.MISSED
    assert review_goals(at=noon + timedelta(days=1)) == 0
    observe(clicks, {"2026-02-28": 20})
    assert review_goals(at=noon + timedelta(days=2)) == 1
    assert fresh(goal).status == Status.ACHIEVED


def test_closed_goals_are_left_alone(clicks, ed, noon):
    goal = make_goal(clicks, value="3650")
    close_goal(goal, reason="Budget cut", version=1, by=ed, at=noon)
    observe(clicks, every_day("2026-01-01", "2026-02-20", 2))
    assert review_goals(at=noon + timedelta(days=3)) == 0
    assert fresh(goal).status == Status.ON_TRACK


def test_a_review_does_not_count_as_an_edit(clicks, noon):
    goal = make_goal(clicks, value="3650")
    review_goals(at=noon + timedelta(days=1))
    assert fresh(goal).version == 1


def test_every_workspace_gets_its_turn(clicks, globex, noon):
    make_goal(clicks, value="3650")
    make_goal(measured(globex, "visits", PAST), value="3650")
    assert review_goals(at=noon + timedelta(days=1)) == 2


def test_the_number_of_queries_does_not_grow_with_the_goals(clicks, acme, noon):
    make_goals(clicks, 1, value="3000", window=YEAR)
    with CaptureQueriesContext(connection) as one:
        review_goals(at=noon + timedelta(days=1))
    make_goals(clicks, 9, value="3000", window=YEAR)
    with CaptureQueriesContext(connection) as ten:
        review_goals(at=noon + timedelta(days=2))
    assert len(ten) == len(one)


def test_the_job_reviews(clicks, monkeypatch):
    goal = make_goal(clicks, value="3650")
    Goal.objects.filter(pk=goal.pk).update(reviewed_revision=-1)
    assert job.name == "goals.review_goals"
    assert job() == 1
    assert job() == 0
