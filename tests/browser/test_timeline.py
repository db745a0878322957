"""Cards in time: dragged, moved by keys, and what waits for them moved along."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from tasks.models import Card
from tasks.operations.dependencies import add_dependency
from tests.browser.support import LOOKS, axe, settled, shoot, sideways, small_targets
from tests.make.tasks import make_board, make_card
from tests.make.workspaces import owner_of

pytestmark = pytest.mark.browser
DAY = timedelta(days=1)


@pytest.fixture
def today(acme):
    return acme.day_of(now())


@pytest.fixture
def cards(acme, ed, today):
    """A brief, and two cards one after the other that wait for it."""
    board, made = make_board(acme, "Q4 e-mail programme"), []
    for place, title in enumerate(("Write the brief", "Draw the pictures", "Send the letter")):
        start = today + 4 * place * DAY
        card = make_card(board, title, start_on=start, due_on=start + 2 * DAY, assignee=ed)
        for other in made[-1:]:
            add_dependency(card, waits_for=other, by=owner_of(acme), at=now())
        made.append(card)
    make_card(board, "Some day")
    return made


def days(card, today):
    fresh = Card.objects.get(pk=card.pk)
    return (fresh.start_on - today).days, (fresh.due_on - today).days


def opened(page, card):
    page.goto(f"/w/acme/boards/{card.board_id}/timeline/")
    settled(page)
    page.locator("time-line[data-armed]").wait_for()
    return page


@pytest.mark.parametrize("name", LOOKS)
def test_a_timeline_is_legible_in_every_look(screen, ed, cards, name):
    page = opened(screen(ed, **LOOKS[name]), cards[0])
    shoot(page, f"timeline-{name}")
    assert sideways(page) == 0
    axe(page)
    if "phone" in name:
        assert small_targets(page) == []


def test_a_bar_is_dragged_what_waits_moves_along_and_an_undo_takes_it_back(
    screen, ed, cards, today
):
    page = opened(screen(ed), cards[0])
    box = page.locator(f"[data-bar='{cards[0].pk}'] .tl-fill").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 3 * 12, middle[1], steps=4)
    page.mouse.up()
    along = page.get_by_role("button", name="Move 2 cards that wait for it")
    along.wait_for()
    assert days(cards[0], today) == (3, 5)
    along.click()
    page.locator("toast-note", has_text="2 cards moved along.").wait_for()
    assert [days(card, today) for card in cards] == [(3, 5), (7, 9), (11, 13)]
    page.locator(f"#row-{cards[2].pk}[data-version='2']").wait_for()
    page.locator("toast-note", has_text="moved along").get_by_role("button", name="Undo").click()
    page.locator(f"#row-{cards[2].pk}[data-version='3']").wait_for()
    assert [days(card, today) for card in cards] == [(3, 5), (4, 6), (8, 10)]


def test_keys_move_a_card_and_its_end_and_say_so(screen, ed, cards, today):
    page = opened(screen(ed), cards[2])
    link = page.locator(f"#row-{cards[2].pk} a")
    link.focus()
    page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("Alt+ArrowRight")
    assert "Send the letter" in page.locator("[data-live]").inner_text()
    page.locator(f"#row-{cards[2].pk}[data-version='2']").wait_for()
    assert days(cards[2], today) == (10, 12)
    page.keyboard.press("Shift+Alt+ArrowRight")
    page.locator(f"#row-{cards[2].pk}[data-version='3']").wait_for()
    assert days(cards[2], today) == (10, 13)
    assert link.evaluate("link => link === document.activeElement")
    link.click()
    page.locator("#drawer[open]").wait_for()
    page.keyboard.press("Escape")
    page.locator("#drawer:not([open])").wait_for(state="attached")
    assert page.url.endswith("/timeline/")
