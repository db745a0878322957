"""A real newsletter's statistics through the wizard in a browser give their answers over REST."""

import pytest

from tests.browser.support import Watch, look
from tests.support.answers import (
    DATA,
    NEWSLETTER_CHECKS,
    Reader,
    define_newsletter_rates,
    needs_data,
)
from tests.support.processes import must_manage, wait_until
from tests.support.stack import OWNER, PASSWORD, SLUG

pytestmark = [pytest.mark.browser, needs_data]

FILE = DATA / "data_is_plural" / "messages.csv"


@pytest.fixture
def page(embedded, browser):
    """The owner's browser on the whole product."""
    watch = Watch()
    must_manage(embedded.env, "collectstatic", "--noinput", "-v0")
    web = embedded.start_web()
    context = browser.new_context(base_url=web.url, **look())
    page = watch.over(context.new_page())
    page.web = web
    page.goto("/accounts/login/")
    page.fill("[name=login]", OWNER)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/w/**")
    yield page
    context.close()
    assert watch.said == []


def bring_in(page, *, name_of_sends=""):
    """Upload, take the guesses as they come, check, import; the counts at the end."""
    page.goto(f"/w/{SLUG}/imports/new/")
    page.set_input_files("[name=file]", FILE)
    page.get_by_role("button", name="Look at the columns").click()
    if name_of_sends:
        page.get_by_label("Name of the new metric: send_count").fill(name_of_sends)
        page.get_by_text("Count rows or people").click()
        page.fill("[name=n0-name]", "Editions")
    page.get_by_role("button", name="Check the whole file").click()
    page.get_by_role("heading", name="Every row can be read").wait_for(timeout=60_000)
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("link", name="See the metric").wait_for(timeout=60_000)
    facts = page.locator(".facts > div")
    return {
        fact.locator("dt").inner_text(): fact.locator("dd").first.inner_text()
        for fact in facts.all()
    }


def test_dip_the_newsletter_by_the_browser(page, embedded):
    first = bring_in(page, name_of_sends="Sends")
    assert first["Rows in the file"] == "230"
    wait_until("everything is rolled up", lambda: embedded.marks() == 0, seconds=90, pause=0.2)

    def request(path, body):
        answer = page.web.ask(path, json_body=body)
        return answer.status, answer.body

    news = Reader(request)
    define_newsletter_rates(news)
    for check in NEWSLETTER_CHECKS:
        check(news)
    again = bring_in(page)
    assert (again["New observations"], again["Corrected"]) == ("0", "0")
