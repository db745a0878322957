"""Mails: written down with the change, sent by a job, at most twice and never lost."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction

from tests.make.sla import make_calendar
from tests.make.workspaces import make_member, make_stakeholder, make_workspace
from tests.support.smtp import post_office
from workspaces.models import Delivery, Notification
from workspaces.models.deliveries import DEAD, DROPPED, SENDING, SENT, WAITING
from workspaces.operations.delivery import write_letter
from workspaces.operations.digests import make_digests
from workspaces.operations.notifications import Notice, notify, read_all_notifications
from workspaces.operations.outbox import (
    LEASE,
    claim,
    send,
    send_again,
    send_waiting,
    tidy_deliveries,
)
from workspaces.operations.preferences import Habits, prefer_ways, set_habits
from workspaces.queries.deliveries import stuck_deliveries
from workspaces.rules.notices import REGISTRY, Kind, Place
from workspaces.rules.outbox import MOST_STARTS
from workspaces.rules.roles import Role
from workspaces.verbs import WORKSPACE_CHANGED

pytestmark = pytest.mark.django_db
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
BASE = "http://localhost:8000"


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    monkeypatch.setitem(REGISTRY, "mentioned", Kind("Somebody names me", at_once=True))
    monkeypatch.setitem(REGISTRY, "quiet", Kind("Something happens"))
    monkeypatch.setitem(REGISTRY, "card", Kind("A card changes", gathers=True, placed=True))


@pytest.fixture
def thing(acme):
    return make_stakeholder(acme)


def tell(thing, *members, kind="mentioned", at, by=None, **notice):
    said = {"fields": notice.pop("words", "name")}
    told = Notice(kind, WORKSPACE_CHANGED, "/w/acme/stakeholders/", said, **notice)
    return notify(told, thing, to=[one.pk for one in members], by=by, at=at)


def work(at):
    return send_waiting(clock=lambda: at, write=write_letter)


def test_a_mention_is_mailed_at_once_and_the_rest_comes_in_the_morning(thing, ed, noon):
    tell(thing, ed, at=noon)
    tell(thing, ed, kind="quiet", at=noon + SECOND)
    assert work(noon) == 0
    assert work(noon + 30 * SECOND) == 1
    assert make_digests(at=noon + 18 * HOUR) == 0
    assert make_digests(at=noon + 19 * HOUR) == 1
    assert make_digests(at=noon + 20 * HOUR) == 0
    assert work(noon + 20 * HOUR) == 1
    first, second = mail.outbox
    assert (first.to, first.subject) == (["ed@acme.example"], "MOps changed the settings: name")
    assert second.subject == "Your day: 1 thing"
    assert work(noon + 30 * HOUR) == 0


def test_J02_a_change_that_is_rolled_back_mails_nothing(thing, ed, noon):
    with transaction.atomic():
        tell(thing, ed, at=noon)
        transaction.set_rollback(True)
    assert Delivery.objects.count() == 0


def test_what_happens_at_once_is_one_mail_and_an_hour_has_few(acme, ed, noon):
    for minute in range(120):
        at = noon + timedelta(minutes=minute / 2)
        tell(make_stakeholder(acme, f"Group {minute}"), ed, at=at, words=f"{minute}.")
        work(at)
    work(noon + 3 * HOUR)
    assert len(mail.outbox) == 4
    subjects = [message.subject for message in mail.outbox]
    assert subjects == ["2 things for you"] * 3 + ["114 things for you"]
    assert "and 64 more" in mail.outbox[-1].body


def test_who_has_read_it_gets_no_mail(thing, ed, noon):
    tell(thing, ed, at=noon)
    tell(thing, ed, kind="quiet", at=noon + SECOND)
    read_all_notifications(ed, at=noon)
    work(noon + HOUR)
    assert make_digests(at=noon + DAY) == 0
    assert mail.outbox == []
    assert Delivery.objects.get().state == DROPPED


def test_J15_a_mail_server_that_is_down_costs_time_and_no_mail(thing, ed, mia, noon, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    tell(thing, ed, mia, at=noon)
    at = noon + HOUR
    assert work(at) == 0
    assert sorted(Delivery.objects.values_list("state", "tries")) == [(WAITING, 0), (WAITING, 1)]
    with post_office() as post:
        settings.EMAIL_PORT = post.port
        assert work(at + 2 * HOUR) == 2
        assert {letter["To"] for letter in post.letters} == {"ed@acme.example", "mia@acme.example"}


def test_J15_one_address_that_is_refused_keeps_nobody_else_from_theirs(
    thing, ed, mia, olga, noon, settings, api_of, client_of
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with post_office() as post:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", post.port
        post.recipient = "550 no such person"
        tell(thing, ed, at=noon)
        work(noon + HOUR)
        post.recipient = "250 ok"
        tell(thing, mia, at=noon)
        work(noon + HOUR)
    assert [letter["To"] for letter in post.letters] == ["mia@acme.example"]
    (dead,) = stuck_deliveries(thing.workspace)
    assert (dead.state, dead.fault, dead.user) == (DEAD, "refused", ed.user)
    (row,) = api_of(olga).get("/api/v1/workspaces/acme/mails/").json()["results"]
    assert (row["to"], row["state"], row["next_try"]) == ("ed@acme.example", "dead", None)
    page = client_of(olga).get("/w/acme/settings/mails/").content.decode()
    assert "ed@acme.example" in page
    client_of(olga).post(f"/w/acme/settings/mails/{dead.pk}/again/")
    dead.refresh_from_db()
    assert dead.state == WAITING
    assert api_of(olga).post("/api/v1/workspaces/acme/mails/999/again/").status_code == 404
    send_again(dead, at=noon)


def test_J05_a_worker_that_dies_behind_the_server_leaves_one_double_with_the_same_id(
    thing, ed, noon, settings
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with post_office() as post:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", post.port
        tell(thing, ed, at=noon)
        mine = Delivery.objects.get()
        at = noon + HOUR
        assert claim(mine, at=at)
        write_letter(mine, at).send()  # and the worker is killed here
        assert work(at + LEASE / 2) == 0
        assert work(at + LEASE + timedelta(seconds=1)) == 1
        ids = [letter["Message-ID"] for letter in post.letters]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert work(at + DAY) == 0


def test_a_worker_that_lost_its_lease_changes_nothing(thing, ed, noon):
    tell(thing, ed, at=noon)
    slow = Delivery.objects.get()
    at = noon + HOUR
    assert claim(slow, at=at)
    other = Delivery.objects.get()
    assert not claim(other, at=at)
    assert claim(other, at=at + 2 * LEASE)
    send(slow, clock=lambda: at, write=lambda *_: None)
    assert Delivery.objects.get().state == SENDING
    send(other, clock=lambda: at, write=write_letter)
    assert Delivery.objects.get().state == SENT


def test_J08_a_mail_that_kills_each_worker_is_given_up_and_others_go_on(thing, ed, mia, noon):
    tell(thing, ed, at=noon)
    bad, at = Delivery.objects.get(), noon + HOUR
    for _start in range(MOST_STARTS):
        assert claim(bad, at=at)
        at += 2 * LEASE
    tell(thing, mia, at=noon)
    work(at)
    bad.refresh_from_db()
    assert (bad.state, bad.fault) == (DEAD, "interrupted")
    assert [message.to for message in mail.outbox] == [["mia@acme.example"]]


def test_X06_I11_what_people_typed_is_literal_and_links_lead_home(thing, ed, mia, noon):
    mia.user.name = "<a href=//evil.example>Reset</a>\r\nBcc: evil@x.example"
    mia.user.save()
    words = "[pay](http://evil.example) ![p](http://evil.example/t.gif) <img src=x>\r\nBcc: a@b.co"
    tell(thing, ed, at=noon, by=mia, words=words)
    work(noon + HOUR)
    (message,) = mail.outbox
    page = message.alternatives[0][0]
    raw = message.message().as_string()
    assert "\nBcc" not in raw
    assert message.recipients() == ["ed@acme.example"]
    assert "<a href=//" not in page
    assert "<img" not in page
    for text in (page, message.body):
        assert "evil.example" not in text  # broken by a character that takes no room
        assert "http" not in text.replace(BASE, "").replace("[pay](http:", "").replace(
            "[p](http:", ""
        )


def test_a_mail_speaks_the_language_of_its_reader(thing, ed, noon):
    set_habits(ed.user, Habits("", "fa", wants_digest=True, quiet_days=False))
    tell(thing, ed, at=noon)
    work(noon + HOUR)
    page = mail.outbox[0].alternatives[0][0]
    assert '<html lang="fa" dir="rtl">' in page
    assert 'dir="auto"' in page


def test_one_click_at_the_end_of_a_mail_switches_just_that_off(thing, ed, noon, client):
    tell(thing, ed, at=noon)
    tell(thing, ed, kind="quiet", at=noon + SECOND)
    work(noon + HOUR)
    make_digests(at=noon + DAY)
    work(noon + DAY)
    first, second = mail.outbox
    assert first.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for message in (first, second):
        link = message.extra_headers["List-Unsubscribe"].strip("<>")
        assert link.startswith(f"{BASE}/unsubscribe/")
        assert link in message.body
        path = link.removeprefix(BASE)
        assert "switch it off" in client.get(path).content.decode()
        ed.user.refresh_from_db()
        was = ed.user.wants_digest
        assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        ed.user.refresh_from_db()
        assert (was, ed.user.wants_digest) == (True, message is first)
    assert client.post(f"{path[:-3]}xyz/").status_code == 422
    set_habits(ed.user, Habits("", "", wants_digest=True, quiet_days=False))
    tell(make_stakeholder(ed.workspace, "Late"), ed, at=noon + 2 * DAY)
    work(noon + 2 * DAY + HOUR)
    assert len(mail.outbox) == 2
    assert make_digests(at=noon + 3 * DAY) == 1  # what is not mailed at once comes in the morning


def test_a_digest_lists_each_thing_once_by_board_newest_first(acme, ed, mia, noon):
    launch, other = Place("tasks.board", 1, "Launch"), Place("tasks.board", 2, "Fair")
    one, two = make_stakeholder(acme, "One"), make_stakeholder(acme, "Two")
    for minutes, thing, place in ((0, one, launch), (5, two, other), (10, one, launch)):
        at = noon + timedelta(minutes=minutes)
        tell(thing, ed, kind="card", at=at, by=mia, place=place, words=f"word{minutes}")
    assert Notification.objects.count() == 2  # what happened to one within the hour is one
    make_digests(at=noon + DAY)
    work(noon + DAY)
    text = mail.outbox[0].body
    assert "Mia changed the settings: word10 (2 changes)" in text
    assert text.index("Acme · Launch") < text.index("word10") < text.index("Acme · Fair")
    assert "word0" not in text


def test_a_person_in_two_workspaces_has_one_digest(acme, ed, noon):
    beta = make_workspace("beta", owner="bea@beta.example")
    also = make_member(beta, "ed@acme.example", Role.VIEWER)
    tell(make_stakeholder(acme), ed, kind="quiet", at=noon)
    tell(make_stakeholder(beta), also, kind="quiet", at=noon)
    assert make_digests(at=noon + DAY) == 1
    work(noon + DAY)
    assert [part in mail.outbox[0].body for part in ("Acme\n", "Beta\n")] == [True, True]


def test_who_left_a_workspace_is_told_nothing_of_it(acme, ed, noon):
    tell(make_stakeholder(acme), ed, kind="quiet", at=noon)
    make_digests(at=noon + DAY)
    ed.delete()
    work(noon + DAY)
    assert mail.outbox == []


def test_a_digest_waits_for_a_day_on_which_one_works_and_goes_by_ones_own_clock(acme, ed, noon):
    make_calendar(acme)  # Monday to Friday
    set_habits(ed.user, Habits("Asia/Tokyo", "", wants_digest=True, quiet_days=True))
    friday = datetime(2026, 3, 6, 12, tzinfo=UTC)
    tell(make_stakeholder(acme), ed, kind="quiet", at=friday)
    hours = [friday + n * HOUR for n in range(24 * 4) if make_digests(at=friday + n * HOUR)]
    assert hours == [datetime(2026, 3, 8, 23, tzinfo=UTC)]  # Monday, eight in Tokyo


def test_who_wants_no_digest_gets_none_later_either(acme, ed, noon):
    set_habits(ed.user, Habits("", "", wants_digest=False, quiet_days=False))
    tell(make_stakeholder(acme), ed, kind="quiet", at=noon)
    assert make_digests(at=noon + DAY) == 0
    set_habits(ed.user, Habits("", "", wants_digest=True, quiet_days=False))
    assert make_digests(at=noon + 2 * DAY) == 0


def test_old_mails_are_forgotten_and_nothing_is_told_again(acme, ed, noon):
    tell(make_stakeholder(acme), ed, kind="quiet", at=noon)
    make_digests(at=noon + DAY)
    work(noon + DAY)
    assert tidy_deliveries(before=noon + 2 * DAY) == 1
    assert make_digests(at=noon + 3 * DAY) == 0


def test_what_is_mailed_only_does_not_ring_the_bell(thing, ed, noon, api_of):
    prefer_ways(ed, ways={"mentioned": {"in_app": False}})
    tell(thing, ed, at=noon)
    assert api_of(ed).get("/api/v1/workspaces/acme/notifications/").json()["count"] == 0
    assert work(noon + HOUR) == 1
