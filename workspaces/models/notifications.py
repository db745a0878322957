"""What a member is told: one row for each person and thing, read or not."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.models.deliveries import Delivery
from workspaces.models.workspaces import Membership, WorkspaceOwned
from workspaces.rules.notices import Channel


class Notification(WorkspaceOwned):
    """One thing that one member is told once; its sentence is that of the verb.

    `occasion` tells two times of the same thing apart. What is part of a `bundle` stands below that
    notification, and is not counted beside it. `count` says how often it happened, and the rest of
    the row tells of the last time. `in_app`, `by_mail` and `in_digest` are the ways that the member
    wanted; `mail` and `digest` the mails that took it. `place` is the board it belongs to, if any.
    """

    member = models.ForeignKey(Membership, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=30)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    occasion = models.CharField(max_length=60, blank=True, default="")
    bundle = models.ForeignKey("self", models.CASCADE, null=True, related_name="parts")
    count = models.PositiveIntegerField(default=1)
    by_name = models.CharField(max_length=120, blank=True)
    data = models.JSONField(default=dict)
    link = models.CharField(max_length=300, blank=True)
    place_type = models.CharField(max_length=40, blank=True, default="")
    place_id = models.BigIntegerField(default=0)
    place_name = models.CharField(max_length=120, blank=True, default="")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    in_app = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=False)
    in_digest = models.BooleanField(default=False)
    mail = models.ForeignKey(Delivery, models.SET_NULL, null=True, related_name="mailed")
    digest = models.ForeignKey(Delivery, models.SET_NULL, null=True, related_name="digested")

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
                condition=models.Q(read_at__isnull=True, in_app=True),
            ),
            models.Index(
                fields=["subject_id", "member"],
                name="notification_standing",
                condition=models.Q(read_at__isnull=True),
            ),
            models.Index(
                fields=["member", "at"],
                name="notification_for_digest",
                condition=models.Q(in_digest=True, digest__isnull=True, read_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} to {self.member_id}"


class NoticePreference(WorkspaceOwned):
    """Whether a member wants notices of a kind on one way; without a row it is as usual.

    With a `place` it is said of what belongs to that board alone, and goes before what is said of
    the kind.
    """

    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    channel = models.CharField(max_length=10, default=Channel.IN_APP.value)
    place_type = models.CharField(max_length=40, blank=True, default="")
    place_id = models.BigIntegerField(default=0)
    wanted = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind", "channel", "place_type", "place_id"],
                name="one_preference_per_kind",
                violation_error_message=_("This preference exists."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.member_id}: {self.wanted}"
