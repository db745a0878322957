"""Guardrails, lines and steps on the pages of goals."""

from decimal import Decimal

import pytest

from goals.models import Goal, Guardrail
from tests.goals.views.reading import at, fields, text_of
from tests.make.goals import every_day, make_goal, make_guardrail, measured

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def complaints(acme):
    return measured(acme, "complaints", every_day("2026-01-01", "2026-03-01", 1))


def test_a_guardrail_is_set_and_removed_on_the_page(clicks, complaints, ed, client_of):
    goal, browser = make_goal(clicks), client_of(ed)
    sent = {"metric": complaints.pk, "side": "below", "bound": "۲۰", "grain": "month"}
    assert browser.post(at("guard", pk=goal.pk), sent).status_code == 302
    shown = text_of(browser.get(at("goal", pk=goal.pk)))
    assert "1 guardrail broken" in shown
    assert "Broken by 8." in shown
    assert "1 guardrail broken" in text_of(browser.get(at("index")))
    rail = Guardrail.objects.get()
    browser.post(at("unguard", pk=goal.pk, guardrail=rail.pk))
    assert "guardrail broken" not in text_of(browser.get(at("goal", pk=goal.pk)))


def test_a_guardrail_that_cannot_be_is_refused_with_a_sentence(clicks, complaints, ed, client_of):
    goal = make_goal(clicks)
    sent = {"metric": complaints.pk, "side": "below", "bound": "much"}
    answer = client_of(ed).post(at("guard", pk=goal.pk), sent)
    assert answer.status_code == 422
    assert "Write a number" in text_of(answer)


def test_viewers_see_guardrails_and_change_none(clicks, complaints, vi, sam, client_of):
    goal = make_goal(clicks)
    rail = make_guardrail(goal, complaints, "below", "30")
    page = client_of(vi).get(at("goal", pk=goal.pk))
    assert "Holds with a margin of 2." in text_of(page)
    assert "Add a guardrail" not in text_of(page)
    assert client_of(vi).post(at("guard", pk=goal.pk), {}).status_code == 403
    gone = at("unguard", pk=goal.pk, guardrail=rail.pk)
    assert client_of(vi).post(gone).status_code == 403
    assert client_of(sam).post(gone).status_code == 404


def test_a_line_is_set_by_the_form_and_shown_without_progress(clicks, ed, client_of):
    browser = client_of(ed)
    sent = fields(clicks, ed, aim="above", kind="value", amount="300", weight="2")
    assert browser.post(at("new"), sent).status_code == 302
    goal = Goal.objects.get()
    assert (goal.aim, goal.basis, goal.weight) == ("above", "level", "2")
    for page in (at("goal", pk=goal.pk), at("index")):
        shown = text_of(browser.get(page))
        assert "kept on 100" in shown or "100 % of 59 days" in shown
    assert "Stay above" in text_of(browser.get(at("goal", pk=goal.pk)))
    edited = browser.get(at("edit", pk=goal.pk)).content.decode()
    assert 'value="above"' in edited


def test_the_page_says_what_the_steps_say_together_and_which_decide(clicks, ed, client_of):
    top = make_goal(clicks, "Top", value="4380")
    make_goal(clicks, "Bad step", value="9000", parent=top)
    make_goal(clicks, "Good step", value="4380", parent=top, weight=D(2))
    browser = client_of(ed)
    shown = text_of(browser.get(at("goal", pk=top.pk)))
    assert "Together Off track" in shown
    assert "Decided by 33" in shown
    assert "steps: Off track" in shown
    assert "steps: Off track" in text_of(browser.get(at("index")))
