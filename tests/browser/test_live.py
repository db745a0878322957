"""Two people on one board: what one does the other sees, across a restart of the server too."""

import pytest

from tests.browser.support import axe, settled, shoot
from tests.support.processes import BIN, launch, wait_until
from tests.support.stack import embedded_env

pytestmark = pytest.mark.browser

FOCUSED = "() => document.activeElement.textContent"
LOST = ("ERR_CONNECTION", "ERR_EMPTY_RESPONSE", "ERR_INCOMPLETE", "ERR_INTERNET", "net::ERR")


def opened(page, path=""):
    if not path:
        page.goto("/w/demo/boards/")
        path = page.locator(".board-tile h2 a").first.get_attribute("href")
    page.goto(path)
    settled(page)
    page.wait_for_selector("sortable-board[data-armed][data-line=up]")
    return path


def titles_in(page, place):
    return page.locator(".bcol").nth(place).locator("[data-list] h3").all_inner_texts()


def ask(page, card, action):
    """Open a card, do something in its drawer, close it."""
    page.locator(f"{card} h3 a").click()
    page.locator("#drawer-title").wait_for()
    action(page.locator("#drawer"))
    page.keyboard.press("Escape")
    page.locator("#drawer[open]").wait_for(state="detached")


def restarted(site):
    folder = site.child.log.parent
    site.child.kill()
    words = ["mops.asgi:application", "--host", "127.0.0.1", "--port", str(site.port)]
    words += ["--no-proxy-headers"]
    site.child = launch(
        [BIN / "uvicorn", *words], env=embedded_env(folder), log=folder / "again.log"
    )


def test_two_people_side_by_side_see_one_board(site, visitor):
    with visitor("light", "owner") as (olga, _w1), visitor("dark", "editor") as (ed, watch):
        watch.expected = _w1.expected = LOST
        path = opened(olga)
        opened(ed, path)
        olga.locator("#board-here .ava").first.wait_for()  # each sees that the other is there
        ed.locator("#board-here .ava").first.wait_for()

        first = "#" + ed.locator(".bcol").nth(0).locator("[data-id]").first.get_attribute("id")
        ed.locator(f"{first} a").focus()
        ed.keyboard.press("Alt+ArrowRight")
        olga.locator(".bcol").nth(1).locator(first).wait_for()
        wait_until("both agree", lambda: titles_in(olga, 1) == titles_in(ed, 1))
        assert olga.locator(first).count() == 1

        olga.locator(f"{first} a").focus()
        ask(ed, first, lambda drawer: rename(drawer, "Renamed by another"))
        olga.locator(first, has_text="Renamed by another").wait_for()
        wait_until("the focus stays", lambda: olga.evaluate(FOCUSED) == "Renamed by another")

        ask(ed, first, lambda drawer: add_step(drawer, "A new step"))
        olga.locator(f"{first} .ring, {first} .card-f").first.wait_for()

        shoot(olga, "live-board-light")
        axe(olga)
        conflict(olga, ed, first)

        restarted(site)
        wait_until("it is back", site.is_alive, seconds=60)
        olga.locator(f"{first} h3 a").focus()
        olga.wait_for_selector("sortable-board[data-line=up]")
        olga.keyboard.press("Alt+ArrowRight")
        there = ed.locator(".bcol").nth(2).locator(first)
        there.wait_for(timeout=15_000)
        wait_until("both agree again", lambda: titles_in(olga, 2) == titles_in(ed, 2))

        offline(ed, olga, first)


def offline(ed, olga, first):
    """A tick without a network is kept and sent later; a move snaps back."""
    card = ed.locator(f"{first} h3 a")
    card.click()
    ed.locator("#drawer .checklist").wait_for()
    ed.context.set_offline(True)
    ed.wait_for_selector("#board-bar:not([hidden])")
    shoot(ed, "live-offline-dark")
    ed.locator("#drawer .todo .tick").first.click()
    ed.locator(".toast-u", has_text="your tick is kept").wait_for()
    ed.keyboard.press("Escape")
    before = titles_in(ed, 2)
    card.focus()
    ed.keyboard.press("Alt+ArrowLeft")
    ed.locator(".toast-u", has_text="did not answer").wait_for()
    wait_until("the move snapped back", lambda: titles_in(ed, 2) == before)
    ed.context.set_offline(False)
    ed.locator(".toast-u", has_text="saved now").wait_for()
    olga.locator(first).locator(".card-f", has_text="1/1").wait_for()
    assert ed.evaluate("() => localStorage.length") == 0


def rename(drawer, title):
    drawer.get_by_role("link", name="Edit").click()
    drawer.get_by_label("Title").fill(title)
    drawer.get_by_role("button", name="Save").click()
    drawer.locator("h2", has_text=title).wait_for()


def add_step(drawer, text):
    drawer.locator("#new-item").fill(text)
    drawer.locator("#new-item").press("Enter")
    drawer.locator(".checklist", has_text=text).wait_for()


def conflict(olga, ed, first):
    """Who writes on a card that another changes is told, and keeps what is written."""
    olga.locator(f"{first} h3 a").click()
    olga.locator("#new-item").fill("Half a th")
    ask(ed, first, lambda drawer: rename(drawer, "Written by ed"))
    bar = olga.locator("#drawer .news-bar")
    bar.wait_for()
    shoot(olga, "live-drawer-light")
    axe(olga)
    assert olga.locator("#new-item").input_value() == "Half a th"
    bar.get_by_role("button", name="Show").click()
    olga.locator("#drawer-title", has_text="Written by ed").wait_for()
    assert olga.locator("#new-item").input_value() == "Half a th"
    rename(olga.locator("#drawer"), "Written by olga")
    olga.keyboard.press("Escape")
    ed.locator(first, has_text="Written by olga").wait_for()
