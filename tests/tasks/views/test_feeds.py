from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tasks.models import CalendarFeed
from tasks.operations.boards import archive_board
from tasks.operations.edits import edit_card
from tasks.operations.moves import tick_card
from tests.make.tasks import make_board, make_card, make_label
from tests.make.workspaces import NOON
from tests.tasks.ical import read
from workspaces.models.events import Event
from workspaces.operations.members import remove_member

TODAY = NOON.date()
DAY = timedelta(days=1)
FEEDS = "/w/acme/calendar/links/"


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def address_of(client_of):
    """Make an address as the member does, and take it from the page that shows it once."""

    def make(member, board=None):
        answer = client_of(member).post(FEEDS, {"board": board.pk if board else ""})
        assert answer.status_code == 200
        address = answer.context["address"]
        assert address in answer.content.decode()
        return urlsplit(address).path

    return make


def fetch(path, **headers):
    return Client().get(path, **headers)


def summaries(path):
    found = fetch(path)
    assert found.status_code == 200
    return [part["SUMMARY"] for part in read(found.content).parts if part.kind != "VTIMEZONE"]


def test_a_feed_holds_what_is_ones_own_and_a_boards_feed_what_is_the_boards(
    acme, board, ed, mia, address_of
):
    label = make_label(acme, "Mail, print")
    brief = make_card(
        board,
        "Brief; now",
        assignee=ed,
        start_on=TODAY,
        due_on=TODAY + 2 * DAY,
        labels=(label,),
        priority=4,
    )
    make_card(board, "Help", assignee=mia, helpers=(ed,), due_on=TODAY)
    make_card(make_board(acme, "Autumn"), "Elsewhere", assignee=ed, due_on=TODAY)
    make_card(board, "Not mine", assignee=mia, due_on=TODAY + DAY)
    make_card(board, "No day", assignee=ed)
    make_card(board, "Long ago", assignee=ed, due_on=TODAY - 400 * DAY)
    own, boards = address_of(ed), address_of(ed, board)
    assert summaries(own) == ["Help", "Elsewhere", "Brief; now"]
    assert summaries(boards) == ["Help", "Not mine", "Brief; now"]
    event = read(fetch(own).content).parts[-1]
    uid = event["UID"]
    assert event["DTEND"] == "20260305"
    assert event["DESCRIPTION"] == "Launch · Backlog"
    assert event["URL"].endswith(f"/w/acme/cards/{brief.pk}/")
    assert (event["SEQUENCE"], event["CATEGORIES"], event["PRIORITY"]) == (
        "1",
        "Mail\\, print",
        "1",
    )
    tick_card(brief, done=True, by=ed, at=NOON + DAY)
    event = read(fetch(own).content).parts[-1]
    assert (event["SUMMARY"], event["SEQUENCE"], event["UID"]) == ("✓ Brief; now", "2", uid)
    assert event["DTSTAMP"] == f"{NOON + DAY:%Y%m%dT%H%M%SZ}"
    todo = read(fetch(f"{own}?as=todo").content).parts[-1]
    assert (todo.kind, todo["STATUS"]) == ("VTODO", "COMPLETED")
    archive_board(board, by=mia, at=NOON)
    assert summaries(boards) == []


def test_what_has_not_changed_is_told_in_a_word(board, ed, address_of):
    card = make_card(board, assignee=ed, due_on=TODAY)
    path = address_of(ed)
    first = fetch(path)
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert first["Cache-Control"] == "private, no-cache"
    same = fetch(path, HTTP_IF_NONE_MATCH=f"W/{first['ETag']}")
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    edit_card(card, version=1, changes={"due_on": date(2026, 4, 1)}, by=ed, at=NOON)
    fresh = fetch(path, HTTP_IF_NONE_MATCH=first["ETag"])
    assert fresh.status_code == 200
    assert fresh["ETag"] != first["ETag"]
    assert Client().head(path).status_code == 200
    assert Client().post(path).status_code == 405


def test_P11_an_address_opens_only_as_long_as_it_is_somebodys(
    acme, board, ed, mia, olga, address_of, client_of
):
    path = address_of(ed, board)
    assert fetch(path).status_code == 200
    renewed = address_of(ed, board)
    assert (fetch(path).status_code, fetch(renewed).status_code) == (404, 200)
    feed = CalendarFeed.objects.get()
    assert path.split("/")[2].split(".")[0] not in feed.secret_hash
    assert client_of(mia).post(f"{FEEDS}{feed.pk}/withdraw/").status_code == 404
    assert client_of(ed).post(f"{FEEDS}{feed.pk}/withdraw/").status_code == 302
    assert fetch(renewed).status_code == 404
    own, theirs = address_of(ed), address_of(mia)
    remove_member(ed, by=olga, at=NOON)
    assert fetch(own).status_code == 404
    mia.user.is_active = False
    mia.user.save()
    assert fetch(theirs).status_code == 404
    for strange in ("x", "x" * 500, own.split("/")[2] + "x", "%00"):
        assert fetch(f"/calendars/{strange}/cards.ics").status_code == 404
    told = Event.objects.filter(verb__startswith="calendar_feed.").values_list("verb", flat=True)
    assert sorted(told)[:3] == ["calendar_feed.made"] * 3


def test_who_asks_too_often_waits_and_many_cards_add_no_query(board, ed, address_of, monkeypatch):
    path, asked = address_of(ed, board), []
    for more in (10, 90):
        for number in range(more):
            make_card(board, f"Card {number}", due_on=TODAY)
        fetch(path)
        with CaptureQueriesContext(connection) as queries:
            found = summaries(path)
        asked.append(len(queries))
    assert len(found) == 100
    assert asked[0] == asked[1]
    monkeypatch.setattr("tasks.views.feeds.READS", 5)
    answers = [fetch(path).status_code for _ in range(3)]
    assert answers == [200, 429, 429]
