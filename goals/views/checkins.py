from django.http import Http404, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from goals.forms.checkins import CheckInForm
from goals.models import CheckIn, Goal
from goals.operations.checkins import acknowledge, check_in, drop_draft, save_draft
from goals.views.goals import goal_url
from workspaces.http import MemberRequest, back, find_or_404, go, kept, page, tried

DRAFT = "draft"


@page(can="goals.edit", method="POST")
def tell(request: MemberRequest, pk: int) -> HttpResponse:
    found, form = find_or_404(Goal, pk, request), CheckInForm(request.POST)
    keep = save_draft if DRAFT in request.POST else check_in
    status = tried(form, lambda: keep(found, said=form.said(), by=request.member, at=now()))
    place = back(request, goal_url(request, found))
    if status:
        return kept(request, form, status, title=_("Check in"), back=place)
    say = _("The draft is kept.") if keep is save_draft else _("You have checked in.")
    return go(request, place, say=say)


def checkin_or_404(request: MemberRequest, goal: Goal, pk: int) -> CheckIn:
    """A check-in of the goal; another's draft does not exist."""
    row = find_or_404(CheckIn, pk, request)
    if row.goal_id != goal.pk or (row.is_draft and row.author_id != request.member.pk):
        raise Http404
    return row


@page(can="goals.edit", method="POST")
def drop(request: MemberRequest, pk: int, checkin: int) -> HttpResponse:
    found = find_or_404(Goal, pk, request)
    drop_draft(checkin_or_404(request, found, checkin), by=request.member)
    return go(request, goal_url(request, found), say=_("The draft is gone."))


@page(can="goals.edit", method="POST")
def read(request: MemberRequest, pk: int, checkin: int) -> HttpResponse:
    found = find_or_404(Goal, pk, request)
    acknowledge(checkin_or_404(request, found, checkin), by=request.member, at=now())
    return go(request, goal_url(request, found), say=_("Acknowledged."))
