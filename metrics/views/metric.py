from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from metrics.forms.reading import ReadingForm
from metrics.queries.metric_page import Asked, metric_page
from metrics.rules.periods import Grain
from metrics.views.catalogue import find_metric
from workspaces.http import MemberRequest, page
from workspaces.rules.errors import Invalid
from workspaces.rules.roles import may


@page(can="workspace.view")
def metric(request: MemberRequest, key: str) -> HttpResponse:
    found = find_metric(request, key)
    reading = ReadingForm(request.GET).reading()
    asked = Asked(reading.grain, reading.first, reading.last, reading.by, tuple(reading.where))
    problem, status = "", 200
    try:
        shown = metric_page(found, asked, at=now())
    except Invalid as refusal:
        problem, status = str(refusal), 400
        reading = ReadingForm(request.GET.__class__("")).reading()
        shown = metric_page(found, Asked(reading.grain, None, None, "", ()), at=now())
    context = {
        "metric": found,
        "shown": shown,
        "reading": reading,
        "problem": problem,
        "grains": [(grain.value, reading.query(grain=grain.value)) for grain in Grain],
        "may_edit": may(request.member.rank, "metrics.edit"),
    }
    return render(request, "metrics/metric.html", context, status=status)
