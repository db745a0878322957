"""Where observations come from: sources, and the runs that brought them in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.models import Membership, WorkspaceOwned

STABLE, MAY_MOVE = "stable", "may_move"
FETCHED = "connector"  # the kind of the runs by which sources are fetched
NEVER_STORED = ("uploaded", "checking", "checked", "waiting", "refused", "failed", "cancelled")
CHANGED = models.Q(new__gt=0) | models.Q(changed__gt=0) | models.Q(details__withdrawn__gt=0)
STATE_WORDS = {
    "uploaded": _("Uploaded"),
    "checking": _("Being checked"),
    "checked": _("Checked, not stored"),
    "waiting": _("Waiting"),
    "running": _("Being imported"),
    "cancelling": _("Being taken back"),
    "fetching": _("Being fetched"),
    "undoing": _("Being undone"),
    "undone": _("Undone, taken back"),
    "done": _("Imported"),
    "refused": _("Rows rejected, nothing stored"),
    "failed": _("Failed, nothing stored"),
    "cancelled": _("Cancelled, nothing stored"),
}


class Source(WorkspaceOwned):
    """A system that sends facts; `may_move` says that its keys can reappear on another day.

    `cadence_days` and `lag_days` say how often it is expected to send, and how late; without a
    cadence it is learned from the data, and one of 0 says that it is not expected to send any more.
    """

    id = models.SmallAutoField(primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    keys = models.CharField(
        max_length=8,
        choices=[(STABLE, _("Keys stay where they are")), (MAY_MOVE, _("Keys may move"))],
        default=STABLE,
    )
    cadence_days = models.PositiveSmallIntegerField(_("expected every"), null=True)
    lag_days = models.PositiveSmallIntegerField(_("usual lag"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                name="one_source_per_name",
                violation_error_message=_("A source of this name exists."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ImportRun(WorkspaceOwned):
    """One run of bringing observations in: a file, a REST batch, a form, another app.

    `created_at` is since when its facts were known. `state` of anything but a file is "done" from
    the start; a file's run goes through the states of operations.imports. One of the kind FETCHED
    is "fetching" until its fetch has ended; its `details` name that connector and fetch.
    """

    id = models.AutoField(primary_key=True)
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, default="rest")
    state = models.CharField(max_length=12, default="done")
    file_name = models.CharField(max_length=255, blank=True)
    file = models.CharField(max_length=255, blank=True)
    file_bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    mapping_sha256 = models.CharField(max_length=64, blank=True)
    skip_bad_rows = models.BooleanField(default=False)
    details = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True)
    rows_total = models.BigIntegerField(default=0)
    rows_done = models.BigIntegerField(default=0)
    checkpoint = models.BigIntegerField(default=0)
    received = models.BigIntegerField(default=0)
    new = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "-id"], name="import_by_workspace"),
            models.Index(fields=["workspace", "sha256"], name="import_by_file"),
            models.Index(
                fields=["state"], name="import_waiting", condition=~models.Q(state="done")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def state_word(self) -> str:
        """The state as people read it."""
        return str(STATE_WORDS[self.state])

    @property
    def is_fetched(self) -> bool:
        """Whether a source was fetched, and no file was brought."""
        return self.kind == FETCHED

    @property
    def title(self) -> str:
        """What it is called: its file, or its source."""
        return self.file_name or (self.source.name if self.source else "")
