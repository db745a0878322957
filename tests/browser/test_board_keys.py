"""A board by keyboard alone: read, moved, changed, added to, taken back, and all of it said."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from tasks.models import BoardChoice, Card
from tasks.operations.cards import archive_card
from tests.browser.support import DESK, LOOKS, axe, settled, shoot, sideways, small_targets
from tests.browser.test_board import card_of, heard, show
from tests.make.tasks import column_of, make_board, make_card, make_label
from tests.support.processes import wait_until

pytestmark = pytest.mark.browser


COLUMN = "(part) => part.closest('.bcol').querySelector('h2').textContent.trim()"
SEE_COUNTS = """() => {
  const shown = () => [...document.querySelectorAll('.bcol [data-count]')].slice(0, 2);
  const counts = () => shown().map((one) => one.textContent).join();
  window.seen = [counts()];
  const look = () => { if (counts() !== window.seen.at(-1)) window.seen.push(counts()); };
  const board = document.getElementById('bcols');
  new MutationObserver(look).observe(board, { subtree: true, childList: true });
}"""


@pytest.fixture
def board(acme, ed, mia):
    """Three cards of two people in two columns."""
    board = make_board(acme, "Launch")
    make_card(board, "Brief", assignee=ed)
    make_card(board, "Draft", assignee=mia)
    make_card(column_of(board, "Ready"), "Plan", assignee=ed)
    make_label(acme, "Email")
    return board


def focused(page):
    """The title of the card that has the focus, or what else has it."""
    return page.evaluate(
        "() => { const a = document.activeElement; const c = a.closest('[data-id]');"
        " return c ? c.querySelector('h3').textContent.trim() : a.name || a.id || a.className; }"
    )


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def stored(title, **fields):
    rows = Card.objects.select_related("column", "assignee").filter(title=title, **fields)
    return wait_until(f"{title} has {fields}", rows.first)


def stand(page, column, cards):
    """Wait until these cards stand in the column."""
    wait_for = (
        "([name, cards]) => [...document.querySelectorAll('.bcol')].some((col) =>"
        " col.querySelector('h2').textContent.trim() === name && cards.join() ==="
        " [...col.querySelectorAll('[data-id] h3')].map((h) => h.textContent.trim()).join())"
    )
    page.wait_for_function(wait_for, arg=[column, cards])


def counted(page):
    return [int(text) for text in page.locator(".bcol [data-count]").all_text_contents()]


def test_the_whole_board_is_worked_by_keyboard_and_everything_is_said(screen, ed, mia, board):
    page = show(screen, ed, board)
    page.locator("[data-list] a[tabindex='0']").focus()
    assert page.locator("[data-list] a[tabindex='0']").count() == 1  # one stop for Tab
    press(page, "ArrowDown")
    assert focused(page) == "Draft"
    press(page, "ArrowRight")
    assert focused(page) == "Plan"
    press(page, "ArrowLeft", "ArrowUp", "Alt+ArrowRight")
    heard(page, "Brief: Ready, place 1 of 2")
    stored("Brief", column__name="Ready")
    press(page, "u")
    heard(page, "Brief: Backlog, place 1 of 2")
    stored("Brief", column__name="Backlog", version=3)
    assert focused(page) == "Brief"

    press(page, "Shift+ArrowDown")
    heard(page, "2 selected")
    page.set_viewport_size({"width": 1440, "height": 300})
    page.wait_for_selector("[data-list][tabindex='0']")  # it scrolls now, so keys reach it
    page.set_viewport_size(DESK)
    press(page, "m")
    assert focused(page) == "to"
    page.locator("#bulk [name=to]").select_option(label="Review")
    press(page, "Enter")
    stored("Draft", column__name="Review")
    page.locator(".toast-u", has_text="2 cards changed.").wait_for()
    stand(page, "Review", ["Brief", "Draft"])
    assert focused(page) == "Draft"
    press(page, "u")  # the toast's Undo
    stored("Draft", column__name="Backlog")
    stand(page, "Backlog", ["Brief", "Draft"])
    assert focused(page) == "Draft"

    press(page, "Home", "a")
    page.locator("#bulk [name=assignee]").select_option(label=mia.user.display_name)
    press(page, "Enter")
    assert stored("Brief", assignee=mia)
    page.wait_for_function("() => document.activeElement.closest('[data-id]')")
    assert focused(page) == "Brief"

    press(page, "n")
    assert focused(page) == "line"
    page.keyboard.type("Call the shop tomorrow #email !high")
    page.locator(".quick-chips .chip-x").nth(2).wait_for()
    shoot(page, "board-quick-add")
    axe(page)
    press(page, "Enter")
    heard(page, "“Call the shop” is in Backlog.")
    made = stored("Call the shop", priority=3)
    assert made.due_on == board.workspace.day_of(now()) + timedelta(days=1)
    assert focused(page) == "line"  # it stays open
    press(page, "Escape", "ArrowUp")
    assert focused(page) == "Call the shop"

    press(page, "[")
    page.locator(".bcol.is-folded").wait_for()
    assert page.locator(".bcol.is-folded [data-fold] button:focus").count() == 1
    press(page, "]")
    assert focused(page) == "Brief"
    press(page, "/")
    assert focused(page) == "q"
    press(page, "Escape", "?")
    page.locator("#board-keys[open]").wait_for()
    shoot(page, "board-keys")
    axe(page)
    page.get_by_role("button", name="Switch letter keys off").press("Enter")
    settled(page)
    page.locator("[data-list] a[tabindex='0']").focus()
    press(page, "n")
    assert page.locator("#quick").is_hidden()


def test_the_keyboard_stays_on_its_card_and_goes_to_the_neighbour_of_one_that_is_gone(
    screen, ed, mia, board
):
    """Also where the link that had the focus was drawn anew while the bar had it."""
    backlog = column_of(board, "Backlog")
    others = [make_card(backlog, title) for title in ("Images", "Proof")]
    page = show(screen, ed, board)
    card_of(page, "Draft").locator("h3 a").focus()
    press(page, "x", "m")
    card_of(page, "Draft").evaluate(
        "(card) => card.replaceChildren(...card.cloneNode(true).childNodes)"
    )
    page.locator("#bulk [name=to]").select_option(label="Review")
    press(page, "Enter")
    stand(page, "Review", ["Draft"])
    press(page, "u")
    stand(page, "Backlog", ["Brief", "Draft", "Images", "Proof"])
    page.evaluate("() => document.activeElement.blur()")
    press(page, "n")
    assert page.locator("#quick").evaluate(COLUMN) == "Backlog"
    press(page, "Escape")

    card_of(page, "Images").locator("h3 a").focus()
    for card in (others[0], Card.objects.get(title="Draft")):
        archive_card(card, by=mia, at=now())
    stand(page, "Backlog", ["Brief", "Proof"])
    assert focused(page) == "Proof"
    archive_card(others[1], by=mia, at=now())
    stand(page, "Backlog", ["Brief"])
    assert focused(page) == "Brief"


def test_columns_are_counted_while_moves_wait_for_their_answers(screen, ed, board):
    page = show(screen, ed, board)
    held = []
    page.route("**/move/", lambda route: held.append(route))  # noqa: PLW0108  a plain function it must be
    card_of(page, "Brief").locator("h3 a").focus()
    press(page, "Alt+ArrowRight")
    assert counted(page)[:2] == [1, 2]
    card_of(page, "Draft").locator("h3 a").focus()
    press(page, "Alt+ArrowRight")
    assert counted(page)[:2] == [0, 3]
    page.evaluate(SEE_COUNTS)
    for number in range(2):
        wait_until("the move is sent", lambda: page.wait_for_timeout(20) or len(held) > number)  # noqa: B023
        held[number].continue_()
    stored("Draft", column__name="Ready")
    page.wait_for_function("() => document.querySelector('sortable-board').moves.length === 0")
    assert page.evaluate("window.seen") == ["0,3"]  # and nothing else in between


def test_a_card_goes_to_another_swimlane_by_key_by_hand_and_by_another_person(
    screen, ed, mia, board
):
    BoardChoice.objects.create(workspace=board.workspace, board=board, member=ed, lanes="assignee")
    page = show(screen, ed, board)
    lanes = page.locator(".blane")
    assert lanes.count() == 3  # Ed, Mia, nobody
    card_of(page, "Brief").locator("h3 a").focus()
    press(page, "Alt+ArrowDown")
    heard(page, f"Brief: Backlog, {mia.user.display_name}, place 1 of 2")
    stored("Brief", assignee=mia)
    assert focused(page) == "Brief"
    start = card_of(page, "Plan").bounding_box()
    there = lanes.nth(2).locator("[data-list]").nth(3)
    page.mouse.move(start["x"] + 40, start["y"] + 12)
    page.mouse.down()
    for _again in range(5):  # lanes that the card passes grow and shrink: the hand follows
        end = there.bounding_box()
        page.mouse.move(end["x"] + 60, end["y"] + 8, steps=12)
        page.wait_for_timeout(150)  # SortableJS looks under the pointer every 50 ms
        if there.locator(".card-k").count():
            break
    assert there.locator(".card-k").count() == 1
    page.mouse.up()
    heard(page, "Plan: Review, Nobody, place 1 of 1")
    stored("Plan", assignee=None, column__name="Review")
    make_card(board, "News", assignee=ed, by=mia)
    page.locator(".blane").first.locator(".card-k", has_text="News").wait_for()
    lanes.nth(1).locator("[data-fold] button").click()
    wait_until("the lane is folded", lambda: BoardChoice.objects.get(member=ed).folded_lanes)


@pytest.mark.parametrize("look", LOOKS)
def test_swimlanes_fit_every_screen(screen, ed, mia, board, look):
    BoardChoice.objects.create(workspace=board.workspace, board=board, member=ed, lanes="assignee")
    page = show(screen, ed, board, **LOOKS[look])
    shoot(page, f"board-lanes-{look}")
    assert sideways(page) == 0
    axe(page)
    if LOOKS[look].get("phone"):
        assert small_targets(page) == []
