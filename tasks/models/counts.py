"""Work that is counted: which built-in metrics a workspace keeps, and what they were told."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from metrics.models import Metric
from workspaces.models import WorkspaceOwned

KEY_LENGTH = 64


class WorkCount(WorkspaceOwned):
    """A built-in metric that the work feeds, from the day `begins_on` on; it may be switched off.

    While it `is_on` a job compares what it was told (ToldCount) with the work as it is.
    """

    class Kind(models.TextChoices):
        """What is counted."""

        DONE = "done", _("Cards done")
        ON_TIME = "on_time", _("Cards done by their due day")
        KEPT = "kept", _("Promises kept")
        OPEN = "open", _("Open cards")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    metric = models.ForeignKey(Metric, models.CASCADE, related_name="+")
    is_on = models.BooleanField(default=True)
    begins_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "kind"],
                name="one_work_count_of_a_kind",
                violation_error_message=_("This is counted already."),
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class ToldCount(WorkspaceOwned):
    """An observation that the metric has: its key, day and value, and its dimensions as text."""

    count = models.ForeignKey(WorkCount, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=KEY_LENGTH)
    day = models.DateField()
    value = models.PositiveIntegerField()
    dims = models.TextField(max_length=2_000)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["count", "key"],
                name="one_told_count_per_key",
                violation_error_message=_("This was told already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.value} on {self.day}"
