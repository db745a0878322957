"""Every page of the demo, in both themes, mirrored, and on a phone: nothing complains anywhere."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.browser.support import (
    EVERY_LOOK,
    LOOKS,
    Watch,
    complaints,
    look,
    settled,
    shoot,
    sideways,
)
from tests.support.processes import BIN, Web, free_port, launch, must_manage, wait_until
from tests.support.stack import embedded_env

pytestmark = pytest.mark.browser

PASSWORD = "demo"
PAGES = {
    "overview": "",
    "overview-owner": "?group=owner&closed=on",
    "wall": "?wall=1",
    "my-work": "my-work/",
    "goals": "goals/",
    "goal": "goals/2/",
    "goal-new": "goals/new/",
    "metrics": "metrics/",
    "metric": "metrics/email_clicks/",
    "metric-by": "metrics/email_ctr/?by=mail_type&grain=week",
    "metric-new": "metrics/new/",
    "imports": "imports/",
    "import-new": "imports/new/",
    "boards": "boards/",
    "board": "boards/1/",
    "card": "cards/10/",
    "card-new": "cards/new/",
    "stakeholders": "stakeholders/",
    "stakeholder": "stakeholders/1/",
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


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[Web]:
    """The demo, prepared once and served."""
    folder = tmp_path_factory.mktemp("demo")
    env = {**embedded_env(folder), "MOPS_DEMO_PASSWORD": PASSWORD}
    must_manage(env, "prepare_demo", "--collect-static")
    port = free_port()
    words = ["mops.asgi:application", "--host", "127.0.0.1", "--port", str(port)]
    child = launch([BIN / "uvicorn", *words], env=env, log=folder / "web.log")
    web = Web(child, port)
    try:
        wait_until("the web answers", web.is_alive, seconds=60)
        yield web
    finally:
        child.stop()


@pytest.fixture
def visitor(site, browser):
    """A page of somebody's, in one of the looks."""

    @contextmanager
    def visit(name, who=""):
        watch = Watch(expected=("with a status of 404",))
        context = browser.new_context(base_url=site.url, **look(**(EVERY_LOOK | LOOKS)[name]))
        page = watch.over(context.new_page())
        if who:
            page.goto("/accounts/login/")
            page.fill("[name=login]", f"{who}@demo.example")
            page.fill("[name=password]", PASSWORD)
            page.locator("main button[type=submit]").click()
            page.wait_for_url("**/w/demo/**")
        yield page, watch
        context.close()

    return visit


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
