"""Pages of cards that come back."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from tasks.jobs import make_repeating_cards
from tasks.models import Card, CardSeries
from tests.make.tasks import make_card, make_label, make_series

pytestmark = pytest.mark.django_db


def text_of(answer):
    return " ".join(strip_tags(answer.content.decode()).split())


def queries_of(client, url):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


NEW = "/w/acme/boards/{}/repeating/new/"


@pytest.fixture(autouse=True)
def _at_noon(noon):
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def sent(board):
    return {
        "title": "Newsletter", "kind": "weekly", "every": "1", "weekdays": ["0", "3"],
        "begins": "2026-03-02", "lead_days": "0", "catch_up": "latest", "priority": "0",
        "column": str(board.columns.order_by("position").first().pk),
    }  # fmt: skip


def test_the_dates_are_shown_before_it_is_saved_with_script_and_without(board, ed, client_of, sent):
    client, url = client_of(ed), NEW.format(board.pk)
    assert client.get(url).status_code == 200
    with_script = client.post(f"/w/acme/boards/{board.pk}/repeating/dates/", sent)
    without = client.post(url, {**sent, "preview": "1"})
    for answer in (with_script, without):
        assert "Mon 2 Mar 2026" in text_of(answer)
        assert "Thu 5 Mar 2026" in text_of(answer)
        assert CardSeries.objects.count() == 0
    bad = client.post(f"/w/acme/boards/{board.pk}/repeating/dates/", {**sent, "every": "x"})
    assert "does not make a date yet" in bad.content.decode()


def test_a_series_is_made_shown_on_its_cards_and_changed(board, ed, client_of, sent, noon):
    client = client_of(ed)
    made = client.post(NEW.format(board.pk), sent)
    series = CardSeries.objects.get()
    assert made["Location"] == f"/w/acme/boards/repeating/{series.pk}/"
    assert make_repeating_cards() == 1
    card = Card.objects.get()
    words = "every week on Monday, Thursday"
    assert words in text_of(client.get(f"/w/acme/cards/{card.pk}/"))
    assert "Comes back" in client.get(f"/w/acme/boards/{board.pk}/").content.decode()
    listed = text_of(client.get(f"/w/acme/boards/{board.pk}/repeating/"))
    assert words in listed
    page, change = made["Location"], made["Location"] + "change/"
    client.post(change, {**sent, "title": "Letter", "version": "1", "open_too": "on"})
    assert Card.objects.get().title == "Letter"
    late = client.post(change, {**sent, "title": "Mail", "version": "1"})
    assert late.status_code == 409
    assert "Letter" in late.content.decode()
    wrong = client.post(change, {**sent, "count": "3", "until": "2026-05-01", "version": "2"})
    assert (wrong.status_code, CardSeries.objects.get().count) == (422, None)
    client.post(page + "skip/", {"day": "2026-03-05", "on": "1"})
    assert "left out" in text_of(client.get(page))
    client.post(page + "pause/", {"on": "1", "version": "2"})
    assert CardSeries.objects.get().paused_at == noon
    client.post(page + "stop/", {"version": "3"})
    assert CardSeries.objects.get().stopped_at == noon
    assert client.get(page).status_code == 200


def test_a_card_that_is_there_is_taken_as_the_first(board, ed, client_of, sent):
    card = make_card(board, checklist=("Draft",), labels=(make_label(board.workspace),))
    client, url = client_of(ed), NEW.format(board.pk)
    shown = client.get(url, {"card": card.pk}).content.decode()
    assert "Write the brief" in shown
    assert "Draft" in shown
    client.post(url, {**sent, "card": str(card.pk)})
    assert Card.objects.get().series == CardSeries.objects.get()
    assert make_repeating_cards() == 0
    assert client.get(url, {"card": "999"}).status_code == 404


def test_a_viewer_sees_what_comes_back_and_changes_nothing(board, vi, client_of):
    series, client = make_series(board), client_of(vi)
    page = client.get(f"/w/acme/boards/repeating/{series.pk}/")
    assert page.status_code == 200
    assert "Stop" not in text_of(page)
    assert client.get(NEW.format(board.pk)).status_code == 403


def test_the_list_costs_as_much_for_a_hundred_as_for_ten(board, ed, client_of):
    client, url = client_of(ed), f"/w/acme/boards/{board.pk}/repeating/"
    for number in range(10):
        make_series(board, f"Series {number}", assignee=ed)
    queries_of(client, url)  # who signs in costs some more
    few = queries_of(client, url)
    for number in range(10, 100):
        make_series(board, f"Series {number}", assignee=ed)
    assert queries_of(client, url) == few
    assert make_repeating_cards() == 100
