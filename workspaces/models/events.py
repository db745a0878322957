"""What happened: the event log. Written by operations.recording, read by queries.events."""

from django.db import models

from workspaces.models.streams import Stream
from workspaces.models.workspaces import Membership, WorkspaceOwned


class Event(WorkspaceOwned):
    """One thing that one member did, or that the clock did, to one subject; never changed.

    What belongs to a stream gets its number there once it has been committed: see streams.
    """

    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    stream = models.ForeignKey(Stream, models.SET_NULL, null=True, related_name="+", db_index=False)
    seq = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="one_event_per_number"),
        ]
        indexes = [
            models.Index(
                fields=["stream", "id"],
                name="event_without_number",
                condition=models.Q(seq=None, stream__isnull=False),
            ),
            models.Index(fields=["workspace", "-id"], name="event_by_workspace"),
            models.Index(fields=["subject_type", "subject_id", "-id"], name="event_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type}:{self.subject_id}"
