"""Webhooks as pages and programs see them, and what is to be told next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_noop

from workspaces.models import Webhook, WebhookCall, Workspace
from workspaces.models.events import Event
from workspaces.queries.events import sentence_of
from workspaces.rules.verbs import GROUPS, verbs_in
from workspaces.rules.webhooks import Said

FAULTS = {
    "url_form": gettext_noop("This is not a whole address."),
    "url_scheme": gettext_noop("The address has to begin with https."),
    "url_person": gettext_noop("The address must not hold a user name or a password."),
    "url_host": gettext_noop("The address does not name a server of the public internet."),
    "inward": gettext_noop("The server’s name leads into a private network; it is not asked."),
    "no_such_host": gettext_noop("There is no server of this name."),
    "no_connection": gettext_noop("The server could not be reached."),
    "too_slow": gettext_noop("The server took too long to answer."),
    "cut_off": gettext_noop("The answer was cut off."),
    "too_large": gettext_noop("The answer is larger than MOps reads at once."),
    "packed_otherwise": gettext_noop("The answer is packed in a way that MOps does not read."),
    "redirected": gettext_noop("The server sent us elsewhere (redirect); that is not followed."),
    "status": gettext_noop("The server did not take it."),
    "no_key": gettext_noop("The installation has no key that opens what is stored."),
    "gone": gettext_noop("The server does not want it any more."),
    "gave_up": gettext_noop("The server has not taken it for a day."),
    "by_hand": gettext_noop("Switched off by hand."),
}


@dataclass(frozen=True)
class GroupRow:
    """A group of events, in words."""

    name: str
    words: str


def groups_in_words() -> list[GroupRow]:
    """All groups of events, by their words."""
    rows = [GroupRow(name, gettext(group.words)) for name, group in GROUPS.items()]
    return sorted(rows, key=lambda row: row.words)


def fault_in_words(code: str) -> str:
    """Why something did not go, as a sentence; "" for nothing."""
    return gettext(FAULTS[code]) if code in FAULTS else code


def words_of_groups(webhook: Webhook) -> list[str]:
    """What it is told about, in words; nothing is everything."""
    return [row.words for row in groups_in_words() if row.name in webhook.groups]


@dataclass(frozen=True)
class WebhookRow:
    """A webhook as the list shows it."""

    webhook: Webhook
    groups: list[str]
    why: str


@dataclass(frozen=True)
class CallRow:
    """One event at a webhook, with the sentence of what went wrong."""

    call: WebhookCall
    why: str


def webhook_rows(workspace: Workspace) -> list[WebhookRow]:
    """The webhooks of a workspace as its page lists them, by name; 1 query."""
    return [
        WebhookRow(row, words_of_groups(row), fault_in_words(row.disabled_why))
        for row in webhooks_of(workspace)
    ]


def call_rows(calls: Iterable[WebhookCall]) -> list[CallRow]:
    """What became of events, with sentences; no query of its own."""
    return [CallRow(call, fault_in_words(call.fault)) for call in calls]


def webhooks_of(workspace: Workspace) -> QuerySet[Webhook]:
    """The webhooks of a workspace, by name; 1 query."""
    return Webhook.objects.filter(workspace=workspace).order_by("name", "pk")


def calls_of(webhook: Webhook) -> QuerySet[WebhookCall]:
    """What became of its events, the latest first; 1 query."""
    return WebhookCall.objects.filter(webhook=webhook).order_by("-at", "-pk")


def due_webhooks(at: datetime) -> QuerySet[Webhook]:
    """The webhooks that may be told something, those that fail last."""
    on = Webhook.objects.filter(disabled_at=None).select_related("workspace")
    ready = on.exclude(next_try_at__gt=at).exclude(leased_until__gte=at)
    return ready.order_by("tries", "pk")


def next_events(webhook: Webhook, *, until: int, most: int) -> list[Event]:
    """What it is to be told next, in the order of the log, up to the event `until`; 1 query."""
    rows = Event.objects.filter(
        workspace_id=webhook.workspace_id, pk__gt=webhook.told_until, pk__lte=until
    )
    if webhook.groups:
        rows = rows.filter(verb__in=verbs_in(webhook.groups))
    if webhook.stream_id is not None:
        rows = rows.filter(stream_id=webhook.stream_id)
    return list(rows.order_by("pk")[:most])


def events_by_id(webhook: Webhook, ids: Sequence[int]) -> dict[int, Event]:
    """Events of the webhook's workspace; 1 query."""
    return Event.objects.filter(workspace_id=webhook.workspace_id).in_bulk(ids)


def first_event_since(workspace: Workspace, at: datetime) -> int:
    """The id before the first event at or after an instant; 1 query."""
    rows = Event.objects.filter(workspace=workspace)
    before = rows.filter(at__lt=at).order_by("-pk").values_list("pk", flat=True).first()
    return before or 0


def newest_event(workspace: Workspace) -> int:
    """The id of the latest event, 0 before the first; 1 query."""
    rows = Event.objects.filter(workspace=workspace).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


def said_of(webhook: Webhook, event: Event) -> Said:
    """An event as the webhook tells it, in the active language."""
    return Said(
        id=f"evt_{webhook.pk}_{event.pk}",
        verb=event.verb,
        sentence=sentence_of(event),
        workspace=webhook.workspace.slug,
        workspace_name=webhook.workspace.name,
        subject=f"{event.subject_type}:{event.subject_id}",
        who=event.by_name,
        at=event.at,
        data=event.data,
        event=event.pk,
    )


def said_as_test(webhook: Webhook, at: datetime) -> Said:
    """A message that shows that the way is open; it stands for no event."""
    return Said(
        id=f"test_{webhook.pk}_{int(at.timestamp())}",
        verb="webhook.test",
        sentence=gettext("This is a test of the webhook %(name)s.") % {"name": webhook.name},
        workspace=webhook.workspace.slug,
        workspace_name=webhook.workspace.name,
        subject=f"workspaces.webhook:{webhook.pk}",
        who="",
        at=at,
        data={},
        event=0,
    )
