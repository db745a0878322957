"""Files and links on cards: they come, get newer versions, go to the trash and out of it."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from tasks.models import Attachment, AttachmentVersion, Card
from tasks.models.attachments import ADDRESS_LENGTH, FILE_NAME_LENGTH
from tasks.operations.approvals import void_approvals
from tasks.operations.cards import TRASH_LASTS
from tasks.operations.comments import refuse_put_away
from tasks.operations.files import (
    FOLDER,
    Stored,
    Upload,
    discard,
    path_of,
    refuse_over_quota,
    store,
)
from tasks.operations.telling import tell_card
from tasks.rules.files import clean_name, is_address, link_name
from tasks.verbs import FILE_ADDED, FILE_RENAMED, FILE_RENEWED, FILE_RESTORED, FILE_TRASHED
from workspaces.models import Membership
from workspaces.operations.texts import refuse_long
from workspaces.rules.errors import Refused, Stale

MOST_ATTACHMENTS = 200  # of a card, without those in the trash
MOST_VERSIONS = 100  # of one file
SETTLED = timedelta(hours=1)  # after that no upload is still on its way
BATCH = 500


def attach_file(card: Card, *, upload: Upload, by: Membership, at: datetime) -> Attachment:
    """Keep a file on the card; TooLarge beyond the limit of a file or of the workspace."""
    refuse_put_away(card)
    stored = store(card.workspace_id, upload)
    try:
        return _attach(card, stored, by=by, at=at)
    except BaseException:
        discard(stored.file)
        raise


def add_version(
    attachment: Attachment, *, upload: Upload, by: Membership, at: datetime
) -> AttachmentVersion:
    """Keep a newer version of a file beside the older ones."""
    if attachment.is_link:
        raise Refused(_("A link has no versions."), code="link")
    refuse_put_away(attachment.card)
    stored = store(attachment.workspace_id, upload)
    try:
        return _renew(attachment, stored, by=by, at=at)
    except BaseException:
        discard(stored.file)
        raise


@transaction.atomic
def attach_link(card: Card, *, name: str, address: str, by: Membership, at: datetime) -> Attachment:
    """Keep on the card where something is; only https leads out."""
    refuse_put_away(card)
    address = address.strip()
    refuse_long(ADDRESS_LENGTH, address=address)
    if not is_address(address):
        message = _("A link begins with https:// and holds no space.")
        raise Refused(message, code="not_a_link", field="address")
    shown = link_name(name) or clean_name(address.partition("//")[2].rstrip("/"))
    return _add(card, name=shown or _("Link"), address=address, by=by, at=at)


@transaction.atomic
def rename_attachment(
    attachment: Attachment, *, name: str, was: str, by: Membership, at: datetime
) -> Attachment:
    """Call it otherwise on its card; each version keeps the name under which it came.

    `was` is the name that was seen: Stale if it has another one meanwhile.
    """
    refuse_put_away(attachment.card)
    now = Attachment.objects.select_for_update(no_key=True).get(pk=attachment.pk)
    if now.trashed_at is not None:
        raise Refused(_("This file is in the trash."), code="trashed")
    if now.name != was:
        raise Stale(_("Somebody renamed this file meanwhile."), current=now)
    refuse_long(FILE_NAME_LENGTH, name=name.strip())
    clean = link_name(name) if now.address else clean_name(name.replace("/", " "))
    if not clean:
        raise Refused(_("An attachment needs a name."), code="required", field="name")
    if clean == was:
        return now
    now.name = clean
    now.save(update_fields=["name"])
    tell_card(FILE_RENAMED, now.card, by=by, at=at, **_told(now), was=was)
    return now


@transaction.atomic
def trash_attachment(attachment: Attachment, *, by: Membership, at: datetime) -> Attachment:
    """Take it off the card into the trash, from where it can be taken back for TRASH_LASTS."""
    trashed = Attachment.objects.filter(pk=attachment.pk, trashed_at=None).update(trashed_at=at)
    if trashed:
        tell_card(FILE_TRASHED, attachment.card, by=by, at=at, **_told(attachment))
    attachment.refresh_from_db()
    return attachment


@transaction.atomic
def restore_attachment(attachment: Attachment, *, by: Membership, at: datetime) -> Attachment:
    """Put it back on its card."""
    _refuse_many(attachment.card)
    there = Attachment.objects.filter(pk=attachment.pk, trashed_at__isnull=False)
    if there.update(trashed_at=None):
        tell_card(FILE_RESTORED, attachment.card, by=by, at=at, **_told(attachment))
    attachment.refresh_from_db()
    return attachment


def tidy_files(*, at: datetime) -> int:
    """Empty the trash, remove files that no row tells of, mark rows whose file is missing.

    What came within the last hour is left alone: it may be on its way.
    """
    return _empty_trash(at) + _remove_unknown(at) + _mark_lost(at)


@transaction.atomic
def _attach(card: Card, stored: Stored, *, by: Membership, at: datetime) -> Attachment:
    refuse_over_quota(card.workspace_id, stored.size)
    attachment = _add(card, name=stored.name, by=by, at=at)
    _write_version(attachment, stored, 1, by=by, at=at)
    return attachment


@transaction.atomic
def _renew(
    attachment: Attachment, stored: Stored, *, by: Membership, at: datetime
) -> AttachmentVersion:
    refuse_over_quota(attachment.workspace_id, stored.size)
    now = Attachment.objects.select_for_update(no_key=True).get(pk=attachment.pk)
    if now.trashed_at is not None:
        raise Refused(_("This file is in the trash."), code="trashed")
    newest = now.versions.order_by("-number").first()
    number = newest.number + 1 if newest else 1
    if number > MOST_VERSIONS:
        message = _("A file has at most %(count)d versions.") % {"count": MOST_VERSIONS}
        raise Refused(message, code="too_many", field="file")
    if newest is None or now.name == newest.name:  # a name that somebody gave it stays
        now.name = stored.name
        now.save(update_fields=["name"])
    version = _write_version(now, stored, number, by=by, at=at)
    tell_card(FILE_RENEWED, now.card, by=by, at=at, **_told(now), number=number)
    void_approvals(now.card, now, by=by, at=at)
    return version


def _add(card: Card, *, name: str, address: str = "", by: Membership, at: datetime) -> Attachment:
    _refuse_many(card)
    attachment = Attachment.objects.create(
        workspace_id=card.workspace_id,
        card=card,
        name=name,
        address=address,
        by=by,
        by_name=by.user.display_name,
        at=at,
    )
    tell_card(FILE_ADDED, card, by=by, at=at, **_told(attachment))
    return attachment


def _write_version(
    attachment: Attachment, stored: Stored, number: int, *, by: Membership, at: datetime
) -> AttachmentVersion:
    return AttachmentVersion.objects.create(
        workspace_id=attachment.workspace_id,
        attachment=attachment,
        number=number,
        **vars(stored),
        by=by,
        by_name=by.user.display_name,
        at=at,
    )


def _refuse_many(card: Card) -> None:
    if Attachment.objects.filter(card=card, trashed_at=None).count() >= MOST_ATTACHMENTS:
        message = _("A card takes at most %(count)d attachments.") % {"count": MOST_ATTACHMENTS}
        raise Refused(message, code="too_many", field="file")


def _told(attachment: Attachment) -> dict[str, object]:
    card = attachment.card
    return {"attachment_id": attachment.pk, "file": attachment.name, "title": card.title}


@transaction.atomic
def _empty_trash(at: datetime) -> int:
    """Delete what has been in the trash long enough; its files are found by the next step."""
    old = Attachment.objects.filter(trashed_at__lte=at - TRASH_LASTS).order_by("pk")[:BATCH]
    rows = Attachment.objects.filter(pk__in=list(old.values_list("pk", flat=True)))
    count = rows.count()
    rows.delete()
    return count


def _remove_unknown(at: datetime) -> int:
    """Remove files below the folder that no version tells of."""
    count = 0
    for folder in _folders():
        old = [path for path in folder.iterdir() if _is_settled(path, at)]
        names = {f"{FOLDER}/{folder.name}/{path.name.partition('.')[0]}" for path in old}
        known = _known(names)
        for path in old:
            if f"{FOLDER}/{folder.name}/{path.name.partition('.')[0]}" not in known:
                path.unlink(missing_ok=True)
                count += 1
    return count


def _known(names: set[str]) -> set[str]:
    """Those of the stored names that a version tells of."""
    found: set[str] = set()
    every = sorted(names)
    for first in range(0, len(every), BATCH):
        some = every[first : first + BATCH]
        rows = AttachmentVersion.objects.filter(file__in=some)
        found |= set(rows.values_list("file", flat=True))
    return found


def _mark_lost(at: datetime) -> int:
    """Say which versions have lost their file, and which have it again."""
    count = 0
    settled = AttachmentVersion.objects.filter(at__lte=at - SETTLED)
    for pk, file, lost_at in settled.values_list("pk", "file", "lost_at").iterator():
        is_there = path_of(file).exists()
        if is_there == (lost_at is not None):
            lost = None if is_there else at
            AttachmentVersion.objects.filter(pk=pk).update(lost_at=lost)
            count += 1
    return count


def _folders() -> list[Path]:
    root = Path(settings.MEDIA_ROOT) / FOLDER
    return [path for path in root.iterdir() if path.is_dir()] if root.is_dir() else []


def _is_settled(path: Path, at: datetime) -> bool:
    try:
        return at.timestamp() - path.stat().st_mtime > SETTLED.total_seconds()
    except FileNotFoundError:
        return False
