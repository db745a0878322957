"""How webhooks are told: events of the log in their order, from where each one stands.

Nothing is queued: each webhook remembers the last event that it has been told, and a job goes on
from there. Who holds the lease asks outside of any transaction and then moves the mark, so a worker
that dies leaves at most one event to be told twice, with the same id. An event that is not taken
holds back those behind it, of this webhook alone.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation

from workspaces.models import Membership, Webhook, WebhookCall
from workspaces.models.events import Event
from workspaces.models.webhooks import FAILED, SENT, WAITING
from workspaces.operations.notifications import Notice, notify
from workspaces.operations.recording import record
from workspaces.queries.horizon import whole_until
from workspaces.queries.webhooks import (
    due_webhooks,
    events_by_id,
    next_events,
    said_as_test,
    said_of,
)
from workspaces.rules.roles import Role
from workspaces.rules.webhooks import (
    BODIES,
    GIVES_UP,
    GONE,
    OK,
    Said,
    asked_wait,
    signed,
    wait_after,
)
from workspaces.sources.vault import NoKey, opened
from workspaces.sources.web import Asked, Limits, Unreachable, ask
from workspaces.verbs import NOTICE_WEBHOOK, WEBHOOK_STOPPED

SECONDS = 10.0
LARGEST = 64 * 1024  # of an answer, which is not kept
LEASE = timedelta(seconds=90)
AT_A_TIME = 100  # events of one webhook
TURN = timedelta(seconds=30)  # a webhook gives way to others
CLAIMS = timedelta(seconds=90)
Clock = Callable[[], datetime]


class Outcome:
    """What came of one try: a status, or why there was none."""

    def __init__(self, status: int | None, fault: str = "", wait: timedelta | None = None) -> None:
        """Keep it; `wait` is what the server asked for."""
        self.status, self.fault, self.wait = status, fault, wait

    @property
    def is_taken(self) -> bool:
        """Whether the server took it."""
        return self.status in OK


def tell_webhooks(*, clock: Clock) -> int:
    """Tell every webhook what is new, those that fail last; how many events were taken."""
    began, told = clock(), _tell_again(clock)
    until = whole_until()
    if until is None:
        return told
    for webhook in due_webhooks(clock()).filter(told_until__lt=until):
        if clock() - began > CLAIMS:
            break
        if _claim(webhook, at=clock()):
            told += _tell(webhook, until, clock)
    return told


def _claim(webhook: Webhook, *, at: datetime) -> bool:
    free = Q(leased_until=None) | Q(leased_until__lt=at)
    same = Webhook.objects.filter(free, pk=webhook.pk, lease=webhook.lease, disabled_at=None)
    if not same.update(lease=F("lease") + 1, leased_until=at + LEASE):
        return False
    webhook.refresh_from_db()
    return True


def _tell(webhook: Webhook, until: int, clock: Clock) -> int:
    """Tell one webhook, in order, until it is done, its turn is over or it does not take one."""
    began, told = clock(), 0
    events = next_events(webhook, until=until, most=AT_A_TIME)
    for event in events:
        outcome = _try(webhook, said_of_in(webhook, event), clock())
        if not _note(webhook, event, outcome, clock()) or not outcome.is_taken:
            return told
        told += 1
        if clock() - began > TURN:
            _free(webhook)
            return told
    if len(events) < AT_A_TIME:
        _mine(webhook).filter(told_until__lt=until).update(told_until=until)
    _free(webhook)
    return told


def said_of_in(webhook: Webhook, event: Event) -> Said:
    """The event in the language of who made the webhook."""
    with translation.override(_language(webhook)):
        return said_of(webhook, event)


def _language(webhook: Webhook) -> str:
    maker = webhook.made_by
    return (maker.user.language if maker else "") or settings.LANGUAGE_CODE


def _try(webhook: Webhook, said: Said, at: datetime) -> Outcome:
    """Ask once; no transaction is open, and nothing of the answer but its status is kept."""
    try:
        keys = opened(webhook.sealed)
    except NoKey:
        return Outcome(None, "no_key")
    body = BODIES[webhook.body](said)
    headers = {"Content-Type": "application/json", **_signature(webhook, said, body, keys, at)}
    limits = Limits(seconds=SECONDS, largest=LARGEST, loopback=settings.WEB_LOOPBACK)
    try:
        answer = ask(Asked("POST", keys["url"], headers=headers, content=body), limits)
    except Unreachable as trouble:
        return Outcome(None, trouble.code)
    wait = asked_wait(answer.headers.get("retry-after", ""), at=at)
    taken = answer.status in OK
    return Outcome(answer.status, "" if taken else "status", wait)


def _signature(
    webhook: Webhook, said: Said, body: bytes, keys: dict[str, str], at: datetime
) -> dict[str, str]:
    if webhook.body != "json":
        return {}
    return signed(said.id, body, secret=keys["secret"], at=at)


@transaction.atomic
def _note(webhook: Webhook, event: Event, outcome: Outcome, at: datetime) -> bool:
    """Write down what came of an event; False where the webhook is not ours any more."""
    fields: dict[str, object] = {"leased_until": at + LEASE}
    if outcome.is_taken:
        fields |= {
            "told_until": event.pk, "tries": 0, "failing_since": None, "next_try_at": None,
        }  # fmt: skip
    else:
        tries = webhook.tries + 1
        wait = wait_after(tries, asked=outcome.wait, chance=random.random())  # noqa: S311  jitter
        since = webhook.failing_since or at
        fields = {
            "tries": tries, "failing_since": since, "next_try_at": at + wait, "leased_until": None,
        }  # fmt: skip
    if not _mine(webhook).update(**fields):
        return False
    tries = webhook.tries + 1
    for name, value in fields.items():
        setattr(webhook, name, value)
    WebhookCall.objects.update_or_create(
        webhook=webhook,
        event_id=event.pk,
        defaults={
            "workspace_id": webhook.workspace_id,
            "verb": event.verb,
            "state": SENT if outcome.is_taken else FAILED,
            "tries": tries,
            "status": outcome.status,
            "fault": outcome.fault,
            "at": at,
        },
    )
    if not outcome.is_taken:
        _give_up(webhook, outcome, at)
    return True


def _give_up(webhook: Webhook, outcome: Outcome, at: datetime) -> None:
    """Switch off what says that it is gone, or has failed for a day, and tell who made it."""
    failing = at - (webhook.failing_since or at)
    why = "gone" if outcome.status == GONE else "gave_up" if failing >= GIVES_UP else ""
    if not why:
        return
    Webhook.objects.filter(pk=webhook.pk).update(
        disabled_at=at, disabled_why=why, next_try_at=None, version=F("version") + 1
    )
    webhook.disabled_at = at
    told: dict[str, object] = {"name": webhook.name, "host": webhook.host, "state": why}
    record(WEBHOOK_STOPPED, webhook, by=None, at=at, **told)
    link = f"/w/{webhook.workspace.slug}/settings/webhooks/{webhook.pk}/"
    notice = Notice(NOTICE_WEBHOOK, WEBHOOK_STOPPED, link, told)
    notify(notice, webhook, to=_answerable(webhook), by=None, at=at)


def _answerable(webhook: Webhook) -> list[int]:
    """Who made it, while they may still change it; else whoever may."""
    able = Membership.objects.filter(workspace_id=webhook.workspace_id, role__gte=Role.MANAGER)
    people = list(able.values_list("pk", flat=True))
    return [webhook.made_by_id] if webhook.made_by_id in people else people


def _tell_again(clock: Clock) -> int:
    """Tests and events that somebody wants told once more: one try each."""
    asked = WebhookCall.objects.filter(state=WAITING, again_at__lte=clock())
    done = 0
    for call in asked.select_related("webhook__workspace").order_by("again_at", "pk")[:AT_A_TIME]:
        mine = WebhookCall.objects.filter(pk=call.pk, state=WAITING, again_at=call.again_at)
        if mine.update(again_at=clock() + LEASE):
            done += _tell_one(call, clock)
    return done


def _tell_one(call: WebhookCall, clock: Clock) -> int:
    webhook, at = call.webhook, clock()
    if call.event_id:
        event = events_by_id(webhook, [call.event_id]).get(call.event_id)
        outcome = _try(webhook, said_of_in(webhook, event), at) if event else Outcome(None, "gone")
    else:
        with translation.override(_language(webhook)):
            said = said_as_test(webhook, at)
        outcome = _try(webhook, said, at)
    WebhookCall.objects.filter(pk=call.pk).update(
        state=SENT if outcome.is_taken else FAILED,
        tries=F("tries") + 1,
        status=outcome.status,
        fault=outcome.fault,
        again_at=None,
        at=clock(),
    )
    return int(outcome.is_taken)


def _mine(webhook: Webhook) -> QuerySet[Webhook]:
    return Webhook.objects.filter(pk=webhook.pk, lease=webhook.lease, disabled_at=None)


def _free(webhook: Webhook) -> None:
    _mine(webhook).update(leased_until=None)


def tidy_calls(*, before: datetime) -> int:
    """Forget what was told before an instant."""
    return WebhookCall.objects.filter(at__lt=before).exclude(state=WAITING).delete()[0]
