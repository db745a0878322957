"""The form of a metric: the key follows the name until a hand writes it; what fits is shown."""

import pytest

from tests.browser.support import settled

pytestmark = pytest.mark.browser


def test_the_key_is_made_from_the_name_until_somebody_writes_one(screen, mia):
    page = screen(mia)
    page.goto("/w/acme/metrics/new/")
    settled(page)
    page.get_by_label("Name").press_sequentially("3 Ünique Clicks, e-mail")
    assert page.get_by_label("Key").input_value() == "unique_clicks_e_mail"
    page.get_by_label("Key").fill("mine")
    page.get_by_label("Name").fill("Another name")
    assert page.get_by_label("Key").input_value() == "mine"


def test_a_ratio_asks_for_its_parts_and_money_for_its_currency(screen, mia):
    page = screen(mia)
    page.goto("/w/acme/metrics/new/")
    settled(page)
    assert not page.get_by_label("Numerator").is_visible()
    assert not page.get_by_label("Currency").is_visible()
    page.locator(".radio-card", has_text="Ratio").click()
    page.get_by_label("Unit").select_option("currency")
    assert page.get_by_label("Numerator").is_visible()
    assert page.get_by_label("Currency").is_visible()
    assert page.locator(".formula-set small", has_text="optional").count() == 0
