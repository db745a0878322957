"""The goal card that the Overview includes."""

from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from goals.queries import standings
from tests.make.goals import make_goal

pytestmark = pytest.mark.django_db


def card(goal, at, rf=None, work=None):
    request = RequestFactory().get("/")
    request.workspace = goal.workspace
    standing = standings(goal.workspace, [goal], at)[goal.pk]
    words = {"goal": goal, "standing": standing, "work": work, "request": request}
    return render_to_string("goals/_goal_card.html", words)


def test_a_goal_in_trouble_says_why_and_shows_its_curve_and_progress(clicks, noon):
    html = card(make_goal(clicks, "Hard <goal>", value="9000"), noon)
    assert "goal-off" in html
    assert "Hard &lt;goal&gt;" in html
    assert "behind the" in html
    assert "against plan" in html
    assert html.count("<svg") >= 3
    assert "305 days left" in html
    assert "style=" not in html


def test_a_quiet_goal_says_it_in_a_sentence(clicks, noon):
    html = card(make_goal(clicks, value="100", window=("2026-06-01", "2026-12-31")), noon)
    assert "goal-new" in html
    assert "Starts on 1 Jun 2026." in html
    assert "goal-p" not in html


def test_a_card_counts_its_open_and_late_tasks(clicks, noon):
    goal = make_goal(clicks, value="4380")
    late = SimpleNamespace(title="Audit <workflows>", assignee=None, due_on=noon.date())
    work = SimpleNamespace(open=5, late=2, done=1, late_cards=[late])
    html = card(goal, noon, work=work)
    assert "5 open" in html
    assert "2 late" in html
    assert "Audit &lt;workflows&gt;" in html
    assert "no open tasks" in card(goal, noon, work=SimpleNamespace(open=0, late=0, late_cards=[]))
