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


def test_splitting_again_shows_the_steps_that_stand_and_asks_before_it_replaces(
    goal, ed, client_of
):
    browser, here = client_of(ed), at("split", pk=goal.pk)
    sent = {"version": 1, "into": "quarter", "mode": "linear", "shape": "steps"}
    done = browser.post(here, sent, follow=True)
    assert "Steps: 4 set." in text_of(done)
    shown = text_of(browser.get(f"{here}?mode=compound"))
    for words in ("Revise the steps", "1,160 1,139 is revised"):
        assert words in shown, words
    Goal.objects.filter(parent=goal, start="2026-10-01").update(target_value="30000")
    shown = text_of(browser.get(f"{here}?mode=compound"))
    for words in ("Changed by hand since the last split", "30,000", "Keep them as they are"):
        assert words in shown, words
    sent |= {"version": 2, "mode": "compound"}
    unasked = browser.post(here, sent)
    assert unasked.status_code == 422
    assert "Keep or replace them?" in text_of(unasked)
    assert browser.post(here, {**sent, "version": 1}).status_code == 409
    kept = browser.post(here, {**sent, "changed_steps": "keep"}, follow=True)
    assert "Steps: 3 revised, 1 kept as changed by hand." in text_of(kept)


def test_growth_and_averages_show_every_way_with_a_word_in_each_cell(acme, ed, client_of):
    past = {f"2025-{month:02}-15": 1000 for month in (2, 5, 8, 11)}
    metric = measured(acme, "leads", past | {"2026-02-15": 700})
    for basis, target in (("yoy", {"percent": "40"}), ("average", {"value": "500"})):
        goal = make_goal(metric, basis=basis, baseline=None, **target)
        page = client_of(ed).get(f"{at('split', pk=goal.pk)}?mode=manual").content.decode()
        assert page.count('name="part"') == 4
        assert "By the season" in page
        assert '<td class="r"></td>' not in page


def test_a_part_stands_below_its_goal_without_the_goals_title(goal, ed, client_of):
    """Where the goal itself is not in the list, the whole title is."""
    browser = client_of(ed)
    sent = {"version": 1, "into": "quarter", "mode": "linear", "shape": "steps"}
    browser.post(at("split", pk=goal.pk), sent)
    whole = f"{goal.title} · 2026-Q3"
    for page in (at("goal", pk=goal.pk), at("index"), f"{at('index')}?view=timeline"):
        shown = text_of(browser.get(page))
        assert "2026-Q3" in shown
        assert whole not in shown.replace(f"“{whole}”", ""), page
    assert whole in text_of(browser.get(f"{at('index')}?view=table"))


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
