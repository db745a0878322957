from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from metrics.forms.conflicts import differences, seen_now
from metrics.forms.definitions import DefinitionForm
from metrics.models import Metric
from metrics.operations.definitions import define_metric, redefine_metric, retire_metric
from metrics.operations.purging import delete_metric
from metrics.queries import catalogue
from metrics.queries.uses import uses_of
from workspaces.http import MemberRequest, go, page
from workspaces.rules.errors import Invalid, Refused, Stale
from workspaces.rules.roles import may


@page(can="workspace.view")
def index(request: MemberRequest) -> HttpResponse:
    context = {
        "rows": catalogue.catalogue(request.workspace, at=now()),
        "may_edit": may(request.member.rank, "metrics.edit"),
    }
    return render(request, "metrics/index.html", context)


def find_metric(request: MemberRequest, key: str) -> Metric:
    """The metric of this workspace with that key; another workspace's does not exist."""
    metric = catalogue.find_metric(request.workspace, key)
    if metric is None:
        raise Http404
    return metric


def metric_url(request: MemberRequest, key: str) -> str:
    return reverse("metrics:metric", kwargs={"slug": request.workspace.slug, "key": key})


@page(can="metrics.edit", method="GET POST")
def new(request: MemberRequest) -> HttpResponse:
    form = DefinitionForm(request.POST or None, member=request.member)
    if request.method == "POST" and form.is_valid():
        try:
            made = define_metric(
                request.workspace, definition=form.definition(), by=request.member, at=now()
            )
        except (Refused, Invalid) as refusal:
            add_refusal(form, refusal)
        else:
            said = with_warnings(made, _("The metric is defined."))
            return go(request, metric_url(request, made.key), say=said)
    return show_form(request, form)


@page(can="metrics.edit", method="GET POST")
def edit(request: MemberRequest, key: str) -> HttpResponse:
    metric = find_metric(request, key)
    form = DefinitionForm(request.POST or None, member=request.member, metric=metric)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            changed = redefine_metric(
                metric,
                definition=form.definition(),
                version=version,
                since=form.beginning,
                by=request.member,
                at=now(),
            )
        except (Refused, Invalid) as refusal:
            add_refusal(form, refusal)
        except Stale as stale:
            return show_conflict(request, form, stale.current)
        else:
            return go(request, metric_url(request, key), say=with_warnings(changed, _("Saved.")))
    return show_form(request, form, metric)


@page(can="metrics.edit", method="POST")
def retire(request: MemberRequest, key: str) -> HttpResponse:
    retire_metric(find_metric(request, key), by=request.member, at=now())
    url = reverse("metrics:index", kwargs={"slug": request.workspace.slug})
    return go(request, url, say=_("The metric is retired; its numbers are kept."))


@page(can="metrics.delete", method="POST")
def delete(request: MemberRequest, key: str) -> HttpResponse:
    delete_metric(find_metric(request, key), by=request.member, at=now())
    url = reverse("metrics:index", kwargs={"slug": request.workspace.slug})
    return go(request, url, say=_("The metric is deleted; its numbers go in the background."))


def with_warnings(metric: Metric, said: str) -> str:
    """What is said of a metric that was stored, with words of warning."""
    return " ".join([said, *catalogue.warnings_about(metric)])


def add_refusal(form: DefinitionForm, refusal: Refused | Invalid) -> None:
    """Show the refusal at its field, if the form has it."""
    field = refusal.problems[0].column if isinstance(refusal, Invalid) else refusal.field
    field = {"effective_from": "replaces_later"}.get(field or "", field)
    form.add_error(field if field in form.fields else None, str(refusal))


def show_conflict(request: MemberRequest, form: DefinitionForm, current: Metric) -> HttpResponse:
    """What was typed, beside what another has saved meanwhile; the next save has seen that."""
    present = DefinitionForm(member=request.member, metric=current)
    seen_now(form, current.version)
    context = {
        "form": form,
        "metric": current,
        "goes": uses_of(current, member=request.member).sentence,
        "stale": True,
        "conflict": differences(form, present),
    }
    return render(request, "metrics/metric_form.html", context, status=409)


def show_form(
    request: MemberRequest, form: DefinitionForm, metric: Metric | None = None
) -> HttpResponse:
    """The form page, 422 where something was wrong with it."""
    status = 422 if form.is_bound and form.errors else 200
    context: dict[str, object] = {"form": form, "metric": metric}
    if metric is not None:
        context["goes"] = uses_of(metric, member=request.member).sentence
    return render(request, "metrics/metric_form.html", context, status=status)
