from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from reports.forms import OverviewForm
from reports.queries.gaps import gaps_of
from reports.queries.overview import GROUPS
from reports.queries.overview import overview as read_overview
from workspaces.http import MemberRequest, page
from workspaces.queries.people import members_of


@page(can="workspace.view")
def overview(request: MemberRequest) -> HttpResponse:
    asked = OverviewForm(request.GET, workspace=request.workspace).asked()
    context = {
        "overview": read_overview(request.workspace, request.member, asked, at=now()),
        "asked": asked,
        "groups": GROUPS.items(),
        "members": members_of(request.workspace),
        "wall": request.GET.get("wall") == "1",
    }
    board_only = getattr(request, "htmx", False) and request.GET.get("part") == "board"
    template = "reports/_overview.html" if board_only else "reports/overview.html"
    return render(request, template, context)


@page(can="workspace.view")
def gaps(request: MemberRequest) -> HttpResponse:
    return render(request, "reports/gaps.html", {"gaps": gaps_of(request.workspace)})
