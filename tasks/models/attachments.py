"""Files and links that belong to a card; a file keeps all of its versions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tasks.models.cards import Card
from tasks.models.comments import BY_NAME_LENGTH
from workspaces.models import Membership, WorkspaceOwned

FILE_NAME_LENGTH = 200
ADDRESS_LENGTH = 2000
STORED_LENGTH = 120


class Attachment(WorkspaceOwned):
    """A file, or a link where it has an `address`; in the trash since `trashed_at`."""

    card = models.ForeignKey(Card, models.CASCADE, related_name="attachments", db_index=False)
    name = models.CharField(_("name"), max_length=FILE_NAME_LENGTH)
    address = models.CharField(_("address"), max_length=ADDRESS_LENGTH, blank=True)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=BY_NAME_LENGTH)
    at = models.DateTimeField()
    trashed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="attachment_has_a_name",
                violation_error_message=_("An attachment needs a name."),
            ),
        ]
        indexes = [
            models.Index(fields=["card", "trashed_at"], name="attachment_by_card"),
            models.Index(
                fields=["trashed_at"],
                name="attachment_in_the_trash",
                condition=models.Q(trashed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def was(self) -> str:
        """The name that somebody sees who renames it."""
        return self.name

    @property
    def is_link(self) -> bool:
        """Whether it only says where something is."""
        return bool(self.address)


class AttachmentVersion(WorkspaceOwned):
    """The bytes of a file as they came once: under a name of our own, below MEDIA_ROOT.

    `content_type` is what the bytes say that they are, "" where that is nothing we know. What can
    be shown has the size of its picture in pixels; pictures to show are `file` with an ending.
    `lost_at` says since when the bytes are missing on the disk.
    """

    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=FILE_NAME_LENGTH)
    file = models.CharField(max_length=STORED_LENGTH, unique=True)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=60, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=BY_NAME_LENGTH)
    at = models.DateTimeField()
    lost_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attachment", "number"],
                name="one_attachment_version_per_number",
                violation_error_message=_("There is a version of this number."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"

    @property
    def is_picture(self) -> bool:
        """Whether it is shown as a picture."""
        return self.width is not None
