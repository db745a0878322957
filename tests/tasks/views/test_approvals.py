"""Approvals on pages and by REST."""

import pytest

from tasks.models import Approval
from tasks.queries.approvals import approvals_on
from tests.make.pictures import picture
from tests.make.tasks import attach, column_of, make_approval, make_card, renew

API = "/api/v1/workspaces/acme/"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def card(board):
    return make_card(board, description="Blue", title="Poster")


def test_asked_on_a_page_answered_in_the_drawer_seen_on_the_face(card, board, ed, vi, client_of):
    editor, viewer = client_of(ed), client_of(vi)
    page = f"/w/acme/cards/{card.pk}/"
    wrong = editor.post(f"{page}approvals/new/", {"approvers": [vi.pk], "needed": 2})
    assert wrong.status_code == 422
    assert "Between 1 and 1" in wrong.content.decode()
    sent = {"approvers": [vi.pk, ed.pk], "question": "Is it <b>blue</b>?", "due_on": "2026-03-02"}
    asked = editor.post(f"{page}approvals/new/", sent)
    approval = Approval.objects.get()
    assert asked["Location"] == f"{page}#approval-{approval.pk}"
    assert "0 of 2" in editor.get(f"/w/acme/boards/{board.pk}/").content.decode()
    assert "My approvals" in viewer.get("/w/acme/my-work/").content.decode()
    drawer = viewer.get(page, **HTMX).content.decode()
    assert "Is it &lt;b&gt;blue&lt;/b&gt;?" in drawer
    assert "Approve" in drawer
    answer = f"/w/acme/approvals/{approval.pk}/answer/"
    words = {"verdict": "changes", "words": "**More** <script>", "round": 1}
    assert viewer.post(answer, {**words, "words": ""}, **HTMX).status_code == 422
    drawer = viewer.post(answer, words, **HTMX).content.decode()
    assert "<strong>More</strong> &lt;script&gt;" in drawer
    viewer.post(answer, {"verdict": "approved", "round": 1})
    drawer = viewer.get(page, **HTMX).content.decode()
    assert "1 earlier answer" in drawer
    assert "My approvals" not in viewer.get("/w/acme/my-work/").content.decode()
    assert client_of(vi).post(f"/w/acme/approvals/{approval.pk}/withdraw/").status_code == 403
    assert "withdrawn" in editor.post(answer.replace("answer", "withdraw"), **HTMX).content.decode()


def test_what_each_approver_saw_stands_beside_the_versions(card, ed, vi, client_of):
    file = attach(card, "p.png", picture())
    approval = make_approval(card, vi, attachment=file)
    viewer = client_of(vi)
    viewer.post(f"/w/acme/approvals/{approval.pk}/answer/", {"verdict": "approved", "round": 1})
    renew(file, "p.png", picture())
    shown = viewer.get(f"/w/acme/cards/{card.pk}/").content.decode()
    assert f"/w/acme/attachments/{file.pk}/compare/?left=1&amp;right=2" in shown
    compared = viewer.get(f"/w/acme/attachments/{file.pk}/compare/?left=1&right=2")
    assert compared.content.decode().count("counts no more") == 1


@pytest.mark.parametrize("cards", [10, 100])
def test_the_face_costs_the_same_for_many_cards(cards, board, vi, django_assert_num_queries):
    first = column_of(board, "Backlog")
    made = [make_card(first, f"Card {number}", description="x") for number in range(cards)]
    for card in made:
        make_approval(card, vi)
    with django_assert_num_queries(1):
        found = approvals_on([card.pk for card in made])
    assert found == {card.pk: (0, 1) for card in made}


def test_approvals_over_rest(card, ed, mia, vi, api_of, django_assert_max_num_queries):
    editor, viewer = api_of(ed), api_of(vi)
    url = f"{API}cards/{card.pk}/approvals/"
    made = editor.post(url, {"approvers": [vi.pk, "mia@acme.example"], "needed": 1}, format="json")
    assert made.status_code == 201, made.json()
    one = f"{API}approvals/{made.json()['id']}/"
    assert viewer.get(f"{API}approvals/").json()[0]["title"] == "Poster"
    told = viewer.post(f"{one}answer/", {"verdict": "approved", "round": 1}, format="json").json()
    assert (told["state"], told["given"], told["about"]) == ("approved", 1, "description")
    assert told["approvers"][0]["answers"][0]["verdict"] == "approved"
    version = {"version": 1, "description": "Red"}
    editor.patch(f"{API}cards/{card.pk}/", version, format="json")
    late = viewer.post(f"{one}answer/", {"verdict": "approved", "round": 1}, format="json")
    assert late.status_code == 409
    assert late.json()["current"]["round"] == 2
    mine = api_of(mia)
    bad = [
        ({"verdict": "maybe", "round": 2}, 400),
        ({"verdict": "approved", "round": True}, 400),
        ({"verdict": "approved", "round": 2**40}, 400),
        ({"verdict": "approved"}, 400),
        ({"verdict": "approved", "round": 2, "by": ed.pk}, 400),
        ({"verdict": "changes", "round": 2}, 422),
    ]
    for body, status in bad:
        assert mine.post(f"{one}answer/", body, format="json").status_code == status, body
    refused = editor.post(f"{one}answer/", {"verdict": "approved", "round": 2}, format="json")
    assert refused.status_code == 403
    assert viewer.get(one).json()["given"] == 0
    for body in ({"approvers": []}, {"approvers": [10**9]}, {"approvers": "vi"}, {}):
        assert editor.post(url, body, format="json").status_code == 400, body
    assert editor.delete(one).status_code == 204
    with django_assert_max_num_queries(14):
        (row,) = viewer.get(url).json()
    assert row["state"] == "withdrawn"
