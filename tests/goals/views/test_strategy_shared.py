"""A strategy behind a link, for people without an account."""

import re
from datetime import date

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from redis.exceptions import RedisError

from goals.models import FeedbackItem, FeedbackSheet, SignOff, StrategyShare
from goals.rules.strategy import Step
from goals.views import links
from tests.goals.views.reading import at, text_of
from tests.make.goals import make_goal
from tests.make.strategies import make_strategy, publish, say, share, take_part, write
from tests.make.workspaces import make_stakeholder
from tests.support.words import says

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_limits_from_before():
    cache.clear()


@pytest.fixture
def plan(acme):
    made = make_strategy(acme)
    write(made, Step.OUTCOMES, newcomer=("Sales", "120 leads a month"))
    return take_part(made, questions=["What is missing?"], anonymous=True)


@pytest.fixture
def version(plan):
    return publish(plan)


@pytest.fixture
def link(plan, version):
    _row, token = share(plan, takes_feedback=True)
    return f"/shared/{token}/"


def test_L06_a_link_opens_for_a_stranger_and_is_kept_by_nobody(link):
    page = Client().get(link)
    assert "120 leads a month" in text_of(page)
    assert page["X-Robots-Tag"].startswith("noindex")
    assert page["Referrer-Policy"] == "same-origin"
    assert page["Cache-Control"] == "private, no-store"
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert 'name="robots" content="noindex' in page.content.decode()
    assert StrategyShare.objects.get().views == 1


def test_what_a_stranger_reads_leads_nowhere_into_the_workspace(plan, clicks, olga):
    goal = make_goal(clicks, owner=olga)
    write(plan, Step.GOALS, lines=[(goal, None)])
    write(plan, Step.METRICS, lines=[(clicks, "")])
    publish(plan)
    _row, token = share(plan)
    page = Client().get(f"/shared/{token}/").content.decode()
    assert "More clicks" in page
    assert "/w/acme/" not in page
    assert "acme.example" not in page


def test_L06_a_revoked_an_expired_and_a_wrong_link_look_like_no_link(plan, link, mia, client_of):
    visitor = Client()
    wrong = visitor.get("/shared/nothing/")
    row = StrategyShare.objects.get()
    with time_machine.travel("2026-04-02T12:00Z", tick=False):
        assert visitor.get(link).status_code == 404
    client_of(mia).post(at("revoke_strategy_share", pk=plan.pk, share=row.pk))
    for path, method in ((link, "get"), (link + "feedback/", "post"), (link + "sign/", "post")):
        assert getattr(visitor, method)(path).status_code == 404, path
    dead = visitor.get(link)
    assert (dead.status_code, wrong.status_code) == (404, 404)


def test_a_link_before_the_first_version_does_not_open(acme):
    _row, token = share(make_strategy(acme))
    assert Client().get(f"/shared/{token}/").status_code == 404


def test_a_manager_makes_a_link_that_is_shown_once(plan, version, mia, ed, client_of):
    browser, url = client_of(mia), at("strategy_shares", pk=plan.pk)
    page = browser.post(url, {"label": "The board", "until": "2026-03-31", "pin": "on"})
    path = re.search(r"/shared/[\w.-]+/", page.content.decode())[0]
    assert Client().get(path).status_code == 200
    assert path not in browser.get(url).content.decode()
    wrong = browser.post(url, {"label": "The board", "until": "2026-01-31"})
    assert wrong.status_code == 422
    assert client_of(ed).get(url).status_code == 403


def test_a_colleague_without_an_account_answers_the_form(link, plan):
    visitor = Client()
    done = visitor.post(link + "feedback/", {"number": 1, "question_0": "A date", "name": "Kim"})
    assert (done.status_code, done["Location"]) == (303, link + "?said=feedback")
    assert "Thank you" in text_of(visitor.get(done["Location"]))
    sheet = FeedbackSheet.objects.get()
    assert (sheet.name, sheet.member, sheet.version.number) == ("Kim", None, 1)
    visitor.post(link + "feedback/", {"number": 1, "whole": "Hm", "name": "Kim", "anonymous": "on"})
    assert FeedbackSheet.objects.latest("pk").name == ""


def test_an_answer_belongs_to_the_version_that_was_read_while_a_newer_one_came_out(plan, link):
    take_part(plan, questions=["Another question?", "What is missing?"])
    publish(plan)
    Client().post(link + "feedback/", {"number": 1, "question_0": "A date"})
    item = FeedbackItem.objects.get()
    assert (item.about, item.sheet.version.number) == ("What is missing?", 1)


@pytest.mark.parametrize("number", ["2", "0", "x", "", "9" * 40])
def test_L08_the_form_of_a_version_that_is_not_there_is_404(link, number):
    sent = {"number": number, "whole": "Hm"}
    assert Client().post(link + "feedback/", sent).status_code == 404
    assert not FeedbackSheet.objects.exists()


def test_an_answer_without_a_name_does_not_tell_by_which_link_it_came(plan, link, ed, client_of):
    Client().post(link + "feedback/", {"number": 1, "whole": "Hm"})
    inbox = text_of(client_of(ed).get(at("feedback", pk=plan.pk)))
    assert "by a link" in inbox
    assert "The board" not in inbox


def test_an_answer_is_told_back_without_names(plan, version, link, ed, mia, client_of):
    say(version, "Fewer letters", member=ed)
    item = FeedbackItem.objects.get()
    decide = at("decide_feedback", pk=plan.pk, item=item.pk)
    client_of(mia).post(decide, {"revision": 1, "disposition": "accepted", "reason": "Done"})
    page = text_of(Client().get(link))
    assert "Fewer letters" in page
    assert not says(page, "Ed")


def test_L08_too_many_answers_from_one_address_are_429(link, monkeypatch):
    monkeypatch.setattr(links, "WRITES", 2)
    visitor, sent = Client(), {"number": 1, "whole": "Buy now"}
    codes = [visitor.post(link + "feedback/", sent).status_code for _try in range(4)]
    assert codes == [303, 303, 429, 429]
    assert FeedbackSheet.objects.count() == 2
    other = Client(REMOTE_ADDR="203.0.113.9")
    assert other.post(link + "feedback/", sent).status_code == 303


def test_L08_what_came_too_often_is_shown_again_with_everything_that_was_typed(link, monkeypatch):
    monkeypatch.setattr(links, "WRITES", 0)
    sent = {"number": 1, "question_0": "A date\nand a name", "whole": "All", "name": "Kim"}
    late = Client().post(link + "feedback/", {**sent, "anonymous": "on"})
    page = late.content.decode()
    assert (late.status_code, late["Retry-After"]) == (429, "60")
    assert "in a minute" in text_of(late)
    assert "A date\nand a name</textarea>" in page
    assert 'value="Kim"' in page
    assert re.search(r'name="anonymous"[^>]*checked', page)
    assert "my workspace" not in text_of(late)
    assert not FeedbackSheet.objects.exists()


def test_L08_answers_that_were_refused_leave_room_for_those_of_the_same_office(link, monkeypatch):
    monkeypatch.setattr(links, "WRITES", 1)
    visitor, sent = Client(), {"number": 1, "whole": "Hm"}
    for _try in range(3):
        assert visitor.post(link + "feedback/", {"number": 1}).status_code == 422
    codes = [visitor.post(link + "feedback/", sent).status_code for _try in range(3)]
    assert codes == [303, 429, 429]


def test_L08_too_many_attempts_of_any_outcome_are_429(link, monkeypatch):
    monkeypatch.setattr(links, "ATTEMPTS", 2)
    visitor = Client()
    codes = [visitor.post(link + "feedback/", {"number": 1}).status_code for _try in range(3)]
    assert codes == [422, 422, 429]
    assert "my workspace" not in text_of(visitor.post(link + "feedback/", {"number": 1}))


def test_L08_the_words_of_who_signs_are_kept_when_they_came_too_often(plan, acme, monkeypatch):
    board = make_stakeholder(acme, "The board")
    take_part(plan, stakeholders=[board])
    publish(plan)
    _row, token = share(plan, stakeholder=board)
    monkeypatch.setattr(links, "WRITES", 0)
    sent = {"number": 1, "agreed": "no", "words": "A date is missing"}
    late = Client().post(f"/shared/{token}/sign/", sent)
    assert late.status_code == 429
    assert 'value="A date is missing"' in late.content.decode()


def test_L08_an_address_is_not_another_one_by_a_header_that_nobody_vouches_for(link, monkeypatch):
    monkeypatch.setattr(links, "WRITES", 1)
    visitor, sent = Client(), {"number": 1, "whole": "Hm"}
    codes = [
        visitor.post(link + "feedback/", sent, HTTP_X_FORWARDED_FOR=f"8.8.8.{n}").status_code
        for n in range(3)
    ]
    assert codes == [303, 429, 429]


def test_L08_reading_too_often_is_429(link, monkeypatch):
    monkeypatch.setattr(links, "READS", 1)
    visitor = Client()
    assert [visitor.get(link).status_code for _try in range(2)] == [200, 429]


def test_a_cache_that_is_down_closes_no_link(link, monkeypatch):
    def fail(*_args, **_options):
        raise RedisError

    monkeypatch.setattr(cache, "add", fail)
    assert Client().get(link).status_code == 200


def test_L08_a_huge_answer_is_413_and_keeps_nothing(link):
    answer = Client().post(link + "feedback/", {"number": 1, "whole": "x" * 1024 * 1024})
    assert answer.status_code == 413
    assert not FeedbackSheet.objects.exists()


def test_L08_the_field_that_only_programs_see_drops_the_answer(link):
    sent = {"number": 1, "whole": "Buy now", "website": "spam.example"}
    assert Client().post(link + "feedback/", sent).status_code == 303
    assert not FeedbackSheet.objects.exists()


def test_L08_script_in_an_answer_is_inert(plan, link, ed, client_of):
    Client().post(link + "feedback/", {"number": 1, "whole": "<script>alert(1)</script>"})
    inbox = client_of(ed).get(at("feedback", pk=plan.pk)).content.decode()
    assert "&lt;script&gt;alert(1)" in inbox
    assert "<script>alert" not in inbox


def test_L08_a_link_without_the_form_takes_no_answer(plan, version):
    _row, token = share(plan)
    page = Client().get(f"/shared/{token}/")
    assert "Your feedback" not in text_of(page)
    answer = Client().post(f"/shared/{token}/feedback/", {"number": 1, "whole": "Hm"})
    assert answer.status_code == 404


def test_L08_a_closed_form_and_an_empty_answer_are_refused(plan):
    take_part(plan, questions=["What is missing?"], until=date(2026, 3, 1))
    publish(plan)
    _row, token = share(plan, takes_feedback=True)
    closed = Client().post(f"/shared/{token}/feedback/", {"number": 1, "whole": "Hm"})
    assert closed.status_code == 422
    assert "is over" in text_of(closed)


def test_C01_an_answer_without_the_forms_token_is_refused(link):
    visitor = Client(enforce_csrf_checks=True)
    assert visitor.post(link + "feedback/", {"number": 1, "whole": "Hm"}).status_code == 403


def test_a_stakeholder_signs_by_their_own_link_only(plan, acme, mia):
    board = make_stakeholder(acme, "The board")
    take_part(plan, stakeholders=[board])
    publish(plan)
    _row, theirs = share(plan, stakeholder=board)
    _row, other = share(plan)
    sent = {"number": 1, "agreed": "yes"}
    assert Client().post(f"/shared/{other}/sign/", sent).status_code == 404
    assert "Sign as The board" in text_of(Client().get(f"/shared/{theirs}/"))
    assert Client().post(f"/shared/{theirs}/sign/", {"number": 1}).status_code == 422
    assert Client().post(f"/shared/{theirs}/sign/", sent).status_code == 303
    assert SignOff.objects.get().name == "The board"
    again = Client().post(f"/shared/{theirs}/sign/", sent)
    assert again.status_code == 422
    assert "signed already" in text_of(again)


def test_a_stakeholder_takes_a_refusal_back_by_their_own_link(plan, acme):
    board = make_stakeholder(acme, "The board")
    take_part(plan, stakeholders=[board])
    publish(plan)
    _row, token = share(plan, stakeholder=board)
    Client().post(f"/shared/{token}/sign/", {"number": 1, "agreed": "no", "words": "A date"})
    page = text_of(Client().get(f"/shared/{token}/"))
    assert "did not sign" in page
    assert "Not yet" in page
    Client().post(f"/shared/{token}/sign/", {"number": 1, "agreed": "yes"})
    assert "Take the signature back" in text_of(Client().get(f"/shared/{token}/"))
    assert [one.agreed for one in SignOff.objects.order_by("pk")] == [False, True]


def test_the_addresses_of_links_are_named(link):
    token = link.split("/")[2]
    assert reverse("shared_strategy", kwargs={"token": token}) == link
