"""Letters that leave the house."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from workspaces.models import Delivery, Invitation
from workspaces.operations.preferences import leaving_text
from workspaces.queries.letters import Letter, heading, letter_of, zone_of
from workspaces.rules.letters import plain, subject_line
from workspaces.rules.notices import Channel


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


def write_letter(delivery: Delivery, at: datetime) -> EmailMultiAlternatives | None:
    """The mail of an outbox row in its reader's language; None where there is nothing to say.

    It links to BASE_URL only, shows no picture, and has a way out that takes one click.
    """
    user = delivery.user
    if not user.is_active:
        return None
    language = user.language or settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(zone_of(user)):
        letter = letter_of(delivery)
        return None if letter is None else _written(delivery, letter, at)


def _written(delivery: Delivery, letter: Letter, at: datetime) -> EmailMultiAlternatives:
    is_digest = delivery.channel == Channel.DIGEST
    slug, title = {"slug": letter.slug}, heading(letter, is_digest=is_digest)
    leave = settings.BASE_URL + reverse(
        "unsubscribe", kwargs={"token": leaving_text(delivery, letter.kinds)}
    )
    context = {
        "letter": letter,
        "is_digest": is_digest,
        "day": delivery.day,
        "at": at,
        "base": settings.BASE_URL,
        "leave": leave,
        "all": settings.BASE_URL + reverse("workspaces:notifications", kwargs=slug),
        "choose": settings.BASE_URL + reverse("workspaces:notice_preferences", kwargs=slug),
        "language": translation.get_language(),
        "direction": "rtl" if get_language_bidi() else "ltr",
        "heading": plain(title),
    }
    message = EmailMultiAlternatives(
        subject_line(title),
        render_to_string("workspaces/emails/notices.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [delivery.user.email],
        headers={
            "Message-ID": f"<{delivery.key}@{urlsplit(settings.BASE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    page = render_to_string("workspaces/emails/notices.html", context)
    message.attach_alternative(page, "text/html")
    return message
