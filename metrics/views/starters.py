from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import ngettext

from metrics.operations.starters import define_starters
from metrics.queries.starters import starter_rows, usual_currency
from workspaces.http import MemberRequest, go, page
from workspaces.rules.errors import Invalid, Refused


@page(can="metrics.edit", method="GET POST")
def starters(request: MemberRequest) -> HttpResponse:
    """The starter catalogue; POST takes `only` one or all of `keys`, with their parts."""
    if request.method != "POST":
        return show_starters(request)
    only, currency = request.POST.get("only"), request.POST.get("currency", "")
    keys = [only] if only else request.POST.getlist("keys")[:200]
    try:
        made = define_starters(
            request.workspace, keys=keys, currency=currency, by=request.member, at=now()
        )
    except (Refused, Invalid) as refusal:
        return show_starters(request, problem=str(refusal))
    words = ngettext("%(n)s metric is defined.", "%(n)s metrics are defined.", len(made))
    url = reverse("metrics:index", kwargs={"slug": request.workspace.slug})
    return go(request, url, say=words % {"n": len(made)})


def show_starters(request: MemberRequest, problem: str = "") -> HttpResponse:
    """The page with what is chosen; 422 where something was wrong."""
    context = {
        "rows": starter_rows(request.workspace),
        "currency": request.POST.get("currency", "") or usual_currency(request.workspace),
        "chosen": request.POST.getlist("keys"),
        "problem": problem,
    }
    return render(request, "metrics/starters.html", context, status=422 if problem else 200)
