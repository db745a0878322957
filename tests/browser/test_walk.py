"""From a file of a tool to an explained, traced and undone number, in a browser."""

import csv
import io
import random
from datetime import date, timedelta

import pytest

from tests.browser.support import settled
from tests.browser.test_wizard import page  # noqa: F401  the owner's browser
from tests.support.processes import wait_until
from tests.support.stack import API, SLUG

pytestmark = pytest.mark.browser
HEADER = [
    "Title", "Subject", "Audience", "Send Date", "Send Weekday", "Total Recipients",
    "Successful Deliveries", "Unique Opens", "Open Rate", "Total Opens", "Unique Clicks",
    "Click Rate", "Total Clicks", "Unsubscribes", "Unique Id",
]  # fmt: skip
DROP = """(text) => {
  const held = new DataTransfer();
  held.items.add(new File([text], "campaigns.csv", { type: "text/csv" }));
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: held, bubbles: true }));
}"""


def export() -> tuple[str, int, int]:
    """Three months of a newsletter to two audiences, with the sums of sends and of clicks."""
    chance = random.Random(7)
    out, sends, clicks = io.StringIO(), 0, 0
    rows = csv.writer(out)
    rows.writerow(HEADER)
    for number in range(24):
        day = date(2026, 1, 5) + timedelta(days=3 * number)
        sent, clicked = chance.randrange(800, 1200), chance.randrange(20, 90)
        sends, clicks = sends + sent, clicks + clicked
        rows.writerow([
            f"Letter {number}", "News", ["Customers", "Leads"][number % 2],
            f"{day:%b %d, %Y} 09:30 am", f"{day:%A}", sent, sent - 3, sent // 3, "33.1%", sent // 2,
            clicked, "5.0%", clicked + 9, 1, f"id{number:04}",
        ])  # fmt: skip
    return out.getvalue(), sends, clicks


def test_a_dropped_file_becomes_a_rate_that_is_explained_traced_and_undone(page, embedded):  # noqa: F811
    text, sends, clicks = export()
    page.goto(f"/w/{SLUG}/imports/new/")
    with page.expect_navigation():
        page.evaluate(DROP, text)
    settled(page)
    page.get_by_label("Name of the new metric: Total Clicks").fill("All clicks")
    page.get_by_role("button", name="Check the whole file").click()
    page.get_by_role("heading", name="Every row can be read").wait_for(timeout=60_000)
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("link", name="See the metric").wait_for(timeout=60_000)
    run_page = page.url
    wait_until("everything is rolled up", lambda: embedded.marks() == 0, seconds=90, pause=0.2)

    page.goto(f"/w/{SLUG}/metrics/new/")
    page.fill("[name=name]", "CTR")
    page.fill("[name=key]", "ctr")
    page.locator("[name=kind][value=ratio]").check()
    page.select_option("[name=numerator]", "mailchimp_unique_clicks")
    page.select_option("[name=denominator]", "mailchimp_sends")
    page.select_option("[name=unit]", "percent")
    page.select_option("[name=decimals]", "2")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/w/{SLUG}/metrics/ctr/")
    answer = page.web.ask(f"{API}/metrics/ctr/series/?grain=year")
    assert abs(float(answer.body["total"]["value"]) - 100 * clicks / sends) < 1e-6

    page.goto(f"/w/{SLUG}/metrics/ctr/?grain=month&by=audience")
    settled(page)
    slices = page.locator("[aria-labelledby=h-slices] tbody tr")
    assert sorted(row.locator("th").inner_text() for row in slices.all()) == ["Customers", "Leads"]

    page.goto(f"/w/{SLUG}/metrics/ctr/why/?from=2026-02-01&to=2026-02-28&by=audience")
    page.locator("#why table, .why-t, main table").first.wait_for()
    told = page.web.ask(
        f"{API}/metrics/ctr/explain/?from=2026-02-01&to=2026-02-28&by=audience"
    ).body
    effects = sum(float(part["effect"]) for part in told["segments"])
    assert abs(effects - float(told["change"])) < 1e-9

    page.goto(f"/w/{SLUG}/metrics/mailchimp_unique_clicks/?grain=month")
    settled(page).locator("a.cell:visible").first.click()
    page.get_by_role("heading", name="Where it comes from").wait_for()
    assert page.get_by_text("campaigns.csv").first.is_visible()

    page.goto(run_page)
    page.get_by_role("button", name="Undo the import").click()
    dialog = page.locator("dialog[open]")
    if dialog.count():
        dialog.get_by_role("button").last.click()
    wait_until(
        "the import is undone",
        lambda: page.web.ask(f"{API}/metrics/ctr/series/").body["total"]["value"] is None,
        seconds=60,
        pause=0.3,
    )
