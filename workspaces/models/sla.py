"""What two parties promise each other, and how promptly it is kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workspaces.models.stakeholders import Stakeholder
from workspaces.models.workspaces import Membership, WorkspaceOwned
from workspaces.rules.sla import Clock, Counts, Deadline, Side

TEXT_LENGTH = 2000
WORDS_LENGTH = 200
STAGE_LENGTH = 60
SIDE_CHOICES = [
    (Side.PROVIDER.value, _("The first party")),
    (Side.RECEIVER.value, _("The second party")),
]
COUNTS_CHOICES = [
    (Counts.BOTH.value, _("Only while both parties work")),
    (Counts.PROMISER.value, _("While the party that promised works")),
]


class Sla(WorkspaceOwned):
    """An agreement of two stakeholders in which each side may promise."""

    name = models.CharField(_("name"), max_length=120)
    provider = models.ForeignKey(
        Stakeholder, models.PROTECT, related_name="+", verbose_name=_("first party")
    )
    receiver = models.ForeignKey(
        Stakeholder, models.PROTECT, related_name="+", verbose_name=_("second party")
    )
    counts = models.CharField(max_length=8, choices=COUNTS_CHOICES, default=Counts.BOTH.value)
    starts_on = models.DateField(_("from"))
    expectations = models.TextField(_("expectations"), max_length=TEXT_LENGTH, blank=True)
    version = models.PositiveIntegerField(default=1)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(provider=models.F("receiver")),
                name="sla_has_two_parties",
                violation_error_message=_("Nobody agrees with themselves: choose two parties."),
            ),
            models.UniqueConstraint(
                fields=["workspace", "name"],
                condition=models.Q(ended_at=None),
                name="one_sla_per_name",
                violation_error_message=_("An agreement of this name exists."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def party(self, side: str) -> Stakeholder:
        """Who stands on a side."""
        return self.provider if side == Side.PROVIDER.value else self.receiver


class SlaPromise(WorkspaceOwned):
    """A deliverable that one side owes the other, and within how much working time it answers."""

    sla = models.ForeignKey(Sla, models.CASCADE, related_name="promises")
    side = models.CharField(_("who promises"), max_length=8, choices=SIDE_CHOICES)
    deliverable = models.CharField(_("deliverable"), max_length=WORDS_LENGTH)
    quality = models.TextField(_("quality"), max_length=TEXT_LENGTH, blank=True)
    mitigation = models.TextField(_("if it fails"), max_length=TEXT_LENGTH, blank=True)
    response_minutes = models.PositiveIntegerField(_("response time"), null=True)
    version = models.PositiveIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(response_minutes=None) | models.Q(response_minutes__gt=0),
                name="sla_response_takes_time",
                violation_error_message=_("A response time is more than nothing."),
            ),
        ]

    def __str__(self) -> str:
        return self.deliverable

    @property
    def response_seconds(self) -> int | None:
        """The working time of an answer in seconds, as durations are written."""
        return None if self.response_minutes is None else self.response_minutes * 60

    @property
    def promiser(self) -> Stakeholder:
        """Who owes it."""
        return self.sla.party(self.side)

    @property
    def promisee(self) -> Stakeholder:
        """Who gets it."""
        one = Side.RECEIVER if self.side == Side.PROVIDER.value else Side.PROVIDER
        return self.sla.party(one.value)


class SlaClock(WorkspaceOwned):
    """One answer that is owed: from when the clock started until it was stopped.

    `due_at` and `warn_at` follow from the calendars; they are None while a pause hides them, and
    stay as they are once the clock is stopped or late, whatever becomes of the calendars.
    """

    promise = models.ForeignKey(SlaPromise, models.CASCADE, related_name="clocks")
    subject = models.CharField(_("subject"), max_length=WORDS_LENGTH)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    promised_minutes = models.PositiveIntegerField()
    paused_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)
    reason = models.TextField(_("reason"), max_length=TEXT_LENGTH, blank=True)
    mitigation = models.TextField(_("mitigation"), max_length=TEXT_LENGTH, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stopped_at=None)
                | models.Q(stopped_at__gte=models.F("started_at"), paused_at=None),
                name="sla_clock_stops_after_it_starts",
                violation_error_message=_("A clock stops after it starts."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["warn_at"],
                condition=models.Q(stopped_at=None, broken_at=None),
                name="sla_clock_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def clock(self) -> Clock:
        """What its state follows from."""
        deadline = Deadline(self.due_at, self.warn_at)
        return Clock(deadline, self.stopped_at, self.paused_at is not None)


class SlaPause(WorkspaceOwned):
    """A time in which a clock did not run; the one that goes on is the clock's `paused_at`."""

    clock = models.ForeignKey(SlaClock, models.CASCADE, related_name="pauses")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=WORDS_LENGTH, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clock"],
                condition=models.Q(until=None),
                name="one_open_pause_per_clock",
                violation_error_message=_("This clock is paused."),
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="sla_pause_runs_forward",
                violation_error_message=_("A pause ends after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.since} – {self.until or ''}"


class Assurance(WorkspaceOwned):
    """An outcome that both parties want to be sure of at a stage of their work."""

    sla = models.ForeignKey(Sla, models.CASCADE, related_name="assurances")
    place = models.PositiveSmallIntegerField()
    stage = models.CharField(pgettext_lazy("MOps", "stage"), max_length=STAGE_LENGTH, blank=True)
    text = models.CharField(_("outcome"), max_length=WORDS_LENGTH)
    assured_at = models.DateTimeField(null=True)
    assured_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sla", "stage", "text"],
                name="one_assurance_of_a_kind",
                violation_error_message=_("This outcome is there already."),
            ),
        ]

    def __str__(self) -> str:
        return self.text
