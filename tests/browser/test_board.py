"""The board under the hand: drag, keys, drawer, refusals that snap back; My work ticked by key."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from tasks.models import Card
from tasks.operations.columns import change_column
from tasks.operations.edits import edit_card
from tasks.operations.moves import move_card
from tests.browser.support import LOOKS, axe, settled, shoot, sideways, small_targets
from tests.make.goals import make_goal, measured
from tests.make.tasks import column_of, make_board, make_card, titles
from tests.support.processes import wait_until

pytestmark = pytest.mark.browser


@pytest.fixture
def board(acme, ed, mia, vi):
    """A board in mid-flight."""
    board = make_board(acme, "Q4 e-mail programme")
    goal = make_goal(measured(acme), "E-mail leads +40 %")
    today = acme.day_of(now())
    lists = {
        "Backlog": [
            ("Benchmarks for next year", vi, None),
            ("Lead form on the pricing page", mia, 9),
        ],
        "Ready": [
            ("Win-back series for inactive contacts", vi, 5),
            ("Negative keyword list", ed, -3),
        ],
        "In progress": [("Redefine e-mail contact lists", ed, 0), ("Audit the workflows", mia, -3)],
        "Review": [("Webinar invite copy", ed, 2)],
        "Done": [("Lead form: two fields instead of six", mia, -7)],
    }
    for name, cards in lists.items():
        column = column_of(board, name)
        for title, person, days in cards:
            make_card(
                column,
                title,
                assignee=person,
                goal=goal,
                due_on=None if days is None else today + timedelta(days=days),
                checklist=("Draft", "Ask sales", "Publish") if days else (),
                description="Split the one big list by interest.\nDone when consent is clear.",
            )
    return board


def show(screen, member, board, **options):
    page = screen(member, **options)
    page.goto(f"/w/acme/boards/{board.pk}/")
    settled(page)
    if page.locator("sortable-board[data-may-move]").count():
        page.wait_for_selector("sortable-board[data-armed]")
    return page


SLOW_REFRESH = """() => {
  const ask = window.fetch;
  window.fetch = async (url, ...rest) => {
    const answer = await ask(url, ...rest);
    if (!/boards.[0-9]+.$/.test(new URL(url, location).pathname)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 800));
    window.answered = true;
    return answer;
  };
}"""


def card_of(page, title):
    return page.locator(".card-k", has_text=title)


def list_of(page, name):
    return page.locator(".bcol", has=page.get_by_role("heading", name=name)).locator("[data-list]")


def texts(page, name):
    found = list_of(page, name).locator("h3").all_text_contents()  # cards out of sight, too
    return [text.strip() for text in found]


def drag(page, title, column):
    start, end = card_of(page, title).bounding_box(), list_of(page, column).bounding_box()
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 20, steps=12)
    page.wait_for_timeout(150)  # SortableJS looks under the pointer every 50 ms
    page.mouse.up()


def heard(page, words):
    page.wait_for_function(
        "(words) => document.querySelector('[data-live]').textContent.includes(words)", arg=words
    )


def saved(title, version):
    """Wait until the server has the version, without asking the page."""
    stored = Card.objects.select_related("column").filter(title=title, version=version)
    return wait_until(f"{title} has version {version}", stored.all().first)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_card_is_dragged_to_another_column(screen, ed, board, language):
    page = show(screen, ed, board, language=language)
    drag(page, "Webinar invite copy", "Done")
    heard(page, "Webinar invite copy: Done")
    assert saved("Webinar invite copy", 2).column.name == "Done"
    page.wait_for_selector(".card-k.is-done:has-text('Webinar invite copy')")
    assert texts(page, "Done")[0] == "Webinar invite copy"
    drag(page, "Audit the workflows", "Done")
    page.locator("#board-facts", has_text="1 late" if language == "en" else "۱ late").wait_for()
    assert page.locator("#drawer[open]").count() == 0  # the drop was no click
    page.reload()
    assert texts(page, "Done")[:2] == ["Audit the workflows", "Webinar invite copy"]


def test_escape_lets_a_dragged_card_go_back_and_sends_nothing(screen, ed, board):
    page = show(screen, ed, board)
    sent = []
    page.on("request", lambda asked: sent.append(asked.url) if "/move/" in asked.url else None)
    before = {name: texts(page, name) for name in ("Review", "Done")}
    start, end = (
        card_of(page, "Webinar invite copy").bounding_box(),
        list_of(page, "Done").bounding_box(),
    )
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 20, steps=12)
    list_of(page, "Done").locator("h3", has_text="Webinar invite copy").wait_for()
    page.keyboard.press("Escape")
    heard(page, "Webinar invite copy is back in Review")
    page.mouse.up()
    page.wait_for_timeout(300)
    assert {name: texts(page, name) for name in before} == before
    assert sent == []
    assert page.locator("#drawer[open], .sortable-fallback").count() == 0
    drag(page, "Webinar invite copy", "Done")  # the next drag is a drag again
    assert saved("Webinar invite copy", 2).column.name == "Done"


@pytest.mark.parametrize(("language", "key"), [("en", "ArrowRight"), ("fa", "ArrowLeft")])
def test_alt_and_an_arrow_move_the_focused_card(screen, ed, board, language, key):
    page = show(screen, ed, board, language=language)
    card = card_of(page, "Win-back series")
    card.locator("a").focus()
    page.keyboard.press("Alt+ArrowDown")
    heard(page, "Win-back series for inactive contacts: Ready, place 2 of 2")
    page.keyboard.press(f"Alt+{key}")
    heard(page, "In progress, place 1 of 3")
    assert saved("Win-back series for inactive contacts", 3).column.name == "In progress"
    assert titles(column_of(board, "Ready")) == ["Negative keyword list"]
    focused = page.evaluate("() => document.activeElement.textContent")
    assert focused == "Win-back series for inactive contacts"


def test_quick_keys_are_sent_one_after_the_other(screen, ed, board):
    page = show(screen, ed, board)
    card_of(page, "Benchmarks").locator("a").focus()
    for _each in range(4):
        page.keyboard.press("Alt+ArrowRight")
    assert saved("Benchmarks for next year", 5).column.name == "Done"


def test_a_full_column_sends_the_card_back_with_the_reason(screen, ed, olga, board, noon):
    change_column(column_of(board, "Review"), changes={"wip_limit": 1}, by=olga, at=noon)
    page = show(screen, ed, board)
    screen.watch.expected = ("422",)
    drag(page, "Negative keyword list", "Review")
    toast = page.locator(".toast-error")
    toast.wait_for()
    assert "“Review” already holds its limit of 1." in toast.inner_text()
    heard(page, "Negative keyword list is back in Ready")
    assert texts(page, "Review") == ["Webinar invite copy"]
    assert texts(page, "Ready")[1] == "Negative keyword list"


def test_O01_a_stale_drag_shows_where_the_card_really_is(screen, ed, mia, board, noon):
    page = show(screen, ed, board)
    screen.watch.expected = ("409",)
    card = Card.objects.get(title="Negative keyword list")
    move_card(card, to=column_of(board, "Review"), after=None, version=1, by=mia, at=noon)
    drag(page, "Negative keyword list", "Done")
    page.locator(".toast-error").wait_for()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.bcol')][3].innerText.includes('Negative keyword')"
    )
    assert texts(page, "Ready") == ["Win-back series for inactive contacts"]
    drag(page, "Negative keyword list", "Done")  # with what it has seen now
    assert saved("Negative keyword list", 3).column.name == "Done"


def test_O01_a_board_that_is_fetched_anew_leaves_the_dragged_card_in_the_hand(screen, ed, board):
    page = show(screen, ed, board)
    page.evaluate(SLOW_REFRESH)
    page.evaluate("document.dispatchEvent(new Event('board-changed'))")  # asked for before
    start = card_of(page, "Negative keyword list").bounding_box()
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(start["x"] + 200, start["y"] + 30, steps=5)
    make_card(column_of(board, "Review"), "Somebody's")
    page.wait_for_function("() => window.answered")  # and answered while it hangs
    page.wait_for_timeout(100)
    assert page.locator(".sortable-drag, .sortable-fallback").count() == 1
    end = list_of(page, "Done").bounding_box()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 20, steps=12)
    page.wait_for_timeout(150)
    page.mouse.up()
    assert saved("Negative keyword list", 2).column.name == "Done"
    card_of(page, "Somebody's").wait_for()
    assert "Negative keyword list" in texts(page, "Done")


def test_a_card_opens_over_its_board_with_its_own_address(screen, ed, board):
    page = show(screen, ed, board)
    card = Card.objects.get(title="Audit the workflows")
    card_of(page, "Audit the workflows").locator("a").click()
    page.wait_for_url(f"**/cards/{card.pk}/")
    drawer = page.locator("#drawer")
    axe(page)
    drawer.locator(".tick").first.click()
    drawer.locator(".count", has_text="1/3").wait_for()
    card_of(page, "Audit the workflows").locator(".card-c", has_text="1/3").wait_for()
    drawer.get_by_label("New step").fill("Tell the team")
    page.keyboard.press("Enter")
    drawer.locator(".count", has_text="1/4").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_url(f"**/boards/{board.pk}/")
    assert not drawer.is_visible()
    assert page.evaluate("() => document.activeElement.textContent") == "Audit the workflows"
    page.goto(f"/w/acme/cards/{card.pk}/")
    assert page.locator("h1").inner_text() == "Audit the workflows"


def test_the_way_back_closes_the_drawer(screen, ed, board):
    page = show(screen, ed, board)
    card_of(page, "Audit the workflows").locator("a").click()
    page.wait_for_url("**/cards/*/")
    page.go_back()
    page.wait_for_url(f"**/boards/{board.pk}/")
    page.locator("#drawer").wait_for(state="hidden")


def test_a_card_moves_by_menu_from_its_drawer(screen, ed, board):
    page = show(screen, ed, board)
    card_of(page, "Audit the workflows").locator("a").click()
    page.locator("#drawer summary", has_text="Move to").click()
    page.locator("#drawer .menu-list button", has_text="Review").click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.bcol')][3].innerText.includes('Audit the workflows')"
    )
    assert saved("Audit the workflows", 2).column.name == "Review"
    page.locator("#drawer button", has_text="Done").last.click()
    page.wait_for_selector(".card-k.is-done:has-text('Audit the workflows')")
    assert page.locator("sortable-board[data-armed]").count() == 1


def test_O01_a_stale_edit_keeps_the_words_in_the_drawer(screen, ed, mia, board, noon):
    page = show(screen, ed, board)
    screen.watch.expected = ("409",)
    card = Card.objects.get(title="Audit the workflows")
    card_of(page, "Audit the workflows").locator("a").click()
    page.locator("#drawer a", has_text="Edit").click()
    page.get_by_label("Title").fill("My words")
    edit_card(card, version=1, changes={"title": "Mia's words"}, by=mia, at=noon)
    page.locator("#drawer button", has_text="Save").click()
    notice = page.locator("#drawer .notice")
    notice.wait_for()
    assert "Mia's words" in notice.inner_text()
    assert page.get_by_label("Title").input_value() == "My words"
    page.locator("#drawer button", has_text="Save").click()
    page.locator("#drawer-title", has_text="My words").wait_for()
    card_of(page, "My words").wait_for()


def test_a_card_is_added_from_a_column(screen, ed, board):
    page = show(screen, ed, board)
    page.get_by_label("Add card to Review").click()
    page.get_by_label("Title").fill("Monthly page")
    axe(page)
    page.locator("#dialog button", has_text="Add card").click()
    card_of(page, "Monthly page").wait_for()
    assert texts(page, "Review") == ["Webinar invite copy", "Monthly page"]
    assert not page.locator("#dialog").is_visible()
    drag(page, "Monthly page", "Done")
    assert saved("Monthly page", 2).column.name == "Done"


def test_a_column_that_was_opened_further_stays_so_when_the_board_is_fetched_anew(
    screen, ed, board
):
    ready = column_of(board, "Ready")
    for number in range(33):
        make_card(ready, f"Letter {number}")
    page = show(screen, ed, board)
    page.locator(".more-k a").click()
    page.wait_for_function("() => document.querySelectorAll('#bcols .card-k').length === 41")
    make_card(column_of(board, "Review"), "Somebody's")
    page.evaluate("document.dispatchEvent(new Event('board-changed'))")
    card_of(page, "Somebody's").wait_for()
    assert len(texts(page, "Ready")) == 35


def test_an_archived_card_comes_back_by_undo(screen, ed, board):
    page = show(screen, ed, board)
    card_of(page, "Webinar invite copy").locator("a").click()
    page.locator("#drawer").get_by_label("Archive", exact=True).click()
    card_of(page, "Webinar invite copy").wait_for(state="detached")
    page.locator(".toast-u button", has_text="Undo").click()
    card_of(page, "Webinar invite copy").wait_for()


def test_x_ticks_my_work_off_and_takes_it_back(screen, ed, board):
    page = screen(ed)
    page.goto("/w/acme/my-work/")
    settled(page)
    assert page.locator(".mw-late .mw").count() == 1
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.locator(".mw-done .mw", has_text="Negative keyword list").wait_for()
    assert saved("Negative keyword list", 2).is_done
    axe(page)
    page.locator(".mw-done .tick").first.focus()
    page.keyboard.press("x")
    page.locator(".mw-late .mw", has_text="Negative keyword list").wait_for()
    assert saved("Negative keyword list", 3).column.name == "Ready"


def test_P01_a_viewer_looks_but_cannot_drag(screen, vi, board):
    page = show(screen, vi, board)
    drag(page, "Webinar invite copy", "Done")
    assert texts(page, "Done") == ["Lead form: two fields instead of six"]
    if page.locator("#drawer[open]").count():
        page.keyboard.press("Escape")
    card_of(page, "Audit the workflows").locator("a").click()
    drawer = page.locator("#drawer .drawer-in")
    drawer.wait_for()
    posts = [form.get_attribute("action") for form in drawer.locator("form[action]").all()]
    theirs = ("/watch/", "/comments/new/", "/signs/", "/sign/")  # and what is said in words
    assert [action for action in posts if not action.endswith(theirs)] == []


def test_X01_hostile_words_run_nothing(screen, ed, acme):
    words = '"><img src=x onerror=__xss()><svg/onload=__xss()>'
    board = make_board(acme, words, columns=[("<b>Ready</b>",), ("Done", None, True)])
    make_card(board, words, description=words, assignee=ed, checklist=(words,))
    page = screen(ed)
    page.add_init_script("window.__xss = () => { window.__ran = true; }")
    page.goto(f"/w/acme/boards/{board.pk}/")
    settled(page)
    page.wait_for_selector("sortable-board[data-armed]")
    page.locator(".card-k a").focus()
    page.keyboard.press("Alt+ArrowRight")
    heard(page, "<img src=x")
    page.locator(".card-k a").click()
    page.locator("#drawer-title").wait_for()
    assert page.locator("#drawer-title").inner_text() == words
    assert page.evaluate("() => window.__ran === undefined")


@pytest.mark.parametrize("name", LOOKS)
def test_the_pages_of_work_look_right(screen, mia, olga, board, name, noon):
    change_column(column_of(board, "In progress"), changes={"wip_limit": 1}, by=olga, at=noon)
    mia.reports_to = olga
    mia.save()
    card = Card.objects.get(title="Audit the workflows")
    pages = {
        "board": f"/w/acme/boards/{board.pk}/",
        "boards": "/w/acme/boards/",
        "board-settings": f"/w/acme/boards/{board.pk}/settings/",
        "card": f"/w/acme/cards/{card.pk}/",
        "card-edit": f"/w/acme/cards/{card.pk}/edit/",
        "card-new": "/w/acme/cards/new/",
        "my-work": "/w/acme/my-work/",
    }
    page = screen(mia, **LOOKS[name])
    for what, path in pages.items():
        page.goto(path)
        settled(page)
        shoot(page, f"{what}-{name}")
        axe(page)
        assert sideways(page) == 0
        if "phone" in name:
            assert small_targets(page) == []
    page.goto(pages["board"])
    settled(page)
    if "phone" in name:
        page.locator(".bd-tabs a", has_text="In progress").click()
        page.wait_for_timeout(200)
    card_of(page, "Audit the workflows").locator("a").click()
    page.locator("#drawer-title").wait_for()
    settled(page)
    shoot(page, f"board-drawer-{name}")
    axe(page)
