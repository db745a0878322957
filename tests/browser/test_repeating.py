"""Cards that come back and rules of a board: the dates follow what is typed; every look is fit."""

import pytest

from tests.browser.support import LOOKS, axe, settled, shoot, sideways
from tests.make.tasks import make_board, make_label, make_rule, make_series

pytestmark = pytest.mark.browser
SHOWN = list(LOOKS)[:1] + [name for name in LOOKS if "phone" in name][-1:]


@pytest.fixture
def board(acme):
    board = make_board(acme, "Q4 e-mail programme")
    make_label(acme, "Campaign")
    return board


@pytest.mark.parametrize("name", SHOWN)
def test_the_pages_are_legible_in_every_look(screen, mia, ed, board, name):
    series = make_series(board, assignee=ed, lead_days=2)
    rule = make_rule(board, "Give it in turn", assign="turns", turns=(ed.pk, mia.pk))
    page = screen(mia, **LOOKS[name])
    for key, path in (
        ("repeating", f"{board.pk}/repeating/"),
        ("series", f"repeating/{series.pk}/"),
        ("automations", f"{board.pk}/automations/"),
        ("rule", f"automations/{rule.pk}/"),
    ):
        page.goto(f"/w/acme/boards/{path}")
        settled(page)
        shoot(page, f"{key}-{name}")
        assert sideways(page) == 0
        axe(page)


def test_the_next_dates_follow_what_is_typed(screen, mia, board):
    page = screen(mia)
    page.goto(f"/w/acme/boards/{board.pk}/repeating/new/")
    dates = page.locator("#series-dates")
    page.get_by_label("From").fill("2027-01-31")
    page.get_by_label("How it comes back").select_option("monthly_day")
    page.get_by_label("Day of the month").fill("31")
    page.get_by_label("Title").click()
    dates.get_by_text("28 Feb 2027").wait_for()
    dates.get_by_text("31 Mar 2027").wait_for()
    page.get_by_label("Day of the month").fill("0")
    page.get_by_label("Title").click()
    dates.get_by_text("does not make a date yet").wait_for()
