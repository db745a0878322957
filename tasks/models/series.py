"""Work that comes back: the card that a series makes, and the days on which it does."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goals.models import Goal
from tasks.models.boards import Board, Column
from tasks.models.cards import TEXT_LENGTH, TITLE_LENGTH, Card, Priority
from tasks.rules.recurrence import Kind, OffDay, Pattern
from workspaces.models import Membership, WorkspaceOwned

TROUBLE_LENGTH = 300


class CardSeries(WorkspaceOwned):
    """What a card that comes back says, on which days, and how far that has been seen to.

    A card that is due on a day is made `lead_days` before. Days up to `made_until` have been seen
    to; the next one after it is `next_on`, whose card is made on `make_on` (None: none, or not
    known until the last card is done). `trouble` says why a card that is due cannot be made.
    """

    class CatchUp(models.TextChoices):
        """What is made of days that nobody was there for."""

        LATEST = "latest", _("Only the latest")
        ALL = "all", _("Each one")

    board = models.ForeignKey(Board, models.CASCADE, related_name="+")
    column = models.ForeignKey(Column, models.SET_NULL, null=True, related_name="+")
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    description = models.TextField(_("description"), max_length=TEXT_LENGTH, blank=True)
    assignee = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    goal = models.ForeignKey(Goal, models.SET_NULL, null=True, related_name="+")
    estimate = models.DecimalField(_("estimate"), max_digits=7, decimal_places=2, null=True)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.NONE
    )
    labels = models.JSONField(default=list)
    values = models.JSONField(default=dict)
    checklist = models.JSONField(default=list)
    lead_days = models.PositiveSmallIntegerField(_("days ahead"), default=0)
    pattern: Any = models.JSONField()
    begins_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True)
    count = models.PositiveSmallIntegerField(_("how often"), null=True)
    catch_up = models.CharField(max_length=10, choices=CatchUp.choices, default=CatchUp.LATEST)
    made_until = models.DateField()
    next_on = models.DateField(null=True)
    make_on = models.DateField(null=True)
    paused_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=TROUBLE_LENGTH, blank=True)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "card series"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(title=""),
                name="series_has_a_title",
                violation_error_message=_("A card needs a title."),
            ),
        ]
        indexes = [models.Index(fields=["make_on"], name="series_by_day")]

    def __str__(self) -> str:
        return self.title

    @property
    def days(self) -> Pattern:
        """The pattern as the rules take it."""
        said = self.pattern
        return Pattern(
            kind=Kind(said["kind"]),
            begins=self.begins_on,
            every=said["every"],
            weekdays=tuple(said["weekdays"]),
            day=said["day"],
            place=said["place"],
            until=self.until_on,
            count=self.count,
            off_days=OffDay(said["off_days"]),
            weeks_begin=said["weeks_begin"],
        )

    @property
    def is_running(self) -> bool:
        """Whether it makes cards."""
        return self.paused_at is None and self.stopped_at is None


class SeriesDay(WorkspaceOwned):
    """A day of a series that has been seen to: its card was made, once, or it was left out."""

    class State(models.TextChoices):
        """What became of the day."""

        MADE = "made", pgettext_lazy("MOps", "Made")
        SKIPPED = "skipped", pgettext_lazy("MOps", "Skipped")
        MISSED = "missed", pgettext_lazy("MOps", "Missed")

    series = models.ForeignKey(CardSeries, models.CASCADE, related_name="seen", db_index=False)
    day = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices)
    card = models.ForeignKey(Card, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "day"],
                name="one_card_of_a_series_on_a_day",
                violation_error_message=_("The card of this day was made already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} on {self.day}: {self.state}"
