"""Inviting the people of a file who are no members yet."""

import logging

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tasks.models import BoardImport
from tasks.views.import_forms import ChoicesForm, InviteForm
from tasks.views.imports import show_run
from workspaces.http import MemberRequest, find_or_404, fragment, page
from workspaces.models import Invitation
from workspaces.operations.delivery import mail_invitation
from workspaces.operations.members import invite
from workspaces.rules.errors import Refused
from workspaces.rules.roles import Role

log = logging.getLogger(__name__)


@page(can="members.manage", method="POST")
def import_invite(request: MemberRequest, pk: int) -> HttpResponse:
    """Invite one of the file's people as an editor; on joining they get their cards."""
    run = find_or_404(BoardImport, pk, request)
    email = InviteForm(request.POST).said()["email"].casefold()
    addresses = [str(one["email"]).casefold() for one in run.found.get("people", ())]
    if email not in addresses:
        raise Refused(_("The file names no such address."), code="unknown", field="email")
    invited, secret = invite(request.workspace, email, Role.EDITOR, by=request.member, at=now())
    link = settings.BASE_URL + reverse("join", kwargs={"secret": secret})
    context = {"invited": invited, "link": link, "mailed": sent(invited, link)}
    if request.htmx:
        context["place"] = addresses.index(email)
        return fragment(request, "tasks/_import_invited.html", **context)
    return show_run(request, run, ChoicesForm(run), more=context)


def sent(invited: Invitation, link: str) -> bool:
    """Mail the link; a mail server that is down costs the letter, never the invitation."""
    try:
        mail_invitation(invited, link)
    except OSError:
        log.warning("The invitation %s could not be mailed.", invited.pk)
        return False
    return True
