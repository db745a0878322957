"""When people work."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.models.workspaces import WorkspaceOwned

NAME_LENGTH = 80


class Calendar(WorkspaceOwned):
    """Working hours of each weekday where somebody lives, and their holidays.

    `week` has seven lists, Monday first, of [start, end] in minutes since local midnight.
    """

    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    timezone = models.CharField(_("time zone"), max_length=64)
    week: Any = models.JSONField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                name="one_calendar_per_name",
                violation_error_message=_("A calendar of this name exists."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Holiday(WorkspaceOwned):
    """A day on which nobody of a calendar works."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="holidays", db_index=False)
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=NAME_LENGTH, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "day"],
                name="one_holiday_a_day",
                violation_error_message=_("This day is a holiday already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}".strip()
