"""How goals stand: live numbers from the data, by basis."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from goals.models import Goal
from goals.operations.goals import close_goal
from goals.queries import standings
from goals.queries.notes import Told, note_of
from goals.rules.status import Status
from metrics.models import Metric
from metrics.models.imports import Source
from metrics.operations.definitions import ALWAYS, definition_of, redefine_metric
from metrics.operations.quality import expect_source
from tests.make.goals import (
    LAST_YEAR,
    day,
    every_day,
    make_goal,
    make_goals,
    measured,
    observe,
    ratio,
)
from tests.make.workspaces import owner_of

pytestmark = pytest.mark.django_db
D = Decimal
PAST = every_day("2025-01-01", "2025-12-31", 10)
NOW = every_day("2026-01-01", "2026-03-01", 10)


@pytest.fixture
def clicks(acme):
    """Ten a day from 2025 until 1 March 2026."""
    return measured(acme, "clicks", PAST | NOW)


def standing_of(goal, at, **options):
    return standings(goal.workspace, [goal], at, **options)[goal.pk]


def test_a_total_is_summed_from_its_start_to_the_last_complete_day(clicks, noon):
    goal = make_goal(clicks, percent="25", baseline=LAST_YEAR)
    found = standing_of(goal, noon)
    assert (found.until, found.value, found.target) == (day("2026-03-01"), D(600), D("4562.5"))
    assert found.progress == D(600) / D("4562.5")
    assert found.expected == found.elapsed == D(60) / D(365)
    assert found.pace == found.progress / found.expected
    assert found.status is Status.AT_RISK
    assert found.days_left == 305
    assert found.needed_per_day == D("3962.5") / 305
    assert (found.before, found.change, found.compared_with) == (D(600), D(0), "year")


def test_todays_readings_do_not_count_before_the_day_is_over(clicks, noon):
    goal = make_goal(clicks)
    observe(clicks, {"2026-03-02": 1000})
    assert standing_of(goal, noon).value == 600
    assert standing_of(goal, noon + timedelta(days=1)).value == 1600


def test_vector_11_by_the_data(acme, noon):
    at = noon.replace(year=2020, month=2, day=1)
    metric = measured(
        acme, "opens", {"2019-06-01": 171_934, "2020-01-15": 10_000, "2020-01-31": 7_826}
    )
    goal = make_goal(
        metric,
        percent="25",
        window=("2020-01-01", "2020-12-31"),
        baseline=("2019-01-01", "2019-12-31"),
        at=at,
    )
    found = standing_of(goal, at)
    assert goal.target == D("214917.5")
    assert round(found.progress * 100, 1) == D("8.3")
    assert round(found.facts.pace, 1) == D("1.0")
    assert found.pace is None
    assert found.status is Status.NEW
    assert found.note == "Too early: 31 of 366 days. First verdict on 7 Feb 2020."


def test_vector_3_a_level_that_is_halfway_down(acme, noon):
    values = {"2025-12-10": 200, "2026-01-10": 150, "2026-02-10": 100}
    metric = measured(acme, "bounces", values, direction="down")
    goal = make_goal(metric, basis="level", value="0")
    found = standing_of(goal, noon)
    assert (found.baseline, found.value, found.progress) == (D(200), D(100), D("0.5"))
    assert (found.before, found.difference, found.compared_with) == (D(150), D(-50), "period")
    assert found.status is Status.ON_TRACK


def test_vector_5_a_level_at_its_baseline_has_done_nothing(acme, noon):
    values = {"2025-12-10": 1000, "2026-01-10": 1000, "2026-02-10": 1000}
    goal = make_goal(measured(acme, "readers", values), basis="level", value="1250")
    found = standing_of(goal, noon)
    assert found.progress == 0
    assert found.status is Status.OFF_TRACK


def test_vector_4_thirty_done_of_fifty_three_expected_is_off_track(acme, noon):
    metric = measured(acme, "leads", PAST | {"2026-03-01": 30})
    window = ("2026-01-08", "2026-04-17")
    goal = make_goal(metric, value="100", window=window)
    found = standing_of(goal, noon)
    assert (found.progress, found.expected) == (D("0.3"), D("0.53"))
    assert round(found.pace, 3) == D("0.566")
    assert found.status is Status.OFF_TRACK
    assert found.note == "23 behind the 53 expected by now: needs 1.49 a day from here."


def test_a_level_that_is_met_is_only_on_track_until_its_window_closes(acme, noon):
    values = {"2025-12-10": 1000, "2026-01-10": 1200, "2026-02-27": 1300}
    goal = make_goal(
        measured(acme, "readers", values),
        basis="level",
        value="1250",
        window=("2026-01-01", "2026-03-31"),
    )
    found = standing_of(goal, noon)
    assert (found.progress, found.status) == (D("1.2"), Status.ON_TRACK)
    assert found.note == "Met for now: 1,300 against a target of 1,250."


def test_an_average_of_a_ratio_is_the_ratio_of_all_its_sums(acme, noon):
    above = measured(acme, "hits", {"2025-06-01": 30, "2026-01-10": 50, "2026-02-28": 20})
    below = measured(acme, "sends", {"2025-06-01": 1000, "2026-01-10": 100, "2026-02-28": 2000})
    goal = make_goal(
        ratio(acme, "ctr", above, below), basis="average", value="4", baseline=LAST_YEAR
    )
    found = standing_of(goal, noon)
    assert round(found.value, 2) == D("3.33")
    assert (found.baseline, found.expected) == (D(3), D(1))
    assert round(found.progress, 3) == D("0.333")


def test_an_average_of_a_total_counts_whole_periods(acme, noon):
    goal = make_goal(
        measured(acme, "calls", PAST | NOW),
        basis="average",
        value="400",
        baseline=("2025-10-01", "2025-12-31"),
    )
    found = standing_of(goal, noon)
    assert (found.value, found.baseline) == (D(295), D("306.666666667"))


def test_growth_compares_the_same_days_of_the_year_before(acme, noon):
    metric = measured(acme, "leads", PAST | every_day("2026-01-01", "2026-03-01", 12))
    goal = make_goal(metric, basis="yoy", percent="40")
    found = standing_of(goal, noon)
    assert (found.value, found.before, found.grown) == (D(720), D(600), D("0.2"))
    assert (found.progress, found.expected, found.pace) == (D("0.5"), D(1), D("0.5"))
    assert found.expected_value == 840
    assert found.status is Status.OFF_TRACK
    assert found.note == "20.0\u202f% on the year before, where 40.0\u202f% is promised."


@pytest.mark.parametrize(
    ("spent", "status"),
    [
        ("1", Status.ON_TRACK),
        ("10", Status.ON_TRACK),
        ("12", Status.AT_RISK),
        ("14", Status.OFF_TRACK),
    ],
)
def test_a_total_that_lower_is_better_of_is_a_ceiling(acme, noon, spent, status):
    values = every_day("2026-01-01", "2026-03-01", int(spent))
    metric = measured(
        acme, "cost", PAST | values, direction="down", unit="currency", currency="EUR"
    )
    assert standing_of(make_goal(metric, value="3650"), noon).status is status


def test_a_broken_ceiling_is_off_track_long_before_the_end(acme, noon):
    metric = measured(acme, "cost", {"2026-01-10": 500, "2026-03-01": 1}, direction="down")
    found = standing_of(make_goal(metric, value="500"), noon)
    assert found.status is Status.OFF_TRACK
    assert found.note == "The limit of 500 is passed by 1."


def test_a_goal_that_has_not_begun_is_new(clicks, noon):
    goal = make_goal(clicks, window=("2026-06-01", "2026-12-31"))
    found = standing_of(goal, noon)
    assert (found.value, found.progress, found.expected, found.pace) == (None, None, D(0), None)
    assert found.status is Status.NEW
    assert found.note == "Starts on 1 Jun 2026."


def test_silence_makes_no_verdict_and_says_since_when(clicks, noon):
    goal = make_goal(clicks)
    later = noon + timedelta(days=10)
    found = standing_of(goal, later)
    assert (found.status, found.data_until) == (Status.UNKNOWN, day("2026-03-01"))
    assert found.note == "Data until 1 Mar 2026: nothing for 10 days, so no verdict."


def test_a_weekly_metric_is_not_late_after_a_week(acme, noon):
    metric = measured(acme, "letters", every_day("2025-01-07", "2026-02-24", 100, step=7))
    goal = make_goal(metric, value="5000")
    assert standing_of(goal, noon + timedelta(days=7)).status is not Status.UNKNOWN
    assert standing_of(goal, noon + timedelta(days=11)).status is not Status.UNKNOWN
    assert standing_of(goal, noon + timedelta(days=12)).status is Status.UNKNOWN


def test_a_stated_rhythm_decides_when_a_goal_has_no_verdict(acme, clicks, noon):
    ctr = ratio(acme, "ctr", clicks, measured(acme, "sends", PAST | NOW))
    goal = make_goal(ctr, basis="level", value="200")
    assert standing_of(goal, noon + timedelta(days=2)).status is not Status.UNKNOWN
    source = Source.objects.get(workspace=acme)
    expect_source(source, cadence=1, lag=1, by=owner_of(acme), at=noon)
    for fresh in (True, False):
        for days, unknown in ((0, False), (1, False), (2, True)):
            found = standing_of(goal, noon + timedelta(days=days), fresh=fresh)
            assert (found.status is Status.UNKNOWN) is unknown


def test_no_data_at_all_says_so(acme, noon):
    found = standing_of(make_goal(measured(acme), value="100"), noon)
    assert (found.status, found.value, found.data_until) == (Status.UNKNOWN, None, None)
    assert found.note == "No data yet, so no verdict."


def test_a_reached_total_says_when_and_how_early(clicks, noon):
    goal = make_goal(clicks, value="600")
    found = standing_of(goal, noon)
    assert found.status is Status.ACHIEVED
    assert found.note == "Reached by 2 Mar 2026, 304 days early."


def test_after_its_window_a_goal_is_judged_by_its_last_day(clicks, noon):
    goal = make_goal(clicks, value="591", window=("2026-01-01", "2026-02-28"))
    found = standing_of(goal, noon)
    assert (found.until, found.value, found.days_left) == (day("2026-02-28"), D(590), 0)
    assert found.status is Status.MISSED
    assert found.note == "Missed: 590 against a target of 591."


def test_a_verdict_waits_for_the_last_days_data(acme, noon):
    metric = measured(acme, "visits", every_day("2025-12-01", "2026-02-26", 10))
    goal = make_goal(metric, value="590", window=("2026-01-01", "2026-02-28"))
    assert standing_of(goal, noon).status is Status.ON_TRACK
    observe(metric, {"2026-02-27": 10, "2026-02-28": 10})
    assert standing_of(goal, noon).status is Status.ACHIEVED


def test_a_closed_goal_stands_as_on_the_day_it_was_closed(clicks, ed, noon):
    goal = close_goal(
        make_goal(clicks, value="3650"), reason="Budget cut", version=1, by=ed, at=noon
    )
    observe(clicks, every_day("2026-03-02", "2026-06-01", 100))
    found = standing_of(goal, noon + timedelta(days=100))
    assert (found.value, found.status, found.note) == (
        D(600),
        Status.ON_TRACK,
        "Closed: Budget cut",
    )


def test_pages_tell_the_live_status_even_when_no_review_has_run(clicks, noon):
    goal = make_goal(clicks, value="3650")
    observe(clicks, every_day("2026-01-01", "2026-02-25", 1))
    found = standing_of(Goal.objects.select_related("metric").get(pk=goal.pk), noon)
    assert (goal.status, found.status, found.was) == (
        Status.ON_TRACK,
        Status.OFF_TRACK,
        Status.ON_TRACK,
    )


def test_the_curve_of_a_total_is_its_distance_from_plan(clicks, noon):
    found = standing_of(make_goal(clicks, value="3650"), noon)
    assert found.curve.against_plan
    assert found.curve.level == 0
    assert found.points[0] == 0
    assert all(abs(point) < D("1e-20") for point in found.points)
    assert standing_of(make_goal(clicks), noon, curves=False).points == []


def test_the_curve_of_a_level_is_its_last_periods(acme, noon):
    values = {"2025-12-10": 200, "2026-01-10": 150, "2026-02-10": 100}
    found = standing_of(
        make_goal(measured(acme, "bounces", values, direction="down"), basis="level", value="0"),
        noon,
    )
    assert found.points[-4:] == [None, D(200), D(150), D(100)]
    assert found.curve.level == 0


def test_notes_are_written_in_the_readers_digits(clicks, noon):
    goal = make_goal(clicks, window=("2026-06-01", "2026-12-31"))
    with translation.override("fa"):
        assert "۲۰۲۶" in standing_of(goal, noon).note


def test_fresh_numbers_do_not_wait_for_rollups(clicks, noon):
    goal = make_goal(clicks)
    observe(clicks, {"2026-02-28": 500}, rolled_up=False)
    assert standing_of(goal, noon, fresh=True).value == 1090


@pytest.mark.parametrize("later", [0, 30])
def test_the_number_of_queries_does_not_depend_on_the_number_of_goals(acme, clicks, noon, later):
    at = noon + timedelta(days=later)

    def queries_for(goals):
        rows = list(Goal.objects.select_related("metric").filter(pk__in=[g.pk for g in goals]))
        with CaptureQueriesContext(connection) as captured:
            standings(acme, rows, at)
        return len(captured)

    goals = make_goals(clicks, 1, value="3650")
    one = queries_for(goals)
    sends = measured(acme, "sends", PAST | NOW)
    goals += make_goals(sends, 3, basis="level", value="1000")
    goals += make_goals(sends, 3, basis="yoy", percent="10")
    goals += make_goals(clicks, 3, basis="average", value="1000")
    assert queries_for(goals) == one
    assert one <= 10


def test_no_goals_need_no_queries(acme, noon, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert standings(acme, [], noon) == {}


def test_a_goal_stays_pinned_to_the_definition_that_it_was_set_on(acme, clicks, ed, noon):
    """product.md idea 9: changing a formula never changes what a goal says."""
    sends = measured(acme, "sends", dict.fromkeys(PAST | NOW, 1000))
    metric = ratio(acme, "ctr", clicks, sends)
    goal = make_goal(metric, basis="average", value="50")
    before = standing_of(goal, noon).value
    assert before is not None
    changed = replace(definition_of(metric), scale="1000")
    redefine_metric(
        metric, definition=changed, version=metric.version, since=ALWAYS, by=ed, at=noon
    )
    again = Goal.objects.select_related("metric__workspace").get(pk=goal.pk)
    assert standing_of(again, noon).value == standing_of(again, noon, fresh=True).value == before
    fresh = make_goal(Metric.objects.get(pk=metric.pk), basis="average", value="500")
    assert standing_of(fresh, noon).value == 10 * before


def test_what_is_met_now_and_unlikely_at_the_end_says_both(acme, noon):
    values = {"2025-12-10": 1000, "2026-01-10": 1100, "2026-02-10": 1300}
    goal = make_goal(measured(acme, "readers", values), basis="level", value="1250")
    found = standing_of(goal, noon)
    facts = replace(found.facts, chance=D("0.22"))
    told = Told(goal, facts, Status.OFF_TRACK, found.until, found.until, found.until,
                D(1300), D(1050), None, None, None)  # fmt: skip
    assert (
        note_of(told) == "Met for now: 1,300 against 1,250, yet only 22\u202f% likely at the end."
    )
    assert note_of(replace(told, facts=found.facts)) == (
        "Met for now: 1,300 against a target of 1,250."
    )
