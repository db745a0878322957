"""What a member is told: one row for each person and thing, read or not."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.models.workspaces import Membership, WorkspaceOwned


class Notification(WorkspaceOwned):
    """One thing that one member is told once; its sentence is that of the verb.

    `occasion` tells two times of the same thing apart. What is part of a `bundle` stands below that
    notification, and is not counted beside it.
    """

    member = models.ForeignKey(Membership, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=30)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    occasion = models.CharField(max_length=60, blank=True, default="")
    bundle = models.ForeignKey("self", models.CASCADE, null=True, related_name="parts")
    by_name = models.CharField(max_length=120, blank=True)
    data = models.JSONField(default=dict)
    link = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "verb", "subject_type", "subject_id", "occasion"],
                name="one_notification_per_person_and_thing",
                violation_error_message=_("This person has been told already."),
            ),
        ]
        indexes = [
            models.Index(fields=["member", "-at", "-id"], name="notification_by_member"),
            models.Index(
                fields=["member"],
                name="notification_unread",
                condition=models.Q(read_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} to {self.member_id}"


class NoticePreference(WorkspaceOwned):
    """Whether a member wants notices of a kind; without a row they do."""

    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    wanted = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind"],
                name="one_preference_per_kind",
                violation_error_message=_("This preference exists."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.member_id}: {self.wanted}"
