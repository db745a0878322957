"""The faces of cards, and looking for cards on a board."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from tests.browser.support import LOOKS, axe, settled, shoot, sideways, small_targets
from tests.make.goals import make_goal, measured
from tests.make.tasks import column_of, make_board, make_card, make_field, make_label

pytestmark = pytest.mark.browser


@pytest.fixture
def board(acme, ed, mia, vi):
    """A board whose cards say much."""
    board = make_board(acme, "Q4 e-mail programme")
    goal, reach = make_goal(measured(acme), "E-mail leads +40 %"), make_field(acme, on_card=True)
    labels = [make_label(acme, "Campaign"), make_label(acme, "Content", colour="green")]
    today, long_ago = acme.day_of(now()), now() - timedelta(days=12)
    for place, title in enumerate(("Redefine e-mail contact lists", "Negative keyword list")):
        make_card(
            column_of(board, "Ready"),
            title,
            assignee=ed,
            helpers=(mia, vi),
            labels=tuple(labels),
            priority=4 - place,
            estimate=3,
            goal=goal,
            due_on=today + timedelta(days=place - 1),
            checklist=("Draft", "Ask sales"),
            values={reach: 1200},
            at=long_ago,
        )
    for number in range(34):
        make_card(column_of(board, "Backlog"), f"Idea {number + 1}")
    return board


@pytest.mark.parametrize("name", LOOKS)
def test_a_board_is_legible_in_every_look(screen, mia, board, name):
    page = screen(mia, **LOOKS[name])
    page.goto(f"/w/acme/boards/{board.pk}/")
    settled(page)
    shoot(page, f"board-faces-{name}")
    assert sideways(page) == 0
    axe(page)
    if "phone" in name:
        assert small_targets(page) == []


def test_a_long_column_shows_more_and_what_is_looked_for_has_an_address(screen, mia, board):
    page = screen(mia)
    page.goto(f"/w/acme/boards/{board.pk}/")
    settled(page)
    backlog = page.locator(".bcol").first
    assert backlog.locator("[data-id]").count() == 30
    assert backlog.locator("[data-count]").inner_text() == "34"
    backlog.locator(".more-k a").click()
    backlog.locator(".card-k", has_text="Idea 34").wait_for(state="attached")
    assert backlog.locator("[data-id]").count() == 34
    assert backlog.locator("[data-count]").inner_text() == "34"
    page.locator("[data-find]").fill("keyword")
    page.keyboard.press("Enter")
    page.locator("#board-facts", has_text="1 of 36 cards").wait_for()
    assert "q=keyword" in page.url
    page.locator(".chip-x").click()
    page.locator("#board-facts", has_text="36 cards").wait_for()
    page.go_back()
    page.locator("#board-facts", has_text="1 of 36 cards").wait_for()
