"""The frame around every page: rail, menus, palette, theme, language, phone, no script."""

import pytest

from tests.browser.support import axe, settled, shoot, sideways

pytestmark = pytest.mark.browser


def stakeholders(screen, member, **options):
    page = screen(member, **options)
    page.goto(f"/w/{member.workspace.slug}/stakeholders/")
    return settled(page)


def test_the_palette_jumps_by_keyboard(screen, mia):
    page = stakeholders(screen, mia)
    page.keyboard.press("/")
    page.keyboard.type("sett")
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/")


def test_the_palette_closes_by_escape_and_says_when_nothing_fits(screen, mia):
    page = stakeholders(screen, mia)
    page.keyboard.press("Control+k")
    page.keyboard.type("zzz")
    page.locator(".palette-none").wait_for()
    axe(page)
    page.keyboard.press("Escape")
    assert not page.locator("#palette").is_visible()


def test_a_viewer_is_offered_nothing_new(screen, vi):
    page = stakeholders(screen, vi)
    assert page.locator(".top-new").count() == 0
    assert page.locator("#palette a", has_text="New ").count() == 0


def test_the_current_page_is_marked_once_in_the_rail(screen, mia):
    page = stakeholders(screen, mia)
    assert page.locator(".rail [aria-current=page]").all_inner_texts() == ["Stakeholders"]


def test_the_language_switch_mirrors_the_page_and_comes_back_to_it(screen, mia):
    page = stakeholders(screen, mia)
    page.locator("summary[aria-label=Language]").click()
    page.locator(".menu-list button[value=fa]").first.click()
    page.wait_for_url("**/stakeholders/")
    settled(page)
    assert page.locator("html").get_attribute("dir") == "rtl"
    rail, main = page.locator(".rail").bounding_box(), page.locator("main").bounding_box()
    assert rail["x"] > main["x"]
    shoot(page, "shell-rtl")


def test_the_theme_is_kept_and_the_system_is_followed_again(screen, mia):
    page = stakeholders(screen, mia)
    page.locator("summary[aria-label=Theme]").click()
    page.locator("[data-theme-set=dark]").first.click()
    page.reload()
    settled(page)
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.locator("summary[aria-label=Theme]").click()
    page.locator("[data-theme-set=system]").first.click()
    assert page.locator("html").get_attribute("data-theme") is None


def test_signing_out_is_a_form_that_needs_no_second_question(screen, mia):
    page = stakeholders(screen, mia)
    page.locator("summary[aria-label=Account]").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")


def test_a_phone_has_a_bottom_bar_with_a_sheet_of_more(screen, mia):
    page = stakeholders(screen, mia, phone=True)
    page.locator(".tabbar summary").click()
    page.locator(".menu-sheet a", has_text="Metrics").wait_for()
    shoot(page, "shell-phone-more")
    axe(page)
    assert sideways(page) <= 0


def test_the_skip_link_is_the_first_stop(screen, mia):
    page = stakeholders(screen, mia)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_sign_in_looks_right_and_names_what_is_wrong(screen, mia):
    page = screen()
    page.goto("/accounts/login/")
    settled(page)
    axe(page)
    shoot(page, "sign-in")
    page.fill("input[name=login]", mia.user.email)
    page.fill("input[name=password]", "wrong")
    page.get_by_role("button", name="Sign in").click()
    page.locator(".notice-error").wait_for()
    axe(page)
