"""Reviews and optimisations as pages."""

import re

import pytest
import time_machine
from django.urls import reverse

from goals.models import CheckIn
from reports.models import Optimisation, Review, ReviewItem
from tasks.models import Card
from tests.goals.views.reading import text_of
from tests.make.goals import every_day, make_goal, measured
from tests.make.reviews import begin, end, items_of, look, make_optimisation
from tests.make.tasks import make_board
from workspaces.models import Notification

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(noon):
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def clicks(acme):
    return measured(acme, "clicks", every_day("2025-01-01", "2026-03-01", 10))


@pytest.fixture
def goals(clicks, mia):
    return [make_goal(clicks, f"Goal of {n}", value=n, owner=mia) for n in ("9000", "7000")]


def at(name, **names):
    return reverse(f"reports:{name}", kwargs={"slug": "acme", **names})


def item_at(item, name="review_item"):
    return at(name, pk=item.review_id, item=item.pk)


def test_a_review_goes_from_goal_to_goal_and_ends_with_a_summary(goals, ed, client_of):
    browser = client_of(ed)
    begun = browser.post(at("start_review"), {"rhythm": "weekly"})
    review = Review.objects.get()
    first, second = ReviewItem.objects.all()
    assert begun["Location"] == item_at(first)
    page = text_of(browser.get(item_at(first)))
    for words in ("Goal of 9000", "1 of 2", "in trouble", "No earlier review knew this goal"):
        assert words in page, words
    sent = {"version": "1", "outcome": "seen", "note": "<b>Too far</b>", "decided": "Halve it"}
    assert browser.post(item_at(first, "look_at"), sent)["Location"] == item_at(second)
    skipped = browser.post(item_at(second, "look_at"), {"version": "1", "outcome": "skipped"})
    assert skipped["Location"] == at("review", pk=review.pk)
    browser.post(at("end_review", pk=review.pk), {"version": "1", "notes": "All in all"})
    answer = browser.get(at("review", pk=review.pk))
    shown = text_of(answer)
    for words in ("Looked at: 1. Skipped: 1.", "Halve it", "All in all", "600"):
        assert words in shown, words
    assert "&lt;b&gt;Too far" in answer.content.decode()
    assert "Weekly review, 2 Mar 2026" in text_of(browser.get(at("reviews")))


def test_who_closed_the_browser_goes_on_where_they_were(acme, goals, ed, mia, client_of):
    review = begin(acme)
    first, second = ReviewItem.objects.all()
    look(first)
    assert "Go on" in text_of(client_of(ed).get(at("reviews")))
    again = client_of(mia).post(at("start_review"), {"rhythm": "weekly"})
    assert again["Location"] == item_at(second)
    assert "Not looked at: 1" in text_of(client_of(mia).get(at("review", pk=review.pk)))


def test_the_second_of_two_people_is_told_and_keeps_what_they_typed(acme, goals, ed, client_of):
    item = next(iter(items_of(begin(acme)).values()))
    look(item, note="First")
    sent = {"version": "1", "outcome": "seen", "note": "Second"}
    answer = client_of(ed).post(item_at(item, "look_at"), sent)
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Somebody has looked at this goal meanwhile." in shown
    assert "Second" in shown
    version = re.search(r'name="version" value="(\d+)"', shown)[1]
    again = client_of(ed).post(item_at(item, "look_at"), {**sent, "version": version})
    assert again.status_code == 302


def test_from_a_review_one_checks_in_makes_a_card_and_asks(acme, goals, ed, mia, client_of):
    make_board(acme)
    item = items_of(begin(acme))["Goal of 9000"]
    browser, here = client_of(ed), item_at(item)
    page = browser.get(here).content.decode()
    forms = dict(re.findall(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', page, re.DOTALL))
    tell = next(url for url in forms if url.endswith("/check-ins/"))
    told = browser.post(tell, {"note": "It is slow", "next": here})
    assert told["Location"] == here
    assert CheckIn.objects.get().note == "It is slow"
    quick = next(url for url in forms if url.endswith("/cards/quick/"))
    hidden = dict(re.findall(r'name="(goal|nonce|next)" value="([^"]+)"', forms[quick]))
    added = browser.post(quick, {**hidden, "title": "Ask for a budget"})
    assert added["Location"] == here
    assert Card.objects.get().goal_id == item.goal_id
    browser.post(item_at(item, "ask_owner"), {"question": "What would help?"})
    assert Notification.objects.get(kind="review").member == mia
    assert browser.post(item_at(item, "ask_owner"), {"question": ""}).status_code == 422


def test_a_monthly_review_shows_month_quarter_and_end(acme, goals, ed, client_of):
    item = items_of(begin(acme, "monthly"))["Goal of 9000"]
    page = text_of(client_of(ed).get(item_at(item)))
    for words in ("Last month", "Quarter so far", "The end, by the forecast", "no forecast"):
        assert words in page, words


def test_the_next_review_shows_what_has_changed(acme, goals, ed, client_of):
    end(begin(acme))
    item = items_of(begin(acme))["Goal of 9000"]
    assert "as before" in text_of(client_of(ed).get(item_at(item)))


def test_nonsense_is_refused_and_stores_nothing(acme, goals, ed, client_of):
    browser = client_of(ed)
    assert browser.post(at("start_review"), {"rhythm": "hourly"}).status_code == 422
    item = next(iter(items_of(begin(acme)).values()))
    here = item_at(item, "look_at")
    for sent in (
        {},
        {"version": "1", "outcome": "waiting"},
        {"version": "x", "outcome": "seen"},
        {"version": "1", "outcome": "seen", "note": "x" * 4001},
    ):
        assert browser.post(here, sent).status_code == 422
    assert not ReviewItem.objects.exclude(outcome="waiting").exists()
    other = items_of(begin(acme, "monthly"))["Goal of 7000"]
    assert browser.get(at("review_item", pk=item.review_id, item=other.pk)).status_code == 404


def test_viewers_read_and_strangers_see_nothing(acme, goals, vi, sam, client_of):
    review = begin(acme)
    item = next(iter(items_of(review).values()))
    for url in (at("reviews"), at("review", pk=review.pk), item_at(item), at("optimisations")):
        assert client_of(vi).get(url).status_code == 200
        assert client_of(sam).get(url).status_code == 404
    assert "Looked at, next" not in client_of(vi).get(item_at(item)).content.decode()
    assert client_of(vi).post(item_at(item, "look_at"), {}).status_code == 403
    assert client_of(vi).post(at("start_review"), {"rhythm": "weekly"}).status_code == 403


def test_an_optimisation_is_written_down_corrected_and_ended(acme, clicks, goals, ed, client_of):
    browser = client_of(ed)
    form = browser.get(f"{at('new_optimisation')}?goal={goals[0].pk}").content.decode()
    assert f'value="{clicks.pk}" selected' in form
    sent = {
        "title": "Shorter form",
        "metric": clicks.pk,
        "started_on": "2026-02-09",
        "days": "7",
        "next": at("reviews"),
    }
    assert browser.post(at("new_optimisation"), sent)["Location"] == at("reviews")
    row = Optimisation.objects.get()
    assert "after 70, 1 week each" in text_of(browser.get(at("optimisations")))
    here = at("edit_optimisation", pk=row.pk)
    changed = browser.post(here, {**sent, "version": "1", "started_on": "2026-02-27"})
    assert changed.status_code == 302
    assert "too early" in text_of(browser.get(at("optimisations")))
    assert browser.post(here, {**sent, "version": "1"}).status_code == 409
    assert browser.post(here, {**sent, "version": "2", "title": ""}).status_code == 422
    browser.post(at("end_optimisation", pk=row.pk), {"version": "2", "learnt": "It helps"})
    assert "It helps" in text_of(browser.get(at("reviews")))
    browser.post(at("remove_optimisation", pk=row.pk))
    assert not Optimisation.objects.exists()


def test_bad_optimisations_are_shown_at_the_form(acme, clicks, ed, client_of):
    browser = client_of(ed)
    for sent in ({}, {"title": "x", "metric": "9", "started_on": "1066-01-01", "days": "9"}):
        assert browser.post(at("new_optimisation"), sent).status_code == 422
    assert browser.get(f"{at('new_optimisation')}?goal=x").status_code == 404
    row = make_optimisation(clicks, "2026-02-09")
    assert browser.post(at("end_optimisation", pk=row.pk), {"version": "1"}).status_code == 422
