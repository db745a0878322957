"""Attachments as a card and their own pages show them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, QuerySet

from tasks.models import Attachment, AttachmentVersion, Card
from tasks.rules.files import TEXT

FIRST_LINES = 200
FIRST_BYTES = 64 * 1024


@dataclass(frozen=True)
class FileView:
    """An attachment with its versions, newest first; a link has none."""

    attachment: Attachment
    versions: Sequence[AttachmentVersion]

    @property
    def newest(self) -> AttachmentVersion | None:
        """What is shown and downloaded."""
        return self.versions[0] if self.versions else None


@dataclass(frozen=True)
class TextPreview:
    """The first lines of a text; `is_cut` where more follow."""

    text: str
    is_cut: bool


def reachable(workspace_id: int) -> QuerySet[Attachment]:
    """The attachments that can be opened: neither they nor their cards are in the trash."""
    rows = Attachment.objects.filter(workspace_id=workspace_id, trashed_at=None)
    return rows.filter(card__trashed_at=None).select_related("card__board", "by__user")


def files_of(card: Card) -> list[FileView]:
    """What is attached to the card, oldest first; 2 queries."""
    rows = Attachment.objects.filter(card=card, trashed_at=None).select_related("by__user")
    return [view_file(row) for row in rows.prefetch_related("versions__by__user").order_by("pk")]


def view_file(attachment: Attachment) -> FileView:
    """One attachment; 1 query where its versions are not fetched yet."""
    versions = sorted(attachment.versions.all(), key=lambda version: -version.number)
    return FileView(attachment, versions)


def first_lines(version: AttachmentVersion) -> TextPreview | None:
    """The start of a file that is plain text; None for anything else."""
    if version.content_type != TEXT or version.lost_at:
        return None
    try:
        with (settings.MEDIA_ROOT / version.file).open("rb") as file:
            head = file.read(FIRST_BYTES)
    except OSError:
        return None
    lines = head.decode("utf-8", "ignore").splitlines()
    is_cut = len(lines) > FIRST_LINES or version.size > FIRST_BYTES
    return TextPreview("\n".join(lines[:FIRST_LINES]), is_cut)


def attachments_on(card_ids: Collection[int]) -> dict[int, int]:
    """How many attachments each of the cards has that has any; 1 query."""
    rows = Attachment.objects.filter(card__in=card_ids, trashed_at=None)
    return dict(rows.order_by().values_list("card_id").annotate(count=Count("pk")))
