from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from metrics.forms.asking import Asking
from metrics.forms.reading import TOPS, WINDOWS, Reading, reading_of
from metrics.queries.metric_page import metric_page
from metrics.rules.periods import Grain
from metrics.views.catalogue import find_metric
from workspaces.http import MemberRequest, page
from workspaces.rules.errors import Invalid
from workspaces.rules.roles import may


@page(can="workspace.view")
def metric(request: MemberRequest, key: str) -> HttpResponse:
    found = find_metric(request, key)
    at = now()
    today = request.workspace.day_of(at)
    reading = reading_of(Asking(request.GET))
    reading = replace(reading, lines=reading.lines[:1])
    problem, status = "", 200
    try:
        shown = metric_page(found, reading.question(request.workspace, today), at=at)
    except Invalid as refusal:
        problem, status = str(refusal), 400
        reading = Reading(reading.grain)
        shown = metric_page(found, reading.question(request.workspace, today), at=at)
    context = {
        "metric": found,
        "shown": shown,
        "reading": reading,
        "problem": problem,
        "grains": [(grain.value, reading.query(grain=grain.value)) for grain in Grain],
        "windows": WINDOWS,
        "tops": TOPS,
        "may_edit": may(request.member.rank, "metrics.edit"),
    }
    return render(request, "metrics/metric.html", context, status=status)
