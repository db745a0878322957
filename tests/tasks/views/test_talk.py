"""Comments on the card's page and in its drawer."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks.models import Comment
from tasks.operations.comments import delete_comment, sign_comment
from tasks.queries.comments import NEWEST, comments_on
from tests.make.tasks import attach, make_board, make_card, make_comment
from tests.support.words import says
from tests.tasks.views.test_cards import HOSTILE, HTMX

LIVE = ("<img src=x", "<svg/onload", "<script>__xss", "onmouseover='__xss", "'body'>gone")


@pytest.fixture
def card(board):
    return make_card(board)


@pytest.fixture
def client(ed, client_of):
    return client_of(ed)


@pytest.fixture
def base(card):
    return f"/w/acme/cards/{card.pk}/"


def page_of(client, url, **how):
    return client.get(url, **how).content.decode()


def test_a_viewer_says_something_without_script(vi, client_of, card, base):
    browser = client_of(vi)
    assert "Say something" in page_of(browser, base)
    sent = browser.post(f"{base}comments/new/", {"text": "Two **days** more", "nonce": "n"})
    said = Comment.objects.get()
    assert (sent.status_code, sent["Location"]) == (302, f"{base}#comment-{said.pk}")
    html = page_of(browser, base)
    assert "Two <strong>days</strong> more" in html
    assert html.count(f'id="comment-{said.pk}"') == 1


def test_htmx_gets_the_talk_with_what_was_sent(client, card, base):
    answer = client.post(f"{base}comments/new/", {"text": "Yes", "nonce": "n-1"}, **HTMX)
    html = answer.content.decode()
    assert html.startswith("\n<section") or 'id="talk"' in html
    assert 'data-sent="n-1"' in html
    assert "<html" not in html
    again = client.post(f"{base}comments/new/", {"text": "Yes", "nonce": "n-1"}, **HTMX)
    assert again.status_code == 200
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    "said", [{"text": ""}, {"text": "x" * 20_001}, {"text": "x", "answers": "0"}]
)
def test_what_cannot_be_said_is_a_422_that_leaves_the_page(client, base, said):
    answer = client.post(f"{base}comments/new/", said, **HTMX)
    assert answer.status_code == 422
    assert 'hx-target="#toasts"' in answer.content.decode()
    assert not Comment.objects.exists()


def test_a_comment_is_changed_in_its_place(client, ed, card):
    said = make_comment(card, "One", by=ed)
    url = f"/w/acme/comments/{said.pk}/"
    assert 'name="version" value="1"' in page_of(client, f"{url}edit/", **HTMX)
    answer = client.post(f"{url}edit/", {"text": "Two", "version": "1"}, **HTMX)
    html = answer.content.decode()
    assert "Two" in html
    assert "changed" in html
    late = client.post(f"{url}edit/", {"text": "Three", "version": "1"}, **HTMX)
    assert late.status_code == 409
    for text in ("Three", "Two", "Nothing of yours is lost"):
        assert text in late.content.decode()


def test_nobody_else_has_the_form_of_a_comment(client_of, mia, ed, card):
    said = make_comment(card, by=ed)
    assert client_of(mia).get(f"/w/acme/comments/{said.pk}/edit/").status_code == 404


def test_P01_who_may_not_delete_a_comment_is_told_so(client_of, vi, mia, ed, card):
    said = make_comment(card, by=ed)
    url = f"/w/acme/comments/{said.pk}/delete/"
    assert client_of(vi).post(url, {"version": 1}).status_code == 403
    assert client_of(mia).post(url, {"version": 1}, **HTMX).content == b""
    assert not Comment.objects.exists()


def test_a_deleted_comment_that_was_answered_is_a_line_without_its_text(
    client, ed, mia, card, base
):
    said = make_comment(card, "A secret", by=mia)
    make_comment(card, "Answer", by=ed, answers=said)
    delete_comment(said, by=mia, at=card.created_at)
    html = page_of(client, base)
    assert "is deleted" in html
    assert "A secret" not in html


def test_a_sign_is_given_and_says_who_gave_it(client, ed, mia, card):
    said = make_comment(card)
    sign_comment(said, sign="yes", on=True, by=mia, at=card.created_at)
    url = f"/w/acme/comments/{said.pk}/sign/"
    html = client.post(url, {"sign": "yes", "on": "1"}, **HTMX).content.decode()
    assert "Thumbs up: Mia, Ed" in html
    assert 'aria-pressed="true"' in html
    html = client.post(url, {"sign": "yes", "on": ""}, **HTMX).content.decode()
    assert "Thumbs up: Mia" in html
    assert client.post(url, {"sign": "<b>", "on": "1"}, **HTMX).status_code == 422


def test_the_newest_fifty_are_shown_and_the_earlier_ones_on_demand(client, ed, card, base):
    said = [make_comment(card, f"Word {number}.", by=ed) for number in range(NEWEST + 2)]
    html = page_of(client, base)
    assert "Word 1." not in html
    assert "Word 2." in html
    assert "2 earlier comments" in html
    earlier = page_of(client, f"{base}comments/?before={said[2].pk}", **HTMX)
    assert "Word 0." in earlier
    assert "Word 1." in earlier
    assert "Word 2." not in earlier
    assert "earlier comment" not in earlier


def test_the_number_of_comments_and_files_adds_no_query(
    client, ed, mia, card, base, board, django_assert_num_queries
):
    def fill(count):
        for number in range(count):
            other = make_card(board)
            one = make_comment(card, f"#{other.number} @[x](member:{mia.pk})", by=ed)
            sign_comment(one, sign="yes", on=True, by=mia, at=card.created_at)
            name = attach(card, f"{number}.txt")
            make_comment(card, f"![x](attachment:{name.pk})", by=mia, answers=one)

    fill(2)
    client.get(base)  # once before, for what a process asks first
    with CaptureQueriesContext(connection) as few:
        client.get(base)
    fill(6)
    with django_assert_num_queries(len(few)):
        client.get(base)


def test_texts_name_cards_people_and_files_as_they_are_called_now(
    client, ed, mia, card, base, board
):
    other = make_card(board, "The <b>other</b>")
    file = attach(card, "plan <x>.txt")
    text = (
        f"#{other.number} #999 @[Old name](member:{mia.pk}) @[Stranger](member:99999) "
        f"[x](attachment:{file.pk}) ![y](attachment:9999)"
    )
    make_comment(card, text, by=ed)
    html = page_of(client, base)
    link = f'<a href="/w/acme/cards/{other.pk}/" title="The &lt;b&gt;other&lt;/b&gt;">'
    assert f"{link}#{other.number}</a>" in html
    assert "#999 " in html
    assert '<bdi class="md-who">@Mia</bdi>' in html
    assert "@Stranger" in html
    assert "plan &lt;x&gt;.txt" in html


def test_T03_a_text_names_nothing_of_another_workspace(client, ed, card, base, globex, sam):
    foreign = make_card(make_board(globex), "Their secret")
    file = attach(foreign, "their-secret.txt")
    assert foreign.number == card.number
    make_comment(card, f"#{foreign.number} @[x](member:{sam.pk}) [y](attachment:{file.pk})", by=ed)
    html = page_of(client, base)
    assert "Their secret" not in html
    assert "their-secret" not in html
    assert not says(html, "Sam")


@pytest.mark.parametrize("text", HOSTILE)
def test_X01_what_people_say_is_shown_as_they_said_it(client, ed, card, base, text):
    said = make_comment(card, text, by=ed)
    make_comment(card, "Answer", by=ed, answers=said)
    answers = [
        client.get(base),
        client.get(base, **HTMX),
        client.get(f"{base}comments/", **HTMX),
        client.get(f"/w/acme/comments/{said.pk}/", **HTMX),
        client.get(f"/w/acme/comments/{said.pk}/edit/"),
        client.post("/w/acme/markdown/", {"text": text}),
        client.get("/w/acme/mentions/", {"q": text}),
        client.get("/w/acme/notifications/"),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert not any(live in answer.content.decode() for live in LIVE)


def test_mentions_offer_members_alone(client, acme, mia, sam):
    html = page_of(client, "/w/acme/mentions/?q=mi")
    assert f'data-text="@[Mia](member:{mia.pk})"' in html
    assert not says(html, "Ed")
    assert "ed@acme.example" in page_of(client, "/w/acme/mentions/?q=")
    assert page_of(client, "/w/acme/mentions/?q=sam").strip() == ""


def test_a_preview_keeps_nothing(client, base):
    assert (
        "<strong>b</strong>" in client.post("/w/acme/markdown/", {"text": "**b**"}).content.decode()
    )
    assert client.post("/w/acme/markdown/", {"text": "x" * 20_001}).status_code == 422


def test_a_board_knows_how_many_comments_its_cards_have(
    card, board, ed, mia, django_assert_num_queries
):
    said = make_comment(card, by=mia)
    make_comment(card, by=ed, answers=said)
    delete_comment(said, by=mia, at=card.created_at)
    make_card(board)
    with django_assert_num_queries(1):
        assert comments_on([card.pk]) == {card.pk: 1}
