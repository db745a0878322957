"""Files on the disk: written under names of our own before a row tells of them, removed after.

So a process that dies leaves at most a file without a row, which `tidy` finds.
"""

import hashlib
import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from tasks.models import AttachmentVersion
from tasks.rules.files import HEAD, PICTURES, clean_name, type_of
from tasks.sources.pictures import Excessive, discard_previews, draw_previews
from workspaces.models import Workspace
from workspaces.rules.errors import Invalid, Problem, TooLarge

FOLDER = "attachments"


@dataclass(frozen=True)
class Upload:
    """A file on its way in, under the name that its sender gave it."""

    name: str
    chunks: Iterable[bytes]


@dataclass(frozen=True)
class Stored:
    """A file below MEDIA_ROOT that belongs to nobody yet; names as AttachmentVersion has them."""

    name: str
    file: str
    size: int
    sha256: str
    content_type: str
    width: int | None
    height: int | None


def store(workspace_id: int, upload: Upload) -> Stored:
    """Write what comes in; nothing stays where it is TooLarge, empty or a picture beyond reason."""
    name = clean_name(upload.name)
    if not name:
        raise _wrong("unnamed", _("A file needs a name."))
    file = f"{FOLDER}/{workspace_id}/{uuid.uuid4().hex}"
    path = path_of(file)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        size, digest, head = _write(path, upload.chunks)
        content_type, width, height = _look(path, type_of(head))
    except BaseException:
        discard(file)
        raise
    return Stored(name, file, size, digest, content_type, width, height)


def discard(file: str) -> None:
    """Remove a file and what was drawn of it."""
    path = path_of(file)
    path.unlink(missing_ok=True)
    discard_previews(path)


def path_of(file: str) -> Path:
    """Where the file of a version stands."""
    return Path(settings.MEDIA_ROOT) / file


def refuse_over_quota(workspace_id: int, size: int) -> None:
    """Raise TooLarge where the workspace's files would be more than its quota.

    It holds the workspace until the commit, so that many uploads at once do not all find room.
    """
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace_id)
    if used_by(workspace_id) + size > settings.MAX_FILES_BYTES:
        told = {"limit": filesizeformat(settings.MAX_FILES_BYTES)}
        message = _("There is no room: the files of this workspace take %(limit)s at most.")
        raise TooLarge(message % told)


def used_by(workspace_id: int) -> int:
    """The bytes of all versions of a workspace's files, those in the trash too; 1 query."""
    versions = AttachmentVersion.objects.filter(workspace_id=workspace_id)
    return versions.aggregate(total=Sum("size"))["total"] or 0


def refuse_size(size: int) -> None:
    """Raise TooLarge, naming the limit, for a file of more bytes."""
    if size > settings.MAX_ATTACHMENT_BYTES:
        told = {"limit": filesizeformat(settings.MAX_ATTACHMENT_BYTES)}
        raise TooLarge(_("The file is larger than the limit of %(limit)s.") % told)


def _write(path: Path, chunks: Iterable[bytes]) -> tuple[int, str, bytes]:
    """The size, the hash and the first bytes of what has been written to the disk."""
    size, digest, head = 0, hashlib.sha256(), b""
    with path.open("xb") as out:
        for chunk in chunks:
            size += len(chunk)
            refuse_size(size)
            digest.update(chunk)
            head = (head + chunk)[:HEAD] if len(head) < HEAD else head
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if not size:
        raise _wrong("empty", _("The file is empty."))
    return size, digest.hexdigest(), head


def _look(path: Path, content_type: str) -> tuple[str, int | None, int | None]:
    """What the file is and how large a picture; what only begins like a picture is unknown."""
    if content_type not in PICTURES:
        return content_type, None, None
    try:
        size = draw_previews(path, content_type)
    except Excessive as excess:
        message = _("The picture has too many pixels or frames to be shown.")
        raise _wrong("too_many_pixels", message) from excess
    return (content_type, size.width, size.height) if size else ("", None, None)


def _wrong(code: str, message: str) -> Invalid:
    return Invalid([Problem(message, code, "/file", None, "file")])
