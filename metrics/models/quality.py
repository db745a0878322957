"""Trust in the numbers: what was judged about findings, and which facts do not count and why."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from metrics.models.definitions import Metric
from metrics.models.imports import Source
from metrics.rules.uniques import LONGEST_RECIPIENT
from workspaces.models import Membership, Workspace, WorkspaceOwned


class Dismissal(WorkspaceOwned):
    """Somebody has looked at a finding and does not want to see it, for a reason, until a day."""

    finding = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    about = models.CharField(max_length=300)
    reason = models.CharField(_("reason"), max_length=500)
    until = models.DateField(_("until"), null=True)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "finding"],
                name="one_dismissal_per_finding",
                violation_error_message=_("This finding is dismissed already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding}: {self.reason}"


class Exclusion(WorkspaceOwned):
    """A rule by which facts of a metric do not count; they are kept and can come back.

    All conditions that are given must hold: the source; one dimension's value ("": those without);
    one `person`, by the id that the files know it by; a value more than `factor` times the median,
    which makes the scaled `limit`. With `trusted` every source but that one is left out.
    `applied_revision` is the metric's revision up to which the rule was applied; the job compares
    it. A rule that was revoked stays as a record.
    """

    metric = models.ForeignKey(Metric, models.CASCADE, related_name="+")
    source = models.ForeignKey(Source, models.CASCADE, null=True, related_name="+")
    trusted = models.ForeignKey(Source, models.CASCADE, null=True, related_name="+")
    dim = models.CharField(max_length=63, blank=True)
    dim_value = models.CharField(max_length=200, blank=True)
    person = models.CharField(max_length=LONGEST_RECIPIENT, blank=True)
    factor = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    limit = models.BigIntegerField(null=True)
    reason = models.CharField(_("reason"), max_length=500)
    applied_revision = models.BigIntegerField(default=-1)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["metric"],
                condition=models.Q(trusted__isnull=False, revoked_at__isnull=True),
                name="one_trusted_source_per_metric",
                violation_error_message=_("This metric has a trusted source already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric_id}: {self.reason}"


class ExcludedFact(models.Model):
    """Where a fact stood that an exclusion took out; the history of its run says what it was.

    `keyed` says that its key was noted: without that note it has been withdrawn since.
    """

    exclusion = models.ForeignKey(Exclusion, models.CASCADE, related_name="facts")
    series_id = models.IntegerField()
    day = models.DateField()
    khash = models.BigIntegerField()
    run_id = models.IntegerField()
    keyed = models.BooleanField(default=False)
    excluded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series_id", "day", "khash"],
                name="one_excluded_fact_per_place",
                violation_error_message=_("This observation is excluded already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.day}"


class EndedFeed(WorkspaceOwned):
    """Somebody has said that a source is not expected to send a metric any more."""

    metric = models.ForeignKey(Metric, models.CASCADE, related_name="+")
    source = models.ForeignKey(Source, models.CASCADE, related_name="+")
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["metric", "source"],
                name="one_end_per_feed",
                violation_error_message=_("This source is not expected to send it any more."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} sends no {self.metric_id}"


class Lapse(WorkspaceOwned):
    """One time that data of a metric were late, from when the clock saw it until they came.

    `source` is who should have sent, `until` the last day with data, `state` late or stale.
    """

    metric = models.ForeignKey(Metric, models.CASCADE, related_name="+")
    source = models.ForeignKey(Source, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=5)
    until = models.DateField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["metric"],
                condition=models.Q(closed_at__isnull=True),
                name="one_open_lapse_per_metric",
                violation_error_message=_("This metric is late already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric_id} {self.state} since {self.until}"


class SourceHealth(models.Model):
    """By which day and numbers the clock last looked for what is late."""

    workspace = models.OneToOneField(Workspace, models.CASCADE, primary_key=True, related_name="+")
    checked_on = models.DateField()
    revision = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.workspace_id} on {self.checked_on}"
