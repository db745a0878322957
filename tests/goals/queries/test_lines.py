"""Goals that keep a line: share of days, margin, status, and no progress."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from goals.operations.goals import draft_of, revise_goal
from goals.operations.reviews import review_goals
from goals.queries import standings
from goals.rules.aims import Aim
from goals.rules.status import Status
from tests.make.goals import every_day, make_goal, measured, observe, ratio
from tests.make.workspaces import owner_of
from workspaces.rules.errors import Refused

pytestmark = pytest.mark.django_db
D = Decimal
HALF = ("2026-01-01", "2026-06-30")


def standing_of(goal, at):
    return standings(goal.workspace, [goal], at)[goal.pk]


@pytest.fixture
def clicks(acme):
    """Ten a day in January 2026, nine in February: 310 and 252; 280 in the December before."""
    values = every_day("2026-01-01", "2026-01-31", 10) | every_day("2026-02-01", "2026-03-01", 9)
    return measured(acme, "clicks", {"2025-12-10": 280} | values)


def stay(metric, line, aim="above", **words):
    return make_goal(metric, basis="level", aim=aim, value=line, **{"window": HALF, **words})


def test_a_line_that_every_whole_month_keeps_is_on_track(clicks, noon):
    found = standing_of(stay(clicks, "250"), noon)
    assert (found.keeping.days, found.keeping.kept, found.keeping.margin) == (59, 59, D(2))
    assert (found.status, found.progress, found.pace) == (Status.ON_TRACK, None, None)
    assert found.note == (
        "At or above 250 on 100\u202f% of the days. The last period has a margin of 2."
    )


def test_a_line_that_the_last_month_broke_is_judged_by_its_share_of_days(clicks, noon):
    found = standing_of(stay(clicks, "300"), noon)
    assert (found.keeping.days, found.keeping.kept, found.keeping.margin) == (59, 31, D(-48))
    assert found.status is Status.OFF_TRACK
    assert "on the wrong side by 48" in found.note


def test_staying_below_is_the_mirror(clicks, noon):
    found = standing_of(stay(clicks, "300", aim="below"), noon)
    assert (found.keeping.kept, found.keeping.margin) == (28, D(48))


def test_days_can_be_judged_one_by_one(clicks, noon):
    found = standing_of(stay(clicks, "10", grain="day"), noon)
    assert (found.keeping.days, found.keeping.kept) == (60, 31)
    assert found.keeping.margin == D(-1)


def test_a_ratio_is_judged_by_the_ratio_of_each_months_sums(acme, clicks, noon):
    sends = measured(acme, "sends", {"2026-01-15": 3100, "2026-02-15": 2520})
    found = standing_of(stay(ratio(acme, "ctr", clicks, sends), "10"), noon)
    assert (found.keeping.kept, found.keeping.margin) == (59, D(0))


def test_before_a_whole_period_is_over_it_is_too_early(clicks, noon):
    found = standing_of(stay(clicks, "250", window=("2026-02-20", "2026-06-30")), noon)
    assert (found.status, found.keeping.share) == (Status.NEW, None)
    assert found.keeping.margin == D(2)
    assert found.note == "Too early: no whole period of the goal is over yet."


def test_late_data_make_it_unknown(clicks, noon):
    found = standing_of(stay(clicks, "250"), noon + timedelta(days=9))
    assert found.status is Status.UNKNOWN


def test_when_the_window_is_over_the_share_of_days_decides(clicks, noon):
    observe(clicks, every_day("2026-03-02", "2026-03-31", 9))
    first = ("2026-01-01", "2026-03-31")
    at = noon + timedelta(days=40)
    kept, lost = stay(clicks, "250", window=first), stay(clicks, "300", window=first)
    review_goals(at=at)
    for goal, status in ((kept, "achieved"), (lost, "missed")):
        goal.refresh_from_db()
        assert goal.status == status


def test_one_broken_period_at_a_high_share_is_at_risk_only_after_two_days(acme, noon):
    values = every_day("2026-01-01", "2026-03-01", 10) | {"2026-03-01": 4}
    metric = measured(acme, "visits", values)
    goal = stay(metric, "5", grain="day", at=noon - timedelta(days=1))
    assert goal.status == "on_track"
    observe(metric, {"2026-03-02": 4})
    for days, status in ((0, "on_track"), (1, "at_risk")):
        review_goals(at=noon + timedelta(days=days))
        goal.refresh_from_db()
        assert goal.status == status


def test_a_line_may_lie_on_either_side_of_the_baseline_and_on_it(clicks):
    for line, aim in (("280", "above"), ("280", "below"), ("900", "above"), ("0", "below")):
        assert stay(clicks, line, aim=aim).stays


def test_a_line_may_be_a_percent_of_the_baseline_but_not_of_nothing(acme, clicks):
    assert make_goal(clicks, basis="level", aim="above", percent="-10", window=HALF).target == 252
    with pytest.raises(Refused) as refused:
        make_goal(measured(acme, "none"), basis="level", aim="above", percent="-10")
    assert refused.value.field == "baseline"


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"basis": "average"}, "basis"),
        ({"basis": "cumulative"}, "basis"),
        ({"window": ("2026-03-05", "2026-03-25")}, "grain"),
    ],
)
def test_a_line_needs_the_level_and_a_whole_period(clicks, words, field):
    with pytest.raises(Refused) as refused:
        make_goal(clicks, **{"basis": "level", "aim": "above", "value": "5", **words})
    assert refused.value.field == field


def test_a_goal_can_be_revised_from_reaching_to_staying(acme, clicks, noon):
    goal = make_goal(clicks, basis="level", value="300", window=HALF)
    draft = draft_of(goal)
    changed = replace(draft, terms=replace(draft.terms, aim=Aim.ABOVE))
    revised = revise_goal(goal, draft=changed, version=1, by=owner_of(acme), at=noon)
    assert (revised.aim, revised.status) == ("above", "off_track")
