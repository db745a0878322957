"""Letters that leave the house."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from workspaces.models import Invitation


def mail_invitation(invitation: Invitation, link: str) -> None:
    """Send the link to the invited address; raises OSError when no mail server answers."""
    inviter = invitation.invited_by.user.display_name if invitation.invited_by else ""
    context = {"invitation": invitation, "link": link, "inviter": inviter}
    subject = _("Join %(workspace)s on MOps") % {"workspace": invitation.workspace.name}
    message = EmailMultiAlternatives(
        " ".join(subject.split()),
        render_to_string("workspaces/emails/invitation.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [invitation.email],
    )
    message.attach_alternative(
        render_to_string("workspaces/emails/invitation.html", context), "text/html"
    )
    message.send()
