"""Changing what stands beside a metric: a benchmark, a note, a target, an alert."""

from collections.abc import Callable
from dataclasses import dataclass
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
from workspaces.http import MemberRequest, find_or_404, go, page, tried

Held = Benchmark | Annotation | MetricTarget | AlertRule


@dataclass(frozen=True)
class Editing:
    """A form over a row: its words, how it is made of a row as it stands, and what saves it.

    `save` takes the form and what it has seen: the version, by whom, when.
    """

    title: str
    form_of: Callable[[Any, Any], forms.Form]
    save: Callable[[Any, dict[str, Any]], object]


def editing(request: MemberRequest, metric: Metric, held: Held, way: Editing) -> HttpResponse:
    """The form of a row, saved once it is sent, with what another has saved meanwhile beside it.

    What belongs to another metric does not exist under this one.
    """
    if held.metric_id not in {metric.pk, None}:
        raise Http404
    form, status = way.form_of(held, request.POST or None), 200
    if request.method == "POST":
        by, at = request.member, now()
        status = tried(
            form,
            lambda: way.save(form, {"version": form.seen, "by": by, "at": at}),
            lambda row: way.form_of(row, None),
        )
        if not status:
            return go(request, watch_url(request, metric.key), say=_("Saved."))
    context = {"metric": metric, "title": way.title, "form": form}
    return render(request, "metrics/watch_edit.html", context, status=status)


def seen(row: Held) -> dict[str, int]:
    return {"version": row.version}


@page(can="metrics.edit", method="GET POST")
def edit_benchmark(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    metric, held = find_metric(request, key), find_or_404(Benchmark, pk, request)

    def form_of(row: Benchmark, sent: Any) -> forms.Form:
        return BenchmarkForm(sent, initial=plain_initial(reference_of(row)) | seen(row))

    def save(form: BenchmarkForm, seen: dict[str, Any]) -> object:
        return change_benchmark(held, reference=form.reference(), **seen)

    return editing(request, metric, held, Editing(_("Change the benchmark"), form_of, save))


@page(can="metrics.edit", method="GET POST")
def edit_annotation(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    metric, held = find_metric(request, key), find_or_404(Annotation, pk, request)

    def form_of(row: Annotation, sent: Any) -> forms.Form:
        initial = {"day": row.day, "text": row.text, "everywhere": row.metric_id is None}
        return AnnotationForm(sent, initial=initial | seen(row))

    def save(form: AnnotationForm, seen: dict[str, Any]) -> object:
        return change_annotation(held, note=form.note(metric), **seen)

    return editing(request, metric, held, Editing(_("Change the note"), form_of, save))


@page(can="metrics.edit", method="GET POST")
def edit_target(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    metric, held = find_metric(request, key), find_or_404(MetricTarget, pk, request)

    def form_of(row: MetricTarget, sent: Any) -> forms.Form:
        return TargetForm(sent, initial=plain_initial(aim_of(row)) | seen(row))

    def save(form: TargetForm, seen: dict[str, Any]) -> object:
        return change_target(held, aim=form.aim(), **seen)

    return editing(request, metric, held, Editing(_("Change the target"), form_of, save))


@page(can="metrics.edit", method="GET POST")
def edit_alert(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    metric, held = find_metric(request, key), rule_or_404(request, pk)

    def form_of(row: AlertRule, sent: Any) -> forms.Form:
        return AlertForm(sent, initial=alert_initial(row) | seen(row), workspace=request.workspace)

    def save(form: AlertForm, seen: dict[str, Any]) -> object:
        watchers = form.cleaned_data["watchers"]
        return change_alert_rule(held, watch=form.watch(), watchers=watchers, **seen)

    return editing(request, metric, held, Editing(_("Change the alert"), form_of, save))
