"""Setting and revising goals by their form, with the baseline measured while it is filled in."""

import re

import pytest

from goals.forms import a_year_from
from goals.models import Goal
from tests.goals.views.reading import at, fields, text_of
from tests.make.goals import LAST_YEAR, day, make_goal, measured

pytestmark = pytest.mark.django_db


def test_a_goal_is_set_by_the_form(clicks, ed, client_of):
    browser = client_of(ed)
    assert browser.get(at("new")).status_code == 200
    done = browser.post(at("new"), fields(clicks, ed))
    goal = Goal.objects.get()
    assert done.status_code == 302
    assert done["Location"] == at("goal", pk=goal.pk)
    assert (goal.title, str(goal.target), goal.specific) == (
        "Clicks +25 %",
        "4562.5",
        "Newsletter clicks",
    )


def test_the_form_reads_the_digits_and_signs_of_its_languages(clicks, ed, client_of):
    client_of(ed).post(at("new"), fields(clicks, ed, amount=" ۱۲٫۵ % "))
    assert Goal.objects.get().target_percent == "12.5"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": "plenty"}, "Write a number"),
        ({"amount": ""}, "required"),
        ({"title": ""}, "required"),
        ({"end": "2025-12-31"}, "must end on or after"),
        ({"baseline_to": ""}, "both days"),
        ({"baseline_from": "2020-01-01", "baseline_to": "2020-12-31"}, "no data on the baseline"),
        ({"kind": "value", "amount": "-5"}, "above zero"),
        ({"basis": "hope"}, "valid choice"),
    ],
)
def test_a_refused_form_keeps_what_was_written_and_says_why(clicks, ed, client_of, changes, words):
    answer = client_of(ed).post(at("new"), fields(clicks, ed, **changes))
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "Newsletter clicks" in answer.content.decode()
    assert not Goal.objects.exists()


def test_a_metric_of_another_workspace_is_no_choice(clicks, globex, ed, client_of):
    foreign = measured(globex, "secret", name="Secret metric")
    answer = client_of(ed).post(at("new"), fields(foreign, ed))
    assert answer.status_code == 422
    assert "Secret" not in answer.content.decode()


def test_a_goal_is_revised_by_the_form(clicks, ed, client_of):
    goal = make_goal(clicks, percent="25", baseline=LAST_YEAR)
    browser, url = client_of(ed), at("edit", pk=goal.pk)
    page = browser.get(url).content.decode()
    assert 'value="2025-12-31"' in page
    done = browser.post(url, fields(clicks, ed, version=1, title="Sharper"))
    assert done.status_code == 302
    goal.refresh_from_db()
    assert (goal.title, goal.version) == ("Sharper", 2)


def test_O01_a_stale_form_keeps_its_text_and_a_second_save_wins_knowingly(
    clicks, ed, mia, client_of
):
    goal = make_goal(clicks, percent="25", baseline=LAST_YEAR)
    url = at("edit", pk=goal.pk)
    client_of(mia).post(url, fields(clicks, mia, version=1, title="Theirs"))
    answer = client_of(ed).post(url, fields(clicks, ed, version=1, title="My own words"))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "My own words" in page
    assert "Somebody changed this goal meanwhile" in page
    assert re.search(r'name="version"[^>]*value="2"|value="2"[^>]*name="version"', page)
    assert (
        client_of(ed).post(url, fields(clicks, ed, version=2, title="My own words")).status_code
        == 302
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "3,650 measured 1 Jan – 31 Dec 2025"),
        ({}, "4,563"),
        ({"kind": "value", "amount": "5000"}, "+36.99"),
        ({"metric": ""}, "Choose a metric, the days"),
        ({"amount": "plenty"}, "Choose a metric, the days"),
        ({"baseline_from": "2020-01-01", "baseline_to": "2020-12-31"}, "no data on the baseline"),
        ({"baseline_from": "2025-12-01"}, "31 days and the goal 365"),
        (
            {
                "kind": "value",
                "baseline_from": "",
                "baseline_to": "",
                "start": "2024-01-01",
                "end": "2024-12-31",
            },
            "No history before the goal",
        ),
    ],
)
def test_the_form_measures_the_baseline_while_it_is_filled_in(
    clicks, ed, client_of, changes, words
):
    answer = client_of(ed).get(at("baseline"), fields(clicks, ed, **changes))
    assert answer.status_code == 200
    assert words in text_of(answer)
    assert "<html" not in answer.content.decode()


def test_a_new_step_starts_under_its_goal_on_the_same_metric(clicks, ed, client_of):
    top = make_goal(clicks, "Top goal")
    page = client_of(ed).get(f"{at('new')}?parent={top.pk}&metric={clicks.pk}").content.decode()
    assert page.count("selected") >= 3
    assert client_of(ed).get(f"{at('new')}?parent=zzz&metric=zzz").status_code == 200


def test_a_year_from_any_day_is_a_whole_year():
    assert a_year_from(day("2026-01-01")) == day("2026-12-31")
    assert a_year_from(day("2026-03-02")) == day("2027-03-01")
    assert a_year_from(day("2024-02-29")) == day("2025-02-28")
    assert a_year_from(day("2026-05-31")) == day("2027-05-30")


def test_checkpoints_are_lines_of_a_day_and_a_number(clicks, ed, client_of):
    browser = client_of(ed)
    lines = "2026-03-31 ۹۰۰\n\n2026-06-30: 2 000.5"
    sent = fields(clicks, ed, course="phased", checkpoints=lines)
    assert browser.post(at("new"), sent).status_code == 302
    goal = Goal.objects.get()
    assert goal.checkpoints == [["2026-03-31", "900"], ["2026-06-30", "2000.5"]]
    shown = browser.get(at("edit", pk=goal.pk)).content.decode()
    assert "2026-03-31 900\n2026-06-30 2000.5" in shown
    assert "Through checkpoints" in text_of(browser.get(at("goal", pk=goal.pk)))


def test_a_line_that_is_no_checkpoint_is_named_by_its_number(clicks, ed, client_of):
    sent = fields(clicks, ed, course="phased", checkpoints="2026-03-31 900\nin summer more")
    answer = client_of(ed).post(at("new"), sent)
    assert answer.status_code == 422
    assert "Line 2: write a day and a number" in text_of(answer)
