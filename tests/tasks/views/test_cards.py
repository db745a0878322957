import pytest

from tasks.models import Card
from tasks.operations.edits import edit_card
from tests.make.goals import make_goal, measured
from tests.make.tasks import column_of, make_board, make_card, titles

CARDS = "/w/acme/cards/"
HTMX = {"HTTP_HX_REQUEST": "true"}
HOSTILE = [
    "<img src=x onerror=__xss()>",
    '"><svg/onload=__xss()>',
    "{{constructor.constructor('__xss()')()}}",
    "{% now 'Y' %}",
    "javascript:__xss()",
    "</title><script>__xss()</script>",
    "' onmouseover='__xss()",
    "</li></ul><hx-partial hx-target='body'>gone</hx-partial>",
]


@pytest.fixture
def client(ed, client_of):
    return client_of(ed)


def form_of(card, **changes):
    fields = {
        "title": card.title,
        "description": card.description,
        "assignee": card.assignee_id or "",
        "due_on": card.due_on or "",
        "goal": card.goal_id or "",
        "version": card.version,
    }
    return {**fields, **changes}


def test_a_card_has_a_page_and_a_drawer(client, board, acme, ed):
    goal = make_goal(measured(acme))
    card = make_card(
        board, "Write", description="Line one\nline two", assignee=ed, goal=goal, checklist=("a",)
    )
    page = client.get(f"{CARDS}{card.pk}/").content.decode()
    drawer = client.get(f"{CARDS}{card.pk}/", **HTMX).content.decode()
    for html in (page, drawer):
        for text in ("Write", "Line one<br>\nline two", "More clicks", "#1", "Ed", "Backlog"):
            assert text in html
    assert "<html" in page
    assert "<html" not in drawer
    assert drawer.lstrip().startswith('<div class="drawer-in"')


def test_a_card_is_added_without_script(client, board, acme, ed):
    ready = column_of(board, "Ready")
    goal = make_goal(measured(acme))
    page = client.get(f"{CARDS}new/?goal={goal.pk}&column={ready.pk}")
    form = page.context["form"]
    assert (form["column"].value(), form["goal"].value()) == (str(ready.pk), str(goal.pk))
    sent = {
        "title": "Write",
        "column": ready.pk,
        "goal": goal.pk,
        "assignee": ed.pk,
        "due_on": "2026-03-09",
        "checklist": "Draft\r\n\r\n Review ",
        "nonce": form["nonce"].value(),
    }
    response = client.post(f"{CARDS}new/", sent)
    assert (response.status_code, response["Location"]) == (302, f"/w/acme/boards/{board.pk}/")
    client.post(f"{CARDS}new/", sent)  # O09: the button was pressed twice
    card = Card.objects.get()
    assert (card.title, card.goal, card.assignee, card.column) == ("Write", goal, ed, ready)
    assert list(card.items.order_by("position").values_list("text", flat=True)) == [
        "Draft",
        "Review",
    ]


def test_a_link_chooses_the_board(client, board, acme):
    other = make_board(acme, "Other")
    for query, chosen in [("", board), (f"?board={other.pk}", other), ("?board=7abc", board)]:
        form = client.get(f"{CARDS}new/{query}").context["form"]
        assert form["column"].value() == column_of(chosen, "Backlog").pk


def test_a_form_that_is_wrong_comes_back_with_what_was_typed(client, board):
    response = client.post(f"{CARDS}new/", {"title": "", "description": "Typed"})
    assert response.status_code == 422
    assert "Typed" in response.content.decode()
    assert response.context["form"].errors.keys() == {"title", "column"}


def test_a_full_column_is_said_beside_the_column(client, acme):
    board = make_board(acme, columns=[("Doing", 1), ("Done", None, True)])
    doing = column_of(board, "Doing")
    make_card(doing)
    response = client.post(f"{CARDS}new/", {"title": "Write", "column": doing.pk})
    assert response.status_code == 422
    assert response.context["form"].errors["column"] == ["“Doing” already holds its limit of 1."]


def test_T03_a_foreign_choice_is_no_choice(client, board, globex, sam):
    theirs = column_of(make_board(globex, "Secret plan"), "Ready")
    sent = {"title": "Write", "column": theirs.pk, "assignee": sam.pk}
    response = client.post(f"{CARDS}new/", sent)
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"column", "assignee"}
    assert "Secret" not in response.content.decode()
    assert not Card.objects.exists()


def test_an_added_card_reaches_the_board_behind_the_dialog(client, board):
    sent = {"title": "Write", "column": column_of(board, "Ready").pk}
    response = client.post(f"{CARDS}new/", sent, **HTMX)
    assert response.status_code == 200
    assert response["HX-Trigger"] == "close-dialogs, board-changed"
    assert "“Write” is added." in response.content.decode()


def test_a_card_is_edited_without_script(client, board, ed):
    card = make_card(board, "Old")
    assert client.get(f"{CARDS}{card.pk}/edit/").status_code == 200
    sent = form_of(card, title="New", assignee=ed.pk, due_on="2026-03-09")
    response = client.post(f"{CARDS}{card.pk}/edit/", sent)
    assert response["Location"] == f"{CARDS}{card.pk}/"
    card.refresh_from_db()
    assert (card.title, card.assignee, str(card.due_on), card.version) == (
        "New",
        ed,
        "2026-03-09",
        2,
    )


def test_an_edit_in_the_drawer_answers_the_drawer_and_the_card_on_the_board(client, board):
    card = make_card(board, "Old")
    html = client.post(
        f"{CARDS}{card.pk}/edit/", form_of(card, title="New"), **HTMX
    ).content.decode()
    assert '<div class="drawer-in"' in html
    assert f'<hx-partial hx-target="#card-{card.pk}"' in html
    assert 'data-version="2"' in html


@pytest.mark.parametrize("how", [{}, HTMX])
def test_O01_a_stale_edit_keeps_what_was_typed_and_shows_what_is_there(
    client, board, mia, noon, how
):
    card = make_card(board, "Old")
    edit_card(card, version=1, changes={"title": "Mia's title"}, by=mia, at=noon)
    sent = form_of(card, description="Ed's words")
    response = client.post(f"{CARDS}{card.pk}/edit/", sent, **how)
    assert response.status_code == 409
    html = response.content.decode()
    assert "Ed&#x27;s words" in html
    assert "Mia&#x27;s title" in html
    assert '<input type="hidden" name="version" value="2"' in html
    card.refresh_from_db()
    assert (card.title, card.description) == ("Mia's title", "")
    again = form_of(card, description="Ed's words", version=2)
    assert client.post(f"{CARDS}{card.pk}/edit/", again, **how).status_code in (200, 302)
    card.refresh_from_db()
    assert (card.title, card.description) == ("Mia's title", "Ed's words")


def test_an_archived_card_can_be_brought_back(client, board):
    card = make_card(board)
    response = client.post(f"{CARDS}{card.pk}/archive/", {"version": 1}, **HTMX)
    assert response["HX-Trigger"] == "close-dialogs, board-changed"
    assert f"{CARDS}{card.pk}/restore/" in response.content.decode()  # the undo
    assert titles(card.column) == []
    assert "Archived" in client.get(f"{CARDS}{card.pk}/").content.decode()
    client.post(f"{CARDS}{card.pk}/restore/")
    assert titles(card.column) == [card.title]


@pytest.mark.parametrize("text", HOSTILE)
def test_X01_what_people_write_is_shown_as_they_wrote_it(client, acme, ed, text):
    board = make_board(acme, text[:80], columns=[(text[:40],), ("Done", None, True)])
    goal = make_goal(measured(acme), text)
    card = make_card(
        board,
        text,
        description=text,
        assignee=ed,
        goal=goal,
        checklist=(text,),
        due_on="2020-01-01",
    )
    client.post(f"{CARDS}{card.pk}/items/", {"text": text})
    stale = form_of(card, version=9)
    answers = [
        client.get(f"{CARDS}{card.pk}/"),
        client.get(f"{CARDS}{card.pk}/", **HTMX),
        client.get(f"{CARDS}{card.pk}/edit/"),
        client.post(f"{CARDS}{card.pk}/edit/", stale),
        client.get("/w/acme/boards/"),
        client.get(f"/w/acme/boards/{board.pk}/"),
        client.get("/w/acme/my-work/"),
        client.get(f"{CARDS}of-goal/{goal.pk}/"),
        client.get(f"{CARDS}new/"),
        client.post(f"{CARDS}{card.pk}/tick/", {"done": "1"}, **HTMX),
    ]
    for response in answers:
        html = response.content.decode()
        for live in (
            "<img src=x",
            "<svg/onload",
            "<script>__xss",
            "onmouseover='__xss",
            "'body'>gone",
        ):
            assert live not in html
        assert response.status_code in (200, 409)


def test_P01_a_viewer_sees_a_card_without_its_buttons(vi, client_of, board):
    client, card = client_of(vi), make_card(board, checklist=("Step",))
    html = client.get(f"{CARDS}{card.pk}/").content.decode()
    assert "Step" in html
    for path in ("edit", "move-to", "tick", "archive", "items"):
        assert f"{CARDS}{card.pk}/{path}/" not in html
        assert client.post(f"{CARDS}{card.pk}/{path}/").status_code == 403
    assert client.get(f"{CARDS}new/").status_code == 403


def test_T01_a_stranger_and_another_workspace_find_no_card(sam, client_of, board):
    client, card = client_of(sam), make_card(board)
    for path in (f"{CARDS}{card.pk}/", f"/w/globex/cards/{card.pk}/"):
        assert client.get(path).status_code == 404


def test_the_page_of_a_card_costs_the_same_for_any_checklist(
    client, board, django_assert_max_num_queries
):
    cards = [make_card(board), make_card(board, checklist=[f"Step {n}" for n in range(30)])]
    client.get(f"{CARDS}{cards[0].pk}/")
    counts = []
    for card in cards:
        with django_assert_max_num_queries(25) as seen:
            client.get(f"{CARDS}{card.pk}/")
        counts.append(len(seen))
    assert counts[0] == counts[1]
