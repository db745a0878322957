from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from goals.forms.slas import ClockForm, PauseForm, ReasonForm, StopForm, SubjectForm
from goals.views.slas import sla_url
from workspaces.http import MemberRequest, find_or_404, go, kept, page, tried
from workspaces.models import SlaClock, SlaPromise
from workspaces.operations.clocks import (
    explain_breach,
    pause_clock,
    resume_clock,
    start_clock,
    stop_clock,
)


def clock_url(request: MemberRequest, clock: SlaClock) -> str:
    return sla_url(request, clock.promise.sla_id) + f"#clock-{clock.pk}"


def back(request: MemberRequest, clock: SlaClock, said: str) -> HttpResponse:
    return go(request, clock_url(request, clock), say=said)


def seen(form: ClockForm) -> int:
    """The version that the page showed, 0 where it named none."""
    return form.cleaned_data["version"] if form.is_valid() else 0


@page(can="sla.run", method="POST")
def start(request: MemberRequest, pk: int) -> HttpResponse:
    promise = find_or_404(SlaPromise, pk, request)
    form, by, at = SubjectForm(request.POST), request.member, now()
    status = tried(form, lambda: start_clock(promise, **form.typed, by=by, at=at))
    where = sla_url(request, promise.sla_id)
    if status:
        return kept(request, form, status, title=_("Start a clock"), back=where)
    return back(request, form.made, _("The clock runs."))


@page(can="sla.run", method="POST")
def pause(request: MemberRequest, pk: int) -> HttpResponse:
    clock, by, at = find_or_404(SlaClock, pk, request), request.member, now()
    form = PauseForm(request.POST)
    status = tried(
        form,
        lambda: pause_clock(clock, **form.typed, version=form.seen, by=by, at=at),
        lambda row: PauseForm(initial=PauseForm.values_of(row)),
    )
    if status:
        where = clock_url(request, clock)
        return kept(request, form, status, title=_("Pause the clock"), back=where)
    return back(request, clock, _("The clock is paused."))


@page(can="sla.run", method="POST")
def resume(request: MemberRequest, pk: int) -> HttpResponse:
    clock, form = find_or_404(SlaClock, pk, request), ClockForm(request.POST)
    resumed = resume_clock(clock, version=seen(form), by=request.member, at=now())
    return back(request, resumed, _("The clock runs on."))


@page(can="sla.run", method="POST")
def stop(request: MemberRequest, pk: int) -> HttpResponse:
    clock, by, at = find_or_404(SlaClock, pk, request), request.member, now()
    form = StopForm(request.POST)
    status = tried(
        form,
        lambda: stop_clock(clock, **form.typed, version=form.seen, by=by, at=at),
        lambda row: StopForm(initial=StopForm.values_of(row)),
    )
    if status:
        where = clock_url(request, clock)
        return kept(request, form, status, title=_("Stop the clock"), back=where)
    return back(request, form.made, _("The answer is given; the clock is stopped."))


@page(can="sla.run", method="POST")
def explain(request: MemberRequest, pk: int) -> HttpResponse:
    clock, by, at = find_or_404(SlaClock, pk, request), request.member, now()
    form = ReasonForm(request.POST)
    status = tried(
        form,
        lambda: explain_breach(clock, **form.typed, version=form.seen, by=by, at=at),
        lambda row: ReasonForm(initial=ReasonForm.values_of(row)),
    )
    if status:
        where = clock_url(request, clock)
        return kept(request, form, status, title=_("Why the promise was broken"), back=where)
    return back(request, clock, _("The reason is noted."))
