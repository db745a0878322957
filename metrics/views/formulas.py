from django.http import HttpResponse
from django.utils.timezone import now

from metrics.forms.formulas import TrialForm
from metrics.operations.formulas import refusal
from metrics.operations.trials import try_formula
from metrics.queries.catalogue import find_metric
from metrics.rules.formula import BadFormula
from workspaces.http import MemberRequest, fragment, page
from workspaces.rules.errors import Refused

CHECK = "metrics/_formula_check.html"


@page(can="metrics.edit", method="POST")
def check(request: MemberRequest) -> HttpResponse:
    """What is wrong with the formula of the form, or what it says; a fragment under the field."""
    form = TrialForm(request.POST)
    spans = form.spans(request.workspace, today=request.workspace.day_of(now()))
    metric = find_metric(request.workspace, form.metric_key) if form.metric_key else None
    try:
        trial = try_formula(request.workspace, form.formula, spans=spans, metric=metric)
    except BadFormula as fault:
        message = refusal(fault).problems[0].message
        return fragment(request, CHECK, fault=message, marked=form.marked(fault))
    except Refused as refused:
        return fragment(request, CHECK, fault=refused.message)
    values = list(zip(spans, trial.outcomes, strict=True))
    return fragment(request, CHECK, trial=trial, values=values, shown=form.shown)
