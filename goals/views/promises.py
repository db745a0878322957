from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from goals.forms.slas import PromiseForm, QuotaForm, ReasonForm
from goals.models import Quota
from goals.operations.quotas import change_quota, explain_month, remove_quota, set_quota
from goals.views.slas import sla_url
from workspaces.http import MemberRequest, find_or_404, go, kept, page, tried
from workspaces.models import Sla, SlaPromise
from workspaces.operations.sla import change_promise, give_promise, withdraw_promise
from workspaces.rules.errors import Refused

FORM, QUOTA_FORM = "goals/promise_form.html", "goals/quota_form.html"


@page(can="sla.edit", method="GET POST")
def new_promise(request: MemberRequest, pk: int) -> HttpResponse:
    sla = find_or_404(Sla, pk, request)
    fresh = {"side": request.GET.get("side", "")}
    form = PromiseForm(request.POST or None, sla=sla, at=now(), initial=fresh)
    if request.method == "POST" and form.is_valid():
        try:
            give_promise(sla, draft=form.draft(), by=request.member, at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return go(request, sla_url(request, sla.pk), say=_("The promise is given."))
    context = {"form": form, "sla": sla}
    return render(request, FORM, context, status=422 if form.errors else 200)


@page(can="sla.edit", method="GET POST")
def edit_promise(request: MemberRequest, pk: int) -> HttpResponse:
    promise = find_or_404(SlaPromise, pk, request)
    first = PromiseForm.values_of(promise)
    if request.method == "POST":
        return change(request, promise)
    first = PromiseForm.values_of(promise)
    form = PromiseForm(sla=promise.sla, at=now(), initial=first)
    return render(request, FORM, {"form": form, "sla": promise.sla, "promise": promise})


def change(request: MemberRequest, promise: SlaPromise) -> HttpResponse:
    sla, by, at = promise.sla, request.member, now()
    form = PromiseForm(request.POST, sla=sla, at=at)
    status = tried(
        form,
        lambda: change_promise(promise, draft=form.draft(), version=form.seen, by=by, at=at),
        lambda row: PromiseForm(sla=sla, at=at, initial=PromiseForm.values_of(row)),
    )
    if not status:
        return go(request, sla_url(request, sla.pk), say=_("The promise is changed."))
    context = {"form": form, "sla": sla, "promise": promise}
    return render(request, FORM, context, status=status)


@page(can="sla.edit", method="POST")
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    promise = find_or_404(SlaPromise, pk, request)
    withdraw_promise(promise, version=promise.version, by=request.member, at=now())
    return go(request, sla_url(request, promise.sla_id), say=_("The promise is withdrawn."))


@page(can="sla.edit", method="GET POST")
def new_quota(request: MemberRequest, pk: int) -> HttpResponse:
    promise = find_or_404(SlaPromise, pk, request)
    form = QuotaForm(request.POST or None, workspace=request.workspace)
    if request.method == "POST" and form.is_valid():
        try:
            set_quota(promise, draft=form.draft(), by=request.member, at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            said = _("The metric measures the promise.")
            return go(request, sla_url(request, promise.sla_id), say=said)
    context = {"form": form, "promise": promise}
    return render(request, QUOTA_FORM, context, status=422 if form.errors else 200)


@page(can="sla.edit", method="GET POST")
def edit_quota(request: MemberRequest, pk: int) -> HttpResponse:
    quota = find_or_404(Quota, pk, request)
    if request.method == "POST":
        return change_measure(request, quota)
    form = QuotaForm(workspace=request.workspace, initial=QuotaForm.values_of(quota))
    context = {"form": form, "promise": quota.promise, "quota": quota}
    return render(request, QUOTA_FORM, context)


def change_measure(request: MemberRequest, quota: Quota) -> HttpResponse:
    workspace, by, at = request.workspace, request.member, now()
    form = QuotaForm(request.POST, workspace=workspace)
    status = tried(
        form,
        lambda: change_quota(quota, draft=form.draft(), version=form.seen, by=by, at=at),
        lambda row: QuotaForm(workspace=workspace, initial=QuotaForm.values_of(row)),
    )
    if not status:
        where = sla_url(request, quota.promise.sla_id)
        return go(request, where, say=_("The promise is changed."))
    context = {"form": form, "promise": quota.promise, "quota": quota}
    return render(request, QUOTA_FORM, context, status=status)


@page(can="sla.edit", method="POST")
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    quota = find_or_404(Quota, pk, request)
    remove_quota(quota, version=quota.version, by=request.member, at=now())
    where = sla_url(request, quota.promise.sla_id)
    return go(request, where, say=_("The metric measures the promise no more."))


@page(can="sla.run", method="POST")
def explain(request: MemberRequest, pk: int, month: str) -> HttpResponse:
    quota = find_or_404(Quota, pk, request)
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise Http404 from error
    form, by, at = ReasonForm(request.POST), request.member, now()
    status = tried(form, lambda: explain_month(quota, month=first, **form.typed, by=by, at=at))
    where = sla_url(request, quota.promise.sla_id) + "#breaches"
    if status:
        return kept(request, form, status, title=_("Why the promise was broken"), back=where)
    return go(request, where, say=_("The reason is noted."))
