"""The page that splits a goal."""

import pytest

from goals.models import Goal
from tests.goals.views.reading import at, text_of
from tests.make.goals import LAST_YEAR, make_goal, measured
from tests.support.forms import submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def goal(acme):
    past = {f"2025-{month:02}-15": 1000 for month in (2, 5, 8, 11)}
    metric = measured(acme, "clicks", past | {"2026-02-15": 700})
    return make_goal(metric, percent="40", baseline=LAST_YEAR)


def test_the_page_shows_parts_ways_and_readings(goal, ed, client_of):
    browser, here = client_of(ed), at("split", pk=goal.pk)
    assert here in browser.get(at("goal", pk=goal.pk)).content.decode()
    shown = text_of(browser.get(here))
    for words in ("1,139", "13.92", "What 40.0", "46.4", "27.6", "Make each a step"):
        assert words in shown, words
    fragment = browser.get(f"{here}?into=month&mode=linear", HTTP_HX_REQUEST="true")
    assert "<html" not in fragment.content.decode()
    assert "2026-12" in text_of(fragment)


def test_parts_by_hand_are_checked_while_they_are_written(goal, ed, client_of):
    browser, here = client_of(ed), at("split", pk=goal.pk)
    assert browser.get(f"{here}?mode=manual").content.decode().count('name="part"') == 4
    query = "mode=manual&part=1000&part=1200&part=1500&part=1800"
    assert "come to 5,500, the goal is 5,600" in text_of(browser.get(f"{here}?{query}"))


def test_the_parts_become_steps_by_one_button(goal, ed, client_of):
    sent = {"version": 1, "into": "quarter", "mode": "linear", "shape": "steps"}
    answer = client_of(ed).post(at("split", pk=goal.pk), sent)
    assert (answer.status_code, Goal.objects.filter(parent=goal).count()) == (302, 4)


def test_a_question_that_makes_no_sense_is_refused_with_a_sentence(goal, ed, client_of):
    for query in ("into=day", "mode=wild", "mode=manual&part=much"):
        assert client_of(ed).get(f"{at('split', pk=goal.pk)}?{query}").status_code == 422


def test_after_a_miss_a_level_is_spread_anew_by_one_button(acme, ed, client_of, noon):
    values = {"2025-12-10": 1000, "2026-02-10": 1040, "2026-03-01": 1040}
    metric = measured(acme, "readers", values, kind="last")
    goal = make_goal(metric, basis="level", value="1400", window=("2026-02-01", "2026-05-31"))
    browser, here = client_of(ed), at("split", pk=goal.pk)
    browser.post(here, {"version": 1, "into": "month", "mode": "linear", "shape": "steps"})
    page = browser.get(here, {"into": "month"})
    assert "rebalanced=on" in page.content.decode()
    assert "1,100 1,040 1,040" in text_of(page)  # the plan, what came, and the parts anew
    again = submit(browser, f"{here}?into=month&mode=linear&rebalanced=on", shape="steps")
    steps = Goal.objects.filter(parent=goal).order_by("start")
    assert [int(step.target) for step in steps] == [1100, 1160, 1280, 1400]
    assert "The goal is split." in text_of(again)


def test_viewers_and_strangers_split_nothing(goal, vi, sam, client_of):
    assert client_of(vi).get(at("split", pk=goal.pk)).status_code == 403
    assert client_of(sam).get(at("split", pk=goal.pk)).status_code == 404
