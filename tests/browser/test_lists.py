"""The list by the keyboard alone, and a card that goes to another day by hand and by keys."""

from datetime import timedelta

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from tasks.models import Card
from tasks.operations.edits import edit_card
from tests.browser.support import axe
from tests.make.tasks import make_board, make_card
from tests.make.workspaces import NOON

pytestmark = pytest.mark.browser


@pytest.fixture
def cards(acme, mia):
    board = make_board(acme)
    today = acme.day_of(now())
    monday = today - timedelta(days=today.weekday())
    made = [make_card(board, title, due_on=monday) for title in ("Brief", "Copy")]
    return board, monday, [*made, make_card(board, "Some day")]


def test_cells_are_written_by_the_keyboard_and_a_conflict_keeps_both_texts(screen, mia, ed, cards):
    board, _monday, (brief, copy, _undated) = cards
    page = screen(ed)
    screen.watch.expected = ("409",)
    page.goto(f"/w/acme/boards/{board.pk}/list/")
    ready(page)
    at = lambda card, part: page.locator(f"#row-{card.pk} [data-cell={part}]")  # noqa: E731
    at(brief, "number").locator("[data-go]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    field = at(brief, "title").locator("input[name=title]")
    expect(field).to_be_focused()
    field.fill("Not this")
    page.keyboard.press("Escape")
    expect(at(brief, "title").locator("[data-go]")).to_be_focused()
    expect(at(brief, "title")).to_contain_text("Brief")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(at(copy, "title").locator("input[name=title]")).to_be_focused()
    edit_card(copy, version=1, changes={"title": "Theirs"}, by=mia, at=NOON)
    page.keyboard.type("Mine")
    page.keyboard.press("Enter")
    expect(at(copy, "title").locator(".conflict")).to_contain_text("Theirs")
    expect(at(copy, "title").locator("input[name=title]")).to_have_value("Mine")
    page.keyboard.press("Enter")
    expect(at(copy, "title").locator(".list-open")).to_have_text("Mine")
    expect(at(copy, "title").locator("[data-go]")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    at(copy, "assignee").locator("select").select_option(label="Ed")
    at(brief, "assignee").locator("[data-go]").click()  # leaving a cell saves it
    expect(at(brief, "assignee").locator("select")).to_be_focused()
    expect(at(copy, "assignee")).to_contain_text("Ed")
    copy.refresh_from_db()
    assert (copy.title, copy.assignee) == ("Mine", ed)
    axe(page)


def test_a_card_goes_to_another_day_by_hand_and_by_keys(screen, ed, cards):
    board, monday, (brief, copy, undated) = cards
    page = screen(ed)
    page.goto(f"/w/acme/boards/{board.pk}/calendar/?span=week")
    page.locator("[data-armed]").wait_for()
    day = lambda n: page.locator(f"[data-day='{monday + timedelta(days=n)}']")  # noqa: E731
    page.locator(f"#cal-{brief.pk} a").focus()
    page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("Alt+ArrowRight")
    expect(day(2).locator(f"#cal-{brief.pk}[data-version='3'] a")).to_be_focused()
    expect(page.locator("[data-live]")).to_contain_text("Brief: due on Wednesday")
    page.keyboard.press("Alt+ArrowDown")  # next week is fetched
    page.wait_for_url(f"**day={monday + timedelta(days=9)}")
    expect(page.locator(f"[data-day='{monday + timedelta(days=9)}'] a:focus")).to_have_text("Brief")
    page.goto(f"/w/acme/boards/{board.pk}/calendar/?span=week")
    page.locator("[data-armed]").wait_for()
    drag(page, f"#cal-{undated.pk}", day(4))
    expect(day(4).locator(f"#cal-{undated.pk}[data-version='2']")).to_be_visible()
    drag(page, f"#cal-{copy.pk}", page.locator(".cal-side [data-list]"))
    expect(page.locator(f".cal-side #cal-{copy.pk}[data-version='2']")).to_be_visible()
    due = dict(Card.objects.values_list("title", "due_on"))
    assert due == {
        "Brief": monday + timedelta(days=9),
        "Copy": None,
        "Some day": monday + timedelta(days=4),
    }
    axe(page)


def test_rows_are_selected_by_keys_and_changed_together(screen, ed, cards):
    _board, _monday, (brief, copy, undated) = cards
    page = screen(ed)
    page.goto("/w/acme/cards/?sort=title")
    ready(page)
    bar = page.locator("#bulk")
    expect(bar).to_be_hidden()
    page.locator(f"#row-{brief.pk} [data-cell=due] [data-go]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(bar.locator("[data-selected]")).to_have_text("2 selected")
    page.locator(f"#row-{undated.pk} .card-s").click()
    axe(page)
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    for card in (brief, copy):
        page.locator(f"#row-{card.pk}").hover()
        page.locator(f"#row-{card.pk} .card-s").check()
    bar.locator("[name=assignee]").select_option(label="Ed")
    bar.get_by_role("button", name="Change").click()
    expect(page.locator(".toast-u")).to_contain_text("2 cards changed.")
    expect(page.locator("[data-cell=assignee]", has_text="Ed")).to_have_count(2)
    expect(bar).to_be_hidden()


def ready(page):
    """Wait until the table takes keys."""
    page.locator('[data-go][tabindex="0"]').wait_for()


def drag(page, card, to):
    start, end = page.locator(card).bounding_box(), to.bounding_box()
    page.mouse.move(start["x"] + 20, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(end["x"] + 40, end["y"] + 40, steps=12)
    page.mouse.up()
