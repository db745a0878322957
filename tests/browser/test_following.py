"""Lists, calendars and timelines follow what others do, and leave alone what somebody writes."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from tasks.operations.edits import edit_card
from tests.browser.support import axe, settled
from tests.make.tasks import make_board, make_card
from workspaces.operations.streams import number_events

pytestmark = pytest.mark.browser

SOON = 3000  # ms: told within a second, fetched at most a second later
POLLED = 8000  # the tests' own server does not stream: pages ask every 2.5 seconds


def test_every_way_to_see_the_cards_follows_what_another_does(site, visitor):
    with visitor("light", "owner") as (olga, _w1), visitor("dark", "editor") as (ed, _w2):
        olga.goto("/w/demo/boards/")
        board = olga.locator(".board-tile h2 a").first.get_attribute("href")
        pages = {"calendar": olga}
        for way in ("list", "timeline"):
            pages[way] = olga.context.new_page()
        for way, page in pages.items():
            page.goto(f"{board}{way}/")
            settled(page)
        pages["all"] = olga.context.new_page()
        pages["all"].goto("/w/demo/calendar/")
        for page in pages.values():
            page.wait_for_selector("card-view-live[data-line=up]", state="attached")

        card = olga.locator("[data-day] .cal-card a").first
        ed.goto(card.get_attribute("href"))
        ed.get_by_role("link", name="Edit", exact=True).click()
        ed.get_by_label("Title").fill("Renamed by another")
        ed.get_by_role("button", name="Save").click()
        for way, page in pages.items():
            shown = page.locator("card-calendar, card-table, time-line").get_by_text(
                "Renamed by another", exact=True
            )
            expect(shown.first, way).to_be_visible(timeout=SOON)
        axe(pages["list"])


@pytest.fixture
def cards(acme):
    board = make_board(acme)
    due = acme.day_of(now()) + timedelta(days=1)
    made = [make_card(board, title, due_on=due) for title in ("Brief", "Copy", "Print")]
    number_events(board.stream_id)  # the page has seen all of this
    return board, made


def test_a_cell_in_which_somebody_writes_is_left_alone_until_it_is_left(screen, mia, ed, cards):
    board, (brief, copy, _print) = cards
    page = screen(ed)
    page.goto(f"/w/acme/boards/{board.pk}/list/")
    live = page.locator("card-view-live")
    expect(live).to_have_attribute("data-line", "up", timeout=POLLED)
    title = page.locator(f"#row-{brief.pk} [data-cell=title]")
    title.locator("[data-edit]").click()
    field = title.locator("input[name=title]")
    field.fill("Half a th")
    edit_card(copy, version=1, changes={"title": "Theirs"}, by=mia, at=now())
    asked = re.compile(r"/changes/")
    for _twice in range(2):  # it is told of the change, and waits
        with page.expect_response(asked, timeout=POLLED):
            pass
    expect(field).to_be_focused()
    expect(field).to_have_value("Half a th")
    assert live.get_attribute("data-renewed") is None
    field.press("Escape")
    expect(page.get_by_text("Theirs", exact=True)).to_be_visible()
    expect(title.locator("[data-go]")).to_be_focused()
    expect(title).to_contain_text("Brief")


def test_the_focus_and_the_place_stay_where_they_are(screen, mia, ed, cards):
    board, (brief, copy, print_) = cards
    for number in range(40):
        make_card(board, f"Card {number}")
    page = screen(ed)
    page.goto(f"/w/acme/boards/{board.pk}/list/?sort=title")
    page.locator('[data-go][tabindex="0"]').wait_for()
    at = page.locator(f"#row-{print_.pk} [data-cell=due] [data-go]")
    at.focus()
    top = page.evaluate("scrollY")
    edit_card(brief, version=1, changes={"title": "A brief"}, by=mia, at=now())
    edit_card(print_, version=1, changes={"title": "Print it"}, by=mia, at=now())
    expect(page.locator(f"#row-{print_.pk}")).to_contain_text("Print it", timeout=POLLED)
    expect(page.locator(f"#row-{brief.pk}")).to_contain_text("A brief")
    expect(at).to_be_focused()
    assert page.evaluate("scrollY") == top
    page.keyboard.press("ArrowUp")
    expect(page.locator(f"#row-{copy.pk} [data-cell=due] [data-go]")).to_be_focused()
