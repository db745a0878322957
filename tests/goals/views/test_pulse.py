"""The pulse on pages: for members, for stakeholders by a link."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from goals.models import Pulse
from goals.operations.pulse_rounds import keep_pulses
from goals.views import links
from metrics.operations.rollups import roll_up
from tests.goals.views.reading import at, text_of
from tests.make.pulse import (
    OPEN,
    OVER,
    QUESTION,
    link_for,
    make_pulse,
    open_now,
    stakeholders_say,
    team_says,
)
from tests.make.workspaces import make_stakeholder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _while_it_is_open():
    cache.clear()
    with time_machine.travel(OPEN, tick=False):
        yield


@pytest.fixture
def link(acme):
    make_pulse(acme)
    return f"/pulse/{link_for(make_stakeholder(acme))}/"


def test_a_manager_sets_the_pulse_up_and_my_work_asks_for_an_answer(acme, mia, vi, client_of):
    sent = {"question": QUESTION, "opens_on": 20, "fewest": 3, "asks_team": "on", "is_on": "on"}
    done = client_of(mia).post(at("edit_pulse"), sent)
    assert (done.status_code, done["Location"]) == (302, at("pulse"))
    work = reverse("tasks:my_work", kwargs={"slug": "acme"})
    browser = client_of(vi)
    assert QUESTION in text_of(browser.get(work))
    assert QUESTION in text_of(browser.get(at("pulse")))
    assert browser.post(at("answer_pulse"), {"score": "8"}).status_code == 302
    assert QUESTION not in text_of(browser.get(work))
    assert "You have answered" in text_of(browser.get(at("pulse")))
    assert browser.get(at("edit_pulse")).status_code == 403
    assert browser.get(at("pulse_links")).status_code == 403


@pytest.mark.parametrize("score", ["", "11", "-1", "x", "5.5", "٣"])
def test_an_answer_that_is_no_number_of_the_scale_counts_nothing(acme, vi, client_of, score):
    make_pulse(acme)
    page = client_of(vi).post(at("answer_pulse"), {"score": score})
    assert page.status_code == 422
    assert sum(open_now(acme).tally["team"]) == 0


def test_a_set_up_that_cannot_be_says_so_at_its_field_and_a_stale_one_keeps_what_was_typed(
    acme, mia, client_of
):
    browser = client_of(mia)
    page = browser.post(at("edit_pulse"), {"question": "", "opens_on": 40, "fewest": 1})
    assert page.status_code == 422
    assert {"question", "opens_on", "fewest"} <= set(page.context["form"].errors)
    assert not Pulse.objects.exists()
    make_pulse(acme)
    typed = {"question": "Mine?", "opens_on": 2, "fewest": 3, "asks_team": "on", "version": 7}
    stale = browser.post(at("edit_pulse"), typed)
    assert stale.status_code == 409
    assert "Mine?" in stale.content.decode()


def test_the_open_month_shows_who_took_part_and_no_result(acme, mia, client_of):
    make_pulse(acme)
    team_says(acme, 1, 1, 1, 1)
    page = text_of(client_of(mia).get(at("pulse")))
    assert "4 of 6 answered" in page
    assert "The first result comes when the month is over." in page


def test_a_closed_month_shows_the_average_and_who_took_part(acme, mia, client_of):
    make_pulse(acme)
    team_says(acme, 6, 8, 10)
    stakeholders_say(acme, 1, 2, 3)
    keep_pulses(at=OVER)
    roll_up()
    with time_machine.travel(OVER, tick=False):
        page = text_of(client_of(mia).get(at("pulse")))
    assert "6 of 8 took part" in page
    assert {"5.00", "8.00", "2.00"} <= set(page.split())


def test_months_cost_as_many_queries_as_one(acme, mia, client_of, django_assert_max_num_queries):
    make_pulse(acme)
    for month in (3, 4, 5, 6):
        keep_pulses(at=datetime(2026, month, 21, 12, tzinfo=UTC))
    browser = client_of(mia)
    browser.get(at("pulse"))
    with django_assert_max_num_queries(18):
        browser.get(at("pulse"))


def test_a_manager_copies_a_link_for_each_who_has_none(acme, mia, client_of):
    make_pulse(acme)
    for name in ("Sales", "Partners"):
        make_stakeholder(acme, name)
    make_stakeholder(acme, "Mia herself", member=mia)
    browser = client_of(mia)
    page = browser.post(at("pulse_links")).content.decode()
    paths = set(re.findall(r"/pulse/[\w.-]+/", page)) - {"/pulse/links/", "/pulse/edit/"}
    shown = [path for path in paths if Client().get(path).status_code == 200]
    assert len(shown) == 2
    again = browser.get(at("pulse_links")).content.decode()
    assert not any(path in again for path in shown)
    assert browser.post(at("pulse_links")).status_code == 422  # nobody is left without


def test_L06_a_stakeholder_answers_by_a_link_that_nobody_keeps(link, acme):
    visitor = Client()
    page = visitor.get(link)
    assert QUESTION in text_of(page)
    assert page["X-Robots-Tag"].startswith("noindex")
    assert page["Cache-Control"] == "private, no-store"
    assert "/w/acme/" not in page.content.decode()
    done = visitor.post(link + "answer/", {"score": "3"})
    assert (done.status_code, done["Location"]) == (303, link + "?said=1")
    assert "Thank you" in text_of(visitor.get(link))
    again = visitor.post(link + "answer/", {"score": "10"})
    assert again.status_code == 422
    assert open_now(acme).tally["stakeholders"][3] == 1


def test_L06_a_link_of_a_month_that_is_over_and_a_wrong_one_are_not_there(link):
    visitor = Client()
    assert visitor.get("/pulse/nothing/").status_code == 404
    with time_machine.travel(OVER, tick=False):
        assert visitor.get(link).status_code == 404
        assert visitor.post(link + "answer/", {"score": "3"}).status_code == 404


def test_L08_a_program_is_thanked_and_dropped_and_too_many_answers_are_429(link, acme, monkeypatch):
    monkeypatch.setattr(links, "WRITES", 2)
    visitor = Client()
    sent = {"score": "3", "website": "https://spam.example"}
    codes = [visitor.post(link + "answer/", sent).status_code for _try in range(3)]
    assert codes == [303, 303, 429]
    late = visitor.post(link + "answer/", {"score": "3"})
    assert (late.status_code, late["Retry-After"]) == (429, "60")
    assert re.search(r'value="3"[^>]*checked', late.content.decode())
    assert sum(open_now(acme).tally["stakeholders"]) == 0
    other = Client(REMOTE_ADDR="203.0.113.9")
    long = other.post(link + "answer/", {"score": "3", "more": "x" * links.LARGEST_ANSWER})
    assert long.status_code == 413
    assert other.post(link + "answer/", {"score": "99"}).status_code == 422
