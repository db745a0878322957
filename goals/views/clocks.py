from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from goals.forms.slas import ClockForm, ReasonForm, SubjectForm
from goals.views.slas import sla_url
from workspaces.http import MemberRequest, find_or_404, go, page
from workspaces.models import SlaClock, SlaPromise
from workspaces.operations.clocks import (
    explain_breach,
    pause_clock,
    resume_clock,
    start_clock,
    stop_clock,
)
from workspaces.rules.errors import Refused


def back(request: MemberRequest, clock: SlaClock, said: str) -> HttpResponse:
    where = sla_url(request, clock.promise.sla_id)
    return go(request, f"{where}#clock-{clock.pk}", say=said)


def seen(form: ClockForm) -> int:
    """The version that the page showed, 0 where it named none."""
    return form.cleaned_data["version"] if form.is_valid() else 0


@page(can="sla.run", method="POST")
def start(request: MemberRequest, pk: int) -> HttpResponse:
    promise = find_or_404(SlaPromise, pk, request)
    form = SubjectForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Say what is to be answered."), code="required", field="subject")
    clock = start_clock(promise, **form.cleaned_data, by=request.member, at=now())
    return back(request, clock, _("The clock runs."))


@page(can="sla.run", method="POST")
def pause(request: MemberRequest, pk: int) -> HttpResponse:
    clock, form = find_or_404(SlaClock, pk, request), ClockForm(request.POST)
    version = seen(form)
    reason = form.cleaned_data.get("reason", "")
    paused = pause_clock(clock, reason=reason, version=version, by=request.member, at=now())
    return back(request, paused, _("The clock is paused."))


@page(can="sla.run", method="POST")
def resume(request: MemberRequest, pk: int) -> HttpResponse:
    clock, form = find_or_404(SlaClock, pk, request), ClockForm(request.POST)
    resumed = resume_clock(clock, version=seen(form), by=request.member, at=now())
    return back(request, resumed, _("The clock runs on."))


@page(can="sla.run", method="POST")
def stop(request: MemberRequest, pk: int) -> HttpResponse:
    clock, form = find_or_404(SlaClock, pk, request), ClockForm(request.POST)
    stopped = stop_clock(clock, version=seen(form), by=request.member, at=now())
    return back(request, stopped, _("The answer is given; the clock is stopped."))


@page(can="sla.run", method="POST")
def explain(request: MemberRequest, pk: int) -> HttpResponse:
    clock, form = find_or_404(SlaClock, pk, request), ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Say why the promise was broken."), code="required", field="reason")
    version = seen(ClockForm({"version": request.POST.get("version")}))
    told = explain_breach(clock, **form.cleaned_data, version=version, by=request.member, at=now())
    return back(request, told, _("The reason is noted."))
