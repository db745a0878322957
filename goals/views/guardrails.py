from django.http import Http404, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from goals.forms import GuardrailForm
from goals.models import Goal, Guardrail
from goals.operations.guardrails import remove_guardrail, set_guardrail
from goals.views.goals import goal_url
from workspaces.http import MemberRequest, find_or_404, go, kept, page, tried


@page(can="goals.edit", method="POST")
def guard(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Goal, pk, request)
    form = GuardrailForm(request.POST, workspace=request.workspace, goal=found)
    by, at = request.member, now()
    status = tried(form, lambda: set_guardrail(found, bound=form.bound_asked(), by=by, at=at))
    if status:
        back = goal_url(request, found)
        return kept(request, form, status, title=_("Set a guardrail"), back=back)
    return go(request, goal_url(request, found), say=_("The guardrail is set."))


@page(can="goals.edit", method="POST")
def unguard(request: MemberRequest, pk: int, guardrail: int) -> HttpResponse:
    found, row = find_or_404(Goal, pk, request), find_or_404(Guardrail, guardrail, request)
    if row.goal_id != found.pk:
        raise Http404
    remove_guardrail(row, by=request.member, at=now())
    return go(request, goal_url(request, found), say=_("The guardrail is removed."))
