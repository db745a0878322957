from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from metrics.forms.asking import sentences
from metrics.forms.questions import question_in, understood
from metrics.http import csv_file
from metrics.models import Metric
from metrics.models.saved_views import EXPLORE, FUNNEL, SavedView
from metrics.queries.catalogue import metrics_of
from metrics.queries.explorer import Answered, answer_question, dimensions_of
from metrics.queries.funnel import read_funnel, suggested
from metrics.queries.saved_views import may_change, views_of
from metrics.queries.tables import rows_of
from metrics.rules.periods import Grain
from metrics.rules.questions import MOST_METRICS, PREVIOUS, YEAR_BEFORE, Question
from workspaces.http import MemberRequest, page
from workspaces.rules.errors import Invalid
from workspaces.rules.roles import may

NOTHING = Question(())
COMPARED = [
    ("", _("nothing")),
    (PREVIOUS, _("the periods before")),
    (YEAR_BEFORE, _("the year before")),
]
DRAWN = [
    ("line", _("Lines")),
    ("bar", _("Bars")),
    ("stacked", _("Stacked bars")),
    ("table", _("Table only")),
]


@page(can="workspace.view")
def explore(request: MemberRequest) -> HttpResponse:
    question, problem = asked(request.GET)
    answered: Answered | None = None
    if question.metrics and not problem:
        try:
            today = request.workspace.day_of(now())
            answered = answer_question(request.workspace, question, today=today)
        except Invalid as refusal:
            problem = sentences(refusal.problems)
    metrics = list(metrics_of(request.workspace))
    chosen = chosen_of(metrics, question)
    context = {
        "answered": answered,
        "chosen": chosen,
        "metrics": metrics,
        "dims": dimensions_of(request.workspace, chosen),
        "grains": [grain.value for grain in Grain],
        "compared": COMPARED,
        "drawn": DRAWN,
        **around(request, question, EXPLORE, problem),
    }
    return render(request, "metrics/explore.html", context, status=400 if problem else 200)


@page(can="workspace.view")
def funnel(request: MemberRequest) -> HttpResponse:
    metrics = list(metrics_of(request.workspace).select_related("workspace"))
    question, problem = asked(request.GET)
    staged = suggested(metrics)[:MOST_METRICS]
    if not question.metrics and not problem:
        question = question.changed(metrics=tuple(metric.key for metric in staged))
    found = None
    if question.metrics and not problem:
        try:
            today = request.workspace.day_of(now())
            found = read_funnel(request.workspace, question, today=today)
        except Invalid as refusal:
            problem = sentences(refusal.problems)
    counted = [metric for metric in metrics if not metric.is_computed]
    chosen = chosen_of(counted, question)
    context = {
        "found": found,
        "metrics": counted,
        "dims": dimensions_of(request.workspace, chosen),
        "places": range(MOST_METRICS),
        **around(request, question, FUNNEL, problem),
    }
    return render(request, "metrics/funnel.html", context, status=400 if problem else 200)


def chosen_of(metrics: Sequence[Metric], question: Question) -> list[Metric]:
    """Those that a question names, in its order."""
    known = {metric.key: metric for metric in metrics}
    return [known[key] for key in question.metrics if key in known]


@page(can="workspace.view")
def export(request: MemberRequest) -> HttpResponse:
    """The table of an answer as CSV; a question that makes no sense is told as such."""
    try:
        question = question_in(without_view(request.GET))
        today = request.workspace.day_of(now())
        answered = answer_question(request.workspace, question, today=today)
    except Invalid as refusal:
        return HttpResponse(str(refusal), status=400, content_type="text/plain; charset=utf-8")
    return csv_file(rows_of(answered), name="metrics.csv")


def asked(query: QueryDict) -> tuple[Question, str]:
    """The question of the address as far as it is understood, and what is wrong with it."""
    if not any(name != "view" for name in query):
        return NOTHING, ""
    question, problems = understood(without_view(query))
    if not question.metrics:
        problems = [one for one in problems if one.code != "required"]
    return question, sentences(problems)


def without_view(query: QueryDict) -> QueryDict:
    """The question's own words."""
    words = query.copy()
    words.pop("view", None)
    return words


def around(
    request: MemberRequest, question: Question, where: str, problem: str
) -> dict[str, object]:
    """What the pages of questions share: kept views, and the one that is open."""
    views = list(views_of(request.member, page=where))
    number = request.GET.get("view", "")
    opened: SavedView | None = next((view for view in views if str(view.pk) == number), None)
    return {
        "question": question,
        "problem": problem,
        "views": views,
        "opened": opened,
        "may_change": opened is not None and may_change(opened, request.member),
        "page_name": where,
        "words": urlencode(question.words()),
        "now_words": urlencode(question.changed(known_at=None).words()),
        "may_edit": may(request.member.rank, "metrics.edit"),
    }
