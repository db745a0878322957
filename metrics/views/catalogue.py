from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from metrics.forms.definitions import DefinitionForm
from metrics.models import Metric
from metrics.operations.definitions import define_metric, redefine_metric, retire_metric
from metrics.operations.purging import delete_metric
from metrics.queries import catalogue
from metrics.queries.uses import uses_of
from workspaces.http import MemberRequest, go, page, tried
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
    by, at = request.member, now()
    form = DefinitionForm(request.POST or None, member=by)
    if request.method != "POST":
        return show_form(request, form)
    workspace = request.workspace
    status = tried(
        form, lambda: define_metric(workspace, definition=form.definition(), by=by, at=at)
    )
    if status:
        return show_form(request, form, status=status)
    said = with_warnings(form.made, _("The metric is defined."))
    return go(request, metric_url(request, form.made.key), say=said)


@page(can="metrics.edit", method="GET POST")
def edit(request: MemberRequest, key: str) -> HttpResponse:
    metric = find_metric(request, key)
    by = request.member
    form = DefinitionForm(request.POST or None, member=by, metric=metric)
    if request.method != "POST":
        return show_form(request, form, metric)
    change = partial(redefine_metric, metric, by=by, at=now())
    status = tried(
        form,
        lambda: change(definition=form.definition(), version=form.seen, since=form.beginning),
        lambda row: DefinitionForm(member=by, metric=row),
    )
    if status:
        return show_form(request, form, metric, status=status)
    return go(request, metric_url(request, key), say=with_warnings(form.made, _("Saved.")))


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


def show_form(
    request: MemberRequest,
    form: DefinitionForm,
    metric: Metric | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, object] = {"form": form, "metric": metric}
    if metric is not None:
        context["goes"] = uses_of(metric, member=request.member).sentence
    return render(request, "metrics/metric_form.html", context, status=status)
