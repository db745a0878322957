"""Changing what stands beside a metric: a benchmark, a note, a target, an alert."""

from collections.abc import Callable
from typing import Any

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
from metrics.models.alerts import AlertRule
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


def editing(
    request: MemberRequest,
    metric: Metric,
    held: Benchmark | Annotation | MetricTarget | AlertRule,
    title: str,
    form: forms.Form,
    save: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    """The form; once it is sent, what `save` does with the version that was seen, by whom, when.

    What belongs to another metric does not exist under this one.
    """
    if held.metric_id not in {metric.pk, None}:
        raise Http404
    seen = SeenForm(request.POST or None, initial={"version": held.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and seen.is_valid():
            try:
                save(seen.cleaned_data | {"by": request.member, "at": now()})
            except Refused as refusal:
                field = refusal.field if refusal.field in form.fields else None
                form.add_error(field, refusal.message)
            except Stale as stale:
                form.add_error(None, stale.message)
                status = 409
            else:
                return go(request, watch_url(request, metric.key), say=_("Saved."))
    context = {"metric": metric, "title": title, "form": form, "seen": seen}
    return render(request, "metrics/watch_edit.html", context, status=status)


@page(can="metrics.edit", method="GET POST")
def edit_benchmark(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    metric, held = find_metric(request, key), find_or_404(Benchmark, pk, request)
    form = BenchmarkForm(request.POST or None, initial=plain_initial(reference_of(held)))

    def save(seen: dict[str, Any]) -> object:
        return change_benchmark(held, reference=form.reference(), **seen)

    return editing(request, metric, held, _("Change the benchmark"), form, save)


@page(can="metrics.edit", method="GET POST")
def edit_annotation(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    metric, held = find_metric(request, key), find_or_404(Annotation, pk, request)
    initial = {"day": held.day, "text": held.text, "everywhere": held.metric_id is None}
    form = AnnotationForm(request.POST or None, initial=initial)

    def save(seen: dict[str, Any]) -> object:
        return change_annotation(held, note=form.note(metric), **seen)

    return editing(request, metric, held, _("Change the note"), form, save)


@page(can="metrics.edit", method="GET POST")
def edit_target(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    metric, held = find_metric(request, key), find_or_404(MetricTarget, pk, request)
    form = TargetForm(request.POST or None, initial=plain_initial(aim_of(held)))

    def save(seen: dict[str, Any]) -> object:
        return change_target(held, aim=form.aim(), **seen)

    return editing(request, metric, held, _("Change the target"), form, save)


@page(can="metrics.edit", method="GET POST")
def edit_alert(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    metric, held = find_metric(request, key), rule_or_404(request, pk)
    form = AlertForm(request.POST or None, initial=alert_initial(held), workspace=request.workspace)

    def save(seen: dict[str, Any]) -> object:
        watchers = form.cleaned_data["watchers"]
        return change_alert_rule(held, watch=form.watch(), watchers=watchers, **seen)

    return editing(request, metric, held, _("Change the alert"), form, save)
