from django.http import Http404, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from goals.models import Goal
from goals.operations.waivers import take_up_finding, waive_finding
from goals.rules.lint import Code
from goals.views.goals import goal_url
from workspaces.http import MemberRequest, find_or_404, go, page


def code_or_404(word: str) -> Code:
    if word not in set(Code):
        raise Http404
    return Code(word)


@page(can="goals.edit", method="POST")
def waive(request: MemberRequest, pk: int, code: str) -> HttpResponse:
    found, known = find_or_404(Goal, pk, request), code_or_404(code)
    reason = request.POST.get("reason", "")
    waive_finding(found, code=known, reason=reason, by=request.member, at=now())
    return go(request, goal_url(request, found), say=_("The finding is waived."))


@page(can="goals.edit", method="POST")
def take_up(request: MemberRequest, pk: int, code: str) -> HttpResponse:
    found, known = find_or_404(Goal, pk, request), code_or_404(code)
    take_up_finding(found, code=known, by=request.member, at=now())
    return go(request, goal_url(request, found), say=_("The finding is taken up again."))
