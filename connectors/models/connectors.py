"""Connectors and their fetches: the row of a fetch is the queue, a message only a hint."""

from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _

from connectors.rules.schedules import DAILY, HOURLY
from metrics.models.imports import ImportRun
from workspaces.models import Membership, WorkspaceOwned

LONGEST_NAME = 80
SCHEDULE_CHOICES = [(DAILY, _("Once a day")), (HOURLY, _("Every hour"))]
WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
OPEN = (WAITING, RUNNING)
STATE_WORDS = {
    WAITING: _("Waits"),
    RUNNING: _("Runs"),
    DONE: _("Fetched"),
    FAILED: _("Failed"),
}


class Connector(WorkspaceOwned):
    """Where numbers are fetched from, when, and how it went; its name is that of its source.

    `document` is the description of the kind "custom"; the others are described by MOps. `secrets`
    and `token` are encrypted. `fetched_until` is the last day that has been asked for.
    """

    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    kind = models.CharField(_("kind"), max_length=30)
    document = models.JSONField(default=dict, blank=True)
    params = models.JSONField(default=dict, blank=True)
    secrets = models.TextField(blank=True)
    token = models.TextField(blank=True)
    token_ends = models.DateTimeField(null=True)
    schedule = models.CharField(
        _("schedule"), max_length=6, choices=SCHEDULE_CHOICES, default=DAILY
    )
    local_time = models.TimeField(_("at"), default=time(6))
    skip_bad_rows = models.BooleanField(_("leave out rows that cannot be read"), default=False)
    paused_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True)
    fetched_until = models.DateField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_due_at"],
                name="connector_due",
                condition=models.Q(next_due_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                condition=models.Q(removed_at=None),
                name="one_connector_per_name",
                violation_error_message=_("A source of this name exists."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Fetch(WorkspaceOwned):
    """One run of a connector: due at an instant, once; tried again where the failure may pass.

    `first` to `last` are the days that it asks for, `done_until` the last day that is stored. The
    worker that holds the lease and the version goes on; `not_before` says until when it waits.
    """

    connector = models.ForeignKey(Connector, models.CASCADE, related_name="fetches")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, default=WAITING)
    asked_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, related_name="+")
    attempt = models.PositiveSmallIntegerField(default=0)
    starts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    first = models.DateField(null=True)
    last = models.DateField(null=True)
    done_until = models.DateField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    pages = models.PositiveIntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list, blank=True)
    said = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["not_before"], name="fetch_waiting", condition=models.Q(state__in=OPEN)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["connector", "due_at"],
                name="one_fetch_per_due",
                violation_error_message=_("This fetch exists."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.connector_id} at {self.due_at}"

    @property
    def state_word(self) -> str:
        """The state as people read it."""
        return str(STATE_WORDS[self.state])
