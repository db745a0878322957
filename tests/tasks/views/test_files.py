"""Attachments: brought by page, served as bytes that no browser runs."""

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import AsyncClient

from tasks.models import Attachment, AttachmentVersion
from tasks.operations.attachments import attach_link, trash_attachment
from tasks.operations.cards import archive_card, trash_card
from tasks.operations.files import path_of
from tasks.queries.attachments import attachments_on
from tests.make.pictures import huge_png, picture
from tests.make.tasks import attach, make_board, make_card, renew
from tests.tasks.views.test_cards import HOSTILE, HTMX
from tests.tasks.views.test_talk import LIVE


@pytest.fixture
def card(board):
    return make_card(board)


@pytest.fixture
def client(ed, client_of):
    return client_of(ed)


def send(client, url, name="brief.txt", content=b"One\nTwo\n", **how):
    return client.post(url, {"file": SimpleUploadedFile(name, content)}, **how)


def addresses(one):
    base = f"/w/acme/attachments/{one.pk}/"
    return [base, f"{base}1/file/", f"{base}1/thumb/picture/", f"{base}1/view/picture/"]


def body(response):
    return b"".join(response.streaming_content)


def test_a_file_is_attached_by_the_form_and_by_htmx(client, card):
    url = f"/w/acme/cards/{card.pk}/attachments/new/"
    assert send(client, url)["Location"] == f"/w/acme/cards/{card.pk}/#files"
    answer = send(client, url, "p.png", picture(), **HTMX)
    html = answer.content.decode()
    assert answer["X-Attachment"] == str(Attachment.objects.last().pk)
    assert 'id="files"' in html
    assert "/1/thumb/picture/" in html
    page = client.get(f"/w/acme/cards/{card.pk}/").content.decode()
    assert "brief.txt" in page
    assert "p.png" in page


@pytest.mark.parametrize(
    ("content", "status"), [(b"", 400), (huge_png(), 400), (b"x" * 200_000, 413), (None, 400)]
)
def test_F03_what_cannot_be_attached_is_said_and_leaves_nothing(
    client, card, settings, content, status
):
    settings.MAX_ATTACHMENT_BYTES = 100_000
    url = f"/w/acme/cards/{card.pk}/attachments/new/"
    data = {} if content is None else {"file": SimpleUploadedFile("a.png", content)}
    answer = client.post(url, data, **HTMX)
    assert answer.status_code == status
    assert 'hx-target="#toasts"' in answer.content.decode()
    assert not Attachment.objects.exists()
    assert not list((settings.MEDIA_ROOT / "attachments").rglob("*.*"))


def test_C01_a_file_is_taken_only_with_the_token_of_the_form(ed, card, client_of):
    client = client_of(ed)
    client.handler.enforce_csrf_checks = True
    assert send(client, f"/w/acme/cards/{card.pk}/attachments/new/").status_code == 403


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("page.html", b"<html><script>x()</script>", "application/octet-stream"),
        ("x.svg", b"<svg onload='x()'/>", "application/octet-stream"),
        ("x.js", b"alert(1)", "application/octet-stream"),
        ("p.png", picture(), "image/png"),
        ("d.pdf", b"%PDF-1.4", "application/pdf"),
        ('a"\r\nX: y; ی.txt', b"text", "application/octet-stream"),
    ],
)
def test_X04_X05_a_download_is_never_shown_and_never_run(client, card, name, content, kind):
    one = attach(card, name, content)
    response = client.get(f"/w/acme/attachments/{one.pk}/1/file/")
    assert body(response) == content
    assert response["Content-Type"] == kind
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Content-Length"] == str(len(content))
    assert "no-store" in response["Cache-Control"]
    assert "X" not in response.headers


def test_only_what_was_drawn_anew_is_shown_as_a_picture(client, card):
    shown, text = attach(card, "p.jpg", picture("JPEG")), attach(card)
    response = client.get(addresses(shown)[2])
    assert (response["Content-Type"], body(response)[8:12]) == ("image/webp", b"WEBP")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert client.get(addresses(text)[2]).status_code == 404
    assert client.get(f"/w/acme/attachments/{shown.pk}/1/huge/picture/").status_code == 404
    assert client.get(f"/w/acme/attachments/{shown.pk}/2/file/").status_code == 404


async def read_in_async(client, url):
    response = await client.get(url)
    return response.status_code, b"".join([piece async for piece in response.streaming_content])


@pytest.mark.django_db(transaction=True)
def test_a_server_with_one_loop_gets_a_file_piece_by_piece(ed, card):
    content = b"x" * 200_000
    one, client = attach(card, content=content), AsyncClient()
    client.force_login(ed.user)
    told = async_to_sync(read_in_async)(client, f"/w/acme/attachments/{one.pk}/1/file/")
    assert told == (200, content)


@pytest.mark.parametrize("way", ["card", "file", "lost"])
def test_F07_what_is_thrown_away_or_lost_is_not_there(client, card, ed, way):
    one = attach(card, "p.png", picture())
    assert [client.get(url).status_code for url in addresses(one)] == [200] * 4
    if way == "card":
        trash_card(card, by=ed, at=card.created_at)
    elif way == "file":
        trash_attachment(one, by=ed, at=card.created_at)
    else:
        path_of(AttachmentVersion.objects.get().file).unlink()
    statuses = [client.get(url).status_code for url in addresses(one)[: 2 if way == "lost" else 4]]
    assert statuses == ([200, 404] if way == "lost" else [404] * 4)


def test_F07_a_stranger_finds_no_file(client_of, sam, globex, card):
    one, browser = attach(card, "p.png", picture()), client_of(sam)
    assert {browser.get(url).status_code for url in addresses(one)} == {404}
    theirs = [url.replace("/acme/", "/globex/") for url in addresses(one)]
    assert {browser.get(url).status_code for url in theirs} == {404}


def test_P01_a_viewer_looks_and_downloads_and_brings_nothing(client_of, vi, card):
    one, browser = attach(card), client_of(vi)
    page = browser.get(f"/w/acme/attachments/{one.pk}/").content.decode()
    assert "One\nTwo" in page
    assert "A newer version" not in page
    assert "Attach a file" not in browser.get(f"/w/acme/cards/{card.pk}/").content.decode()
    assert send(browser, f"/w/acme/attachments/{one.pk}/versions/").status_code == 403


def test_the_first_lines_of_a_text_are_shown_and_escaped(client, card):
    text = "a <script>__xss()</script>\n" + "line\n" * 300 + "the end"
    one = attach(card, "a.txt", text.encode())
    page = client.get(f"/w/acme/attachments/{one.pk}/").content.decode()
    assert "a &lt;script&gt;" in page
    assert "There is more in the file." in page
    assert "the end" not in page


def test_two_versions_stand_side_by_side(client, card):
    one = attach(card, "p.png", picture())
    assert (
        send(
            client, f"/w/acme/attachments/{one.pk}/versions/", "p2.png", picture(colour=(0, 0, 0))
        ).status_code
        == 302
    )
    renew(one, "p3.png", picture())
    base = f"/w/acme/attachments/{one.pk}/"
    page = client.get(base).content.decode()
    assert "compare/" in page
    assert page.count("/file/") == 4
    sides = client.get(f"{base}compare/").content.decode()
    assert f"{base}2/view/picture/" in sides
    assert f"{base}3/view/picture/" in sides
    chosen = client.get(f"{base}compare/?left=1&right=3").content.decode()
    assert "byte by byte" in chosen
    assert client.get(f"{base}compare/?left=9").status_code == 404
    assert client.get(f"{base}compare/?left=x").status_code == 404


def test_a_link_is_attached_and_leads_out_without_a_trace(client, card, ed):
    url = f"/w/acme/cards/{card.pk}/attachments/link/"
    html = client.post(
        url, {"address": "https://a.example/x", "name": "Plan"}, **HTMX
    ).content.decode()
    assert (
        '<a href="https://a.example/x" rel="noopener noreferrer nofollow"><bdi>Plan</bdi></a>'
        in html
    )
    assert client.post(url, {"address": "javascript:x"}, **HTMX).status_code == 422
    one = Attachment.objects.get()
    assert client.get(f"/w/acme/attachments/{one.pk}/").status_code == 200
    assert client.get(f"/w/acme/attachments/{one.pk}/compare/").status_code == 404


def test_what_is_removed_can_be_taken_back(client, card):
    one = attach(card)
    html = client.post(f"/w/acme/attachments/{one.pk}/trash/", **HTMX).content.decode()
    assert f"/w/acme/attachments/{one.pk}/restore/" in html
    assert "is in the trash" in html
    client.post(f"/w/acme/attachments/{one.pk}/restore/")
    assert "brief.txt" in client.get(f"/w/acme/cards/{card.pk}/").content.decode()


@pytest.mark.parametrize("text", HOSTILE)
def test_X01_a_name_of_a_file_is_shown_as_it_is(client, card, ed, text):
    one = attach(card, text, picture())
    renew(one, text, picture())
    attach_link(card, name=text, address="https://a.example/", by=ed, at=card.created_at)
    base = f"/w/acme/attachments/{one.pk}/"
    answers = [
        client.get(f"/w/acme/cards/{card.pk}/"),
        client.get(f"/w/acme/cards/{card.pk}/attachments/", **HTMX),
        client.get(base),
        client.get(f"{base}compare/"),
        client.post(f"{base}trash/", **HTMX),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert not any(live in answer.content.decode() for live in LIVE)


def test_a_card_that_is_put_away_keeps_its_files_to_look_at(client, card, ed):
    one = attach(card)
    archive_card(card, by=ed, at=card.created_at)
    assert client.get(f"/w/acme/attachments/{one.pk}/1/file/").status_code == 200
    assert "Attach a file" not in client.get(f"/w/acme/cards/{card.pk}/").content.decode()


def test_a_board_knows_how_many_files_its_cards_have(card, board, ed, django_assert_num_queries):
    attach(card)
    trash_attachment(attach(card), by=ed, at=card.created_at)
    make_card(make_board(board.workspace, "Other"))
    with django_assert_num_queries(1):
        assert attachments_on([card.pk]) == {card.pk: 1}
