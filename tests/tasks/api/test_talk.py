"""Comments, signs and attachments by REST."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tasks.models import Attachment, Comment
from tests.make.pictures import huge_png, picture
from tests.make.tasks import attach, make_board, make_card, make_comment

BASE = "/api/v1/workspaces/acme/"


@pytest.fixture
def card(board):
    return make_card(board)


@pytest.fixture
def api(ed, api_of):
    return api_of(ed)


def upload(api, url, name="brief.txt", content=b"One", beside=()):
    body = {"file": SimpleUploadedFile(name, content), **dict(beside)}
    return api.post(url, body, format="multipart")


def test_a_comment_is_said_read_changed_and_deleted(api, card, ed):
    url = f"{BASE}cards/{card.pk}/comments/"
    made = api.post(url, {"text": "**One**", "nonce": "n"}, format="json")
    assert made.status_code == 201
    told = made.json()
    assert (told["text"], told["version"], told["by"]["id"], told["signs"]) == (
        "**One**", 1, ed.pk, [],
    )  # fmt: skip
    assert api.post(url, {"text": "**One**", "nonce": "n"}, format="json").json() == told
    one = f"{BASE}comments/{told['id']}/"
    assert "html" not in api.get(one).json()
    assert "<strong>One</strong>" in api.get(f"{one}?html=true").json()["html"]
    changed = api.patch(one, {"version": 1, "text": "Two"}, format="json").json()
    assert (changed["text"], changed["version"]) == ("Two", 2)
    late = api.patch(one, {"version": 1, "text": "Three"}, format="json")
    assert late.status_code == 409
    assert late.json()["current"]["text"] == "Two"
    assert api.get(url).json()["count"] == 1
    assert api.delete(one, {"version": 1}, format="json").status_code == 409
    assert api.delete(one).status_code == 204
    assert api.delete(one).status_code == 404


def test_comments_come_oldest_first_in_pages(api, card, mia):
    for text in "abc":
        make_comment(card, text, by=mia)
    told = api.get(f"{BASE}cards/{card.pk}/comments/?limit=2&html=true").json()
    assert [one["text"] for one in told["results"]] == ["a", "b"]
    assert told["results"][0]["html"] == '<p dir="auto">a</p>\n'
    assert told["next"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"), ({"text": ""}, "text"), ({"text": 5}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"text": "\x00"}, "text"), ({"text": "x", "answers": 999}, "answers"),
        ({"text": "x", "by": 1}, "by"), ({"text": "x", "nonce": "n" * 65}, "nonce"),
        ({"text": "x", "answers": "1"}, "answers"), ({"text": ["x"]}, "text"),
    ],
)  # fmt: skip
def test_I15_what_is_no_comment_is_a_400_that_names_the_field(api, card, body, field):
    answer = api.post(f"{BASE}cards/{card.pk}/comments/", body, format="json")
    assert answer.status_code == 400
    assert [one["pointer"] for one in answer.json()["errors"]] == [f"/{field}"]
    assert not Comment.objects.exists()


def test_a_sign_is_given_and_taken_back_as_often_as_one_likes(api, card, mia):
    url = f"{BASE}comments/{make_comment(card, by=mia).pk}/signs/"
    for _again in range(2):
        told = api.put(f"{url}heart/").json()
        assert told["signs"] == [{"sign": "heart", "count": 1, "names": ["Ed"], "mine": True}]
    for _again in range(2):
        assert api.delete(f"{url}heart/").json()["signs"] == []
    assert api.put(f"{url}skull/").status_code == 422


def test_P01_a_viewer_says_something_and_changes_nobody_elses_words(vi, api_of, card, ed):
    viewer, said = api_of(vi), make_comment(card, by=ed)
    assert (
        viewer.post(f"{BASE}cards/{card.pk}/comments/", {"text": "x"}, format="json").status_code
        == 201
    )
    one = f"{BASE}comments/{said.pk}/"
    assert viewer.patch(one, {"version": 1, "text": "y"}, format="json").status_code == 403
    assert viewer.delete(one).status_code == 403
    assert upload(viewer, f"{BASE}cards/{card.pk}/attachments/").status_code == 403


def test_T03_what_is_said_elsewhere_is_not_there(api, globex, card):
    foreign = make_card(make_board(globex))
    said, file = make_comment(foreign), attach(foreign)
    for path in (
        f"cards/{foreign.pk}/comments/", f"comments/{said.pk}/", f"cards/{foreign.pk}/attachments/",
        f"attachments/{file.pk}/", f"attachments/{file.pk}/versions/1/file/",
    ):  # fmt: skip
        assert api.get(f"{BASE}{path}").status_code == 404
    answer = {"text": "x", "answers": said.pk}
    assert api.post(f"{BASE}cards/{card.pk}/comments/", answer, format="json").status_code == 400


def test_a_text_is_shown_as_html_and_kept_nowhere(api, card):
    told = api.post(f"{BASE}markdown/", {"text": f"#{card.number} <b>"}, format="json").json()
    assert f'href="/w/acme/cards/{card.pk}/"' in told["html"]
    assert "&lt;b&gt;" in told["html"]
    assert api.post(f"{BASE}markdown/", {"text": ""}, format="json").json() == {"html": ""}
    assert api.post(f"{BASE}markdown/", {"text": "x" * 20_001}, format="json").status_code == 400


def test_a_file_is_attached_renewed_downloaded_and_removed(api, card):
    url = f"{BASE}cards/{card.pk}/attachments/"
    made = upload(api, url, "p.png", picture())
    assert made.status_code == 201
    told = made.json()
    (version,) = told["versions"]
    assert version["sha256"] == hashlib.sha256(picture()).hexdigest()
    assert (version["type"], version["width"], version["name"]) == ("image/png", 64, "p.png")
    sent = api.get(version["file"])
    assert b"".join(sent.streaming_content) == picture()
    assert sent["Content-Disposition"].startswith("attachment")
    one = f"{BASE}attachments/{told['id']}/"
    assert api.get(f"{one}versions/1/pictures/thumb/", HTTP_ACCEPT="image/webp").status_code == 200
    renewed = upload(api, f"{one}versions/", "q.txt", b"Two").json()
    assert [version["number"] for version in renewed["versions"]] == [2, 1]
    assert api.delete(one).status_code == 204
    assert api.get(version["file"]).status_code == 404
    assert api.get(url).json() == []
    assert api.post(f"{one}restore/").json()["trashed_at"] is None
    assert len(api.get(url).json()) == 1


def test_a_link_is_attached_by_json(api, card):
    url = f"{BASE}cards/{card.pk}/attachments/"
    made = api.post(url, {"address": "https://a.example/x", "name": "Plan"}, format="json")
    assert (made.status_code, made.json()["address"]) == (201, "https://a.example/x")
    assert made.json()["versions"] == []
    assert api.post(url, {"address": "http://a.example"}, format="json").status_code == 422
    assert api.post(url, {"name": "x"}, format="json").status_code == 400


@pytest.mark.parametrize("name", ["path", "storage_key", "url", "name", "size"])
def test_F02_nobody_says_where_a_file_lies(api, card, name):
    beside = {name: "../../etc/passwd"}
    answer = upload(api, f"{BASE}cards/{card.pk}/attachments/", beside=beside)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{name}"
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("content", "status"), [(b"", 400), (huge_png(), 400), (b"x" * 200_000, 413)]
)
def test_F03_a_bad_file_is_refused_with_its_reason(api, card, settings, content, status):
    settings.MAX_ATTACHMENT_BYTES = 100_000
    answer = upload(api, f"{BASE}cards/{card.pk}/attachments/", "a.png", content)
    assert answer.status_code == status
    assert answer.json()["detail"]
    assert not Attachment.objects.exists()


def test_an_upload_without_a_file_is_a_400(api, card):
    url = f"{BASE}cards/{card.pk}/attachments/"
    assert api.post(url, {"file": "text"}, format="multipart").status_code == 400
    assert api.post(url, b"", content_type="multipart/form-data; boundary=x").status_code == 400
    assert api.post(url, b"{", content_type="application/json").status_code == 400


def test_a_name_of_thousands_of_letters_is_told_as_what_is_wrong(api, card):
    head = f'Content-Disposition: form-data; name="file"; filename="{"x" * 5000}.txt"'
    body = f"--cut\r\n{head}\r\nContent-Type: text/plain\r\n\r\nOne\r\n--cut--\r\n"
    kind = "multipart/form-data; boundary=cut"
    refused = api.post(f"{BASE}cards/{card.pk}/attachments/", body.encode(), content_type=kind)
    told = refused.json()
    assert (refused.status_code, told["detail"]) == (400, "The name of the file is too long.")
    assert (told["errors"][0]["pointer"], told["errors"][0]["code"]) == ("/file", "name_too_long")


def test_D01_an_upload_with_a_key_is_done_once(api, card):
    url = f"{BASE}cards/{card.pk}/attachments/"
    for _again in range(2):
        file = {"file": SimpleUploadedFile("a.txt", b"One")}
        answer = api.post(url, file, format="multipart", HTTP_IDEMPOTENCY_KEY="k1")
        assert answer.status_code == 201
    assert Attachment.objects.count() == 1
