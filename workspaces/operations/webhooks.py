"""Webhooks: adding, changing, switching, removing them; nothing is sent here."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from workspaces.models import Membership, Webhook, WebhookCall, Workspace
from workspaces.models.webhooks import BODY_CHOICES, NAME_LENGTH, WAITING
from workspaces.operations.recording import record
from workspaces.operations.waking import wake
from workspaces.queries.preferences import PlaceRow
from workspaces.queries.webhooks import fault_in_words, first_event_since, newest_event
from workspaces.rules.addresses import fault_of_url
from workspaces.rules.errors import Invalid, Refused, Stale, at_field
from workspaces.rules.verbs import GROUPS
from workspaces.rules.webhooks import SECRET_BYTES, secret_text
from workspaces.sources.vault import NoKey, opened, resealed, sealed
from workspaces.verbs import (
    WEBHOOK_ADDED,
    WEBHOOK_CHANGED,
    WEBHOOK_REMOVED,
    WEBHOOK_STARTED,
    WEBHOOK_STOPPED,
)

MOST = 20  # of a workspace
CATCHES_UP = timedelta(days=1)
BY_HAND = "by_hand"


@dataclass(frozen=True)
class Draft:
    """What a webhook is told and where; "" keeps the address. No groups are all of them."""

    name: str
    url: str = ""
    body: str = "json"
    groups: tuple[str, ...] = ()
    place: PlaceRow | None = None


@transaction.atomic
def add_webhook(
    workspace: Workspace, *, draft: Draft, by: Membership, at: datetime
) -> tuple[Webhook, str]:
    """Make a webhook that is told what happens from now on; with its secret, told only now."""
    if not draft.url:
        raise Invalid([at_field("url", "required", _("Write the address."))])
    _check(draft)
    Workspace.objects.filter(pk=workspace.pk).update(name=F("name"))  # one after the other
    if Webhook.objects.filter(workspace=workspace).count() >= MOST:
        message = _("A workspace takes at most %(count)d webhooks.") % {"count": MOST}
        raise Refused(message, code="too_many", field="name")
    secret = secret_text(secrets.token_bytes(SECRET_BYTES))
    webhook = Webhook(
        workspace=workspace,
        **_fields(draft),
        host=_host(draft.url),
        sealed=_sealed(draft.url, secret),
        made_by=by,
        made_at=at,
        told_until=newest_event(workspace),
    )
    _save(webhook)
    record(WEBHOOK_ADDED, webhook, by=by, at=at, name=webhook.name, host=webhook.host)
    return webhook, secret


@transaction.atomic
def change_webhook(
    webhook: Webhook,
    *,
    version: int,
    changes: Mapping[str, Any],
    by: Membership,
    at: datetime,
) -> Webhook:
    """Change what is named of `name`, `url`, `body`, `groups`, `place`; Stale if it was changed."""
    now = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if now.version != version:
        raise Stale(_("Somebody changed this webhook meanwhile."), current=now)
    draft = replace(_draft_of(now), **changes)
    _check(draft)
    fields = {name: value for name, value in _fields(draft).items() if _is_named(name, changes)}
    if draft.url:
        fields["host"] = _host(draft.url)
        fields["sealed"] = _sealed(draft.url, _opened(now).get("secret", ""))
        fields |= {"tries": 0, "failing_since": None, "next_try_at": None}
    for name, value in fields.items():
        setattr(now, name, value)
    now.version += 1
    _save(now)
    record(WEBHOOK_CHANGED, now, by=by, at=at, name=now.name)
    return now


def _is_named(field: str, changes: Mapping[str, object]) -> bool:
    """Whether a change touches a column: the three of the place stand for one word."""
    return field in changes or ("place" in changes and field.startswith(("place", "stream")))


def _draft_of(webhook: Webhook) -> Draft:
    return Draft(webhook.name, "", webhook.body, tuple(webhook.groups))


@transaction.atomic
def renew_secret(webhook: Webhook, *, by: Membership, at: datetime) -> str:
    """Make another secret; the old one signs nothing any more. It is told only now."""
    now = Webhook.objects.select_for_update().get(pk=webhook.pk)
    secret = secret_text(secrets.token_bytes(SECRET_BYTES))
    now.sealed = _sealed(_opened(now)["url"], secret)
    now.version += 1
    now.save(update_fields=["sealed", "version"])
    record(WEBHOOK_CHANGED, now, by=by, at=at, name=now.name)
    return secret


@transaction.atomic
def switch_webhook(webhook: Webhook, *, on: bool, by: Membership, at: datetime) -> Webhook:
    """Switch it on or off; again is nothing. On, it is told what it missed within the last day."""
    now = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if (now.disabled_at is None) == on:
        return now
    now.disabled_at, now.disabled_why = (None, "") if on else (at, BY_HAND)
    now.tries, now.failing_since, now.next_try_at = 0, None, None
    if on:
        missed = first_event_since(now.workspace, at - CATCHES_UP)
        now.told_until = max(now.told_until, missed)
    now.version += 1
    now.save()
    verb = WEBHOOK_STARTED if on else WEBHOOK_STOPPED
    record(verb, now, by=by, at=at, name=now.name, host=now.host)
    return now


@transaction.atomic
def remove_webhook(webhook: Webhook, *, by: Membership, at: datetime) -> None:
    """Remove it with its log; its secret is gone."""
    record(WEBHOOK_REMOVED, webhook, by=by, at=at, name=webhook.name)
    webhook.delete()


@transaction.atomic
def test_webhook(webhook: Webhook, *, at: datetime) -> WebhookCall:
    """Ask for a test message; a job sends it, also to a webhook that is switched off."""
    wanted = {"workspace_id": webhook.workspace_id, "state": WAITING, "again_at": at, "at": at}
    call, _made = WebhookCall.objects.update_or_create(
        webhook=webhook, event_id=0, defaults={**wanted, "verb": "webhook.test"}
    )
    wake("send_webhooks")
    return call


@transaction.atomic
def tell_again(call: WebhookCall, *, at: datetime) -> WebhookCall:
    """Ask for one event to be told once more; a job does it."""
    WebhookCall.objects.filter(pk=call.pk).update(state=WAITING, again_at=at)
    wake("send_webhooks")
    call.refresh_from_db()
    return call


@transaction.atomic
def reseal_webhooks() -> int:
    """Encrypt all addresses and secrets by the first key; NoKey where one cannot be read."""
    count = 0
    for webhook in Webhook.objects.select_for_update().order_by("pk"):
        webhook.sealed = resealed(webhook.sealed)
        webhook.save(update_fields=["sealed"])
        count += 1
    return count


def _check(draft: Draft) -> None:
    """Name everything that is wrong with a webhook, before anything is stored."""
    problems = []
    name = draft.name.strip()
    if not name or len(name) > NAME_LENGTH:
        problems.append(at_field("name", "required", _("Give it a name of up to 80 characters.")))
    if draft.url:
        fault = fault_of_url(draft.url, loopback=settings.WEB_LOOPBACK)
        if fault:
            problems.append(at_field("url", fault, fault_in_words(fault)))
    if draft.body not in dict(BODY_CHOICES):
        problems.append(at_field("body", "invalid_choice", _("There is no such form.")))
    unknown = [group for group in draft.groups if group not in GROUPS]
    if unknown:
        message = _("There is no group “%(name)s”.") % {"name": unknown[0]}
        problems.append(at_field("groups", "invalid_choice", message))
    if problems:
        raise Invalid(problems)


def _fields(draft: Draft) -> dict[str, object]:
    place = draft.place
    return {
        "name": draft.name.strip(),
        "body": draft.body,
        "groups": sorted(set(draft.groups)),
        "place_type": place.place.type if place else "",
        "place_id": place.place.id if place else 0,
        "stream_id": place.stream_id if place else None,
    }


def _save(webhook: Webhook) -> None:
    try:
        with transaction.atomic():
            webhook.save()
    except IntegrityError:
        message = _("A webhook of this name exists.")
        raise Refused(message, code="taken", field="name") from None


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "")[:255]


def _sealed(url: str, secret: str) -> str:
    try:
        return sealed({"url": url, "secret": secret})
    except NoKey:
        raise _no_key() from None


def _opened(webhook: Webhook) -> dict[str, str]:
    try:
        return opened(webhook.sealed)
    except NoKey:
        raise _no_key() from None


def _no_key() -> Refused:
    return Refused(fault_in_words("no_key"), code="no_key", field="url")
