"""Addresses of others that are told what happens, and the log of what was told."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workspaces.models.streams import Stream
from workspaces.models.workspaces import Membership, WorkspaceOwned

NAME_LENGTH = 80
JSON, SLACK, TEAMS = "json", "slack", "teams"
BODY_CHOICES = [
    (JSON, _("JSON, signed")),
    (SLACK, _("Slack, Mattermost")),
    (TEAMS, _("Microsoft Teams")),
]
WAITING, SENT, FAILED = "waiting", "sent", "failed"
STATE_CHOICES = [
    (WAITING, pgettext_lazy("MOps", "waits")),
    (SENT, pgettext_lazy("MOps", "sent")),
    (FAILED, pgettext_lazy("MOps", "failed")),
]


class Webhook(WorkspaceOwned):
    """One address and what it is told; `sealed` holds the address and the secret, encrypted.

    `told_until` is the id of the last event that it has been told or that is not for it; the events
    go out in the order of the log. `groups` are those of the verbs, none of them means all.
    """

    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    host = models.CharField(max_length=255)
    sealed = models.TextField()
    body = models.CharField(max_length=10, choices=BODY_CHOICES, default=JSON)
    groups = models.JSONField(default=list)
    place_type = models.CharField(max_length=40, blank=True, default="")
    place_id = models.BigIntegerField(default=0)
    stream = models.ForeignKey(Stream, models.CASCADE, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    told_until = models.BigIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    lease = models.PositiveIntegerField(default=0)
    disabled_at = models.DateTimeField(null=True)
    disabled_why = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                name="one_webhook_per_name",
                violation_error_message=_("A webhook of this name exists."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WebhookCall(WorkspaceOwned):
    """What became of one event at one webhook; `event_id` 0 is a test.

    With `again_at` somebody wants it told once more, from then on.
    """

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="calls", db_index=False)
    event_id = models.BigIntegerField()
    verb = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=STATE_CHOICES)
    tries = models.PositiveSmallIntegerField(default=1)
    status = models.PositiveSmallIntegerField(null=True)
    fault = models.CharField(max_length=40, blank=True)
    again_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "event_id"],
                name="one_call_per_event",
                violation_error_message=_("This event has been told."),
            ),
        ]
        indexes = [
            models.Index(fields=["webhook", "-at", "-id"], name="webhook_call_latest"),
            models.Index(
                fields=["again_at"],
                name="webhook_call_again",
                condition=models.Q(again_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.webhook_id}: {self.event_id} {self.state}"
