from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from metrics.forms.quality import DismissForm, ExclusionForm, FeedForm, FindingsForm, SourceForm
from metrics.models.imports import Source
from metrics.models.quality import Dismissal, Exclusion
from metrics.operations.exclusions import exclude_facts, revoke_exclusion
from metrics.operations.quality import (
    About,
    dismiss_finding,
    expect_feed,
    expect_source,
    reopen_finding,
)
from metrics.queries.dismissals import find_finding
from metrics.queries.exclusions import ExclusionRow, exclusions_of
from metrics.queries.quality import Asked, findings
from metrics.queries.quality_words import KIND_WORDS
from metrics.queries.sources import sources_of
from metrics.views.catalogue import find_metric
from workspaces.http import MemberRequest, find_or_404, go, page
from workspaces.rules.errors import Refused
from workspaces.rules.roles import may

PAGE = 50


def quality_url(request: MemberRequest) -> str:
    return reverse("metrics:quality", kwargs={"slug": request.workspace.slug})


def clean(form: forms.Form) -> dict[str, Any]:
    """What was sent, or a refusal that says the first thing that is wrong."""
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        label = form.fields[name].label if name in form.fields else ""
        raise Refused(f"{label}: {errors[0]}" if label else str(errors[0]), field=name)
    return dict(form.cleaned_data)


@page(can="workspace.view")
def quality(request: MemberRequest) -> HttpResponse:
    form = FindingsForm(request.GET, workspace=request.workspace)
    is_clear = form.is_valid()
    asked = form.asked() if is_clear else Asked()
    rows = findings(request.workspace, asked, at=now()) if is_clear else []
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "asked": asked,
        "is_clear": is_clear,
        "page": shown,
        "rows": [(row, KIND_WORDS[row.finding.kind]) for row in shown.object_list],
        "sources": sources_of(request.workspace, at=now()),
        "exclusions": [ExclusionRow(e) for e in exclusions_of(request.workspace, revoked=False)],
        "exclude_form": ExclusionForm(workspace=request.workspace, auto_id="exclude-%s"),
        "may_edit": may(request.member.rank, "metrics.edit"),
    }
    return render(request, "metrics/quality.html", context, status=200 if is_clear else 400)


@page(can="metrics.edit", method="POST")
def dismiss(request: MemberRequest, finding: str) -> HttpResponse:
    fields, at = clean(DismissForm(request.POST)), now()
    days = first, last = fields.pop("first"), fields.pop("last")
    row = find_finding(request.workspace, finding, days=days, at=at)
    if row is None:
        raise Refused(_("This finding is gone already."))
    about = About(finding, row.finding.kind.value, f"{row.metric.name}: {row.sentence}")
    dismiss_finding(request.workspace, about=about, **fields, by=request.member, at=at)
    asked = urlencode({name: day for name, day in (("from", first), ("to", last)) if day})
    back = f"{quality_url(request)}?{asked}" if asked else quality_url(request)
    return go(request, back, say=_("The finding is dismissed."))


@page(can="metrics.edit", method="POST")
def reopen(request: MemberRequest, pk: int) -> HttpResponse:
    reopen_finding(find_or_404(Dismissal, pk, request), by=request.member, at=now())
    return go(request, quality_url(request), say=_("The finding is shown again."))


@page(can="metrics.edit", method="POST")
def exclude(request: MemberRequest) -> HttpResponse:
    form = ExclusionForm(request.POST, workspace=request.workspace)
    clean(form)
    made = exclude_facts(form.chosen(), rule=form.rule(), by=request.member, at=now())
    said = _("These observations do not count any more.")
    if not made.facts.exists():
        said = _("No observation fits this rule yet; those that come will not count.")
    return go(request, quality_url(request), say=said)


@page(can="metrics.edit", method="POST")
def restore(request: MemberRequest, pk: int) -> HttpResponse:
    revoke_exclusion(find_or_404(Exclusion, pk, request), by=request.member, at=now())
    return go(request, quality_url(request), say=_("These observations count again."))


@page(can="metrics.edit", method="POST")
def expect(request: MemberRequest, pk: int) -> HttpResponse:
    source = find_or_404(Source, pk, request)
    fields = clean(SourceForm(request.POST))
    expect_source(
        source, cadence=fields["cadence"], lag=fields["lag"] or 0, by=request.member, at=now()
    )
    return go(request, quality_url(request), say=_("Saved."))


@page(can="metrics.edit", method="POST")
def expect_one(request: MemberRequest, pk: int, key: str) -> HttpResponse:
    """Whether a source is still expected to send one metric."""
    source, metric = find_or_404(Source, pk, request), find_metric(request, key)
    wanted = clean(FeedForm(request.POST))["expected"]
    expect_feed(source, metric, is_expected=wanted, by=request.member, at=now())
    said = _("It is expected again.") if wanted else _("It is not expected any more.")
    return go(request, quality_url(request), say=said)
