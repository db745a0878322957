"""The mission once around, as three people and a stranger, on the whole product in one process."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.browser.support import Watch, look
from tests.support.stack import API, SLUG, embedded_env, make_template

pytestmark = pytest.mark.browser

WORDS = "a long password here"
TODAY = date.today()  # noqa: DTZ011  the workspace of this test lives in UTC, as the server does


CAST = f"""
for name, role in (("mia", "manager"), ("ed", "editor"), ("vi", "viewer")):
    who = {{"email": f"{{name}}@acme.example", "role": role, "password": "{WORDS}"}}
    call_command("add_member", workspace="{SLUG}", **who)
elsewhere = {{"slug": "globex", "name": "Globex", "timezone": "UTC"}}
call_command("create_workspace", **elsewhere, owner="sam@globex.example", password="{WORDS}")
call_command("collectstatic", interactive=False, verbosity=0)
"""


@pytest.fixture(scope="module")
def embedded_template(tmp_path_factory):
    """A manager, a member, a viewer, and a stranger with a workspace of her own."""
    env = embedded_env(folder := tmp_path_factory.mktemp("cast"))
    return make_template("embedded", env, str(folder / "mops.sqlite3"), also=CAST)


@pytest.fixture
def people(embedded, embedded_template):
    embedded.env["MOPS_STATIC_ROOT"] = str(Path(embedded_template.source).parent / "static")
    return embedded


@pytest.fixture
def sign_in(people, browser):
    """A browser of their own for each person; nothing may complain in any of them."""
    web, watch, contexts = people.start_web(), Watch(), []
    watch.expected = ("with a status of 403", "with a status of 404")

    def enter(address):
        context = browser.new_context(base_url=web.url, **look())
        contexts.append(context)
        page = watch.over(context.new_page())
        page.goto("/accounts/login/")
        page.fill("[name=login]", address)
        page.fill("[name=password]", WORDS)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/w/**")
        return page

    enter.web = web
    yield enter
    for context in contexts:
        context.close()
    assert watch.said == []


@pytest.fixture
def export(tmp_path):
    """Two years of a newsletter: 1,000 sent and 40 clicks on each day and in each of two lists."""
    lines = ["sent_on,list,sent,clicks"]
    for n in range(730, 0, -1):
        day = TODAY - timedelta(days=n)
        lines += [f"{day},{name},1000,40" for name in ("News", "Offers")]
    path = tmp_path / "newsletter.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def bring_in(page, path):
    """Upload, look at the columns, check, import."""
    page.goto(f"/w/{SLUG}/imports/new/")
    page.set_input_files("[name=file]", path)
    page.get_by_role("button", name="Look at the columns").click()
    page.get_by_role("button", name="Check the whole file").click()
    page.get_by_role("heading", name="Every row can be read").wait_for(timeout=30_000)
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_text("2,920").first.wait_for(timeout=30_000)


def define_click_rate(page):
    page.goto(f"/w/{SLUG}/metrics/new/")
    page.fill("[name=name]", "Click rate")
    page.fill("[name=key]", "click_rate")
    page.locator("[name=kind][value=ratio]").check()
    page.select_option("[name=numerator]", "clicks")
    page.select_option("[name=denominator]", "sent")
    page.fill("[name=scale]", "100")
    page.select_option("[name=unit]", "percent")
    page.select_option("[name=decimals]", "2")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/metrics/click_rate/**")


def ask_sales(page):
    page.goto(f"/w/{SLUG}/stakeholders/new/")
    page.fill("[name=name]", "Sales")
    page.fill("[name=need]", "To know what e-mail brings.")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/stakeholders/*/")


def set_goal(page):
    """Total clicks +25 % in one year, which began a hundred days ago."""
    start = TODAY - timedelta(days=100)
    page.goto(f"/w/{SLUG}/goals/new/")
    page.select_option("[name=metric]", label="Clicks")
    page.fill("[name=title]", "Total clicks +25 % in one year")
    page.locator("[name=basis][value=cumulative]").check()
    page.fill("[name=start]", start.isoformat())
    page.fill("[name=end]", (start + timedelta(days=364)).isoformat())
    page.locator("[name=kind][value=percent]").check()
    page.fill("[name=amount]", "25")
    page.fill("[name=baseline_from]", (start - timedelta(days=365)).isoformat())
    page.fill("[name=baseline_to]", (start - timedelta(days=1)).isoformat())
    page.fill("[name=specific]", "More clicks from the newsletter.")
    page.select_option("[name=stakeholder]", label="Sales")
    page.get_by_text("36,500").first.wait_for()
    page.get_by_role("button", name="Set the goal").click()
    page.get_by_role("heading", name="Total clicks +25 % in one year").wait_for()


def split_in_quarters(page):
    """The numbers of a way are shown as soon as it is chosen; one click makes each part a step."""
    page.goto(f"/w/{SLUG}/goals/")
    page.get_by_role("link", name="Total clicks +25 % in one year").click()
    page.get_by_text("To know what e-mail brings.").wait_for()
    page.get_by_role("link", name="Split", exact=True).click()
    page.get_by_role("link", name="Equal steps").click()
    page.locator("tr[aria-current=true]", has_text="25.0").wait_for()
    page.get_by_role("button", name="Make each a step").click()
    page.get_by_text("The goal is split.").wait_for()
    return page.locator(".steps-t tbody tr")


def add_task(page):
    page.goto(f"/w/{SLUG}/boards/new/")
    page.fill("[name=name]", "Newsletter")
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/boards/*/")
    page.goto(f"/w/{SLUG}/cards/new/")
    page.fill("[name=title]", "Redefine the contact lists")
    page.select_option("[name=assignee]", label="ed")
    page.fill("[name=due_on]", TODAY.isoformat())
    page.select_option("[name=goal]", label="Total clicks +25 % in one year")
    page.locator("main").get_by_role("button", name="Add card").click()
    page.wait_for_url("**/boards/**")


def test_the_loop_walks_as_three_people(sign_in, export):
    manager = sign_in("mia@acme.example")
    bring_in(manager, export)
    define_click_rate(manager)
    ask_sales(manager)
    set_goal(manager)
    add_task(manager)
    manager.goto(f"/w/{SLUG}/")
    goal = manager.locator(".lane-risk .goal", has_text="Total clicks +25 %")
    goal.get_by_text("1 open").wait_for()
    manager.get_by_role("heading", name="1 goal is at risk").wait_for()

    member = sign_in("ed@acme.example")
    member.goto(f"/w/{SLUG}/my-work/")
    member.get_by_label("Tick off: Redefine the contact lists").click()
    member.locator(".mw a.is-done", has_text="Redefine the contact lists").wait_for()

    manager.goto(f"/w/{SLUG}/")
    goal.get_by_text("no open tasks").wait_for()
    manager.locator(".ov-side .feed", has_text="Redefine the contact lists").wait_for()

    assert split_in_quarters(manager).count() in (4, 5)  # the window may cut the first and last

    viewer = sign_in("vi@acme.example")
    viewer.goto(f"/w/{SLUG}/boards/")
    viewer.get_by_role("link", name="Newsletter").first.click()
    viewer.get_by_text("Redefine the contact lists").first.wait_for()
    assert viewer.get_by_role("button", name="Add card").count() == 0
    assert viewer.goto(f"/w/{SLUG}/cards/new/").status == 403

    stranger = sign_in("sam@globex.example")
    for path in ("", "metrics/click_rate/", "goals/1/", "boards/1/"):
        assert stranger.goto(f"/w/{SLUG}/{path}").status == 404


def test_the_page_and_the_api_say_the_same(sign_in, export):
    manager = sign_in("mia@acme.example")
    bring_in(manager, export)
    define_click_rate(manager)
    answer = sign_in.web.ask(f"{API}/metrics/click_rate/series/?grain=year").body
    assert answer["total"] == {"value": "4", "exact": True}
    manager.goto(f"/w/{SLUG}/metrics/click_rate/?grain=year")
    manager.get_by_text("4.00").first.wait_for()
