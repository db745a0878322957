from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from workspaces.http import MemberRequest, page
from workspaces.queries.events import log_of, tell

PAGE = 50


@page(can="log.view")
def log(request: MemberRequest) -> HttpResponse:
    pages = Paginator(log_of(request.workspace), PAGE)
    found = pages.get_page(request.GET.get("page"))
    context = {"page": found, "events": tell(found.object_list)}
    return render(request, "workspaces/log.html", context)
