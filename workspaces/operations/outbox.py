"""The outbox: mails are written down with the change that they tell of, and sent by a job.

A row is claimed by its version and a lease, sent outside of any transaction, and marked. A worker
that dies between the two leaves the row to the next one: at most one mail twice, with the same
Message-ID, and none is lost. A server that does not answer keeps them all waiting.
"""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q, QuerySet

from workspaces.models import Delivery, Notification
from workspaces.models.deliveries import DEAD, DROPPED, OPEN, SENDING, SENT, WAITING
from workspaces.operations.waking import wake
from workspaces.rules.notices import Channel
from workspaces.rules.outbox import BUDGET_SPAN, MOST_STARTS, MOST_TRIES, sends_at, wait_after

LEASE = timedelta(seconds=120)  # a mail takes three times 10 s at most
CLAIMS = timedelta(seconds=60)
AT_A_TIME = 200
FINAL = 500  # answers of a mail server from here on are final
Clock = Callable[[], datetime]
Writer = Callable[[Delivery, datetime], EmailMessage | None]


def post(rows: Sequence[Notification], *, at: datetime) -> None:
    """Put notices into the mail that gathers for each person, in the caller's transaction.

    The rows come with their members; 1 query for each person, 2 where a mail begins.
    """
    if not rows:
        return
    mails = {user: _gathering(user, at) for user in sorted({row.member.user_id for row in rows})}
    for row in rows:
        row.mail = mails[row.member.user_id]
    wake("send_mail")


def _gathering(user_id: int, at: datetime) -> Delivery:
    """The mail to a person that has not been tried yet, held until the commit; else a new one."""
    mails = Delivery.objects.filter(user_id=user_id, channel=Channel.MAIL.value)
    fresh = Q(state=WAITING, tries=0, starts=0)
    recent = Q(send_at__gt=at - BUDGET_SPAN) & ~Q(state=DROPPED)
    rows = list(mails.filter(fresh | recent).select_for_update().order_by("pk"))
    found = next((r for r in rows if r.state == WAITING and not r.tries + r.starts), None)
    if found is not None:
        return found
    times = [row.send_at for row in rows]
    return Delivery.objects.create(
        user_id=user_id,
        channel=Channel.MAIL.value,
        made_at=at,
        send_at=sends_at(times, at=at),
    )


def send_waiting(*, clock: Clock, write: Writer) -> int:
    """Send what is due, one after the other; how many. Stops where the server does not answer."""
    began, done = clock(), 0
    while done < AT_A_TIME and clock() - began < CLAIMS:
        delivery = _next(clock())
        if delivery is None:
            break
        if not send(delivery, clock=clock, write=write):
            break
        done += 1
    return done


def _next(at: datetime) -> Delivery | None:
    ready = Delivery.objects.filter(state__in=OPEN, send_at__lte=at).order_by("send_at", "pk")
    free = ready.filter(Q(leased_until=None) | Q(leased_until__lt=at))
    return next((row for row in free[:20] if claim(row, at=at)), None)


def claim(delivery: Delivery, *, at: datetime) -> bool:
    """Take the lease of a mail; False where somebody else has it or it needs no work."""
    free = Q(leased_until=None) | Q(leased_until__lt=at)
    same = Delivery.objects.filter(free, pk=delivery.pk, version=delivery.version, state__in=OPEN)
    mine = same.update(
        version=F("version") + 1,
        starts=F("starts") + 1,
        state=SENDING,
        leased_until=at + LEASE,
    )
    if mine:
        delivery.refresh_from_db()
    return bool(mine)


def send(delivery: Delivery, *, clock: Clock, write: Writer) -> bool:
    """Send a mail that the caller holds; False where the server did not answer at all."""
    if delivery.starts > MOST_STARTS:
        _end(delivery, DEAD, clock(), fault="interrupted")
        return True
    message = write(delivery, clock())
    if message is None:
        _end(delivery, DROPPED, clock())
        return True
    try:
        message.send()
    except OSError as error:
        _after_trouble(delivery, error, clock())
        return isinstance(error, SMTPResponseException | SMTPRecipientsRefused)
    _end(delivery, SENT, clock())
    return True


def _after_trouble(delivery: Delivery, error: OSError, at: datetime) -> None:
    """Give up what is refused for good; keep the rest for another try."""
    tries = delivery.tries + 1
    if _is_final(error) or tries >= MOST_TRIES:
        fault = "refused" if _is_final(error) else "gave_up"
        _end(delivery, DEAD, at, fault=fault, tries=tries)
        return
    wait = wait_after(tries, chance=random.random())  # noqa: S311  jitter
    _mine(delivery).update(
        state=WAITING,
        leased_until=None,
        tries=tries,
        starts=0,
        send_at=at + wait,
        fault=type(error).__name__[:40],
    )
    delivery.refresh_from_db()


def _is_final(error: OSError) -> bool:
    """Whether the server refused this very mail or address; its own troubles pass."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= FINAL for code, _said in error.recipients.values())
    return isinstance(error, SMTPDataError) and error.smtp_code >= FINAL


def _end(delivery: Delivery, state: str, at: datetime, **fields: object) -> None:
    fields = {"fault": "", **fields}
    _mine(delivery).update(state=state, ended_at=at, leased_until=None, **fields)
    delivery.refresh_from_db()


def _mine(delivery: Delivery) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=delivery.pk, version=delivery.version, state=SENDING)


@transaction.atomic
def send_again(delivery: Delivery, *, at: datetime) -> Delivery:
    """Take up a mail that was given up; one that still waits is tried now."""
    again = Delivery.objects.filter(pk=delivery.pk, state__in=(DEAD, WAITING))
    again.update(state=WAITING, tries=0, starts=0, send_at=at, ended_at=None, fault="")
    wake("send_mail")
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def tidy_deliveries(*, before: datetime) -> int:
    """Forget mails that ended before an instant; what a digest has told is not told again."""
    old = Delivery.objects.filter(state__in=(SENT, DROPPED, DEAD), ended_at__lt=before)
    Notification.objects.filter(digest__in=old).update(in_digest=False)
    count = old.count()
    old.delete()
    return count
