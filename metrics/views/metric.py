from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from metrics.forms.asking import Address, sentences
from metrics.forms.reading import TOPS, WINDOWS, reading_of
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
    asking = Address(request.GET)
    reading = reading_of(asking)
    if len(reading.lines) > 1:
        asking.fault("by", "too_many", _("Choose one dimension; the explorer takes up to three."))
    try:
        asking.done()
        shown = metric_page(found, reading.question(request.workspace, today), at=at)
    except Invalid as refusal:
        context = {"metric": found, "problem": sentences(refusal.problems)}
        return render(request, "metrics/metric_refused.html", context, status=400)
    context = {
        "metric": found,
        "shown": shown,
        "reading": reading,
        "grains": [(grain.value, reading.query(grain=grain.value)) for grain in Grain],
        "windows": WINDOWS,
        "tops": TOPS,
        "may_edit": may(request.member.rank, "metrics.edit"),
    }
    return render(request, "metrics/metric.html", context)
