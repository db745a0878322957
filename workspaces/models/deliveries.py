"""The outbox: mails that are to be sent, one row for each."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.models.people import User
from workspaces.rules.notices import Channel

WAITING, SENDING, SENT, DROPPED, DEAD = "waiting", "sending", "sent", "dropped", "dead"
OPEN = (WAITING, SENDING)


class Delivery(models.Model):
    """One mail to one person, of notices that go out at once or the digest of a local day.

    It belongs to a person, not to a workspace: a person has one morning. `key` is the same at each
    try and makes the Message-ID, so that a mail that was sent twice is seen as one. Who holds the
    lease and the version sends it.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    channel = models.CharField(max_length=10)
    day = models.DateField(null=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    state = models.CharField(max_length=10, default=WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    starts = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    send_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "day"],
                name="one_digest_per_person_and_day",
                violation_error_message=_("This person has had a digest for this day."),
            ),
            models.CheckConstraint(
                condition=models.Q(channel=Channel.DIGEST.value, day__isnull=False)
                | models.Q(channel=Channel.MAIL.value, day__isnull=True),
                name="digest_has_a_day",
                violation_error_message=_("A digest is of a day, another mail is not."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["send_at"],
                name="delivery_open",
                condition=models.Q(state__in=OPEN),
            ),
            models.Index(fields=["user", "-made_at"], name="delivery_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} to {self.user_id}: {self.state}"
