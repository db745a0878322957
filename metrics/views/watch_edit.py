"""Changing what stands beside a metric: a benchmark, a note, a target, an alert."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from metrics.forms.watch import (
    AlertForm,
    AnnotationForm,
    BenchmarkForm,
    SeenForm,
    TargetForm,
    alert_initial,
    plain_initial,
)
from metrics.models import Metric
from metrics.models.context import Annotation, Benchmark, MetricTarget
from metrics.operations.alerts import change_alert_rule
from metrics.operations.context import (
    aim_of,
    change_annotation,
    change_benchmark,
    change_target,
    reference_of,
)
from metrics.views.catalogue import find_metric
from metrics.views.watch import rule_or_404, watch_url
from workspaces.http import MemberRequest, find_or_404, go, page
from workspaces.rules.errors import Refused, Stale


@dataclass(frozen=True)
class Editing:
    """What is changed: its metric, its form, and the version that the form was filled from."""

    metric: Metric
    title: str
    form: forms.Form
    seen: SeenForm


def editing(request: MemberRequest, change: Editing, save: Callable[[int], object]) -> HttpResponse:
    """The form; once it is sent, what `save` says to the version that was seen."""
    status = 200
    if request.method == "POST":
        status = 422
        if change.form.is_valid() and change.seen.is_valid():
            try:
                save(change.seen.cleaned_data["version"])
            except Refused as refusal:
                field = refusal.field if refusal.field in change.form.fields else None
                change.form.add_error(field, refusal.message)
            except Stale as stale:
                change.form.add_error(None, stale.message)
                status = 409
            else:
                return go(request, watch_url(request, change.metric.key), say=_("Saved."))
    return render(request, "metrics/watch_edit.html", vars(change), status=status)


def seen(request: MemberRequest, version: int) -> SeenForm:
    return SeenForm(request.POST or None, initial={"version": version})


def of_metric(metric: Metric, metric_id: int | None) -> None:
    """What belongs to another metric does not exist under this one."""
    if metric_id not in {metric.pk, None}:
        raise Http404


@page(can="metrics.edit", method="GET POST")
def edit_benchmark(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    metric, held = find_metric(request, key), find_or_404(Benchmark, pk, request)
    of_metric(metric, held.metric_id)
    form = BenchmarkForm(request.POST or None, initial=plain_initial(reference_of(held)))
    change = Editing(metric, _("Change the benchmark"), form, seen(request, held.version))
    return editing(
        request,
        change,
        lambda version: change_benchmark(
            held, reference=form.reference(), version=version, by=request.member, at=now()
        ),
    )


@page(can="metrics.edit", method="GET POST")
def edit_annotation(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    metric, held = find_metric(request, key), find_or_404(Annotation, pk, request)
    of_metric(metric, held.metric_id)
    initial = {"day": held.day, "text": held.text, "everywhere": held.metric_id is None}
    form = AnnotationForm(request.POST or None, initial=initial)
    change = Editing(metric, _("Change the note"), form, seen(request, held.version))
    return editing(
        request,
        change,
        lambda version: change_annotation(
            held, note=form.note(metric), version=version, by=request.member, at=now()
        ),
    )


@page(can="metrics.edit", method="GET POST")
def edit_target(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    metric, held = find_metric(request, key), find_or_404(MetricTarget, pk, request)
    of_metric(metric, held.metric_id)
    form = TargetForm(request.POST or None, initial=plain_initial(aim_of(held)))
    change = Editing(metric, _("Change the target"), form, seen(request, held.version))
    return editing(
        request,
        change,
        lambda version: change_target(
            held, aim=form.aim(), version=version, by=request.member, at=now()
        ),
    )


@page(can="metrics.edit", method="GET POST")
def edit_alert(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    metric, held = find_metric(request, key), rule_or_404(request, pk)
    of_metric(metric, held.metric_id)
    form = AlertForm(request.POST or None, initial=alert_initial(held), workspace=request.workspace)
    change = Editing(metric, _("Change the alert"), form, seen(request, held.version))
    return editing(
        request,
        change,
        lambda version: change_alert_rule(
            held,
            watch=form.watch(),
            watchers=form.cleaned_data["watchers"],
            version=version,
            by=request.member,
            at=now(),
        ),
    )
