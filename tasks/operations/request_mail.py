"""Receipts of requests: written down with the request, sent by a job, each at most a few times.

A receipt says nothing that somebody typed, so that no form sends strangers what others want to say.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from tasks.models import Submission
from tasks.operations.request_links import request_address
from workspaces.rules.letters import plain, subject_line

AT_A_TIME = 50
MOST_TRIES = 6
LEASE = timedelta(minutes=2)
WAITS = timedelta(minutes=10)  # after each try that failed, longer each time


def send_receipts(*, at: datetime) -> int:
    """Send what is due; how many. Stops where the server does not answer, and may run twice."""
    due = Submission.objects.filter(mail_at__lte=at).select_related("form__workspace")
    count = 0
    for row in due.order_by("mail_at", "pk")[:AT_A_TIME]:
        held = Submission.objects.filter(pk=row.pk, mail_at=row.mail_at)
        if not held.update(mail_at=at + LEASE, mail_tries=F("mail_tries") + 1):
            continue  # another worker has it
        mine = Submission.objects.filter(pk=row.pk)
        try:
            _letter(row).send()
        except OSError:
            tries = row.mail_tries + 1
            mine.update(mail_at=None if tries >= MOST_TRIES else at + WAITS * tries)
            break
        mine.update(mail_at=None)
        count += 1
    return count


def _letter(row: Submission) -> EmailMultiAlternatives:
    """The receipt in the language in which the form was sent."""
    known = {code for code, _name in settings.LANGUAGES}
    language = row.language if row.language in known else settings.LANGUAGE_CODE
    with translation.override(language):
        context = {
            "form": plain(row.form.name),
            "link": request_address(row),
            "language": language,
            "direction": "rtl" if get_language_bidi() else "ltr",
        }
        message = EmailMultiAlternatives(
            subject_line(_("Your request is here: %(form)s") % {"form": context["form"]}),
            render_to_string("tasks/emails/receipt.txt", context),
            settings.DEFAULT_FROM_EMAIL,
            [row.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
        page = render_to_string("tasks/emails/receipt.html", context)
        message.attach_alternative(page, "text/html")
    return message
