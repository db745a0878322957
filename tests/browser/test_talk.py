"""Talk on a card: people named by the keyboard, a picture pasted, a sign given; nothing is lost."""

import pytest

from tasks.models import Attachment, Comment
from tests.browser.support import LOOKS, axe, settled, shoot, sideways, small_targets
from tests.make.pictures import picture
from tests.make.tasks import attach, make_board, make_card, make_comment, renew
from tests.support.processes import wait_until
from workspaces.models import Notification

pytestmark = pytest.mark.browser
TEXT = (
    "The **five segments** are agreed, see #2:\n\n- [x] Export\n- [ ] Tag contacts\n\n"
    "| Segment | Contacts |\n|-|-|\n| Product | 1,200 |\n\n> Without consent nobody is kept."
)
PASTE = """([area, bytes]) => {
  const held = new DataTransfer();
  held.items.add(new File([new Uint8Array(bytes)], "shot.png", { type: "image/png" }));
  const how = { clipboardData: held, bubbles: true, cancelable: true };
  area.dispatchEvent(new ClipboardEvent("paste", how));
}"""


@pytest.fixture
def card(acme, ed, mia):
    board = make_board(acme)
    card = make_card(board, "Redefine the e-mail contact lists", description=TEXT, assignee=mia)
    make_card(board, "Win-back series")
    first = make_comment(card, f"@[Mia](member:{mia.pk}) which segments do sales want?", by=ed)
    make_comment(card, "Product and region.\n\n`consent_date` decides.", by=mia, answers=first)
    one = attach(card, "lists.png", picture(size=(900, 600)), by=mia)
    renew(one, "lists-2.png", picture(size=(900, 600), colour=(117, 54, 138)), by=ed)
    attach(card, "notes.txt", b"Segments\n")
    return card


def opened(screen, member, card, **options):
    page = screen(member, **options)
    page.goto(f"/w/acme/cards/{card.pk}/")
    page.wait_for_function(
        "() => customElements.get('comment-box') && customElements.get('attach-files')"
    )
    return settled(page)


def test_a_comment_is_written_with_the_keyboard_and_never_lost(screen, ed, mia, card):
    page = opened(screen, ed, card)
    area = page.locator("#say-text")
    area.click()
    page.keyboard.type("Thanks @mi")
    page.locator("mention-box [role=option]", has_text="Mia").wait_for()
    page.keyboard.press("Enter")
    assert area.input_value() == f"Thanks @[Mia](member:{mia.pk}) "
    page.keyboard.type("**good**")
    page.reload()  # as a lost line or a closed lid would
    page.wait_for_function("() => document.getElementById('say-text').value.includes('good')")
    page.evaluate(PASTE, [area.element_handle(), list(picture())])
    page.wait_for_function(
        "() => document.getElementById('say-text').value.includes('attachment:')"
    )
    page.locator("comment-box [data-preview]").click()
    page.locator(".md-shown strong", has_text="good").wait_for()
    page.locator(".md-shown img").wait_for()
    page.locator("comment-box [data-preview]").click()
    area.press("Control+Enter")
    said = wait_until("the comment is there", Comment.objects.filter(text__contains="good").first)
    line = page.locator(f"#comment-{said.pk}")
    line.locator("img").wait_for()
    assert area.input_value() == ""
    assert Attachment.objects.filter(name="shot.png").exists()
    assert Notification.objects.filter(member=mia, kind="mentioned").count() == 2
    line.locator("summary").click()
    line.get_by_role("button", name="Heart").click()
    line.locator(".sign[aria-pressed=true]").wait_for()
    assert said.reactions.get().sign == "heart"
    page.set_input_files("attach-files input[type=file]", files=[
        {"name": "brief.txt", "mimeType": "text/plain", "buffer": b"One"},
        {"name": "empty.txt", "mimeType": "text/plain", "buffer": b""},
    ])  # fmt: skip
    page.locator(".file-row", has_text="brief.txt").wait_for()
    page.locator(".toast-error", has_text="empty.txt: The file is empty.").wait_for()
    screen.watch.expected += ("400 (Bad Request)",)
    screen.watch.said[:] = [one for one in screen.watch.said if "400 (Bad Request)" not in one]
    page.reload()
    assert area.input_value() == ""


@pytest.mark.parametrize("name", LOOKS)
def test_talk_looks_right_and_is_usable_by_all(screen, ed, card, name):
    page = opened(screen, ed, card, **LOOKS[name])
    assert sideways(page) <= 0
    shoot(page, f"talk-{name}", full=True)
    axe(page)
    if "phone" in name:
        assert small_targets(page) == []
    for path, what in (("", "file"), ("compare/", "compare")):
        page.goto(f"/w/acme/attachments/{Attachment.objects.first().pk}/{path}")
        settled(page)
        assert sideways(page) <= 0
        shoot(page, f"talk-{what}-{name}", full=True)
        axe(page)
