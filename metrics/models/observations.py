"""The facts: series, observations, their history, and the marks that say what is to be rolled up.

Layout and reasons: performance.md 7. Facts have no foreign keys in the database (they cost five
times the speed); operations.series and operations.storing guarantee that what they name exists.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from metrics.models.definitions import Metric
from metrics.rules.uniques import LONGEST_RECIPIENT
from workspaces.models import Workspace, WorkspaceOwned


class Series(models.Model):
    """One metric with one set of dimension values; `{}` are facts without dimensions.

    It outlives its metric until all that names it is gone: see operations.purging.
    """

    id = models.AutoField(primary_key=True)
    metric = models.ForeignKey(
        Metric, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    dims = models.JSONField(default=dict)
    dims_hash = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["metric", "dims_hash"],
                name="one_series_per_dims",
                violation_error_message=_("This series exists."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric_id} {self.dims}"


class Observation(models.Model):
    """One fact: the scaled value of a series on a day, under the hash of its source and key.

    `span` is how many days the value covers that was put on the last of them; 0 says that the
    value is a person: a Recipient's id, or the hash of an id that is not kept.
    """

    pk = models.CompositePrimaryKey("series_id", "day", "khash")
    khash = models.BigIntegerField()
    value = models.BigIntegerField()
    series = models.ForeignKey(
        Series, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    day = models.DateField()
    import_id = models.IntegerField()
    source = models.SmallIntegerField()
    span = models.SmallIntegerField(default=1)

    class Meta:
        verbose_name = _("observation")

    def __str__(self) -> str:
        return f"{self.series_id} {self.day}: {self.value}"


class ObservationHistory(models.Model):
    """A fact as it was known between two instants, and which run put another in its place."""

    series_id = models.IntegerField()
    day = models.DateField()
    khash = models.BigIntegerField()
    value = models.BigIntegerField()
    source = models.SmallIntegerField()
    import_id = models.IntegerField()
    replaced_by = models.IntegerField()
    known_from = models.DateTimeField()
    known_to = models.DateTimeField()
    reason = models.CharField(max_length=10)
    span = models.SmallIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["series_id", "day"], name="history_by_place"),
            models.Index(fields=["replaced_by"], name="history_by_run"),
            models.Index(fields=["khash"], name="history_by_key"),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.day}: {self.value} until {self.known_to}"


class Recipient(WorkspaceOwned):
    """Somebody who is counted: the small number that stands for an id of the outside."""

    id = models.AutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    external_id = models.CharField(max_length=LONGEST_RECIPIENT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "external_id"],
                name="one_recipient_per_id",
                violation_error_message=_("This person is known already."),
            ),
        ]

    def __str__(self) -> str:
        return f"recipient {self.pk}"


class Purge(models.Model):
    """A metric that was deleted, of which series, facts or rollups may still be there."""

    metric_id = models.BigIntegerField(unique=True)
    workspace_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("purge")

    def __str__(self) -> str:
        return f"what is left of metric {self.metric_id}"


class KeyPlace(models.Model):
    """Where the fact of a key stands now; kept for sources whose keys may move to another day."""

    pk = models.CompositePrimaryKey("metric_id", "source", "khash")
    metric = models.ForeignKey(
        Metric, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    source = models.SmallIntegerField()
    khash = models.BigIntegerField()
    series_id = models.IntegerField()
    day = models.DateField()

    class Meta:
        verbose_name = _("place of a key")

    def __str__(self) -> str:
        return f"{self.metric_id}/{self.source}/{self.khash}"


class DirtyMark(models.Model):
    """Append-only: facts of this series changed in this ISO week and are not rolled up yet."""

    series = models.ForeignKey(Series, models.DO_NOTHING, related_name="+", db_constraint=False)
    week = models.DateField()

    class Meta:
        verbose_name = _("dirty mark")

    def __str__(self) -> str:
        return f"{self.series_id} {self.week}"


class TotalMark(models.Model):
    """Append-only: rollups of this metric's series changed in this ISO week, totals not yet."""

    metric = models.ForeignKey(Metric, models.DO_NOTHING, related_name="+", db_constraint=False)
    week = models.DateField()

    class Meta:
        verbose_name = _("mark of a total")

    def __str__(self) -> str:
        return f"{self.metric_id} {self.week}"
