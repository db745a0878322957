"""Writing a strategy step by step."""

from datetime import date

import pytest

from goals.models import Strategy, StrategyGoal, StrategySigner
from goals.operations.strategy import (
    Participation,
    Period,
    StepDraft,
    begin_strategy,
    change_period,
    close_strategy,
    reopen_strategy,
    save_step,
)
from goals.queries.strategy import strategies_of, strategy_page
from goals.queries.strategy_documents import document_of
from goals.rules.strategy import Step
from metrics.operations.purging import delete_metric
from tests.make.goals import every_day, make_goal, measured
from tests.make.strategies import YEAR, make_strategy, publish, take_part, write
from tests.make.workspaces import make_stakeholder
from workspaces.models import Stakeholder
from workspaces.queries.events import events_of
from workspaces.rules.errors import Refused, Stale

pytestmark = pytest.mark.django_db


@pytest.fixture
def clicks(acme):
    return measured(acme, "clicks", every_day("2026-01-01", "2026-03-01", 12))


@pytest.fixture
def plan(acme):
    return make_strategy(acme)


def told(plan):
    return [one.sentence for one in events_of(plan.workspace, "goals.strategy", plan.pk)]


def test_each_step_is_saved_by_itself(plan, clicks, acme):
    sales, goal = make_stakeholder(acme), make_goal(clicks)
    write(plan, Step.OUTCOMES, words=" Trust ", lines=[(sales, "120 leads")])
    write(plan, Step.METRICS, lines=[(clicks, "They show interest")])
    write(plan, Step.GOALS, lines=[(goal, None)])
    document = document_of(Strategy.objects.get())
    assert document.words == {"outcomes": "Trust"}
    assert (document.outcomes[0].name, document.outcomes[0].outcome) == ("Sales", "120 leads")
    assert (document.metrics[0].name, document.metrics[0].why) == ("Clicks", "They show interest")
    assert (document.goals[0].title, document.goals[0].target) == ("More clicks", "1000")
    assert told(plan)[0] == "Olga changed the strategy “Plan 2026”: Goals"


def test_steps_are_the_open_goals_below_those_of_the_strategy(plan, clicks):
    goal = make_goal(clicks)
    step = make_goal(clicks, "First quarter", parent=goal)
    make_goal(clicks, "Elsewhere")
    write(plan, Step.GOALS, lines=[(goal, None)])
    assert [line.id for line in document_of(plan).steps] == [step.pk]


def test_saving_rows_puts_them_in_the_place_of_those_before_and_keeps_what_was_said(plan, clicks):
    one, two = make_goal(clicks, "One"), make_goal(clicks, "Two")
    write(plan, Step.GOALS, lines=[(one, None), (two, None)])
    take_part(plan, changes={one.pk: " Fewer meetings ", 999: "nobody"})
    write(plan, Step.GOALS, lines=[(two, None), (one, None)])
    assert [(line.title, line.change) for line in document_of(plan).goals] == [
        ("Two", ""), ("One", "Fewer meetings"),
    ]  # fmt: skip
    write(plan, Step.GOALS, lines=[])
    assert not StrategyGoal.objects.exists()


def test_a_new_stakeholder_comes_into_the_register_with_their_outcome(plan):
    write(plan, Step.OUTCOMES, newcomer=("Sales", "120 leads"))
    assert Stakeholder.objects.get().outcome == "120 leads"
    assert document_of(plan).outcomes[0].name == "Sales"


def test_a_refused_newcomer_leaves_the_step_as_it_was(plan, acme):
    sales = make_stakeholder(acme)
    write(plan, Step.OUTCOMES, words="Before", lines=[(sales, "")])
    with pytest.raises(Refused):
        write(plan, Step.OUTCOMES, words="After", lines=[], newcomer=("Sales", "again"))
    document = document_of(Strategy.objects.get())
    assert (document.words["outcomes"], len(document.outcomes)) == ("Before", 1)


def test_who_is_asked_to_sign_still_keeps_their_place_when_others_change(plan, acme, ed, vi):
    sales = make_stakeholder(acme)
    take_part(plan, members=[ed], stakeholders=[sales])
    kept = StrategySigner.objects.get(stakeholder=sales).pk
    take_part(plan, members=[vi], stakeholders=[sales])
    assert {one.name for one in StrategySigner.objects.all()} == {"Vi", "Sales"}
    assert StrategySigner.objects.get(stakeholder=sales).pk == kept
    take_part(plan)
    assert not StrategySigner.objects.exists()


def test_O01_who_saves_second_is_told(plan, olga, noon):
    write(plan, Step.STEPS, words="First")
    draft = StepDraft(words="Second")
    with pytest.raises(Stale) as stale:
        save_step(plan, step=Step.STEPS, draft=draft, version=1, by=olga, at=noon)
    assert stale.value.current.words == {"steps": "First"}


@pytest.mark.parametrize(
    ("period", "field"),
    [
        (Period(" ", date(2026, 1, 1), date(2026, 2, 1)), "title"),
        (Period("Plan", date(2026, 2, 1), date(2026, 1, 1)), "end"),
    ],
)
def test_a_strategy_needs_a_title_and_an_end_after_its_start(acme, olga, noon, period, field):
    with pytest.raises(Refused) as refusal:
        begin_strategy(acme, period=period, by=olga, at=noon)
    assert refusal.value.field == field
    assert not Strategy.objects.exists()


def test_rows_of_another_workspace_do_not_get_in(plan, globex):
    theirs = make_stakeholder(globex)
    with pytest.raises(Refused):
        write(plan, Step.OUTCOMES, lines=[(theirs, "")])
    with pytest.raises(Refused):
        take_part(plan, stakeholders=[theirs])


def test_a_row_comes_only_once(plan, acme):
    sales = make_stakeholder(acme)
    with pytest.raises(Refused):
        write(plan, Step.OUTCOMES, lines=[(sales, "a"), (sales, "b")])


def test_too_many_questions_are_refused(plan):
    with pytest.raises(Refused) as refusal:
        take_part(plan, questions=["Why?"] * 13)
    assert refusal.value.field == "questions"


def test_a_deleted_metric_leaves_the_draft_and_stays_in_what_was_published(plan, acme, olga, noon):
    leads = measured(acme, "leads")
    write(plan, Step.METRICS, lines=[(leads, "They pay")])
    version = publish(plan)
    delete_metric(leads, by=olga, at=noon)
    assert document_of(plan).metrics == ()
    version.refresh_from_db()
    assert version.read.metrics[0].why == "They pay"


def test_what_was_put_away_does_not_change_until_it_is_taken_up(plan, olga, noon):
    away = close_strategy(plan, version=1, by=olga, at=noon)
    with pytest.raises(Refused):
        change_period(away, period=YEAR, version=2, by=olga, at=noon)
    back = reopen_strategy(away, version=2, by=olga, at=noon)
    with pytest.raises(Refused):
        reopen_strategy(back, version=3, by=olga, at=noon)
    assert change_period(back, period=YEAR, version=3, by=olga, at=noon).version == 4


def test_the_page_costs_the_same_for_one_row_and_for_many(
    plan, clicks, acme, ed, olga, django_assert_max_num_queries
):
    def cost():
        with django_assert_max_num_queries(20) as seen:
            strategy_page(Strategy.objects.get(pk=plan.pk), olga)
        return len(seen)

    goals = [make_goal(clicks, owner=ed)]
    write(plan, Step.GOALS, lines=[(goals[0], None)])
    take_part(plan, questions=["Why?"], members=[ed])
    publish(plan)
    one = cost()
    goals += [make_goal(clicks, f"Goal {n}", owner=olga) for n in range(4)]
    make_goal(clicks, "Step", parent=goals[0])
    write(plan, Step.GOALS, lines=[(goal, None) for goal in goals])
    write(plan, Step.PARTICIPATION, participation=Participation(members=[ed, olga]))
    publish(plan, "More")
    assert cost() == one


def test_the_list_has_the_open_ones_first_and_says_what_is_published(acme, plan, olga, noon):
    close_strategy(make_strategy(acme), version=1, by=olga, at=noon)
    write(plan, Step.METRICS, words="none yet")
    with pytest.raises(Refused):
        publish(plan)
    write(plan, Step.OUTCOMES, newcomer=("Sales", "leads"))
    publish(plan)
    assert [(row.closed_at is None, row.latest) for row in strategies_of(acme)] == [
        (True, 1), (False, None),
    ]  # fmt: skip
