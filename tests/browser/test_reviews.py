"""A review from the keyboard, in every look."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from goals.models import Goal
from goals.operations.checkins import Said, check_in
from goals.operations.updates import News, tell_news
from goals.verbs import GUARDRAIL_BROKEN
from reports.models import Review, ReviewItem
from tests.browser.support import LOOKS, axe, settled, shoot, sideways, small_targets
from tests.make.goals import make_goal, make_guardrail, measured
from tests.make.reviews import begin, end, look, make_optimisation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def team(acme, ed, mia):
    """Three goals in trouble, one that is fine, a review of last week, two optimisations."""
    at = now()
    last = acme.day_of(at) - timedelta(days=1)
    days = {(last - timedelta(days=n)).isoformat(): 10 + n % 3 for n in range(150)}
    clicks = measured(acme, "clicks", days, direction="up")
    complaints = measured(acme, "complaints", days, direction="down")
    window = ((last - timedelta(days=99)).isoformat(), (last + timedelta(days=100)).isoformat())
    goals = [
        make_goal(clicks, title, value=value, window=window, owner=mia, at=at)
        for title, value in (
            ("Twice as many clicks from the newsletter", "6000"),
            ("More clicks", "3000"),
            ("Clicks for the fair", "4000"),
            ("Fine", "1500"),
        )
    ]
    make_guardrail(goals[0], complaints, "below", "100", at=at)
    check_in(goals[0], said=Said("The second letter is late."), by=mia, at=at)
    _tell_many(ed, at)
    before = begin(acme, "monthly", at=at - timedelta(days=7))
    look(before.items.first(), note="Too slow", decided="One more letter", at=at)
    end(before, "We halve the fair.", at=at - timedelta(days=7))
    make_optimisation(clicks, (last - timedelta(days=20)).isoformat(), goal=goals[0])
    make_optimisation(clicks, last.isoformat(), title="Subject lines as questions")
    return begin(acme, "monthly", at=at)


def _tell_many(member, at):
    """Eight things at once, which are one row of the member's list."""
    said = {"title": "More clicks", "metric": "Complaints", "value": "341", "bound": "100"}
    goals = list(Goal.objects.all())
    for goal in goals:
        goal.owner = member
    news = [News(goal, GUARDRAIL_BROKEN, said, f"time {n}") for goal in goals for n in "12"]
    tell_news(news, at=at)


def test_a_review_is_walked_through_by_keys_and_ends(acme, ed, team, screen):
    first, second = ReviewItem.objects.filter(review=team)[:2]
    page = screen(ed)
    page.goto("/w/acme/reviews/")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name=first.goal.title).wait_for()
    settled(page)
    page.get_by_label("Note").press_sequentially("jks")
    page.get_by_label("Decided").fill("Halve it")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.get_by_role("heading", name=second.goal.title).wait_for()
    settled(page)
    page.keyboard.press("k")
    page.get_by_role("heading", name=first.goal.title).wait_for()
    page.goto(f"/w/acme/reviews/{team.pk}/goals/{second.pk}/")
    settled(page)
    page.keyboard.press("s")
    page.get_by_text("Skipped.").first.wait_for()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.outcome, first.decided, second.outcome) == ("seen", "Halve it", "skipped")
    page.goto(f"/w/acme/reviews/{team.pk}/")
    page.get_by_label("Notes about the whole").fill("Well")
    page.get_by_role("button", name="End the review").click()
    page.get_by_text("Looked at: 1. Skipped: 1.").wait_for()
    assert not Review.objects.filter(ended_at=None).exists()


def test_reviews_hold_in_every_look(acme, ed, team, screen):
    item = ReviewItem.objects.filter(review=team).first()
    pages = {
        "reviews": "/w/acme/reviews/",
        "review": f"/w/acme/reviews/{Review.objects.exclude(ended_at=None).get().pk}/",
        "review-item": f"/w/acme/reviews/{team.pk}/goals/{item.pk}/",
        "optimisations": "/w/acme/optimisations/",
        "notifications": "/w/acme/notifications/",
    }
    for name, options in LOOKS.items():
        page = screen(ed, **options)
        for title, url in pages.items():
            page.goto(url)
            settled(page)
            shoot(page, f"{title}-{name}")
            assert not sideways(page), (title, name)
            if options.get("phone"):
                assert small_targets(page) == [], (title, name)
            axe(page)
