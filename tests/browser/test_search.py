"""The palette over all that the workspace has: by keyboard, mirrored, on a phone, no script."""

import pytest

from tests.browser.support import LOOKS, PHONE, axe, settled, shoot, sideways
from tests.make.workspaces import make_stakeholder
from tests.mops.search.conftest import furnish

pytestmark = pytest.mark.browser
CHOSEN = ".palette-list a[aria-selected=true]"


TYPE_AT_ONCE = """(input, letters) => {
  for (const letter of letters) {
    input.value += letter;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}"""  # keys pressed through the browser come late on a busy machine


@pytest.fixture
def things(acme, mia):
    return furnish(acme)


def opened(screen, member, **options):
    page = screen(member, **options)
    page.goto(f"/w/{member.workspace.slug}/stakeholders/")
    settled(page)
    page.locator("[data-dialog=palette]:visible").click()
    return page


def test_typing_finds_and_enter_goes_even_before_the_answer(screen, mia, things):
    page = opened(screen, mia)
    page.keyboard.type("write the")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cards/{things[1].pk}/")


def test_arrows_walk_through_pages_and_what_was_found(screen, mia, acme, things):
    make_stakeholder(acme, "Goals committee")
    page = opened(screen, mia)
    page.keyboard.type("goals")
    page.locator(".found", has_text="Goals committee").wait_for()
    assert page.locator(CHOSEN).inner_text() == "Goals"
    for expected in ("Goals committee", "Goals", "Goals committee"):
        page.keyboard.press("ArrowDown")
        chosen = page.locator(CHOSEN)
        assert expected in chosen.inner_text()
        named = page.locator("command-palette input").get_attribute("aria-activedescendant")
        assert named == chosen.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url("**/stakeholders/*/")


def test_an_answer_that_comes_late_is_thrown_away(screen, mia, things):
    page = opened(screen, mia)

    def slowly(route):
        page.wait_for_timeout(600)
        route.continue_()

    page.route("**/search/?q=More**", slowly)
    with page.expect_request("**/search/?q=More**"):
        page.keyboard.type("More")
    page.locator("command-palette input").fill("head of")
    page.locator(".found", has_text="Head of mail").wait_for()
    page.wait_for_timeout(800)
    assert page.locator(".found:visible").all_inner_texts() == [
        "Head of mail\nStakeholder · Budget"
    ]


def test_letters_typed_at_once_ask_once(screen, mia, things):
    page = opened(screen, mia)
    asked = []
    page.on("request", lambda request: "/search/" in request.url and asked.append(request.url))
    page.locator("command-palette input").evaluate(TYPE_AT_ONCE, "mail")
    page.locator(".found").first.wait_for()
    assert len(asked) == 1
    assert page.locator("command-palette [role=status]").inner_text() == "6 found"


def test_nothing_found_is_said_and_emptied_again(screen, mia, things):
    page = opened(screen, mia)
    page.keyboard.type("zzz")
    page.locator(".palette-none").wait_for()
    assert page.locator(CHOSEN).count() == 0
    page.locator("command-palette input").fill("")
    assert page.locator(".palette-none").is_hidden()
    assert page.locator(".found").count() == 0
    assert page.locator(CHOSEN).inner_text() == "Overview"


def test_a_server_that_does_not_answer_is_said(screen, mia, things):
    screen.watch.expected = ("Failed to load resource",)
    page = opened(screen, mia)
    page.route("**/search/?q=**", lambda route: route.abort())
    page.keyboard.type("mail")
    page.locator(".palette-none", has_text="did not answer").wait_for()


@pytest.mark.parametrize("look", LOOKS)
def test_it_looks_right_everywhere(screen, mia, acme, things, look):
    make_stakeholder(acme, "Mail " + "a very long name " * 6)
    page = opened(screen, mia, **LOOKS[look])
    page.keyboard.type("mail")
    page.locator(".found").first.wait_for()
    axe(page)
    shoot(page, f"palette-{look}")
    assert sideways(page) <= 0
    if LOOKS[look].get("phone"):
        assert all(
            link.bounding_box()["height"] >= 44 for link in page.locator(".found:visible").all()
        )
    page.goto("/w/acme/search/?q=mail")
    axe(settled(page))
    shoot(page, f"search-{look}")
    assert sideways(page) <= 0


@pytest.mark.parametrize("phone", [False, True])
def test_without_script_the_top_bar_leads_to_the_search_page(
    browser, live_server, client_of, mia, things, settings, phone
):
    size = {"viewport": PHONE} if phone else {}
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, **size)
    name = settings.SESSION_COOKIE_NAME
    value = client_of(mia).cookies[name].value
    context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    page = context.new_page()
    page.goto("/w/acme/stakeholders/")
    page.locator("[data-dialog=palette]:visible").click()
    page.wait_for_url("**/search/")
    page.fill("#search-q", "more mail")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="More mail").click()
    page.wait_for_url(f"**/goals/{things[0].pk}/")
    context.close()
