"""What was answered to a request that carried a key, so that its repetition is answered alike."""

from django.db import models

from workspaces.models.workspaces import Membership, WorkspaceOwned


class Receipt(WorkspaceOwned):
    """The answer to one member's request; committed together with what the request did."""

    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    endpoint = models.CharField(max_length=500)
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.TextField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "member", "endpoint", "key"],
                name="one_receipt_per_key",
                violation_error_message="This key was used.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.key}"
