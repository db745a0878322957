"""Two people write in one form: the second sees both texts, loses nothing and may save over it.

Every form that carries the version it was made from stands in `CASES`.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django import forms
from django.urls import get_resolver, reverse

from connectors.forms.connectors import ConnectorForm
from goals.forms import CloseForm, GoalForm
from goals.forms import strategy as steps
from goals.forms.feedback import DecideForm
from goals.forms.raci import RaciForm
from goals.forms.slas import PauseForm, PromiseForm, QuotaForm, ReasonForm, SlaForm, StopForm
from goals.forms.splits import SplitForm
from goals.forms.strategy_acts import OutcomeForm, PublishForm, VersionForm
from goals.operations.quotas import QuotaDraft, set_quota
from goals.operations.strategy_decisions import DecisionDraft, log_decision
from goals.rules.strategy import Step
from metrics.forms.definitions import DefinitionForm
from metrics.forms.saved_views import ViewForm
from metrics.forms.watch import AlertForm, AnnotationForm, BenchmarkForm, TargetForm
from metrics.operations.alerts import Watch, add_alert_rule
from metrics.operations.context import (
    Aim,
    Note,
    Reference,
    add_benchmark,
    annotate,
    set_target,
)
from metrics.queries.saved_views import address_of
from metrics.rules.alerts import Compare, Condition
from metrics.rules.periods import Grain
from tasks.forms import BoardForm, ColumnForm, EditCardForm
from tests.make.connectors import connect, document
from tests.make.goals import every_day, make_goal, measured
from tests.make.saved_views import make_view
from tests.make.sla import make_calendar, make_clock, make_promise, make_sla
from tests.make.strategies import make_strategy, publish, say, write
from tests.make.tasks import make_board, make_card
from tests.make.workspaces import NOON, make_stakeholder, owner_of
from tests.support.pages import form_on
from workspaces.forms import CalendarForm, Refusing, StakeholderForm

TODAY = date(2026, 3, 2)
MINE, THEIRS = "Mine, which I typed", "Theirs, which they saved"


@dataclass
class Case:
    """Where the form stands and where it goes, the field that both write in, and what they write.

    `shown` is what the page calls it; `beside` what a button says; `settled` what the second save
    of the late one answers: a goal is not closed twice.
    """

    page: str
    field: str
    goes: str = ""
    mine: str = MINE
    theirs: str = THEIRS
    shown: tuple[str, str] = ()
    beside: dict = field(default_factory=dict)
    settled: int = 302


def at(name, **kwargs):
    return reverse(name, kwargs={"slug": "acme", **kwargs})


def clicks(acme):
    return measured(acme, "clicks", every_day("2025-01-01", "2026-03-01", 10))


def numbers(mine="250", theirs="125") -> dict:
    return {"mine": mine, "theirs": theirs}


def a_stakeholder(acme):
    return Case(at("workspaces:edit_stakeholder", pk=make_stakeholder(acme).pk), "need")


def a_calendar(acme):
    return Case(at("workspaces:calendar", pk=make_calendar(acme).pk), "name")


def an_agreement(acme):
    return Case(at("goals:edit_sla", pk=make_sla(acme).pk), "expectations")


def a_promise(acme):
    return Case(at("goals:edit_promise", pk=make_promise(make_sla(acme)).pk), "quality")


def a_quota(acme):
    draft = QuotaDraft(clicks(acme), Decimal(100))
    promise = make_promise(make_sla(acme))
    row = set_quota(promise, draft=draft, by=owner_of(acme), at=NOON)
    return Case(at("goals:edit_quota", pk=row.pk), "amount", **numbers())


def a_breach(acme):
    clock = make_clock(make_promise(make_sla(acme)), at=NOON - timedelta(days=21))
    page = at("goals:sla", pk=clock.promise.sla_id)
    return Case(page, "reason", at("goals:explain_breach", pk=clock.pk))


def a_pause(acme):
    clock = make_clock(make_promise(make_sla(acme)))
    page = at("goals:sla", pk=clock.promise.sla_id)
    return Case(page, "reason", at("goals:pause_clock", pk=clock.pk), settled=422)


def roles(acme):
    stakeholder = make_stakeholder(acme, "Board")
    page = at("goals:edit_raci", pk=make_goal(clicks(acme)).pk)
    words = {"mine": "C", "theirs": "I", "shown": ("Consulted", "Informed")}
    return Case(page, f"s{stakeholder.pk}", **words)


def a_goal(acme):
    return Case(at("goals:edit", pk=make_goal(clicks(acme)).pk), "title")


def a_closing(acme):
    goal = make_goal(clicks(acme))
    page, goes = at("goals:goal", pk=goal.pk), at("goals:close", pk=goal.pk)
    return Case(page, "reason", goes, settled=422)


def a_period(acme):
    return Case(at("goals:strategy_period", pk=make_strategy(acme).pk), "title")


def a_step(step):
    def make(acme):
        return Case(at("goals:strategy_step", pk=make_strategy(acme).pk, step=step.value), "words")

    return make


def an_outcome(acme):
    strategy = make_strategy(acme)
    draft = DecisionDraft("Two letters a month", TODAY)
    row = log_decision(strategy, draft=draft, by=owner_of(acme), at=NOON)
    goes = at("goals:close_decision", pk=strategy.pk, decision=row.pk)
    return Case(at("goals:strategy_decisions", pk=strategy.pk), "came_of_it", goes)


def an_answer(acme):
    strategy = make_strategy(acme)
    write(strategy, Step.OUTCOMES, newcomer=("Sales", "More leads"))
    sheet = say(publish(strategy), "Write less", member=owner_of(acme))
    goes = at("goals:decide_feedback", pk=strategy.pk, item=sheet.items.get().pk)
    beside = {"disposition": "declined"}
    return Case(at("goals:feedback", pk=strategy.pk), "reason", goes, beside=beside)


def a_metric(acme):
    return Case(at("metrics:edit", key=clicks(acme).key), "description")


def beside_a_metric(name, make, **words):
    def case(acme):
        metric = clicks(acme)
        row = make(metric, {"by": owner_of(acme), "at": NOON})
        return Case(at(f"metrics:{name}", key="clicks", pk=row.pk), **words)

    return case


def make_benchmark(metric, who):
    reference = Reference(Decimal(3), "A report", TODAY)
    return add_benchmark(metric, reference=reference, **who)


def make_note(metric, who):
    return annotate(metric.workspace, note=Note(TODAY, "Sale", metric), **who)


def make_target(metric, who):
    aim = Aim(Decimal(3), date(2026, 3, 1), date(2026, 3, 31), Grain.MONTH.value)
    return set_target(metric, aim=aim, **who)


def make_alert(metric, who):
    watch = Watch(
        name="Low", condition=Condition.BELOW.value, threshold=Decimal(5),
        compare=Compare.PREVIOUS.value, grain=Grain.DAY.value,
    )  # fmt: skip
    return add_alert_rule(metric, watch=watch, watchers=[], **who)


def a_view(acme):
    clicks(acme)
    view = make_view(owner_of(acme))
    page = address_of(view, "acme")
    return Case(page, "name", at("metrics:view_change", pk=view.pk))


def a_source(acme):
    row = connect(acme, document("https://numbers.example"), start=False)
    times = {"mine": "07:15", "theirs": "08:30"}
    return Case(at("connectors:source_edit", pk=row.pk), "local_time", **times)


def a_card(acme):
    return Case(at("tasks:edit_card", pk=make_card(make_board(acme)).pk), "description")


def a_board(acme):
    return Case(at("tasks:board_settings", pk=make_board(acme).pk), "name")


def a_column(acme):
    board = make_board(acme)
    column = board.columns.order_by("position").first()
    goes = at("tasks:change_column", pk=column.pk)
    return Case(at("tasks:board_settings", pk=board.pk), "name", goes)


CASES = {
    StakeholderForm: a_stakeholder,
    CalendarForm: a_calendar,
    SlaForm: an_agreement,
    PromiseForm: a_promise,
    QuotaForm: a_quota,
    ReasonForm: a_breach,
    PauseForm: a_pause,
    RaciForm: roles,
    GoalForm: a_goal,
    CloseForm: a_closing,
    steps.PeriodForm: a_period,
    **{form: a_step(step) for step, form in steps.FORMS.items()},
    OutcomeForm: an_outcome,
    DecideForm: an_answer,
    DefinitionForm: a_metric,
    BenchmarkForm: beside_a_metric("edit_benchmark", make_benchmark, field="source"),
    AnnotationForm: beside_a_metric("edit_annotation", make_note, field="text"),
    TargetForm: beside_a_metric("edit_target", make_target, field="value", **numbers()),
    AlertForm: beside_a_metric("edit_alert", make_alert, field="name"),
    ViewForm: a_view,
    ConnectorForm: a_source,
    EditCardForm: a_card,
    BoardForm: a_board,
    ColumnForm: a_column,
}
ELSEWHERE = {SplitForm, PublishForm, StopForm}  # what changed meanwhile is no field of theirs
BASES = {Refusing, steps.StepForm, VersionForm}


def every_form(base=forms.Form):
    for form in base.__subclasses__():
        yield form
        yield from every_form(form)


def is_ours(form):
    return not form.__module__.startswith(("django", "allauth", "tests"))


def test_every_form_with_a_version_is_tried():
    assert get_resolver().url_patterns  # all views, and so all forms, are loaded
    carrying = {
        form
        for form in every_form(Refusing)
        if form.counter in form.base_fields and form not in BASES and is_ours(form)
    }
    assert carrying == {*CASES, *ELSEWHERE}


def test_what_carries_a_version_and_no_conflict_has_nothing_that_is_typed():
    assert get_resolver().url_patterns
    buttons = [
        form
        for form in set(every_form())
        if {"version", "revision"} & set(form.base_fields)
        if is_ours(form) and not issubclass(form, Refusing)
    ]
    typed = [
        f"{form.__name__}.{name}"
        for form in buttons
        for name, one in form.base_fields.items()
        if type(one) is forms.CharField
    ]
    assert buttons
    assert typed == []


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.parametrize("form", CASES, ids=lambda form: form.__name__)
def test_O01_who_saves_second_sees_both_texts_and_may_save_over_it(acme, olga, client_of, form):
    case, browser = CASES[form](acme), client_of(olga)
    goes = case.goes or case.page
    opened = form_on(browser.get(case.page), goes) | case.beside
    theirs = browser.post(goes, opened | {case.field: case.theirs})
    assert theirs.status_code == 302, theirs.context["form"].errors

    late = browser.post(goes, opened | {case.field: case.mine})
    assert late.status_code == 409
    told = {(one.mine, one.theirs) for one in late.context["form"].differences}
    assert told == {case.shown or (case.mine, case.theirs)}
    again = form_on(late, goes)
    assert again[case.field] == [case.mine]

    last = browser.post(goes, again)
    assert last.status_code == case.settled, last.context["form"].errors
    if case.settled != 302:
        assert form_on(last, goes)[case.field] == [case.mine]


def test_O01_a_split_is_reckoned_anew_from_the_goal_as_it_stands(acme, olga, client_of):
    goal, browser = make_goal(clicks(acme)), client_of(olga)
    page, edit = at("goals:split", pk=goal.pk), at("goals:edit", pk=goal.pk)
    opened = form_on(browser.get(page + "?mode=manual"), page)
    parts = ["100", "200", "300", "400"]
    meanwhile = form_on(browser.get(edit), edit) | {"title": THEIRS}
    assert browser.post(edit, meanwhile).status_code == 302

    late = browser.post(page, opened | {"part": parts, "shape": "steps"})
    assert late.status_code == 409
    again = form_on(late, page)
    assert again["part"] == parts
    assert browser.post(page, again | {"shape": "steps"}).status_code == 302


def test_O01_a_strategy_that_was_changed_is_not_published_unseen(acme, olga, client_of):
    strategy, browser = make_strategy(acme), client_of(olga)
    write(strategy, Step.OUTCOMES, newcomer=("Sales", "More leads"))
    goes = at("goals:publish_strategy", pk=strategy.pk)
    opened = form_on(browser.get(at("goals:strategy", pk=strategy.pk)), goes)
    write(strategy, Step.OUTCOMES, words="More leads, sooner")

    late = browser.post(goes, opened | {"note": MINE, "anyway": "on"})
    assert late.status_code == 409
    again = form_on(late, goes)
    assert again["note"] == [MINE]
    assert browser.post(goes, again).status_code == 302
