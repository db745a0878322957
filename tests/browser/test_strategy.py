"""From an empty workspace to a strategy that is shared, printed, commented, signed and at work."""

import re

import pytest

from tests.browser.support import axe, settled, shoot, sideways
from tests.make.tasks import make_board
from workspaces.models import Membership

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PLAN = "/w/acme/strategy/"


def save_and_go_on(page):
    page.get_by_role("button", name="Save and go on").click()
    settled(page)


def define_clicks(page):
    page.goto("/w/acme/metrics/new/")
    page.fill("[name=name]", "Clicks")
    page.fill("[name=key]", "clicks")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/metrics/clicks/**")


def set_goal(page, title, *, parent=""):
    page.goto("/w/acme/goals/new/")
    page.select_option("[name=metric]", label="Clicks")
    page.fill("[name=title]", title)
    page.locator("[name=kind][value=value]").check()
    page.fill("[name=amount]", "1000")
    if parent:
        page.select_option("[name=parent]", label=parent)
    page.get_by_role("button", name="Set the goal").click()
    page.get_by_role("heading", name=title).first.wait_for()


def write_six_steps(page):
    page.goto(PLAN)
    page.get_by_role("link", name="Begin a strategy").click()
    page.fill("[name=title]", "Plan of the year")
    page.get_by_role("button", name="Begin").click()
    page.fill("[name=new_name]", "Sales")
    page.fill("[name=new_outcome]", "120 leads a month")
    save_and_go_on(page)
    page.get_by_role("checkbox", name="Clicks").check()
    page.get_by_label("Why it shows success: Clicks").fill("They show interest")
    save_and_go_on(page)
    page.get_by_role("checkbox", name="More clicks").check()
    save_and_go_on(page)
    page.get_by_label("More clicks").fill("Two letters a week")
    page.get_by_role("checkbox", name="Answers may be anonymous").check()
    page.get_by_role("checkbox", name="Sales").check()
    save_and_go_on(page)
    page.get_by_label("In your own words").fill("One step a quarter")
    save_and_go_on(page)
    page.get_by_label("In your own words").fill("We meet on Mondays")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("6 of 6 steps are whole").wait_for()


def share(page):
    page.get_by_role("link", name="Share").click()
    page.get_by_label("For whom").fill("Sales")
    page.get_by_label("Signs for").select_option(label="Sales")
    page.get_by_role("button", name="Make a link").click()
    return re.search(r"/shared/.+", page.locator("#share-link").inner_text())[0]


def test_six_steps_lead_to_a_plan_that_others_read_comment_and_sign(acme, olga, screen):
    make_board(acme)
    page = screen(olga)
    define_clicks(page)
    set_goal(page, "More clicks")
    set_goal(page, "First quarter", parent="More clicks")
    write_six_steps(page)
    axe(page)
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("version 1 of").first.wait_for()
    link = share(page)

    colleague = screen(None, phone=True)
    colleague.goto(link)
    assert settled(colleague).get_by_text("Two letters a week").first.is_visible()
    assert sideways(colleague) == 0
    axe(colleague)
    colleague.get_by_label("What is missing?").fill("Ask the shop first")
    colleague.get_by_label("Answer without my name").check()
    colleague.get_by_role("button", name="Send").click()
    colleague.get_by_text("Thank you: your feedback is kept.").wait_for()
    colleague.get_by_role("button", name="Sign", exact=True).click()
    colleague.get_by_text("signed on").wait_for()
    shoot(colleague, "strategy-shared", full=True)

    page.goto(PLAN)
    page.get_by_role("link", name="Plan of the year").click()
    page.get_by_role("link", name="Inbox").click()
    assert page.get_by_text("Anonymous").is_visible()
    page.get_by_label("Reason, or what was done").fill("They are asked on Friday")
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("link", name="Accepted").click()
    page.get_by_role("button", name="Make it a card").click()
    page.get_by_role("heading", name="Ask the shop first").first.wait_for()
    page.goto(PLAN)
    page.get_by_role("link", name="Plan of the year").click()
    page.get_by_role("button", name="Start").click()
    page.get_by_text("started on").first.wait_for()
    shoot(page, "strategy-whole", full=True)
    colleague.reload()
    assert colleague.get_by_text("They are asked on Friday").is_visible()

    page.goto(page.url.partition("#")[0] + "print/")
    page.emulate_media(media="print")
    assert not page.locator(".paper-bar").is_visible()
    assert page.get_by_text("We meet on Mondays").is_visible()
    assert len(page.pdf(format="A4")) > 10_000
    assert Membership.objects.count() == 1  # nobody needed an account
