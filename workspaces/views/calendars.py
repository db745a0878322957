from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from workspaces.forms import CalendarForm
from workspaces.http import MemberRequest, find_or_404, go, page, tried
from workspaces.models import Calendar
from workspaces.operations.calendars import add_calendar, change_calendar, remove_calendar
from workspaces.queries.calendars import calendar_lines
from workspaces.rules.errors import Refused

FORM = "workspaces/calendar_form.html"


def list_url(request: MemberRequest) -> str:
    return reverse("workspaces:calendars", kwargs={"slug": request.workspace.slug})


@page(can="workspace.view")
def calendars(request: MemberRequest) -> HttpResponse:
    context = {"lines": calendar_lines(request.workspace, now())}
    return render(request, "workspaces/calendars.html", context)


@page(can="sla.edit", method="GET POST")
def new_calendar(request: MemberRequest) -> HttpResponse:
    form = CalendarForm(request.POST or None, initial=CalendarForm.usual(request.workspace))
    if request.method == "POST" and form.is_valid():
        draft = form.draft()
        try:
            add_calendar(request.workspace, draft=draft, by=request.member, at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return go(request, list_url(request), say=_("The calendar is added."))
    return render(request, FORM, {"form": form}, status=422 if form.errors else 200)


@page(can="sla.edit", method="GET POST")
def edit_calendar(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Calendar, pk, request)
    if request.method == "POST":
        return change(request, found)
    form = CalendarForm(initial=CalendarForm.values_of(found))
    return render(request, FORM, {"form": form, "calendar": found})


def change(request: MemberRequest, found: Calendar) -> HttpResponse:
    form, by, at = CalendarForm(request.POST), request.member, now()
    status = tried(
        form,
        lambda: change_calendar(found, draft=form.draft(), version=form.seen, by=by, at=at),
        lambda row: CalendarForm(initial=CalendarForm.values_of(row)),
    )
    if not status:
        return go(request, list_url(request), say=_("The calendar is changed."))
    return render(request, FORM, {"form": form, "calendar": found}, status=status)


@page(can="sla.edit", method="POST")
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    remove_calendar(find_or_404(Calendar, pk, request), by=request.member, at=now())
    return go(request, list_url(request), say=_("The calendar is removed."))
