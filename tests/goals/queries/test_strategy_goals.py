"""What a strategy changes for people, and which agreements stand in it."""

import pytest

from goals.models import GoalSeat
from goals.queries.strategy import kept_now, reading_of, strategy_page
from goals.queries.strategy_goals import told_changes
from goals.queries.strategy_versions import changes_between, latest_version
from goals.rules.strategy import Step
from tests.make.goals import make_goal, measured
from tests.make.sla import make_clock, make_promise, make_sla
from tests.make.strategies import make_strategy, publish, take_part, write
from tests.make.workspaces import NOON, make_stakeholder
from workspaces.operations.clocks import stop_clock
from workspaces.operations.sla import end_sla

pytestmark = pytest.mark.django_db
URL = "/api/v1/workspaces/acme"


@pytest.fixture
def clicks(acme):
    return measured(acme, "clicks", {"2025-06-01": 100})


@pytest.fixture
def plan(acme):
    return make_strategy(acme)


def changes(plan, goal, text):
    write(plan, Step.GOALS, lines=[(goal, None)])
    take_part(plan, changes={goal.pk: text})


def test_a_goal_tells_what_it_changes_and_whom_it_touches(acme, plan, clicks, ed, vi, mia):
    served = make_stakeholder(acme, "Mia's team", member=mia)
    goal = make_goal(clicks, owner=ed, stakeholder=served)
    changes(plan, goal, "Two hours less for reports")
    [told] = told_changes(goal, ed)
    assert (told.title, told.text, told.yours) == ("Plan 2026", "Two hours less for reports", True)
    assert told_changes(goal, mia)[0].yours
    assert not told_changes(goal, vi)[0].yours
    GoalSeat.objects.create(workspace=acme, goal=goal, member=vi, letter="I")
    assert told_changes(goal, vi)[0].yours


def test_a_step_tells_what_the_goal_above_it_changes(plan, clicks, ed, vi):
    goal = make_goal(clicks)
    step = make_goal(clicks, "A step", parent=goal, owner=vi)
    changes(plan, goal, "Less mail")
    [told] = told_changes(step, vi)
    assert (told.goal_id, told.yours) == (goal.pk, True)
    assert told_changes(goal, vi)[0].yours  # with a step of theirs
    assert not told_changes(step, ed)[0].yours


def test_what_it_changes_stands_on_the_goals_page_and_in_rest(
    plan, clicks, ed, vi, client_of, api_of
):
    goal = make_goal(clicks, owner=ed)
    changes(plan, goal, "Less mail")
    page = client_of(ed).get(f"/w/acme/goals/{goal.pk}/").content.decode()
    assert "What this changes for you" in page
    assert "Less mail" in page
    assert (
        "What this changes for you"
        not in client_of(vi).get(f"/w/acme/goals/{goal.pk}/").content.decode()
    )
    told = api_of(vi).get(f"{URL}/goals/{goal.pk}/changes/").data
    assert told == [
        {
            "strategy": plan.pk,
            "title": "Plan 2026",
            "goal": goal.pk,
            "text": "Less mail",
            "yours": False,
        }
    ]


def test_step_one_lists_the_agreements_of_its_stakeholders_with_this_months_answers(
    acme, plan, olga, client_of
):
    sla, other = make_sla(acme), make_sla(acme, "Elsewhere")
    clock = make_clock(make_promise(sla))
    stop_clock(clock, version=1, by=olga, at=NOON)
    write(plan, Step.OUTCOMES, lines=[(sla.receiver, "Leads in time")])
    page = strategy_page(plan, olga)
    [line] = page.document.agreements
    assert (line.id, line.promises) == (
        sla.pk,
        f"{sla.provider.name}: An answer to a brief",
    )
    [read] = kept_now(acme, page.reading, NOON).agreements
    assert (read.kept.answers.kept, read.kept.tone) == (1, "on_track")
    shown = client_of(olga).get(f"/w/acme/strategy/{plan.pk}/").content.decode()
    assert sla.name in shown
    assert other.name not in shown


def test_a_version_keeps_its_agreements_without_live_numbers_and_the_diff_tells_of_them(
    plan, acme, olga
):
    sla = make_sla(acme)
    make_promise(sla)
    write(plan, Step.OUTCOMES, lines=[(sla.receiver, "Leads in time")])
    version = publish(plan)
    make_promise(sla, "A list of leads")
    [change] = changes_between(plan, latest_version(plan), None)
    assert (change.step, change.name, change.field) == ("outcomes", sla.name, "promises")
    end_sla(sla, version=sla.version, by=olga, at=NOON)
    assert [one.kept for one in reading_of(version.read).agreements] == [None]
