import logging

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from workspaces.forms import InviteForm, LineForm, RoleForm
from workspaces.http import MemberRequest, find_or_404, go, page
from workspaces.models import Invitation, Membership
from workspaces.operations.delivery import mail_invitation
from workspaces.operations.members import (
    change_role,
    invite,
    remove_member,
    report_to,
    revoke_invitation,
)
from workspaces.queries.access import open_invitations
from workspaces.queries.people import members_of
from workspaces.rules.errors import Refused
from workspaces.rules.roles import may

log = logging.getLogger(__name__)


def members_url(request: MemberRequest) -> str:
    return reverse("workspaces:members", kwargs={"slug": request.workspace.slug})


def show(request: MemberRequest, *, status: int = 200, **context: object) -> HttpResponse:
    """The page of members; the form and the open invitations only for those who may invite."""
    manages = may(request.member.rank, "members.manage")
    context = {
        "members": members_of(request.workspace),
        "invitations": open_invitations(request.workspace, at=now()) if manages else [],
        "form": InviteForm(by=request.member) if manages else None,
        "manages": manages,
        **context,
    }
    return render(request, "workspaces/members.html", context, status=status)


@page(can="workspace.view")
def members(request: MemberRequest) -> HttpResponse:
    return show(request)


@page(can="members.manage", method="POST")
def invite_member(request: MemberRequest) -> HttpResponse:
    form = InviteForm(request.POST, by=request.member)
    if not form.is_valid():
        return show(request, form=form, status=422)
    try:
        invitation, secret = invite(
            request.workspace, **form.cleaned_data, by=request.member, at=now()
        )
    except Refused as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return show(request, form=form, status=422)
    link = settings.BASE_URL + reverse("join", kwargs={"secret": secret})
    return show(request, invited=invitation, link=link, mailed=sent(invitation, link))


def sent(invitation: Invitation, link: str) -> bool:
    """Mail the link; a mail server that is down costs the letter, never the invitation."""
    try:
        mail_invitation(invitation, link)
    except OSError:
        log.warning("The invitation %s could not be mailed.", invitation.pk)
        return False
    return True


@page(can="members.manage", method="POST")
def set_role(request: MemberRequest, pk: int) -> HttpResponse:
    member = find_or_404(Membership, pk, request)
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise Refused(_("There is no such role."), field="role")
    change_role(member, form.cleaned_data["role"], by=request.member, at=now())
    return go(request, members_url(request), say=_("The role is changed."))


@page(can="members.manage", method="POST")
def set_line(request: MemberRequest, pk: int) -> HttpResponse:
    member = find_or_404(Membership, pk, request)
    form = LineForm(request.POST, workspace=request.workspace)
    if not form.is_valid():
        raise Refused(_("There is no such member."), code="not_found", field="reports_to")
    report_to(member, form.cleaned_data["reports_to"], by=request.member, at=now())
    return go(request, members_url(request), say=_("The reporting line is set."))


@page(can="workspace.view", method="POST")
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    if pk != request.member.pk:
        return remove_other(request, pk)
    remove_member(request.member, by=request.member, at=now())
    return go(request, reverse("home"), say=_("You left the workspace."))


@page(can="members.manage", method="POST")
def remove_other(request: MemberRequest, pk: int) -> HttpResponse:
    member = find_or_404(Membership, pk, request)
    remove_member(member, by=request.member, at=now())
    return go(request, members_url(request), say=_("The member is removed."))


@page(can="members.manage", method="POST")
def revoke(request: MemberRequest, pk: int) -> HttpResponse:
    invitation = find_or_404(Invitation, pk, request)
    revoke_invitation(invitation, by=request.member, at=now())
    return go(request, members_url(request), say=_("The invitation is taken back."))
