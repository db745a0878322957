"""The pages of goals: what they show, who may, and what they keep when they refuse."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from goals.models import Goal
from goals.operations.goals import close_goal
from goals.operations.reviews import review_goals
from tests.goals.views.reading import at, fields, text_of
from tests.make.goals import LAST_YEAR, every_day, make_goal, make_goals, measured, observe
from tests.make.workspaces import make_stakeholder

pytestmark = pytest.mark.django_db


# --- the list -------------------------------------------------------------------------------------


def test_an_empty_list_teaches(acme, ed, vi, client_of):
    page = client_of(ed).get(at("index"))
    assert page.status_code == 200
    assert "No goals yet" in text_of(page)
    assert at("new") in page.content.decode()
    assert (
        f'href="{at("new")}"'
        not in client_of(vi).get(at("index")).content.decode().split("<main")[1]
    )


def test_the_list_shows_steps_under_their_goal_with_status_value_and_owner(clicks, ed, client_of):
    top = make_goal(clicks, "Top goal", value="4380", owner=ed)
    make_goal(clicks, "Step goal", value="9000", parent=top)
    page = client_of(ed).get(at("index"))
    shown = text_of(page)
    assert shown.index("Top goal") < shown.index("Step goal")
    for words in ("On track", "Off track", "720", "4,380", "Ed", "1 Jan – 31 Dec 2026"):
        assert words in shown
    assert "tree-1" in page.content.decode()


def test_the_list_filters_by_status_owner_and_metric(acme, clicks, ed, client_of):
    make_goal(clicks, "Good goal", value="4380", owner=ed)
    make_goal(clicks, "Hard goal", value="9000")
    make_goal(measured(acme, "visits"), "Other goal", value="5")
    browser = client_of(ed)

    def shown(query):
        page = text_of(browser.get(f"{at('index')}?{query}"))
        return {word for word in ("Good", "Hard", "Other") if f"{word} goal" in page}

    assert shown("") == {"Good", "Hard", "Other"}
    assert shown("status=off_track") == {"Hard"}
    assert shown(f"owner={ed.pk}") == {"Good"}
    assert shown("metric=visits") == {"Other"}
    assert shown("owner=7abc") == shown("status=zzz") == shown("metric=zzz") == set()
    assert "No goal fits this filter" in text_of(browser.get(f"{at('index')}?status=zzz"))


def test_closed_goals_are_behind_the_filter(clicks, ed, noon, client_of):
    close_goal(make_goal(clicks, "Old goal"), reason="Over", version=1, by=ed, at=noon)
    make_goal(clicks, "Open goal")
    browser = client_of(ed)
    assert "Old goal" not in text_of(browser.get(at("index")))
    assert "Old goal" in text_of(browser.get(f"{at('index')}?status=closed"))


def test_the_list_needs_the_same_queries_for_one_goal_and_for_ten(clicks, ed, client_of):
    browser = client_of(ed)

    def queries():
        browser.get(at("index"))
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(at("index")).status_code == 200
        return len(captured)

    make_goals(clicks, 1, value="5000")
    one = queries()
    make_goals(clicks, 9, value="5000", basis="yoy", parent=Goal.objects.first())
    assert queries() == one


# --- one goal -------------------------------------------------------------------------------------


def test_the_page_of_a_goal_shows_it_beside_what_the_stakeholder_needs(acme, clicks, ed, client_of):
    sales = make_stakeholder(acme, "Sales", need="More readers who answer")
    top = make_goal(clicks, "Revenue from e-mail")
    goal = make_goal(
        clicks,
        "Clicks <+25 %>",
        percent="25",
        baseline=LAST_YEAR,
        stakeholder=sales,
        parent=top,
        owner=ed,
    )
    page = client_of(ed).get(at("goal", pk=goal.pk))
    shown = text_of(page)
    for words in (
        "More readers who answer",
        "Revenue from e-mail",
        "On track",
        "4,563",
        "3,650",
        "+25",
        "16 %",
        "Total clicks of the newsletter",
        "Nothing written yet",
        "Jan 2026",
        "set the goal",
    ):
        assert words in shown, words
    assert "Clicks &lt;+25 %&gt;" in page.content.decode()
    assert "<+25" not in page.content.decode()


def test_the_page_fetches_its_cards_from_the_app_above_by_address(clicks, ed, client_of):
    goal = make_goal(clicks)
    page = client_of(ed).get(at("goal", pk=goal.pk)).content.decode()
    assert (
        f'hx-get="{reverse("tasks:cards_of_goal", kwargs={"slug": "acme", "pk": goal.pk})}"' in page
    )


def test_the_chart_is_its_own_table(clicks, ed, client_of):
    goal = make_goal(clicks, value="3650")
    page = client_of(ed).get(at("goal", pk=goal.pk)).content.decode()
    assert page.count("<tr") >= 13
    assert 'data-v="372"' in page
    assert 'data-role="target"' in page
    assert 'data-role="past"' in page
    summed = client_of(ed).get(f"{at('goal', pk=goal.pk)}?view=sum").content.decode()
    assert 'data-v="708"' in summed
    assert 'data-role="expected"' in summed


def test_a_transition_is_shown_with_what_was_and_until_when(clicks, ed, noon, client_of):
    goal = make_goal(clicks, value="4380")
    observe(clicks, every_day("2026-01-01", "2026-02-25", 1))
    review_goals(at=noon + timedelta(hours=2))
    shown = text_of(client_of(ed).get(at("goal", pk=goal.pk)))
    assert "was On track until 2 Mar" in shown
    assert shown.count("was On track") == 2


def test_steps_are_listed_with_their_own_numbers(clicks, ed, client_of):
    top = make_goal(clicks, "Top goal")
    make_goal(
        clicks, "First quarter", value="1080", window=("2026-01-01", "2026-03-31"), parent=top
    )
    make_goal(
        clicks, "Second quarter", value="1080", window=("2026-04-01", "2026-06-30"), parent=top
    )
    shown = text_of(client_of(ed).get(at("goal", pk=top.pk)))
    for words in ("First quarter", "1,080", "Second quarter", "not begun"):
        assert words in shown


def test_the_page_needs_the_same_queries_for_one_step_and_for_ten(clicks, ed, client_of):
    top = make_goal(clicks, "Top goal")
    browser, url = client_of(ed), at("goal", pk=top.pk)

    def queries():
        browser.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(url).status_code == 200
        return len(captured)

    make_goals(clicks, 1, value="5000", parent=top)
    one = queries()
    make_goals(clicks, 9, value="5000", parent=top)
    assert queries() == one


def test_a_goal_without_data_owner_or_words_still_has_its_page(acme, ed, client_of):
    goal = make_goal(measured(acme), "Bare", value="10")
    Goal.objects.filter(pk=goal.pk).update(owner=None, specific="")
    shown = text_of(client_of(ed).get(at("goal", pk=goal.pk)))
    assert "No data yet, so no verdict." in shown
    assert "no data" in shown


@pytest.mark.parametrize("basis", ["level", "average", "yoy"])
def test_every_basis_has_its_page(clicks, ed, client_of, basis):
    goal = make_goal(clicks, basis=basis, percent="25")
    for view in ("period", "sum", "zzz"):
        assert client_of(ed).get(f"{at('goal', pk=goal.pk)}?view={view}").status_code == 200


# --- closing --------------------------------------------------------------------------------------


def test_closing_and_reopening_by_the_page(clicks, ed, client_of):
    goal = make_goal(clicks, value="4380")
    browser = client_of(ed)
    refused = browser.post(at("close", pk=goal.pk), {"version": 1})
    assert refused.status_code == 422
    assert (
        browser.post(at("close", pk=goal.pk), {"version": 1, "reason": "Budget cut"}).status_code
        == 302
    )
    assert "Closed: Budget cut" in text_of(browser.get(at("goal", pk=goal.pk)))
    assert browser.post(at("reopen", pk=goal.pk), {"version": 1}).status_code == 409
    assert browser.post(at("reopen", pk=goal.pk), {"version": 2}).status_code == 302
    goal.refresh_from_db()
    assert goal.is_open


# --- who may --------------------------------------------------------------------------------------


def test_a_viewer_may_look_but_not_touch(clicks, ed, vi, client_of):
    goal = make_goal(clicks)
    browser = client_of(vi)
    page = browser.get(at("goal", pk=goal.pk))
    assert page.status_code == 200
    assert at("edit", pk=goal.pk) not in page.content.decode()
    assert at("close", pk=goal.pk) not in page.content.decode()
    assert browser.get(at("new")).status_code == 403
    assert browser.post(at("new"), fields(clicks, ed)).status_code == 403
    assert browser.get(at("baseline")).status_code == 403
    assert browser.get(at("edit", pk=goal.pk)).status_code == 403
    for name in ("edit", "close", "reopen"):
        assert browser.post(at(name, pk=goal.pk), {"version": 1}).status_code == 403


def test_a_stranger_finds_nothing(clicks, sam, client_of):
    goal = make_goal(clicks)
    browser = client_of(sam)
    elsewhere = reverse("goals:goal", kwargs={"slug": "globex", "pk": goal.pk})
    for url in (at("index"), at("new"), at("goal", pk=goal.pk), at("edit", pk=goal.pk), elsewhere):
        assert browser.get(url).status_code == 404


def test_nobody_signed_in_is_sent_to_sign_in(clicks, client):
    assert client.get(at("index")).status_code == 302


def test_changes_need_a_post(clicks, ed, client_of):
    goal = make_goal(clicks)
    assert client_of(ed).get(at("close", pk=goal.pk)).status_code == 405
    assert client_of(ed).get(at("reopen", pk=goal.pk)).status_code == 405


def test_growth_shows_the_year_before_as_it_is_known_now(clicks, ed, client_of):
    goal = make_goal(clicks, basis="yoy", percent="40")
    observe(clicks, {"2025-02-10": 1010})
    text = text_of(client_of(ed).get(at("goal", pk=goal.pk)))
    assert "6,510" in text
    assert "3,650 when set" in text
    assert "5,110" not in text


def test_growth_on_a_year_that_is_not_over_shows_no_amount_as_final(clicks, ed, client_of):
    coming = {"basis": "yoy", "percent": "40", "window": ("2027-01-01", "2027-12-31")}
    goal = make_goal(clicks, **coming)
    text = text_of(client_of(ed).get(at("goal", pk=goal.pk)))
    assert "on the year before, once it is over" in text
    assert "so far, 60 of 365 days" in text
    asked = {"metric": clicks.pk, "basis": "yoy", "aim": "reach", "grain": "month"}
    asked |= {"start": "2027-01-01", "end": "2027-12-31", "kind": "percent", "amount": "40"}
    preview = text_of(client_of(ed).get(at("baseline"), asked))
    assert "so far, 60 of 365 days" in preview
    assert "when that year is over" in preview
    assert "The year before is known by 60 of its 365 days" in preview
