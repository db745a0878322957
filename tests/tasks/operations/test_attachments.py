"""F group: what people bring is kept as it is, found out, counted, and never run."""

import hashlib
import os
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from tasks.models import Attachment, AttachmentVersion, Card
from tasks.operations.attachments import (
    add_version,
    attach_file,
    attach_link,
    restore_attachment,
    tidy_files,
    trash_attachment,
)
from tasks.operations.cards import TRASH_LASTS, archive_card
from tasks.operations.files import Upload, path_of, used_by
from tasks.sources.pictures import preview_path
from tests.make.pictures import huge_png, long_gif, photo_with_place, picture
from tests.make.tasks import attach, make_card, renew
from tests.tasks.events import verbs_of, versions_of
from workspaces.rules.errors import Invalid, Refused, TooLarge


@pytest.fixture
def card(board):
    return make_card(board)


@pytest.fixture
def files(settings):
    """What lies on the disk."""
    root = settings.MEDIA_ROOT / "attachments"
    return lambda: sorted(path.name for path in root.rglob("*") if path.is_file())


def only(card):
    return AttachmentVersion.objects.get(attachment__card=card)


def test_a_file_is_kept_as_it_came_under_a_name_of_our_own(card, ed, noon, files):
    attach(card, "../../Brief?.txt", b"One\nTwo\n", by=ed)
    kept = only(card)
    assert (kept.name, kept.size, kept.number, kept.content_type) == (
        "Brief?.txt",
        8,
        1,
        "text/plain",
    )
    assert kept.sha256 == hashlib.sha256(b"One\nTwo\n").hexdigest()
    assert path_of(kept.file).read_bytes() == b"One\nTwo\n"
    assert kept.file.startswith(f"attachments/{card.workspace_id}/")
    assert "Brief" not in kept.file
    assert len(files()) == 1
    assert Card.objects.get(pk=card.pk).version == 1
    assert verbs_of(card) == ["card.added", "attachment.added"]
    assert versions_of(card) == [1]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_is_drawn_anew_in_two_sizes(card, kind):
    attach(card, "p", picture(kind, size=(2000, 1000)))
    kept = only(card)
    assert (kept.content_type, kept.width, kept.height) == (f"image/{kind.lower()}", 2000, 1000)
    for size, shape in (("view", (1600, 800)), ("thumb", (480, 240))):
        with Image.open(preview_path(path_of(kept.file), size)) as drawn:
            assert (drawn.format, drawn.size) == ("WEBP", shape)


def test_F05_what_is_shown_says_not_where_it_was_taken_and_stands_upright(card):
    sent = photo_with_place()
    assert b"secret place" in sent
    attach(card, "p.jpg", sent)
    kept = only(card)
    assert (kept.width, kept.height) == (48, 64)
    shown = preview_path(path_of(kept.file), "view").read_bytes()
    assert b"secret" not in shown
    with Image.open(BytesIO(shown)) as drawn:
        assert drawn.size == (48, 64)
        assert dict(drawn.getexif()) == {}


@pytest.mark.parametrize(
    "content",
    [huge_png(), huge_png(8_000, 8_000), huge_png(1, 2**31 - 1), long_gif()],
    ids=["50,000 square", "64 million", "tall", "10,000 frames"],
)
def test_F05_a_picture_beyond_reason_is_refused_before_it_is_drawn(card, content, files):
    with pytest.raises(Invalid) as refusal:
        attach(card, "bomb.png", content)
    assert refusal.value.problems[0].code == "too_many_pixels"
    assert files() == []
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("page.png", b"<html><script>alert(1)</script>", ""),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", ""),
        ("report.pdf", b"MZ\x90\0\0", ""),
        ("table.csv", b"PK\x03\x04\0\0", ""),
        ("cut.png", picture()[:60], ""),
        ("only-a-head.jpg", b"\xff\xd8\xff\xe0 no picture", ""),
        ("x.js.gif", b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)", ""),
        ("script.js", b"alert(1)", "text/plain"),
        ("doc.pdf", b"%PDF-1.4\n", "application/pdf"),
    ],
)
def test_F06_a_file_that_lies_is_kept_and_never_shown(card, name, content, kind, files):
    attach(card, name, content)
    kept = only(card)
    assert (kept.content_type, kept.is_picture) == (kind, False)
    assert len(files()) == 1


def test_what_comes_behind_a_picture_is_not_in_what_is_shown(card):
    attach(card, "p.gif", picture("GIF") + b"<script>alert(1)</script>")
    shown = preview_path(path_of(only(card).file), "view").read_bytes()
    assert b"script" not in shown


@pytest.mark.parametrize(("name", "content"), [("a.txt", b""), ("...", b"x"), ("\u202e", b"x")])
def test_F01_a_file_has_a_name_and_something_in_it(card, name, content, files):
    with pytest.raises(Invalid):
        attach(card, name, content)
    assert files() == []


def test_F03_what_is_longer_than_the_limit_is_stopped_and_leaves_nothing(
    card, settings, files, ed, noon
):
    settings.MAX_ATTACHMENT_BYTES = 100
    taken = []

    def endless():
        while True:
            taken.append(1)
            yield b"x" * 60

    with pytest.raises(TooLarge):
        attach_file(card, upload=Upload("a", endless()), by=ed, at=noon)
    assert (len(taken), files()) == (2, [])


def test_F10_an_upload_that_breaks_off_leaves_nothing(card, files, ed, noon):
    def broken():
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        attach_file(card, upload=Upload("a", broken()), by=ed, at=noon)
    assert files() == []


def test_F09_the_files_of_a_workspace_have_a_quota(card, settings, files, acme, ed, noon):
    settings.MAX_FILES_BYTES = 20
    first = attach(card, content=b"x" * 12)
    with pytest.raises(TooLarge):
        attach(card, content=b"x" * 9)
    with pytest.raises(TooLarge):
        renew(first, content=b"x" * 9)
    renew(first, content=b"x" * 8)
    trash_attachment(first, by=ed, at=noon)
    assert used_by(acme.pk) == 20  # the trash counts until it is emptied
    assert len(files()) == 2


def test_a_newer_version_stands_beside_the_older(card, ed, noon):
    one = attach(card, "brief.txt", b"One")
    renew(one, "brief-2.txt", b"Two", by=ed)
    one.refresh_from_db()
    kept = one.versions.order_by("number")
    assert [(v.number, v.name, path_of(v.file).read_bytes()) for v in kept] == [
        (1, "brief.txt", b"One"),
        (2, "brief-2.txt", b"Two"),
    ]
    assert one.name == "brief-2.txt"
    assert verbs_of(card)[-1] == "attachment.renewed"


def test_a_link_is_a_name_and_an_https_address(card, ed, noon):
    made = attach_link(card, name="", address=" https://a.example/plan ", by=ed, at=noon)
    assert (made.address, made.is_link) == ("https://a.example/plan", True)
    for address in ("javascript:alert(1)", "http://a.example", "https://a.example/\nx"):
        with pytest.raises(Refused):
            attach_link(card, name="x", address=address, by=ed, at=noon)
    with pytest.raises(Refused):
        add_version(made, upload=Upload("a", [b"x"]), by=ed, at=noon)


def test_what_is_thrown_away_comes_back(card, ed, noon):
    one = attach(card)
    trash_attachment(one, by=ed, at=noon)
    trash_attachment(one, by=ed, at=noon)
    with pytest.raises(Refused):
        renew(one)
    restore_attachment(one, by=ed, at=noon)
    restore_attachment(one, by=ed, at=noon)
    assert verbs_of(card)[2:] == ["attachment.trashed", "attachment.restored"]
    assert renew(one).number == 2


def test_nothing_is_attached_to_a_card_that_is_put_away(card, ed, noon, files):
    with pytest.raises(Refused):
        attach(archive_card(card, by=ed, at=noon))
    assert files() == []


def test_F10_the_janitor_empties_the_trash_and_removes_what_no_row_tells_of(
    card, ed, noon, files, settings
):
    kept, gone = attach(card, "kept.png", picture()), attach(card, "gone.png", picture())
    trash_attachment(gone, by=ed, at=noon)
    folder = settings.MEDIA_ROOT / "attachments" / str(card.workspace_id)
    (folder / "orphan").write_bytes(b"x")
    (folder / "young").write_bytes(b"x")
    later = noon + TRASH_LASTS + timedelta(seconds=1)
    for path in folder.iterdir():
        age = later.timestamp() - (7200 if path.name != "young" else 60)
        os.utime(path, (age, age))
    tidy_files(at=later)
    stem = only(card).file.rpartition("/")[2]
    assert files() == sorted([stem, f"{stem}.thumb.webp", f"{stem}.view.webp", "young"])
    assert list(Attachment.objects.all()) == [kept]
    assert tidy_files(at=later) == 0


def test_F10_a_version_whose_file_is_missing_says_so_until_it_is_back(card, noon):
    attach(card)
    path = path_of(only(card).file)
    content, later = path.read_bytes(), noon + timedelta(hours=2)
    path.unlink()
    tidy_files(at=later)
    assert only(card).lost_at == later
    path.write_bytes(content)
    tidy_files(at=later)
    assert only(card).lost_at is None
