"""What the facts add up to: per series, and per metric as a tier of its own."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

from metrics.models.definitions import Metric
from metrics.models.observations import Series


class ExactInteger(models.Field):  # type: ignore[type-arg]
    """A whole number of up to 38 digits: text on SQLite, whose integers end at 2^63."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The column's type."""
        return "numeric(38,0)" if connection.vendor == "postgresql" else "text"

    def from_db_value(self, value: Any, *_rest: object) -> int | None:
        """Whatever the driver hands over, as an int."""
        return None if value is None else int(value)

    def get_db_prep_value(
        self,
        value: Any,
        connection: BaseDatabaseWrapper,
        prepared: bool = False,  # noqa: ARG002, FBT001, FBT002  Django's signature
    ) -> Any:
        """Text for SQLite; PostgreSQL reads a Python int as numeric."""
        if value is None or connection.vendor == "postgresql":
            return value
        return str(value)


class Tier(models.Model):
    """One bucket: how many facts, their sum, least and greatest, and the last day with one."""

    grain = models.SmallIntegerField()
    bucket = models.DateField()
    n = models.BigIntegerField()
    total = ExactInteger()
    vmin = models.BigIntegerField()
    vmax = models.BigIntegerField()
    last_day = models.DateField()

    class Meta:
        abstract = True


class Rollup(Tier):
    """A bucket of one series, for week, month, quarter and year; days are read from the facts."""

    pk = models.CompositePrimaryKey("grain", "series_id", "bucket")
    series = models.ForeignKey(
        Series, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    last_value = models.BigIntegerField()

    class Meta:
        verbose_name = _("rollup")

    def __str__(self) -> str:
        return f"{self.series_id} {self.grain} {self.bucket}: {self.total}"


class MetricRollup(Tier):
    """A bucket of all series of one metric."""

    pk = models.CompositePrimaryKey("grain", "metric_id", "bucket")
    metric = models.ForeignKey(
        Metric, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        verbose_name = _("rollup of a metric")

    def __str__(self) -> str:
        return f"{self.metric_id} {self.grain} {self.bucket}: {self.total}"


class SeriesTally(models.Model):
    """Who was counted in a bucket of one series: day, week and month; see rules.uniques."""

    pk = models.CompositePrimaryKey("grain", "series_id", "bucket")
    grain = models.SmallIntegerField()
    series = models.ForeignKey(
        Series, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    bucket = models.DateField()
    tally = models.BinaryField()

    class Meta:
        verbose_name = _("tally")

    def __str__(self) -> str:
        return f"{self.series_id} {self.grain} {self.bucket}"


class MetricTally(models.Model):
    """Who was counted in a bucket of all series of one metric."""

    pk = models.CompositePrimaryKey("grain", "metric_id", "bucket")
    grain = models.SmallIntegerField()
    metric = models.ForeignKey(
        Metric, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    bucket = models.DateField()
    tally = models.BinaryField()

    class Meta:
        verbose_name = _("tally of a metric")

    def __str__(self) -> str:
        return f"{self.metric_id} {self.grain} {self.bucket}"


class MetricRevision(models.Model):
    """Counts the drains that touched a metric; readers compare it, nobody compares clocks."""

    metric = models.OneToOneField(Metric, models.CASCADE, primary_key=True, related_name="+")
    value = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("revision of a metric")

    def __str__(self) -> str:
        return f"{self.metric_id}: {self.value}"


class Calendar(models.Model):
    """Each day with the starts of its buckets, as far as facts reach; full rebuilds join it."""

    day = models.DateField(primary_key=True)
    week = models.DateField()
    month = models.DateField()
    quarter = models.DateField()
    year = models.DateField()

    class Meta:
        verbose_name = _("day of the calendar")

    def __str__(self) -> str:
        return self.day.isoformat()
