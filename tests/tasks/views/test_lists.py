from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks.models import Card, ListChoice
from tasks.operations.edits import edit_card
from tasks.operations.moves import tick_card
from tests.make.goals import make_goal, measured
from tests.make.tasks import column_of, make_board, make_card, make_label
from tests.make.workspaces import NOON

TODAY = NOON.date()
LIST = "/w/acme/boards/{}/list/"
ALL = "/w/acme/cards/"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def client(ed, client_of):
    return client_of(ed)


def titles(answer):
    return [row.card.title for row in answer.context["list"].rows]


def groups(answer):
    rows = answer.context["list"].rows
    return [(row.opens.name, row.opens.count) for row in rows if row.opens]


@pytest.fixture
def cards(acme, board, ed, mia):
    mail, print_ = make_label(acme, "Mail"), make_label(acme, "Print")
    goal = make_goal(measured(acme, "clicks"), "More clicks")
    said = [
        ("Beta", {"due_on": date(2026, 3, 9), "assignee": ed, "priority": 1, "estimate": 8}),
        ("alpha", {"start_on": TODAY, "assignee": mia, "labels": (print_, mail)}),
        ("Gamma", {"due_on": TODAY, "goal": goal, "priority": 4, "labels": (print_,)}),
        ("Delta", {"due_on": TODAY - timedelta(days=1), "checklist": ("One",)}),
    ]
    cards = {title: make_card(board, title, **fields) for title, fields in said}
    tick_card(cards["Delta"], done=True, by=ed, at=NOON)
    return cards


ORDERS = {
    "number": "Beta alpha Gamma Delta",
    "-number": "Delta Gamma alpha Beta",
    "title": "alpha Beta Delta Gamma",
    "due": "Delta Gamma Beta alpha",
    "-due": "Beta Gamma Delta alpha",
    "start": "alpha Beta Gamma Delta",
    "priority": "alpha Delta Beta Gamma",
    "-priority": "Gamma Beta alpha Delta",
    "estimate": "Beta alpha Gamma Delta",
    "assignee": "Beta alpha Gamma Delta",
    "-assignee": "alpha Beta Gamma Delta",
    "labels": "alpha Gamma Beta Delta",
    "goal": "Gamma Beta alpha Delta",
    "-checklist": "Delta Beta alpha Gamma",
    "column": "Beta alpha Gamma Delta",
    "-column": "Delta Gamma alpha Beta",
    "board": "Beta alpha Gamma Delta",
    "nonsense": "Beta alpha Gamma Delta",
}
GROUPS = {
    "column": [("Backlog", 3), ("Done", 1)],
    "assignee": [("Ed", 1), ("Mia", 1), ("Nobody", 2)],
    "goal": [("More clicks", 1), ("No goal", 3)],
    "label": [("Mail", 1), ("Print", 1), ("No label", 2)],
    "priority": [("Urgent", 1), ("Low", 1), ("No priority", 2)],
    "due": [("Due today", 1), ("Due later", 1), ("No due day", 1), ("Done", 1)],
    "nonsense": [],
}


def test_a_list_is_sorted_by_any_column_and_what_says_nothing_is_last(client, board, cards):
    page = LIST.format(board.pk)
    found = {word: " ".join(titles(client.get(page, {"sort": word}))) for word in ORDERS}
    assert found == ORDERS


def test_a_list_is_grouped_and_the_groups_are_counted(client, board, cards):
    page = LIST.format(board.pk)
    found = {word: groups(client.get(page, {"group": word})) for word in GROUPS}
    assert found == GROUPS
    narrowed = client.get(page, {"group": "label", "assignee": "none"})
    assert groups(narrowed) == [("Print", 1), ("No label", 1)]


def test_all_cards_are_those_of_all_open_boards(client, acme, board, cards, ed):
    make_card(make_board(acme, "Autumn"), "Elsewhere", assignee=ed, due_on=TODAY)
    answer = client.get(ALL, {"sort": "board"})
    assert titles(answer) == ["Elsewhere", "Beta", "alpha", "Gamma", "Delta"]
    assert "Autumn" in answer.content.decode()
    assert titles(client.get(ALL, {"assignee": "me"})) == ["Elsewhere", "Beta"]
    form = client.get(f"{ALL}filter/new/?way=list&sort=-due&assignee=me").content.decode()
    assert f'action="{ALL}"' in form
    assert 'name="sort" value="-due"' in form


def test_the_number_of_cards_adds_no_query(client, board, ed):
    label = make_label(board.workspace)
    pages = (f"{LIST.format(board.pk)}?group=label", f"{ALL}?sort=labels&group=due")
    asked = []
    for more in (10, 90):
        for number in range(more):
            make_card(board, f"Card {number}", assignee=ed, labels=(label,), due_on=TODAY)
        for page in pages:
            client.get(page)  # what is kept in the process is kept by now
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(page)
            asked.append(len(queries))
    assert asked[:2] == asked[2:]
    assert answer.context["list"].count == 100
    assert len(titles(client.get(f"{ALL}?page=2"))) == 50


def test_each_member_chooses_the_columns_of_each_list(client, board, cards, mia, client_of):
    page = LIST.format(board.pk)
    client.post(f"{page}columns/", {"shows": ["start", "goal"]})
    client.post(f"{ALL}columns/", {})
    assert client.get(page).context["parts"] == ["number", "title", "start", "goal"]
    assert client.get(ALL).context["parts"] == ["number", "title", "board"]
    assert "column" in client_of(mia).get(page).context["parts"]
    assert client.post(f"{page}columns/", {"shows": ["secret"]}).status_code == 422
    assert ListChoice.objects.count() == 2


def cell(card, name, **asked):
    return f"/w/acme/cards/{card.pk}/cells/{name}/" + ("?all=1" if asked else "")


WRITTEN = {
    "title": ({"title": "Omega"}, ("title", "Omega")),
    "due": ({"due_on": "2026-03-05"}, ("due_on", date(2026, 3, 5))),
    "start": ({"start_on": "2026-03-01"}, ("start_on", date(2026, 3, 1))),
    "priority": ({"priority": "3"}, ("priority", 3)),
    "estimate": ({"estimate": "2.5"}, ("estimate", 2.5)),
}


def test_a_cell_writes_its_own_field_and_answers_its_row(client, board, cards, ed, mia, acme):
    card = cards["Beta"]
    client.post(
        f"{LIST.format(board.pk)}columns/", {"shows": [name for name in WRITTEN if name != "title"]}
    )
    for name, (typed, (field, value)) in WRITTEN.items():
        card.refresh_from_db()
        form = client.get(cell(card, name), **HTMX)
        assert f'name="{next(iter(typed))}"' in form.content.decode()
        sent = {"version": card.version, **typed}
        answer = client.post(cell(card, name), sent, **HTMX)
        assert answer.status_code == 200, name
        assert answer.content.decode().startswith(f'<tr id="row-{card.pk}"')
        card.refresh_from_db()
        assert getattr(card, field) == value
    news = make_label(acme, "News")
    client.post(cell(card, "labels"), {"version": card.version, "labels": [news.pk]}, **HTMX)
    assert card.labels.get().label == news
    card.refresh_from_db()
    client.post(cell(card, "assignee"), {"version": card.version, "assignee": mia.pk}, **HTMX)
    ready = column_of(board, "Ready")
    card.refresh_from_db()
    client.post(cell(card, "column", everywhere=True), {"version": card.version, "to": ready.pk})
    card.refresh_from_db()
    assert (card.assignee, card.column) == (mia, ready)
    for bad in ({"due_on": "tomorrow"}, {"due_on": "0001-01-01"}, {"due_on": "2020-01-01"}):
        answer = client.post(cell(card, "due"), {"version": card.version, **bad}, **HTMX)
        assert answer.status_code == 422, bad
        assert bad["due_on"] in answer.content.decode()
    assert client.get(cell(card, "description")).status_code == 404


def test_O01_a_cell_that_came_too_late_shows_both_texts_and_wins_when_saved_again(
    client, cards, mia
):
    card = cards["Beta"]
    changes = {"title": "Theirs", "due_on": TODAY}
    edit_card(card, version=1, changes=changes, by=mia, at=NOON)
    sent = {"version": 1, "title": "Mine", "initial-title": "Beta"}
    late = client.post(cell(card, "title"), sent, **HTMX)
    assert late.status_code == 409
    html = late.content.decode()
    assert "Mine" in html
    assert "Theirs" in html
    assert "data-kept" in html
    assert client.get(f"{cell(card, 'title')}?row=1", **HTMX).content.decode().count("Theirs") == 1
    again = {"version": late.context["form"]["version"].value(), "title": "Mine"}
    assert client.post(cell(card, "title"), again, **HTMX).status_code == 200
    now = Card.objects.get(pk=card.pk)
    assert (now.title, now.due_on, now.version) == ("Mine", TODAY, 3)  # their other field stays


def test_P01_who_may_not_write_sees_no_cell_to_write_in(board, cards, vi, client_of):
    viewer = client_of(vi)
    html = viewer.get(LIST.format(board.pk)).content.decode()
    assert "alpha" in html
    assert "/cells/" not in html
    assert viewer.get(cell(cards["Beta"], "title")).status_code == 403
