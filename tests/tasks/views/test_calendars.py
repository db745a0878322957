from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks.models import Card
from tasks.operations.edits import edit_card
from tests.make.tasks import make_board, make_card
from tests.make.workspaces import NOON
from tests.tasks.events import versions_of

TODAY = NOON.date()  # Monday, 2 March 2026
DAY = timedelta(days=1)
MINE = "/w/acme/calendar/"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def client(ed, client_of):
    return client_of(ed)


def page_of(board):
    return f"/w/acme/boards/{board.pk}/calendar/"


def shown(answer):
    """The titles of each day that has some, by its day; "" for no day."""
    view = answer.context["view"]
    days = {
        str(one.day): [card.title for card in [*one.cards, *one.folded]]
        for one in view.days
        if one.count
    }
    return days | {"": [card.title for card in view.undated]}


def test_a_month_holds_the_cards_of_its_whole_weeks_and_those_without_a_day_beside(
    client, acme, board, ed
):
    make_card(board, "Soon", due_on=TODAY + 8 * DAY)
    make_card(board, "Edge", due_on=date(2026, 2, 28), assignee=ed)
    make_card(board, "Later", due_on=date(2026, 4, 20))
    make_card(board, "Some day", start_on=TODAY)
    make_card(make_board(acme, "Autumn"), "Elsewhere", due_on=TODAY, assignee=ed)
    acme.week_starts_on = 6
    acme.save()
    here = client.get(page_of(board))
    assert shown(here) == {"2026-02-28": ["Edge"], "2026-03-10": ["Soon"], "": ["Some day"]}
    assert here.context["view"].days[0].day == date(2026, 2, 28)  # a Saturday
    assert shown(client.get(f"{MINE}?assignee=me")) == {
        "2026-02-28": ["Edge"],
        str(TODAY): ["Elsewhere"],
        "": [],
    }
    april = client.get(f"{page_of(board)}?day=2026-04-01")
    assert shown(april) == {"2026-04-20": ["Later"], "": ["Some day"]}
    week = client.get(f"{page_of(board)}?day=2026-03-10&span=week")
    assert [str(one.day) for one in week.context["view"].days][:2] == ["2026-03-07", "2026-03-08"]
    for odd in ("?day=2026-13-45", "?day=9999-12-31", "?day=0001-01-01&span=decade"):
        assert "2026-03-10" in shown(client.get(page_of(board) + odd))


def test_a_persian_page_shows_the_month_of_its_own_calendar(client, board):
    make_card(board, "Nowruz", due_on=date(2026, 3, 21))
    answer = client.get(f"{page_of(board)}?day=2026-03-21", HTTP_ACCEPT_LANGUAGE="fa")
    assert answer.context["span"].title == "فروردین ۱۴۰۵"
    first = next(one for one in answer.context["view"].days if one.is_inside)
    assert (first.day, first.number) == (date(2026, 3, 21), "۱")


def test_a_full_day_is_folded_and_the_number_of_cards_adds_no_query(client, board, ed):
    asked = []
    for more in (10, 90):
        for number in range(more):
            make_card(board, f"Card {number}", due_on=TODAY, assignee=ed, priority=number % 5)
        for number in range(more):
            make_card(board, f"Undated {number}")
        client.get(page_of(board))
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(page_of(board))
        asked.append(len(queries))
    assert asked[0] == asked[1]
    view = answer.context["view"]
    today = next(one for one in view.days if one.is_today)
    assert (len(today.cards), len(today.folded), today.left, today.count) == (3, 27, 70, 100)
    assert [card.priority for card in today.cards] == [4, 4, 4]
    assert (len(view.undated), view.undated_count) == (50, 100)
    assert "+27 more" in answer.content.decode()


def test_a_card_that_is_moved_keeps_its_length_and_nobodys_change_is_lost(
    client, board, mia, vi, client_of
):
    card = make_card(board, start_on=TODAY, due_on=TODAY + 2 * DAY)
    url = f"/w/acme/cards/{card.pk}/schedule/"
    sent = {"due_on": "2026-03-30", "version": 1}
    assert client.post(url, sent, **HTMX).status_code == 204
    card.refresh_from_db()
    assert (card.start_on, card.due_on) == (date(2026, 3, 28), date(2026, 3, 30))
    edit_card(card, version=2, changes={"title": "Theirs"}, by=mia, at=NOON)
    assert client.post(url, {"due_on": "2026-03-31", "version": 2}).status_code == 302
    edit_card(card, version=4, changes={"start_on": None}, by=mia, at=NOON)
    edit_card(card, version=5, changes={"due_on": TODAY}, by=mia, at=NOON)
    assert client.post(url, {"due_on": "2026-04-01", "version": 4}, **HTMX).status_code == 409
    assert client.post(url, {"due_on": "", "version": 6}, **HTMX).status_code == 204
    now = Card.objects.get(pk=card.pk)
    assert (now.title, now.due_on) == ("Theirs", None)
    assert versions_of(now) == [1, 2, 3, 4, 5, 6, 7]
    for bad in ({"due_on": "soon", "version": 7}, {"due_on": "0001-01-01", "version": 7}, {}):
        assert client.post(url, bad, **HTMX).status_code == 422
    assert client_of(vi).post(url, sent).status_code == 403
