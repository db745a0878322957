"""Questions to the numbers in a real browser: every page in every look, and a walk."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from tests.browser.support import LOOKS, settled
from tests.browser.test_pages import faults_of

pytestmark = pytest.mark.browser
DAYS = "from=2026-10-01&to=2026-10-31"
THEN = f"known_at={now().date() - timedelta(days=20)}"
PAGES = {
    "explore-none": "explore/",
    "explore": "explore/?metric=email_ctr&metric=email_clicks&by=mail_type&compare=year",
    "explore-one": "explore/?metric=ad_cost&grain=week&compare=previous&chart=bar&days=84",
    "explore-table": "explore/?metric=email_clicks&by=mail_type&top=2&chart=table&grain=quarter",
    "funnel": "funnel/?metric=email_delivered&metric=email_clicks&metric=email_leads&by=mail_type",
    "why": f"metrics/email_ctr/why/?{DAYS}&by=mail_type",
    "best": "metrics/email_ctr/best/",
    "past": f"metrics/email_ctr/?{THEN}&by=mail_type",
    "explore-past": f"explore/?metric=email_ctr&{THEN}&by=mail_type",
    "changes": "metrics/email_clicks/changes/?known_from=2026-10-15",
    "lineage": f"metrics/email_ctr/lineage/?{DAYS}",
}


@pytest.mark.parametrize("name", LOOKS)
def test_every_page_of_questions_is_sound(visitor, name):
    faults = []
    with visitor(name, "owner") as (page, watch):
        for place, path in PAGES.items():
            page.goto(f"/w/demo/{path}")
            faults += faults_of(page, name, place, watch)
    assert faults == []


def test_a_change_is_explained_traced_and_kept(visitor):
    with visitor("light", "editor") as (page, watch):
        page.goto("/w/demo/metrics/email_ctr/")
        page.locator("#why a").first.click()
        page.locator("#why table").wait_for()
        page.locator(".recent-t .cell").first.click()
        page.get_by_role("heading", name="Where it comes from").wait_for()
        page.goto("/w/demo/explore/?metric=email_ctr")
        page.locator("summary.pick").first.click()
        page.locator("[name=metric][value=email_clicks]").check()
        page.locator("#asking button[type=submit]").click()
        page.fill("#view-name", "Our letters")
        page.locator("[name=pinned]").check()
        page.locator(".two-side form button[type=submit]").click()
        page.get_by_role("heading", name="Our letters", exact=True).wait_for()
        page.goto("/w/demo/")
        settled(page).locator(".kpi", has_text="Our letters").first.click()
        page.get_by_role("heading", name="Our letters", exact=True).wait_for()
        assert watch.said == []


def test_on_a_phone_menus_and_tables_fit_the_window(visitor):
    with visitor("phone-rtl", "owner") as (page, watch):
        page.goto("/w/demo/metrics/email_ctr/")
        settled(page)
        summaries = page.locator("main pop-menu > details > summary")
        for place in range(summaries.count()):
            summaries.nth(place).click()
            box = page.locator("main pop-menu > details[open] .menu-list").bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= page.viewport_size["width"]
            page.keyboard.press("Escape")
        for name in ("", "funnel", "why", "best", "lineage"):
            page.goto(f"/w/demo/{PAGES[name] if name else 'metrics/email_ctr/'}")
            cut = "() => [...document.querySelectorAll('main .scroll-x')].filter("
            cut += "one => one.scrollWidth > one.clientWidth + 1).length"
            assert (name, settled(page).evaluate(cut), watch.said) == (name, 0, [])
