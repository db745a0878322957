from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from metrics.forms.watch import AlertForm, AnnotationForm, BenchmarkForm, TargetForm
from metrics.models.alerts import AlertRule
from metrics.models.context import Annotation, Benchmark, MetricTarget
from metrics.operations.alerts import add_alert_rule, retire_alert_rule, snooze_alert_rule
from metrics.operations.context import (
    add_benchmark,
    annotate,
    remove_annotation,
    remove_benchmark,
    remove_target,
    set_target,
)
from metrics.queries.watch import watch_page
from metrics.rules.periods import Grain
from metrics.views.catalogue import find_metric
from metrics.views.quality import clean
from workspaces.http import MemberRequest, find_or_404, go, page
from workspaces.rules.roles import may

SNOOZE = timedelta(days=7)


def watch_url(request: MemberRequest, key: str) -> str:
    return reverse("metrics:watch", kwargs={"slug": request.workspace.slug, "key": key})


def alerts_url(request: MemberRequest, key: str) -> str:
    """Back to the page that an alert's button stood on: all alerts, or those of its metric."""
    if request.POST.get("from") == "alerts":
        return reverse("metrics:alerts", kwargs={"slug": request.workspace.slug})
    return watch_url(request, key)


@page(can="workspace.view")
def watch(request: MemberRequest, key: str) -> HttpResponse:
    metric = find_metric(request, key)
    word = request.GET.get("grain", "")
    grain = Grain(word) if word in set(Grain) else Grain.MONTH
    context = {
        "metric": metric,
        "watched": watch_page(metric, grain, at=now()),
        "may_edit": may(request.member.rank, "metrics.edit"),
        "forms": (
            AlertForm(workspace=request.workspace, auto_id="alert-%s"),
            TargetForm(auto_id="target-%s"),
            BenchmarkForm(auto_id="benchmark-%s"),
            AnnotationForm(auto_id="note-%s"),
        ),
    }
    template = "metrics/_watch.html" if request.htmx else "metrics/watch.html"
    return render(request, template, context)


@page(can="metrics.edit", method="POST")
def new_benchmark(request: MemberRequest, key: str) -> HttpResponse:
    form = BenchmarkForm(request.POST)
    clean(form)
    metric = find_metric(request, key)
    add_benchmark(metric, reference=form.reference(), by=request.member, at=now())
    return go(request, watch_url(request, key), say=_("The benchmark is noted."))


@page(can="metrics.edit", method="POST")
def new_annotation(request: MemberRequest, key: str) -> HttpResponse:
    form = AnnotationForm(request.POST)
    clean(form)
    note = form.note(find_metric(request, key))
    annotate(request.workspace, note=note, by=request.member, at=now())
    return go(request, watch_url(request, key), say=_("The note is pinned."))


@page(can="metrics.edit", method="POST")
def new_target(request: MemberRequest, key: str) -> HttpResponse:
    form = TargetForm(request.POST)
    clean(form)
    set_target(find_metric(request, key), aim=form.aim(), by=request.member, at=now())
    return go(request, watch_url(request, key), say=_("The target is set."))


@page(can="metrics.edit", method="POST")
def new_alert(request: MemberRequest, key: str) -> HttpResponse:
    form = AlertForm(request.POST, workspace=request.workspace)
    watchers = clean(form)["watchers"]
    metric = find_metric(request, key)
    add_alert_rule(metric, watch=form.watch(), watchers=watchers, by=request.member, at=now())
    return go(request, watch_url(request, key), say=_("The alert is set."))


@page(can="metrics.edit", method="POST")
def drop_benchmark(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    remove_benchmark(find_or_404(Benchmark, pk, request), by=request.member, at=now())
    return go(request, watch_url(request, key), say=_("Removed."))


@page(can="metrics.edit", method="POST")
def drop_annotation(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    remove_annotation(find_or_404(Annotation, pk, request), by=request.member, at=now())
    return go(request, watch_url(request, key), say=_("Removed."))


@page(can="metrics.edit", method="POST")
def drop_target(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    remove_target(find_or_404(MetricTarget, pk, request), by=request.member, at=now())
    return go(request, watch_url(request, key), say=_("Removed."))


def rule_or_404(request: MemberRequest, pk: int) -> AlertRule:
    """A rule that is in force."""
    rule = find_or_404(AlertRule, pk, request)
    if rule.retired_at is not None:
        raise Http404
    return rule


@page(can="metrics.edit", method="POST")
def drop_alert(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    retire_alert_rule(rule_or_404(request, pk), by=request.member, at=now())
    return go(request, alerts_url(request, key), say=_("Removed."))


@page(can="metrics.edit", method="POST")
def snooze_alert(request: MemberRequest, key: str, pk: int) -> HttpResponse:
    rule, at = rule_or_404(request, pk), now()
    asleep = rule.snoozed_until is not None and rule.snoozed_until > at
    until = None if asleep else at + SNOOZE
    snooze_alert_rule(rule, until=until, by=request.member, at=at)
    said = _("The alert is awake again.") if asleep else _("The alert is silent for a week.")
    return go(request, alerts_url(request, key), say=said)
