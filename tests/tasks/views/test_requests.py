"""Requests on pages, without an account, and by REST."""

import pytest
from django.test import Client

from tasks.models import Card, Comment, Priority, RequestForm, Submission
from tasks.rules.intake import Kind, Question
from tests.make.intake import (
    make_public_form,
    make_request_form,
    path_of_form,
    path_of_request,
    send,
)
from tests.support.pages import form_on
from tests.support.words import says

API = "/api/v1/workspaces/acme/"


@pytest.fixture
def guest():
    return Client(enforce_csrf_checks=True)


def filled(guest, page, **said):
    """The public form as a browser sends it."""
    answer = guest.get(page)
    data = form_on(answer, f"{page}send/") | {f"q_{key}": text for key, text in said.items()}
    return guest.post(f"{page}send/", data)


def test_a_stranger_sends_a_request_once_and_sees_how_it_stands(board, guest, ed):
    form = make_public_form(board, words="Hello **you** <script>", assignee=ed)
    page = path_of_form(form)
    shown = guest.get(page)
    text = shown.content.decode()
    assert "<strong>you</strong> &lt;script&gt;" in text
    for secret in ("Acme", board.name, "Ed", "acme"):
        assert not says(text, secret)
    assert "noindex" in shown["X-Robots-Tag"]
    assert shown["Cache-Control"] == "private, no-store"
    data = form_on(shown, f"{page}send/")
    said = data | {"q_what": "<b>Leads</b>", "q_why": "x", "q_mail": ""}
    sent = [guest.post(f"{page}send/", said) for _twice in range(2)]
    assert [one.status_code for one in sent] == [303, 303]
    assert sent[0]["Location"] == sent[1]["Location"]
    assert Card.objects.get().title == "<b>Leads</b>"
    status = guest.get(sent[0]["Location"])
    told = status.content.decode()
    for words in ("&lt;b&gt;Leads&lt;/b&gt;", "received", "Keep the address"):
        assert words in told
    assert "/w/" not in told
    for secret in ("Acme", board.name, "Backlog"):
        assert not says(told, secret)
    where = sent[0]["Location"].partition("?")[0]
    comment = form_on(status, f"{where}comment/") | {"text": "Soon, *please*"}
    assert [guest.post(f"{where}comment/", comment).status_code for _n in range(2)] == [303, 303]
    assert Comment.objects.get().text == "Soon, *please*"
    assert "<em>please</em>" in guest.get(where).content.decode()
    assert guest.post(f"{where}comment/", {**comment, "text": " "}).status_code == 422


def test_every_kind_of_question_is_asked_and_all_that_is_wrong_is_said_at_once(board, guest):
    choices = {Kind.CHOICE: ("Small", "Large"), Kind.SEVERAL: ("Web", "Print")}
    asked = [
        Question(kind.value, f"A {kind.value}?", kind, choices=choices.get(kind, ()))
        for kind in Kind
    ]
    asked.append(Question("urgency", "How urgent?", Kind.CHOICE, to="priority"))
    page = path_of_form(make_public_form(board, questions=asked))
    told = filled(guest, page, date="soon", number="many", link="x", email="y", choice="Huge")
    assert told.status_code == 422
    wrong = {f"q_{name}" for name in ("date", "number", "link", "email", "choice")}
    assert set(told.context["form"].errors) == wrong
    sent = filled(
        guest, page, date="2026-04-01", number="3", link="https://a.example", urgency="urgent",
        several=["Print"],
    )  # fmt: skip
    assert sent.status_code == 303
    assert "Urgent" in guest.get(sent["Location"]).content.decode()
    assert Card.objects.get().priority == Priority.URGENT


def test_what_is_wrong_stands_at_its_question_and_programs_are_trapped(board, guest):
    form = make_public_form(board)
    page = path_of_form(form)
    wrong = filled(guest, page, what="", mail="nobody", why="Kept text")
    assert wrong.status_code == 422
    assert {"q_what", "q_mail"} <= set(wrong.context["form"].errors)
    assert "Kept text" in wrong.content.decode()
    assert filled(guest, page, what="x" * 300).status_code == 422
    assert filled(guest, page, what="a\x00b").status_code == 422
    data = form_on(guest.get(page), f"{page}send/") | {"q_what": "Buy", "website": "spam"}
    assert guest.post(f"{page}send/", data).status_code == 200
    assert guest.post(f"{page}send/", {"q_what": "x"}).status_code == 403  # without its token
    large = guest.post(f"{page}send/", {**data, "website": "", "q_why": "x" * 140_000})
    assert large.status_code == 413
    for asked, status in (("0", 422), ("99", 404), ("x", 422), ("9" * 30, 404)):
        sent = guest.post(f"{page}send/", data | {"website": "", "asked": asked})
        assert sent.status_code == status, asked
    assert not Card.objects.exists()


def test_too_many_from_one_address_are_stopped_with_the_text_kept(board, guest):
    page = path_of_form(make_public_form(board))
    sent = [filled(guest, page, what=f"Number {n}") for n in range(11)]
    assert [one.status_code for one in sent] == [303] * 10 + [429]
    assert "Number 10" in sent[-1].content.decode()
    assert Submission.objects.count() == 10


def test_only_a_public_form_has_an_address_and_a_closed_one_says_so(board, guest, olga, client_of):
    hidden, form = make_request_form(board), make_public_form(board)
    page = path_of_form(form)
    assert guest.get(path_of_form(hidden)).status_code == 404
    for token in (page.rstrip("/")[:-1] + "x/", "/forms/abc/", path_of_request(send(form))):
        other = "/forms/" + token.strip("/").partition("/")[2] + "/"
        assert guest.get(other).status_code == 404
    RequestForm.objects.update(is_open=False)
    assert "takes no requests now" in guest.get(page).content.decode()
    manager = client_of(olga)
    manager.post(f"/w/acme/requests/forms/{form.pk}/address/")
    assert guest.get(page).status_code == 404
    form.refresh_from_db()
    assert guest.get(path_of_form(form)).status_code == 200
    manager.post(f"/w/acme/requests/forms/{form.pk}/archive/", {"done": "1"})
    assert guest.get(path_of_form(form)).status_code == 404


def test_a_manager_makes_a_form_with_its_questions_in_the_order_of_their_places(
    board, olga, ed, client_of
):
    browser, new = client_of(olga), "/w/acme/requests/forms/new/"
    data = form_on(browser.get(new), new) | {
        "name": "Texts", "audience": "public", "assignee": ed.pk, "told": [olga.pk],
        "questions-0-label": "Second", "questions-0-kind": "long", "questions-0-ORDER": "2",
        "questions-1-label": "First", "questions-1-kind": "short", "questions-1-to": "title",
        "questions-1-ORDER": "1", "questions-1-required": "on",
    }  # fmt: skip
    wrong = browser.post(new, data | {"questions-0-to": "title"})
    assert wrong.status_code == 422
    assert "cannot go there" in wrong.content.decode()
    made = browser.post(new, data)
    form = RequestForm.objects.get()
    assert made["Location"] == f"/w/acme/requests/forms/{form.pk}/"
    asked = form.versions.get().asked
    assert [(one.key, one.label) for one in asked] == [("q1", "First"), ("q2", "Second")]
    shown = browser.get(made["Location"]).content.decode()
    assert path_of_form(form) in shown
    again = form_on(browser.get(made["Location"]), made["Location"])
    gone = browser.post(made["Location"], again | {"questions-1-DELETE": "on"})
    assert gone.status_code == 302
    form.refresh_from_db()
    assert [one.key for one in form.versions.get(number=2).asked] == ["q1"]
    old = browser.get(f"{made['Location']}preview/?version=1").content.decode()
    assert "Second" in old
    assert browser.get(f"{made['Location']}preview/?version=9").status_code == 404
    assert client_of(ed).get(made["Location"]).status_code == 403


def test_a_viewer_sends_a_request_and_finds_it_again(board, vi, client_of):
    form = make_request_form(board)
    browser, page = client_of(vi), f"/w/acme/requests/forms/{form.pk}/send/"
    assert "Data request" in browser.get("/w/acme/requests/").content.decode()
    data = form_on(browser.get(page), page) | {"q_what": "A number", "q_why": "**Why**"}
    assert browser.post(page, data | {"q_mail": "x"}).status_code == 422
    sent = browser.post(page, data)
    card = Card.objects.get()
    assert sent["Location"] == f"/w/acme/cards/{card.pk}/"
    shown = browser.get(sent["Location"]).content.decode()
    assert "Everything that was sent" in shown
    assert "received" in browser.get("/w/acme/requests/").content.decode()


def test_forms_and_requests_over_rest(board, olga, vi, api_of, globex, sam):
    manager, viewer = api_of(olga), api_of(vi)
    question = {"key": "what", "label": "What?", "kind": "short", "to": "title", "required": True}
    body = {"name": "Data", "board": board.pk, "questions": [question], "turn": [vi.pk]}
    made = manager.post(f"{API}request-forms/", {**body, "in_turn": True}, format="json")
    assert made.status_code == 201, made.json()
    told, one = made.json(), f"{API}request-forms/{made.json()['id']}/"
    assert (told["version"], told["address"], told["turn"][0]["id"]) == (1, "", vi.pk)
    assert manager.get(f"{API}request-forms/").json()["results"][0]["sent"] == 0
    patched = manager.patch(one, {"version": 1, "audience": "public"}, format="json").json()
    assert "/forms/" in patched["address"]
    late = manager.patch(one, {"version": 1, "name": "Late"}, format="json")
    assert (late.status_code, late.json()["current"]["version"]) == (409, 2)
    sent = viewer.post(
        f"{one}requests/", {"answers": {"what": "Leads"}, "nonce": "n"}, format="json"
    )
    assert sent.status_code == 201, sent.json()
    again = viewer.post(
        f"{one}requests/", {"answers": {"what": "Other"}, "nonce": "n"}, format="json"
    )
    assert again.json() == sent.json()
    mine = viewer.get(f"{API}requests/").json()["results"]
    assert [(row["title"], row["stage"]) for row in mine] == [("Leads", "received")]
    bad = [
        {"what": 5},
        {"what": ["a"]},
        {"what": ""},
        {},
        {"what": "x", "odd": "y"},
        {"what": None},
    ]
    for answers in bad:
        refused = viewer.post(f"{one}requests/", {"answers": answers}, format="json")
        assert refused.status_code == 400, answers
    strange = [
        {**body, "questions": "x"}, {**body, "board": 10**9}, {**body, "name": ["x"]},
        {**body, "questions": [{**question, "kind": "file"}]}, {**body, "owner": 1},
        {**body, "questions": [question] * 41}, {**body, "turn": [True]},
    ]  # fmt: skip
    for fields in strange:
        assert manager.post(f"{API}request-forms/", fields, format="json").status_code == 400
    twice = manager.post(
        f"{API}request-forms/", {**body, "questions": [question] * 2}, format="json"
    )
    assert twice.status_code == 422
    assert manager.patch(one, {"version": 2, "archived": True}, format="json").status_code == 200
    assert (
        viewer.post(f"{one}requests/", {"answers": {"what": "x"}}, format="json").status_code == 422
    )
    assert manager.post(f"{one}address/").json()["address"] != patched["address"]
    assert RequestForm.objects.count() == Submission.objects.count() == 1
