from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from workspaces.http import MemberRequest, go, page
from workspaces.operations.outbox import send_again
from workspaces.queries.deliveries import stuck_deliveries, stuck_delivery

PAGE = 50


@page(can="members.manage")
def deliveries(request: MemberRequest) -> HttpResponse:
    found = Paginator(stuck_deliveries(request.workspace), PAGE).get_page(request.GET.get("page"))
    return render(request, "workspaces/deliveries.html", {"page": found})


@page(can="members.manage", method="POST")
def again(request: MemberRequest, pk: int) -> HttpResponse:
    delivery = stuck_delivery(request.workspace, pk)
    if delivery is None:
        raise Http404
    send_again(delivery, at=now())
    url = reverse("workspaces:deliveries", kwargs={"slug": request.workspace.slug})
    return go(request, url, say=_("It is tried again."))
