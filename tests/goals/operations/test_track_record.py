"""What forecasts claimed is kept, and scored against what came."""

from datetime import timedelta

import pytest

from goals.models import ForecastRecord, Goal
from goals.operations.reviews import review_goals
from goals.operations.track_record import score_forecasts
from goals.queries.track_record import track_record
from goals.rules.track_record import Horizon
from tests.make.goals import day, every_day, make_goal, measured, observe

pytestmark = pytest.mark.django_db
WINDOW = ("2026-02-01", "2026-03-31")


@pytest.fixture
def clicks(acme):
    """A thousand a day until 1 March 2026."""
    return measured(acme, "clicks", every_day("2025-06-01", "2026-03-01", 1000))


@pytest.fixture
def goal(clicks, noon):
    made = make_goal(clicks, value="55000", window=WINDOW)
    review_goals(at=noon)
    return made


def kept(horizon="week"):
    return list(ForecastRecord.objects.filter(horizon=horizon).order_by("made_on"))


def coverage(workspace, horizon=Horizon.WEEK):
    return next(one for one in track_record(workspace).coverage if one.horizon is horizon)


def test_a_review_keeps_what_it_claims_of_the_days_inside_the_goal(goal):
    assert [row.horizon for row in ForecastRecord.objects.order_by("last", "pk")] == [
        "week",
        "month",
        "end",
    ]
    week, end = kept()[0], kept("end")[0]
    assert (week.first, week.last) == (day("2026-03-02"), day("2026-03-08"))
    assert week.low < 7000 < week.high
    assert (end.first, end.last) == (day(WINDOW[0]), day(WINDOW[1]))
    assert (end.target, end.side) == (55_000, "at_least")
    assert end.chance > 0.5
    assert week.chance is None


def test_the_next_claim_is_kept_when_the_one_before_has_come_out(goal, noon):
    for days in (1, 6):
        review_goals(at=noon + timedelta(days=days))
    assert len(kept()) == 1
    observe(goal.metric, every_day("2026-03-02", "2026-03-08", 1000))
    review_goals(at=noon + timedelta(days=7))
    assert [row.made_on for row in kept()] == [day("2026-03-01"), day("2026-03-08")]
    assert len(kept("end")) == len(kept("month")) == 1


def test_a_goal_with_new_terms_has_a_claim_about_its_new_end(goal, noon):
    Goal.objects.filter(pk=goal.pk).update(target_value="70000")
    review_goals(at=noon + timedelta(days=1))
    assert [row.target for row in kept("end")] == [55_000, 70_000]
    assert len(kept()) == 1


def test_a_claim_is_scored_when_its_days_are_over_and_its_data_are_in(goal, acme, noon):
    later = noon + timedelta(days=8)
    assert score_forecasts(at=later) == 0  # the data end on 1 March
    observe(goal.metric, every_day("2026-03-02", "2026-03-08", 1000))
    assert score_forecasts(at=noon + timedelta(days=6)) == 0  # the days are not over
    assert score_forecasts(at=later) == 1
    assert (kept()[0].came, kept()[0].inside, kept()[0].hit) == (7000, True, None)
    assert (coverage(acme).windows, coverage(acme).inside, coverage(acme).waiting) == (1, 1, 0)
    assert coverage(acme, Horizon.MONTH).waiting == 1


def test_scoring_twice_changes_nothing(goal, noon):
    observe(goal.metric, every_day("2026-03-02", "2026-03-08", 1000))
    assert score_forecasts(at=noon + timedelta(days=8)) == 1
    before = ForecastRecord.objects.values().get(horizon="week")
    assert score_forecasts(at=noon + timedelta(days=8)) == 0
    assert score_forecasts(at=noon + timedelta(days=9)) == 0
    assert ForecastRecord.objects.values().get(horizon="week") == before


def test_corrected_data_are_scored_with_their_corrected_values(goal, acme, noon):
    observe(goal.metric, every_day("2026-03-02", "2026-03-08", 1000))
    score_forecasts(at=noon + timedelta(days=8))
    observe(goal.metric, {"2026-03-05": 90_000})
    assert score_forecasts(at=noon + timedelta(days=9)) == 1
    assert (kept()[0].came, kept()[0].inside) == (96_000, False)
    assert (coverage(acme).windows, coverage(acme).inside) == (1, 0)


def test_the_chance_of_a_goal_that_ended_is_held_against_its_outcome(goal, acme, noon):
    observe(goal.metric, every_day("2026-03-02", "2026-03-31", 1000))
    score_forecasts(at=noon + timedelta(days=32))
    end = kept("end")[0]
    assert (end.came, end.hit) == (59_000, 1)
    found = track_record(acme)
    assert [(group.status, group.forecasts, group.met) for group in found.groups] == [
        ("on_track", 1, 1)
    ]
    assert (found.goals, found.brier) == (1, None)  # too early to tell
    assert found.latest == [end]


def test_with_ten_goals_ended_there_is_a_score(clicks, acme, noon):
    for number in range(10):
        make_goal(clicks, value="55000" if number < 7 else "90000", window=WINDOW)
    review_goals(at=noon)
    observe(clicks, every_day("2026-03-02", "2026-03-31", 1000))
    score_forecasts(at=noon + timedelta(days=32))
    found = track_record(acme)
    assert found.brier < 0.1 < found.usual == pytest.approx(0.21)
    assert coverage(acme).share == 1


def test_another_workspace_has_a_record_of_its_own(goal, globex):
    assert track_record(globex).waiting == 0
