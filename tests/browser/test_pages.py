"""Every page of the demo, in both themes, mirrored, and on a phone: nothing complains anywhere."""

import os

import pytest

from tests.browser.support import (
    LOOKS,
    Watch,
    complaints,
    settled,
    shoot,
    sideways,
)

pytestmark = pytest.mark.browser

PAGES = {
    "overview": "",
    "overview-owner": "?group=owner&closed=on",
    "wall": "?wall=1",
    "my-work": "my-work/",
    "strategies": "strategy/",
    "strategy": "strategy/1/",
    "strategy-write": "strategy/1/steps/participation/",
    "strategy-wall": "strategy/1/wall/",
    "strategy-print": "strategy/1/print/",
    "strategy-changes": "strategy/1/versions/1/changes/",
    "strategy-links": "strategy/1/links/",
    "decisions": "strategy/1/decisions/",
    "feedback": "strategy/1/feedback/?disposition=",
    "goals": "goals/",
    "goal": "goals/2/",
    "goals-timeline": "goals/?view=timeline",
    "goal-split": "goals/2/split/",
    "goal-new": "goals/new/",
    "metrics": "metrics/",
    "metric": "metrics/email_clicks/",
    "metric-by": "metrics/email_ctr/?by=mail_type&grain=week",
    "metric-new": "metrics/new/",
    "imports": "imports/",
    "import-new": "imports/new/",
    "boards": "boards/",
    "board": "boards/1/",
    "board-lanes": "boards/2/",
    "cycle": "cycles/1/",
    "automation-new": "boards/1/automations/new/",
    "request-form": "requests/forms/1/",
    "card-list": "boards/1/list/?group=due",
    "card-calendar": "boards/1/calendar/",
    "flow": "boards/1/flow/",
    "timeline": "boards/1/timeline/",
    "workload": "workload/?who=1",
    "capacity": "workload/capacity/edit/",
    "card": "cards/10/",
    "card-new": "cards/new/",
    "stakeholders": "stakeholders/",
    "stakeholder": "stakeholders/1/",
    "stakeholder-edit": "stakeholders/1/edit/",
    "reporting-lines": "stakeholders/lines/",
    "raci": "goals/2/raci/",
    "raci-edit": "goals/2/raci/edit/",
    "slas": "sla/",
    "sla": "sla/1/",
    "sla-new": "sla/new/",
    "promise": "sla/promises/2/",
    "quota": "sla/quotas/1/",
    "calendars": "calendars/",
    "calendar": "calendars/1/",
    "pulse": "pulse/",
    "pulse-edit": "pulse/edit/",
    "pulse-links": "pulse/links/",
    "gaps": "gaps/",
    "settings": "settings/",
    "members": "settings/members/",
    "tokens": "settings/tokens/",
    "log": "settings/log/",
    "search": "search/?q=mail",
    "search-none": "search/?q=zzz",
    "not-found": "nothing-here/",
}
SIGNED_OUT = {"sign-in": "/accounts/login/", "reset": "/accounts/password/reset/"}
CHECKED_BY_AXE = {"light", "dark", "phone", "rtl", "phone-dark-rtl"}


def faults_of(page, name: str, place: str, watch: Watch) -> list[str]:
    """Everything that is wrong with the page as it stands."""
    settled(page)
    shoot(page, f"{place}-{name}")
    found = [f"{place}: {said}" for said in watch.said]
    watch.said.clear()
    if (wide := sideways(page)) > 0:
        found.append(f"{place}: {wide} px too wide")
    if name in CHECKED_BY_AXE:
        found += [f"{place}: {said}" for said in complaints(page)]
    return found


@pytest.mark.parametrize("name", LOOKS)
def test_every_page_is_sound(visitor, name):
    faults = []
    with visitor(name) as (page, watch):
        for place, path in SIGNED_OUT.items():
            page.goto(path)
            faults += faults_of(page, name, place, watch)
    with visitor(name, "owner") as (page, watch):
        for place, path in PAGES.items():
            page.goto(f"/w/demo/{path}")
            faults += faults_of(page, name, place, watch)
    assert faults == []


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_page_of_the_api_breaks_no_rule_of_its_policy(visitor, name):
    with visitor(name) as (page, watch):
        page.goto("/api/v1/docs/")
        page.locator(".opblock").first.wait_for()
        shoot(page, f"api-{name}")
        assert page.evaluate("document.documentElement.classList.contains('dark-mode')") is (
            name == "dark"
        )
        assert watch.said == []


def test_nothing_moves_while_the_overview_loads(visitor):
    with visitor("light", "manager") as (page, _watch):
        page.add_init_script(
            "window.__shift = 0; new PerformanceObserver((list) => {"
            " for (const e of list.getEntries()) if (!e.hadRecentInput) window.__shift += e.value;"
            "}).observe({type: 'layout-shift', buffered: true});"
        )
        page.goto("/w/demo/")
        settled(page)
        assert page.evaluate("window.__shift") < 0.02


def test_pictures_for_the_readme_can_be_taken(visitor):
    if not os.environ.get("MOPS_PICTURES"):
        pytest.skip("set MOPS_PICTURES=1 to renew docs/pictures")
    with visitor("light", "manager") as (page, _watch):
        page.goto("/w/demo/")
        settled(page).screenshot(path="docs/pictures/overview.png")
