from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from workspaces.http import MemberRequest, find_or_404, fragment, go, page
from workspaces.models import Notification
from workspaces.operations.notifications import read_all_notifications, read_notification
from workspaces.queries.notifications import notifications_of, tell_notices

PAGE = 50
NEWEST = 8
FEW = 2  # parts of a bundle in the menu


def list_url(request: MemberRequest) -> str:
    return reverse("workspaces:notifications", kwargs={"slug": request.workspace.slug})


@page(can="workspace.view")
def notifications(request: MemberRequest) -> HttpResponse:
    found = Paginator(notifications_of(request.member), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": found,
        "notices": tell_notices(found.object_list),
    }
    return render(request, "workspaces/notifications.html", context)


@page(can="workspace.view")
def notification_menu(request: MemberRequest) -> HttpResponse:
    notices = tell_notices(notifications_of(request.member)[:NEWEST], parts=FEW)
    return fragment(request, "workspaces/_notices.html", notices=notices)


@page(can="notifications.own", method="POST")
def read_all(request: MemberRequest) -> HttpResponse:
    read_all_notifications(request.member, at=now())
    return go(request, list_url(request), say=_("Everything is read."))


@page(can="notifications.own", method="POST")
def read_one(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Notification, pk, request)
    if found.member_id != request.member.pk:
        raise Http404
    read_notification(found, at=now())
    return go(request, found.link or list_url(request))
