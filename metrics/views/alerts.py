from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now

from metrics.queries.alerts import STATES, alerts_of, rule_row, rules_in
from workspaces.http import MemberRequest, page
from workspaces.rules.roles import may

PAGE = 50
RAISED = 30


@page(can="workspace.view")
def alerts(request: MemberRequest) -> HttpResponse:
    at = now()
    asked = request.GET.get("state", "")
    state = asked if asked in STATES else ""
    rules = rules_in(request.workspace, state=state, at=at)
    shown = Paginator(rules, PAGE).get_page(request.GET.get("page"))
    context = {
        "state": state,
        "page": shown,
        "rows": [rule_row(rule, at) for rule in shown.object_list],
        "raised": list(alerts_of(request.workspace)[:RAISED]),
        "may_edit": may(request.member.rank, "metrics.edit"),
    }
    return render(request, "metrics/alerts.html", context)
