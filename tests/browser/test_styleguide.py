"""Every component in every state, in each look."""

import pytest

from tests.browser.support import LOOKS, axe, settled, shoot, sideways, small_targets

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.guide_urls")]


@pytest.mark.parametrize("name", LOOKS)
def test_the_style_guide_looks_right(screen, db, name):
    page = screen(**LOOKS[name])
    page.goto("/styleguide/")
    settled(page)
    shoot(page, f"styleguide-{name}", full=True)
    assert sideways(page) <= 0
    axe(page)
    if "phone" in name:
        assert small_targets(page) == []


def test_a_chart_draws_its_table_and_repaints_with_the_theme(screen, db):
    page = settled_guide(screen)
    line = page.locator("#sg-line .plot svg")
    assert line.locator("text", has_text="17 Aug").count() == 1
    before = line.inner_html()
    page.evaluate("document.querySelector('[data-theme-set=dark]').click()")
    page.wait_for_function("() => document.documentElement.dataset.theme === 'dark'")
    assert line.inner_html() != before
    page.reload()
    settled(page)
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_tooltip_says_what_the_table_says(screen, db):
    page = settled_guide(screen)
    plot = page.locator("#sg-line .plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2)
    tip = page.locator("#sg-line .tip")
    tip.wait_for()
    week = tip.locator("b").inner_text()
    row = page.locator("#sg-line tbody tr", has=page.locator(f"th:text-is('{week}')"))
    assert tip.locator("em").first.inner_text() == row.locator("td").first.text_content()


def test_the_table_twin_takes_the_place_of_the_plot(screen, db):
    page = settled_guide(screen)
    button = page.locator("[data-twin=sg-line]")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert page.locator("#sg-line table").is_visible()
    assert not page.locator("#sg-line .plot").is_visible()


def test_a_menu_is_walked_by_arrows_and_left_by_escape(screen, db):
    page = settled_guide(screen)
    summary = page.locator("summary", has_text="Break down by")
    summary.focus()
    focused = page.locator(".menu-list :focus")
    page.keyboard.press("ArrowDown")
    assert "Campaign" in focused.inner_text()
    page.keyboard.press("ArrowDown")
    assert "Channel" in focused.inner_text()
    page.keyboard.press("Escape")
    assert summary.evaluate("e => e === document.activeElement && !e.parentElement.open")


def test_something_destructive_asks_first_and_returns_the_focus(screen, db):
    page = settled_guide(screen)
    button = page.get_by_role("button", name="Delete the board")
    button.click()
    dialog = page.get_by_role("alertdialog")
    assert "22 cards" in dialog.inner_text()
    page.keyboard.press("Escape")
    assert button.evaluate("e => e === document.activeElement")
    button.click()
    dialog.get_by_role("button", name="Yes, do it").click()
    page.wait_for_url("**/styleguide/?*")


def test_messages_become_toasts_that_can_be_sent_away(screen, db):
    page = screen()
    page.goto("/styleguide/?say=1")
    settled(page)
    toasts = page.locator("toast-note")
    assert toasts.count() == 2
    toasts.first.get_by_role("button").click()
    assert toasts.count() == 1


def test_work_is_ticked_off_by_one_key(screen, db):
    page = settled_guide(screen)
    page.locator(".mw a").first.focus()
    page.keyboard.press("x")
    assert page.locator(".mw .tick").first.is_checked()
    page.keyboard.press("j")
    assert "Approve" in page.evaluate("document.activeElement.textContent")


def settled_guide(screen):
    page = screen()
    page.goto("/styleguide/")
    return settled(page)
