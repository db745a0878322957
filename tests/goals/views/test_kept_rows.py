"""A long list of goals is drawn once, and anew as soon as anything in it changes."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from goals.models import Goal
from goals.operations.goals import close_goal
from goals.operations.reviews import review_goals
from tests.make.goals import every_day, make_goal, make_guardrail, measured, observe
from tests.make.workspaces import NOON
from workspaces.operations.people import rename_user

LIST = reverse("goals:index", kwargs={"slug": "acme"})
LONG = 4


@pytest.fixture
def clicks(acme):
    return measured(acme, "clicks", every_day("2025-01-01", "2026-03-01", 10))


@pytest.fixture
def many(clicks, ed, monkeypatch):
    """One goal with a step and two like it: here that is a long list."""
    monkeypatch.setattr("goals.views.goals.MANY", LONG)
    first = make_goal(clicks, "First", value="4380", owner=ed)
    make_goal(clicks, "Step", value="1200", owner=ed, parent=first)
    names = [field.attname for field in Goal._meta.concrete_fields if not field.primary_key]
    values = {name: getattr(first, name) for name in names}
    Goal.objects.bulk_create(Goal(**{**values, "title": f"Goal {n}"}) for n in range(2))
    return first


@pytest.fixture(autouse=True)
def _fresh():
    caches["drawn"].clear()
    with time_machine.travel(NOON, tick=False):
        yield
    caches["drawn"].clear()


def rename(goal, ed):
    rename_user(ed.user, "Eddie the Second")


def close(goal, ed):
    close_goal(Goal.objects.get(title="Step"), version=1, reason="Done", by=ed, at=NOON)


def guard(goal, ed):
    bounces = measured(goal.workspace, "bounces", every_day("2026-01-01", "2026-03-01", 3))
    make_guardrail(goal, bounces, "below", "1")


def late_numbers(goal, ed):
    observe(goal.metric, {"2026-02-20": 900})


def a_review(goal, ed):
    review_goals(at=NOON)


def another(goal, ed):
    make_goal(goal.metric, "Newcomer", value="5000", owner=ed)


def rows_on(answer):
    text = answer.content.decode()
    return text[text.index("<tbody>") : text.index("</tbody>")]


def test_a_list_that_has_not_changed_is_not_drawn_again(many, ed, client_of):
    browser = client_of(ed)
    first = browser.get(LIST)
    with CaptureQueriesContext(connection) as captured:
        second = browser.get(LIST)
    assert rows_on(second) == rows_on(first)
    assert not [sql for sql in captured if "goals_guardrail" in sql["sql"]]
    assert rows_on(browser.get(f"{LIST}?view=table")) != rows_on(first)


@pytest.mark.parametrize("change", [rename, close, guard, late_numbers, a_review, another])
def test_what_changes_is_seen_at_once(many, ed, client_of, change):
    browser = client_of(ed)
    before = rows_on(browser.get(LIST))
    change(many, ed)
    shown = rows_on(browser.get(LIST))
    caches["drawn"].clear()
    assert shown == rows_on(browser.get(LIST))
    assert shown != before


def test_a_day_later_the_list_is_another(many, ed, client_of):
    browser = client_of(ed)
    before = rows_on(browser.get(LIST))
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        assert rows_on(client_of(ed).get(LIST)) != before


def test_languages_and_workspaces_are_kept_apart(many, ed, sam, client_of):
    browser = client_of(ed)
    english = rows_on(browser.get(LIST))
    persian = rows_on(browser.get(LIST, headers={"accept-language": "fa"}))
    assert persian != english
    assert rows_on(browser.get(LIST)) == english
    elsewhere = client_of(sam).get(reverse("goals:index", kwargs={"slug": "globex"}))
    assert "Goal 1" not in elsewhere.content.decode()
