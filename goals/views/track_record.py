from django.http import HttpResponse
from django.shortcuts import render

from goals.queries.track_record import track_record
from workspaces.http import MemberRequest, page


@page(can="workspace.view")
def record(request: MemberRequest) -> HttpResponse:
    return render(request, "goals/track_record.html", {"record": track_record(request.workspace)})
