from datetime import timedelta

import pytest
import time_machine

from tasks.models import Card
from tasks.operations.dependencies import add_dependency
from tasks.operations.edits import edit_card
from tasks.queries.timelines import Asked, By, timeline_of
from tests.make.tasks import column_of, make_board, make_card, make_label
from tests.make.workspaces import NOON, owner_of

TODAY = NOON.date()
DAY = timedelta(days=1)
HTMX = {"HTTP_HX_REQUEST": "true"}
API = "/api/v1/workspaces/acme/"


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def dated(board, title, start, due, *first, **said):
    """A card from one day to another (from today), that waits for others."""
    card = make_card(board, title, start_on=TODAY + start * DAY, due_on=TODAY + due * DAY, **said)
    for other in first:
        add_dependency(card, waits_for=other, by=owner_of(board.workspace), at=NOON)
    return card


@pytest.fixture
def chain(board):
    """Brief (3 days), then Text (5) and Pictures (2), then Send (1)."""
    brief = dated(board, "Brief", 0, 2)
    text, pictures = dated(board, "Text", 3, 7, brief), dated(board, "Pictures", 2, 3, brief)
    send = make_card(board, "Send", due_on=TODAY + 9 * DAY)
    for first in (text, pictures):
        add_dependency(send, waits_for=first, by=owner_of(board.workspace), at=NOON)
    return brief, text, pictures, send


def bars(board=None, acme=None, **said):
    found = timeline_of(Asked(board.workspace if board else acme, TODAY, board, **said))
    return found, {bar.card.title: bar for bar in found.bars}


def test_the_longest_chain_is_marked_and_the_others_have_slack(board, chain):
    make_card(board, "Some day")
    found, by_title = bars(board)
    slack = {title: bar.slack.days for title, bar in by_title.items()}
    assert slack == {"Brief": 0, "Text": 0, "Pictures": 3, "Send": 0}
    assert [bar.card.title for bar in found.chain] == ["Brief", "Text", "Send"]
    assert found.chain_days == 9
    assert [card.title for card in found.undated] == ["Some day"]
    assert len(found.arrows) == 4
    assert {title for title, bar in by_title.items() if bar.is_early} == set()
    move = {"start_on": TODAY + DAY}
    edit_card(chain[2], version=1, changes=move, by=owner_of(board.workspace), at=NOON)
    assert bars(board)[1]["Pictures"].is_early


def test_cards_stand_in_swimlanes_of_choice(board, acme, ed):
    label = make_label(acme, "Brand")
    dated(board, "One", 0, 1, assignee=ed, labels=(label,))
    dated(make_board(acme, "Design"), "Two", 2, 3)

    def lanes(by):
        found, _by_title = bars(acme=acme, by=by)
        return [(lane.name, [bar.card.title for bar in lane.bars]) for lane in found.lanes]

    assert lanes(By.NONE) == [("", ["One", "Two"])]
    assert lanes(By.COLUMN) == [("Launch · Backlog", ["One"]), ("Design · Backlog", ["Two"])]
    assert lanes(By.ASSIGNEE) == [(ed.user.display_name, ["One"]), ("Nobody", ["Two"])]
    assert lanes(By.LABEL) == [("Brand", ["One"]), ("No label", ["Two"])]
    assert lanes(By.GOAL) == [("No goal", ["One", "Two"])]


def test_what_was_done_long_ago_is_left_out_unless_it_is_asked_for(board):
    old = make_card(column_of(board, "Done"), "Old", due_on=TODAY, at=NOON - 40 * DAY)
    make_card(column_of(board, "Done"), "New", due_on=TODAY, at=NOON - 4 * DAY)
    assert old.is_done
    assert set(bars(board)[1]) == {"New"}
    assert set(bars(board, done=True)[1]) == {"Old", "New"}


def test_the_timeline_costs_the_same_for_any_number_of_cards(
    board, ed, client_of, django_assert_max_num_queries
):
    asked = []
    for count in (5, 30):
        for number in range(count):
            one = dated(board, f"First {number}", 0, 1)
            dated(board, f"Then {number}", 2, 3, one)
        with django_assert_max_num_queries(40) as seen:
            client_of(ed).get(f"/w/acme/boards/{board.pk}/timeline/?by=label")
        asked.append(len(seen))
    assert asked[0] == asked[1]


def test_a_card_is_rescheduled_and_what_waits_is_moved_along_and_back(board, chain, ed, client_of):
    brief, text, pictures, send = chain
    client, base = client_of(ed), "/w/acme/cards/"
    sent = {"start_on": TODAY + 3 * DAY, "due_on": TODAY + 5 * DAY, "version": 1}
    told = client.post(f"{base}{brief.pk}/reschedule/", sent, **HTMX)
    html = told.content.decode()
    assert told["HX-Trigger"] == "timeline-changed"
    assert "Move 3 cards that wait for it" in html
    pairs = ",".join(f"{card.pk}:1" for card in (text, pictures, send))
    along = f"/w/acme/timeline/shift/?cards={pairs}&amp;days=3"
    assert f'hx-post="{along}"' in html

    def days():
        rows = Card.objects.filter(board=board).order_by("pk")
        return [(row.due_on - TODAY).days for row in rows]

    back = client.post(along.replace("&amp;", "&"), **HTMX).content.decode()
    assert days() == [5, 10, 6, 12]
    assert "3 cards moved along." in back
    undo = back.split('hx-post="')[1].split('"')[0].replace("&amp;", "&")
    client.post(undo, **HTMX)
    assert days() == [5, 7, 3, 9]
    stale = client.post(along.replace("&amp;", "&"), **HTMX)
    assert stale.status_code == 409
    assert days() == [5, 7, 3, 9]
    undo = html.rsplit('hx-post="', 1)[1].split('"')[0].replace("&amp;", "&")
    client.post(undo, **HTMX)
    assert days() == [2, 7, 3, 9]


@pytest.mark.parametrize(
    ("path", "sent", "status"),
    [
        (
            "cards/{}/reschedule/",
            {"start_on": "2026-03-09", "due_on": "2026-03-01", "version": 1},
            422,
        ),
        ("cards/{}/reschedule/", {"due_on": "soon", "version": 1}, 422),
        ("cards/{}/reschedule/", {"due_on": "2026-03-01"}, 422),
        ("cards/{}/reschedule/", {"due_on": "9999-03-01", "version": 1}, 422),
        ("timeline/shift/", {"cards": "x", "days": 1}, 422),
        ("timeline/shift/", {"cards": "{}:1", "days": 0}, 422),
        ("timeline/shift/", {"cards": "{}:1", "days": 99999}, 422),
        ("timeline/shift/", {"cards": "999:1", "days": 1}, 422),
        ("timeline/shift/", {}, 422),
    ],
)
def test_days_that_make_no_sense_are_refused_and_change_nothing(
    board, ed, client_of, path, sent, status
):
    card = dated(board, "One", 0, 1)
    sent = {name: str(word).format(card.pk) for name, word in sent.items()}
    assert client_of(ed).post(f"/w/acme/{path.format(card.pk)}", sent).status_code == status
    assert Card.objects.get(pk=card.pk).version == 1


def test_the_page_says_in_words_what_the_bars_show(board, acme, chain, vi, mia, client_of):
    page = client_of(vi).get(f"/w/acme/boards/{board.pk}/timeline/").content.decode()
    for words in ("3 days slack", "The longest chain of open cards takes 9 days", "tl-critical"):
        assert words in page
    assert "data-may-move" not in page
    few = client_of(mia).get("/w/acme/timeline/?q=text&zoom=days&by=assignee").content.decode()
    assert "data-may-move" in few
    assert few.count('class="tl-row') == 1
    assert client_of(vi).post(f"/w/acme/cards/{chain[0].pk}/reschedule/").status_code == 403


def test_rest_tells_the_timeline_and_moves_cards_all_or_none(board, acme, chain, ed, vi, api_of):
    brief, text, pictures, send = chain
    api = api_of(ed)
    told = api.get(f"{API}boards/{board.pk}/timeline/").json()
    cards = {card["title"]: card for card in told["lanes"][0]["cards"]}
    assert (told["longest_chain"], told["more"]) == (9, False)
    assert {title: card["slack"] for title, card in cards.items()}["Pictures"] == 3
    assert cards["Send"]["waits_for"] == [text.pk, pictures.pk]
    by = api.get(f"{API}timeline/?by=assignee&query=q%3Dtext").json()["lanes"]
    assert [(lane["name"], len(lane["cards"])) for lane in by] == [("Nobody", 1)]
    seen = [{"id": card.pk, "version": 1} for card in (text, send)]
    moved = api.post(f"{API}cards/shift/", {"cards": seen, "days": -2}, format="json").json()
    assert [row["version"] for row in moved["cards"]] == [2, 2]
    assert moved["cards"][1] == {
        "id": send.pk, "version": 2, "start": None, "due": str(TODAY + 7 * DAY),
    }  # fmt: skip
    late = [{"id": brief.pk, "version": 1}, {"id": text.pk, "version": 1}]
    stale = api.post(f"{API}cards/shift/", {"cards": late, "days": 1}, format="json")
    assert stale.status_code == 409
    assert Card.objects.get(pk=brief.pk).version == 1
    for wrong in ({"days": 0}, {"days": 99999}, {"cards": []}, {"cards": [7]}, {"days": "x"}):
        sent = {"cards": seen, "days": 1, **wrong}
        assert api.post(f"{API}cards/shift/", sent, format="json").status_code in {400, 422}
    assert api.get(f"{API}timeline/?by=colour").status_code == 400
    assert api_of(vi).post(f"{API}cards/shift/", {}, format="json").status_code == 403
