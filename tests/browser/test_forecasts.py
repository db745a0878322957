"""Forecasts in a browser: the fan on a goal's chart, and what earlier ones were worth."""

from datetime import timedelta

import pytest
import time_machine

from goals.operations.reviews import review_goals
from goals.operations.track_record import score_forecasts
from tests.browser.support import LOOKS, axe, settled, shoot, sideways
from tests.make.goals import every_day, make_goal, measured, observe

pytestmark = pytest.mark.browser


@pytest.fixture
def goal(acme, noon):
    """One that runs, beside ten that ended."""
    clicks = measured(acme, "clicks", every_day("2025-06-01", "2026-03-01", 1000))
    made = make_goal(clicks, "More clicks from e-mail", value="390000")
    for number in range(10):
        value = "55000" if number < 7 else "90000"
        make_goal(clicks, f"Spring {number}", value=value, window=("2026-02-01", "2026-03-31"))
    review_goals(at=noon)
    later = noon + timedelta(days=32)
    observe(clicks, every_day("2026-03-02", "2026-04-02", 1100), at=later)
    with time_machine.travel(later, tick=True):
        score_forecasts(at=later)
        review_goals(at=later)
        yield made


def test_the_fan_opens_on_the_chart_and_leads_to_the_track_record(goal, vi, screen):
    for name, options in LOOKS.items():
        page = screen(vi, **options)
        page.goto(f"/w/acme/goals/{goal.pk}/?view=sum")
        settled(page)
        assert page.locator("#fig-goal svg path").count() > 4
        assert page.locator("#fig-goal [data-role=middle]").count() == 1
        shoot(page, f"forecast-{name}", full=True)
        page.locator(".facts a[href$='/goals/track-record/']").click()
        settled(page)
        assert page.locator("h1").count() == 1
        assert sideways(page) == 0
        axe(page)
        shoot(page, f"track-record-{name}", full=True)
