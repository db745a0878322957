"""The grid in a browser: keys and paste of a spreadsheet, unsaved cells, what somebody else did."""

from datetime import timedelta

import pytest

from tests.browser.support import LOOKS, axe, settled, shoot, sideways
from tests.make.metrics import make_metric, observe
from tests.make.workspaces import NOON

pytestmark = pytest.mark.browser
URL = "/w/acme/metrics/enter/?until=2026-03-04"
PASTE = """([cell, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const how = { clipboardData: data, bubbles: true, cancelable: true };
  cell.dispatchEvent(new ClipboardEvent("paste", how));
}"""


@pytest.fixture
def metrics(acme):
    clicks = make_metric(acme, "clicks", name="Total clicks in all of the newsletters")
    cost = make_metric(acme, "cost", name="Cost", unit="currency", currency="EUR", decimals=2)
    days = {NOON.date() - timedelta(days=n): 1000 + n for n in range(1, 6)}
    observe(clicks, days, source="manual")
    observe(clicks, days, source="crm")
    return clicks, cost


def cell(page, metric, day):
    return page.locator(f"#v-{metric.pk}-2026-03-{day:02}")


def test_the_grid_moves_like_a_spreadsheet_and_saves(screen, mia, metrics):
    page = screen(mia)
    page.goto(URL)
    settled(page)
    clicks, cost = metrics[0], metrics[1]
    first = page.locator("tbody input[data-shown]").first
    first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("12.5")
    page.keyboard.press("Enter")
    page.keyboard.type("13")
    page.keyboard.press("Shift+Enter")
    assert page.evaluate("() => document.activeElement.value") == "12.5"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("7")
    page.keyboard.press("Escape")
    assert page.locator("[data-changed]").count() == 2
    assert "2" in page.locator(".entry-count").inner_text()
    target = cell(page, cost, 3)
    page.evaluate(PASTE, [target.element_handle(), "9.99\t1,500\r\n\t1600\tno such column\r\n"])
    assert cell(page, clicks, 4).input_value() == "1600"
    assert cell(page, cost, 3).input_value() == "9.99"
    page.get_by_role("button", name="Save").click()
    settled(page)
    assert page.locator("[data-changed]").count() == 0
    assert cell(page, clicks, 3).input_value() == "1500"
    assert cell(page, cost, 3).input_value() == "9.99"


def test_somebody_elses_value_is_offered(screen, mia, metrics):
    screen.watch.expected = ("409",)
    page = screen(mia)
    page.goto(URL)
    settled(page)
    clicks = metrics[0]
    cell(page, clicks, 1).fill("5")
    observe(clicks, {"2026-03-01": 77}, source="manual")
    page.get_by_role("button", name="Save").click()
    settled(page)
    assert cell(page, clicks, 1).input_value() == "5"
    page.get_by_role("button", name="Take").click()
    assert cell(page, clicks, 1).input_value() == "77"
    assert page.locator("[data-changed]").count() == 0


@pytest.mark.parametrize("look", LOOKS)
def test_the_grid_fits_every_look(screen, mia, metrics, look):
    screen.watch.expected = ("422",)
    page = screen(mia, **LOOKS[look])
    page.goto(URL)
    settled(page)
    cell(page, metrics[0], 2).fill("12x")
    cell(page, metrics[1], 1).fill("4")
    page.locator(".entry-foot button").click()
    settled(page)
    cell(page, metrics[1], 3).fill("7")
    shoot(page, f"enter-{look}", full=True)
    assert sideways(page) == 0
    axe(page)
