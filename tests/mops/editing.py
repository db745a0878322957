"""Every form that carries the version it was made from: where it stands, what two people write."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse

from connectors.forms.connectors import ConnectorForm
from goals.forms import CloseForm, GoalForm
from goals.forms import strategy as steps
from goals.forms.feedback import DecideForm
from goals.forms.pulse import PulseForm
from goals.forms.raci import RaciForm
from goals.forms.slas import PauseForm, PromiseForm, QuotaForm, ReasonForm, SlaForm
from goals.forms.strategy_acts import OutcomeForm
from goals.operations.pulse import PulseDraft, set_pulse
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
from reports.forms import LearntForm, LookForm, OptimisationForm
from tasks.forms.automations import AutomationForm
from tasks.forms.boards import BoardForm, ColumnForm
from tasks.forms.cards import EditCardForm
from tasks.forms.cycles import CloseForm as CloseCycleForm
from tasks.forms.cycles import CycleForm, NotesForm
from tasks.forms.filters import FilterForm
from tasks.forms.intake import RequestFormForm
from tasks.forms.labels import FieldForm, LabelForm
from tasks.forms.listing import CellForm
from tasks.forms.schedules import CapacityForm
from tasks.forms.series import SeriesForm
from tasks.forms.talk import EditCommentForm, RenameForm
from tasks.forms.templates import TemplateForm
from tasks.operations.choices import FilterDraft, save_filter
from tasks.operations.templates import TemplateDraft, save_template
from tasks.rules.filters import Wanted
from tests.make.connectors import connect, document
from tests.make.cycles import begin as begin_cycle
from tests.make.cycles import make_cycle
from tests.make.goals import every_day, make_goal, measured
from tests.make.intake import make_request_form
from tests.make.reviews import begin, make_optimisation
from tests.make.saved_views import make_view
from tests.make.sla import make_calendar, make_clock, make_promise, make_sla
from tests.make.strategies import make_strategy, publish, say, write
from tests.make.tasks import (
    attach,
    make_board,
    make_card,
    make_comment,
    make_field,
    make_label,
    make_rule,
    make_series,
)
from tests.make.webhooks import make_webhook
from tests.make.workspaces import NOON, make_stakeholder, owner_of
from workspaces.forms import CalendarForm, StakeholderForm
from workspaces.forms.webhooks import WebhookForm

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


def a_cycle(acme):
    return Case(at("reports:edit_cycle", pk=make_cycle(acme).pk), "aim")


def a_note(acme):
    pk = make_cycle(acme).pk
    return Case(at("reports:cycle", pk=pk), "notes", at("reports:note_cycle", pk=pk))


def a_cycles_end(acme):
    pk = begin_cycle(make_cycle(acme)).pk
    goes = at("reports:close_cycle", pk=pk)
    return Case(at("reports:cycle", pk=pk), "notes", goes, settled=422)


def a_file(acme):
    pk = attach(make_card(make_board(acme))).pk
    return Case(at("tasks:attachment", pk=pk), "name", at("tasks:rename_attachment", pk=pk))


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


def a_cell(acme):
    return Case(at("tasks:card_cell", pk=make_card(make_board(acme)).pk, part="title"), "title")


def a_comment(acme):
    comment = make_comment(make_card(make_board(acme)))
    return Case(at("tasks:edit_comment", pk=comment.pk), "text")


def a_board(acme):
    return Case(at("tasks:board_settings", pk=make_board(acme).pk), "name")


def a_column(acme):
    board = make_board(acme)
    column = board.columns.order_by("position").first()
    goes = at("tasks:change_column", pk=column.pk)
    return Case(at("tasks:board_settings", pk=board.pk), "name", goes)


def a_label(acme):
    goes = at("tasks:change_label", pk=make_label(acme).pk)
    return Case(at("tasks:labels"), "name", goes)


def a_field(acme):
    goes = at("tasks:change_field", pk=make_field(acme).pk)
    return Case(at("tasks:fields"), "name", goes)


def a_filter(acme):
    board = make_board(acme)
    draft = FilterDraft("Late", Wanted(due=("overdue",)), shared=True)
    saved = save_filter(board, draft=draft, by=owner_of(acme), at=NOON)
    goes = at("tasks:change_filter", pk=saved.pk)
    return Case(at("tasks:filter", pk=board.pk), "name", goes)


def a_card_template(acme):
    draft = TemplateDraft("Letter")
    made = save_template(make_board(acme), draft=draft, by=owner_of(acme), at=NOON)
    return Case(at("tasks:edit_template", pk=made.pk), "title")


def a_capacity(acme):
    return Case(at("tasks:capacity"), "hours", **numbers("12.5", "30"))


def a_series(acme):
    series = make_series(make_board(acme))
    goes = at("tasks:change_series", pk=series.pk)
    return Case(at("tasks:one_series", pk=series.pk), "title", goes)


def a_rule(acme):
    rule = make_rule(make_board(acme), tick_all=True)
    return Case(at("tasks:automation", pk=rule.pk), "name")


def a_request_form(acme):
    return Case(at("tasks:request_form", pk=make_request_form(make_board(acme)).pk), "name")


def a_pulse(acme):
    draft = PulseDraft("How is it?", 20, 5, asks_team=True, asks_stakeholders=False, is_on=True)
    set_pulse(acme, draft=draft, version=0, by=owner_of(acme), at=NOON)
    return Case(at("goals:edit_pulse"), "question")


def a_webhook(acme):
    return Case(at("workspaces:webhook", pk=make_webhook(acme).pk), "name")


def a_look(acme):
    make_goal(clicks(acme), value=9000, owner=owner_of(acme))
    item = begin(acme).items.get()
    names = {"pk": item.review_id, "item": item.pk}
    page, goes = at("reports:review_item", **names), at("reports:look_at", **names)
    return Case(page, "note", goes, beside={"outcome": "seen"})


def an_optimisation(acme):
    return Case(
        at("reports:edit_optimisation", pk=make_optimisation(clicks(acme), "2026-02-02").pk),
        "title",
    )


def a_lesson(acme):
    goes = at("reports:end_optimisation", pk=make_optimisation(clicks(acme), "2026-02-02").pk)
    return Case(at("reports:optimisations"), "learnt", goes)


CASES = {
    StakeholderForm: a_stakeholder,
    CalendarForm: a_calendar,
    WebhookForm: a_webhook,
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
    CellForm: a_cell,
    EditCommentForm: a_comment,
    CapacityForm: a_capacity,
    RenameForm: a_file,
    CycleForm: a_cycle,
    NotesForm: a_note,
    CloseCycleForm: a_cycles_end,
    BoardForm: a_board,
    ColumnForm: a_column,
    FieldForm: a_field,
    FilterForm: a_filter,
    SeriesForm: a_series,
    AutomationForm: a_rule,
    LabelForm: a_label,
    TemplateForm: a_card_template,
    RequestFormForm: a_request_form,
    PulseForm: a_pulse,
    LookForm: a_look,
    OptimisationForm: an_optimisation,
    LearntForm: a_lesson,
}
