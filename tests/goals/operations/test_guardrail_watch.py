"""Guardrails that break and mend are told once each."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals.models import Guardrail
from goals.operations import guardrail_watch
from goals.operations.reviews import review_goals
from goals.queries.guardrails import guarded_of
from goals.queries.pages import SUBJECT
from tests.make.goals import every_day, make_goal, make_goals, make_guardrail, measured, observe
from workspaces.models import Notification
from workspaces.queries.events import events_of
from workspaces.queries.notifications import tell_notices

pytestmark = pytest.mark.django_db


@pytest.fixture
def complaints(acme):
    """28 in February."""
    return measured(acme, "complaints", every_day("2026-01-01", "2026-03-01", 1))


@pytest.fixture
def goal(acme, ed):
    clicks = measured(acme, "clicks", every_day("2026-01-01", "2026-03-01", 10))
    return make_goal(clicks, value="3650", owner=ed)


def told(goal):
    names = [event.verb for event in events_of(goal.workspace, SUBJECT, goal.pk)]
    return [name for name in names[::-1] if name.endswith(("_broken", "_mended"))]


def test_a_break_and_its_mending_are_one_event_and_one_notice_each(goal, complaints, noon, ed):
    make_guardrail(goal, complaints, "below", "30")
    review_goals(at=noon)
    assert told(goal) == []
    observe(complaints, {"2026-02-28": 10})
    for minutes in range(3):
        review_goals(at=noon + timedelta(minutes=minutes))
    assert told(goal) == ["goal.guardrail_broken"]
    observe(complaints, {"2026-02-28": 1})
    review_goals(at=noon + timedelta(hours=1))
    assert told(goal) == ["goal.guardrail_broken", "goal.guardrail_mended"]
    observe(complaints, {"2026-02-28": 10})
    review_goals(at=noon + timedelta(hours=2))
    assert told(goal)[2:] == ["goal.guardrail_broken"]
    rows = Notification.objects.filter(member=ed, verb__contains="guardrail").order_by("pk")
    sentences = [row.sentence for row in tell_notices(rows)]
    assert len(sentences) == 3
    assert sentences[0] == ("A guardrail of “More clicks” broke: Complaints is 37, the line is 30")
    assert "holds again" in sentences[1]


def test_a_small_break_waits_for_a_second_local_day(goal, complaints, noon):
    make_guardrail(goal, complaints, "below", "28")
    review_goals(at=noon)
    for hour, last in enumerate([2, 1, 2, 1, 2]):
        observe(complaints, {"2026-02-28": last})
        review_goals(at=noon + timedelta(hours=hour))
    assert told(goal) == []
    observe(complaints, {"2026-03-02": 1})
    review_goals(at=noon + timedelta(days=1))
    assert told(goal) == ["goal.guardrail_broken"]


def test_late_data_are_no_mending(goal, complaints, noon):
    make_guardrail(goal, complaints, "below", "20")
    review_goals(at=noon)
    review_goals(at=noon + timedelta(days=20))
    assert told(goal) == ["goal.guardrail_broken"]


def test_a_guardrail_whose_line_moves_meanwhile_waits_for_the_next_sweep(
    goal, complaints, noon, monkeypatch
):
    rail = make_guardrail(goal, complaints, "below", "20")

    def rival(*args):
        Guardrail.objects.filter(pk=rail.pk).update(bound_value="40")
        return guarded_of(*args)

    monkeypatch.setattr(guardrail_watch, "guarded_of", rival)
    review_goals(at=noon)
    assert told(goal) == []
    monkeypatch.undo()
    review_goals(at=noon)
    assert told(goal) == []
    assert Guardrail.objects.get().told == "holds"


def test_a_line_that_moves_is_told_anew(goal, complaints, noon):
    make_guardrail(goal, complaints, "below", "20")
    review_goals(at=noon)
    make_guardrail(goal, complaints, "below", "15")
    review_goals(at=noon + timedelta(minutes=1))
    assert told(goal) == ["goal.guardrail_broken"] * 2


def test_many_guardrails_take_as_many_queries_as_one(acme, complaints, noon):
    clicks = measured(acme, "clicks", every_day("2026-01-01", "2026-03-01", 10))
    goals = make_goals(clicks, 12, value="3650")
    counts = []
    for some in (goals[:1], goals[1:]):
        for goal in some:
            make_guardrail(goal, complaints, "below", "20")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            guardrail_watch.watch_guardrails(acme, at=noon)
        counts.append(len(asked))
    events = 10
    assert counts[1] <= counts[0] + events + 4
