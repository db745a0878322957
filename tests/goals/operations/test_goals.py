"""Setting, revising and closing goals."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from goals.models import Goal
from goals.operations.goals import close_goal, draft_of, reopen_goal, revise_goal, set_goal
from goals.queries.pages import SUBJECT
from goals.rules.status import Status
from goals.rules.targets import Target
from metrics.rules.periods import Span
from tests.make.goals import (
    LAST_YEAR,
    day,
    every_day,
    make_draft,
    make_goal,
    measured,
    observe,
    ratio,
    terms,
)
from tests.make.workspaces import make_stakeholder
from workspaces.queries.events import events_of
from workspaces.rules.errors import Refused, Stale

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def clicks(acme):
    """365 clicks in 2025, one a day, and two a day since."""
    return measured(
        acme,
        "clicks",
        every_day("2025-01-01", "2025-12-31", 1) | every_day("2026-01-01", "2026-03-01", 2),
    )


def verbs_of(goal):
    return [told.verb for told in events_of(goal.workspace, SUBJECT, goal.pk)]


def set_by(metric, ed, noon, **words):
    return set_goal(metric.workspace, draft=make_draft(metric, **words), by=ed, at=noon)


def test_setting_a_goal_measures_its_baseline_and_fixes_the_target(clicks, ed, noon):
    goal = set_by(clicks, ed, noon, percent="25", baseline=LAST_YEAR)
    assert (goal.baseline, goal.target, goal.percent) == (D(365), D("456.25"), D(25))
    assert goal.baseline_span == Span(day("2025-01-01"), day("2025-12-31"))
    assert goal.definition_revision == clicks.definition_revision
    assert verbs_of(goal) == ["goal.set"]


def test_a_goal_is_judged_the_moment_it_is_set(clicks, ed, noon):
    goal = set_by(clicks, ed, noon, percent="25", baseline=LAST_YEAR)
    assert goal.status == Status.ON_TRACK
    assert goal.status_since == noon
    assert goal.reviewed_on == day("2026-03-02")


def test_the_baseline_does_not_wait_for_rollups(acme, ed, noon):
    metric = measured(acme)
    observe(metric, every_day("2025-01-01", "2025-12-31", 1), rolled_up=False)
    assert set_by(metric, ed, noon, percent="25", baseline=LAST_YEAR).baseline == 365


def test_the_first_verdict_does_not_wait_for_rollups_either(acme, ed, noon):
    metric, over = measured(acme), ("2025-01-01", "2025-12-31")
    values = every_day("2024-01-01", "2025-12-31", 1) | every_day("2026-01-01", "2026-03-01", 1)
    observe(metric, values, rolled_up=False)
    assert set_by(metric, ed, noon, value="365").status == Status.ON_TRACK
    assert set_by(metric, ed, noon, value="366", window=over).status == Status.MISSED
    assert set_by(metric, ed, noon + timedelta(days=9), value="365").status == Status.UNKNOWN


def test_without_days_the_baseline_is_measured_right_before_the_goal(clicks, ed, noon):
    goal = set_by(clicks, ed, noon, percent="10")
    assert goal.baseline_span == Span(day("2025-01-01"), day("2025-12-31"))


def test_a_frozen_baseline_does_not_follow_corrected_data(clicks, ed, noon):
    goal = set_by(clicks, ed, noon, percent="25", baseline=LAST_YEAR)
    observe(clicks, {"2025-06-01": 1000})
    goal.refresh_from_db()
    assert goal.baseline == 365


@pytest.mark.parametrize(
    ("words", "field", "code"),
    [
        ({"percent": "25", "baseline": ("2020-01-01", "2020-12-31")}, "baseline", "no_baseline"),
        ({"value": "9", "baseline": ("2020-01-01", "2020-12-31")}, "baseline", "no_baseline"),
        ({"value": "0"}, "target", "not_positive"),
        ({"percent": "-100", "baseline": LAST_YEAR}, "target", "not_positive"),
        ({"value": "31", "basis": "level"}, "target", "same_as_baseline"),
        ({"value": "30", "basis": "level"}, "target", "wrong_way"),
        ({"percent": "0", "basis": "yoy"}, "target", "same_as_baseline"),
        ({"value": "9", "window": ("2026-03-01", "2026-01-01")}, "end", "ends_before_start"),
        (
            {"percent": "9", "baseline": ("2025-06-01", "2026-01-01")},
            "baseline",
            "baseline_not_before",
        ),
        (
            {"value": "9", "basis": "level", "baseline": ("2025-12-02", "2025-12-30")},
            "baseline",
            "no_whole_period",
        ),
    ],
)
def test_what_makes_no_goal_is_refused_at_its_field(clicks, ed, noon, words, field, code):
    with pytest.raises(Refused) as refused:
        set_by(clicks, ed, noon, **words)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert refused.value.message
    assert not Goal.objects.exists()


def test_a_percent_of_a_zero_baseline_is_refused(acme, ed, noon):
    silent = measured(acme, "complaints", every_day("2025-01-01", "2025-12-31", 0))
    with pytest.raises(Refused) as refused:
        set_by(silent, ed, noon, percent="25", baseline=LAST_YEAR)
    assert (refused.value.field, refused.value.code) == ("target", "percent_of_nothing")


def test_a_total_with_a_value_may_start_without_history(acme, ed, noon):
    goal = set_by(measured(acme), ed, noon, value="1000")
    assert (goal.baseline, goal.baseline_span, goal.target) == (None, None, D(1000))
    assert goal.status == Status.UNKNOWN


def test_a_ratio_cannot_be_added_up(acme, clicks, ed, noon):
    sends = measured(acme, "sends", every_day("2025-01-01", "2026-03-01", 100))
    rate = ratio(acme, "ctr", clicks, sends)
    with pytest.raises(Refused) as refused:
        set_by(rate, ed, noon, value="3")
    assert (refused.value.field, refused.value.code) == ("basis", "sum_of_ratio")
    goal = set_by(rate, ed, noon, value="3", basis="average", baseline=LAST_YEAR)
    assert goal.baseline == 1


def test_two_stages_of_a_level_are_compared_bucket_by_bucket(clicks, ed, noon):
    goal = set_by(
        clicks, ed, noon, percent="25", basis="level", baseline=("2025-01-01", "2025-12-31")
    )
    assert goal.baseline == D("30.4166666667")


def test_rows_of_another_workspace_never_get_in(clicks, globex, sam, ed, noon):
    for name, row in {
        "metric": measured(globex),
        "owner": sam,
        "stakeholder": make_stakeholder(globex),
        "parent": make_goal(measured(globex, "visits")),
    }.items():
        draft = replace(make_draft(clicks), **{name: row})
        with pytest.raises(Refused) as refused:
            set_goal(clicks.workspace, draft=draft, by=ed, at=noon)
        assert refused.value.field == name


def test_a_retired_metric_takes_no_goals(clicks, ed, noon):
    clicks.retired_at = noon
    with pytest.raises(Refused, match="retired"):
        set_by(clicks, ed, noon)


@pytest.mark.parametrize(
    "wrong",
    [
        {"end": day("2025-12-31")},
        {"baseline_from": day("2025-02-01"), "baseline_to": day("2025-01-01")},
        {"basis": "hope"},
        {"status": "fine"},
        {"title": ""},
    ],
)
def test_the_database_itself_refuses_a_broken_goal(clicks, wrong):
    goal = make_goal(clicks)
    with pytest.raises(IntegrityError), transaction.atomic():
        Goal.objects.filter(pk=goal.pk).update(**wrong)


def test_a_goal_is_never_its_own_step_in_the_database(clicks):
    goal = make_goal(clicks)
    with pytest.raises(IntegrityError), transaction.atomic():
        Goal.objects.filter(pk=goal.pk).update(parent=goal)


# --- revising -------------------------------------------------------------------------------------


def test_revising_the_words_leaves_the_numbers_alone(clicks, ed, noon):
    goal = make_goal(clicks, percent="25", baseline=LAST_YEAR)
    observe(clicks, {"2025-06-01": 1000})
    draft = replace(draft_of(goal), title="Even more clicks")
    revised = revise_goal(goal, draft=draft, version=1, by=ed, at=noon)
    assert (revised.title, revised.version, revised.baseline) == ("Even more clicks", 2, D(365))
    assert verbs_of(goal) == ["goal.revised", "goal.set"]


def test_a_new_target_stands_on_the_frozen_baseline(clicks, ed, noon):
    goal = make_goal(clicks, percent="25", baseline=LAST_YEAR)
    observe(clicks, {"2025-06-01": 1000})
    draft = replace(draft_of(goal), terms=terms(percent="100", baseline=LAST_YEAR))
    revised = revise_goal(goal, draft=draft, version=1, by=ed, at=noon)
    assert (revised.baseline, revised.target) == (D(365), D(730))


def test_other_baseline_days_are_measured_anew(clicks, ed, noon):
    goal = make_goal(clicks, percent="25", baseline=LAST_YEAR)
    draft = replace(
        draft_of(goal), terms=terms(percent="25", baseline=("2025-12-01", "2025-12-31"))
    )
    revised = revise_goal(goal, draft=draft, version=1, by=ed, at=noon)
    assert revised.baseline == 31


def test_a_harder_target_is_judged_at_once_without_waiting_for_a_second_day(clicks, ed, noon):
    goal = make_goal(clicks, value="600")
    assert goal.status == Status.ON_TRACK
    draft = replace(draft_of(goal), terms=terms(value="820"))
    revised = revise_goal(goal, draft=draft, version=1, by=ed, at=noon + timedelta(hours=1))
    assert revised.status == Status.AT_RISK
    assert revised.previous_status == Status.ON_TRACK
    assert events_of(goal.workspace, SUBJECT, goal.pk)[0].data["now"] == "at_risk"


def test_growth_moves_its_baseline_with_its_window(clicks, ed, noon):
    goal = make_goal(clicks, basis="yoy", percent="40")
    moved = Span(day("2026-02-01"), day("2026-12-31"))
    draft = draft_of(goal)
    draft = replace(draft, terms=replace(draft.terms, window=moved))
    revised = revise_goal(goal, draft=draft, version=1, by=ed, at=noon)
    assert revised.baseline_span == Span(day("2025-02-01"), day("2025-12-31"))
    assert revised.baseline == 334


def test_saving_without_a_change_is_no_event_and_no_version(clicks, ed, noon):
    goal = make_goal(clicks)
    same = revise_goal(goal, draft=draft_of(goal), version=1, by=ed, at=noon)
    assert same.version == 1
    assert verbs_of(goal) == ["goal.set"]


def test_O01_the_second_of_two_edits_is_stale_and_sees_the_first(clicks, ed, mia, noon):
    goal = make_goal(clicks)
    mine = replace(draft_of(goal), title="Mine")
    theirs = replace(draft_of(goal), title="Theirs")
    revise_goal(goal, draft=mine, version=1, by=ed, at=noon)
    with pytest.raises(Stale) as stale:
        revise_goal(goal, draft=theirs, version=1, by=mia, at=noon)
    assert stale.value.current.title == "Mine"
    assert stale.value.current.version == 2
    goal.refresh_from_db()
    assert goal.title == "Mine"


def test_reviews_do_not_make_an_open_form_stale(clicks, ed, noon):
    goal = make_goal(clicks)
    assert goal.version == 1


def test_a_goal_cannot_become_a_step_of_its_own_step(clicks, ed, noon):
    top = make_goal(clicks, "Top")
    step = make_goal(clicks, "Step", parent=top)
    with pytest.raises(Refused) as refused:
        revise_goal(top, draft=replace(draft_of(top), parent=step), version=1, by=ed, at=noon)
    assert (refused.value.field, refused.value.code) == ("parent", "loop")
    with pytest.raises(Refused):
        revise_goal(top, draft=replace(draft_of(top), parent=top), version=1, by=ed, at=noon)


def test_the_tree_ends_somewhere(clicks):
    parent = None
    for depth in range(12):
        parent = make_goal(clicks, f"Depth {depth}", parent=parent)
    with pytest.raises(Refused) as refused:
        make_goal(clicks, "Too deep", parent=parent)
    assert refused.value.code == "too_deep"


# --- closing --------------------------------------------------------------------------------------


def test_a_closed_goal_keeps_its_status_and_its_reason(clicks, ed, noon):
    goal = make_goal(clicks, value="600")
    closed = close_goal(goal, reason="Budget cut", version=1, by=ed, at=noon)
    assert (closed.closed_at, closed.close_reason, closed.version) == (noon, "Budget cut", 2)
    assert closed.status == Status.ON_TRACK
    assert verbs_of(goal) == ["goal.closed", "goal.set"]


def test_closing_needs_a_reason_and_an_open_goal(clicks, ed, noon):
    goal = make_goal(clicks)
    with pytest.raises(Refused) as refused:
        close_goal(goal, reason="  ", version=1, by=ed, at=noon)
    assert refused.value.field == "reason"
    closed = close_goal(goal, reason="Done with it", version=1, by=ed, at=noon)
    with pytest.raises(Refused, match="closed"):
        close_goal(closed, reason="Again", version=2, by=ed, at=noon)
    with pytest.raises(Refused, match="closed"):
        revise_goal(closed, draft=draft_of(closed), version=2, by=ed, at=noon)
    with pytest.raises(Stale):
        close_goal(goal, reason="Late", version=1, by=ed, at=noon)


def test_a_reopened_goal_is_judged_by_todays_numbers(clicks, ed, noon):
    goal = make_goal(clicks, value="600")
    closed = close_goal(goal, reason="Pause", version=1, by=ed, at=noon)
    later = noon + timedelta(days=30)
    opened = reopen_goal(closed, version=2, by=ed, at=later)
    assert opened.is_open
    assert opened.close_reason == ""
    assert opened.status == Status.UNKNOWN
    assert verbs_of(goal)[0] == "goal.reopened"
    with pytest.raises(Refused):
        reopen_goal(opened, version=3, by=ed, at=later)


def test_the_percent_is_kept_as_it_was_promised(clicks, ed, noon):
    goal = make_goal(clicks, percent="12.5", baseline=LAST_YEAR)
    assert draft_of(goal).terms.target == Target(percent=D("12.5"))
    assert goal.target == D("410.625")
