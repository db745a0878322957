from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.make.workspaces import make_stakeholder
from workspaces.models import Notification, Stakeholder
from workspaces.operations.notifications import (
    Notice,
    Telling,
    notify,
    notify_all,
    read_notification,
)
from workspaces.operations.preferences import prefer_notices
from workspaces.queries.notifications import count_unread, notifications_of, tell_notices
from workspaces.rules.errors import Refused
from workspaces.verbs import WORKSPACE_CHANGED

pytestmark = pytest.mark.django_db
API = "/api/v1/workspaces/acme/notifications/"
PAGE = "/w/acme/notifications/"


@pytest.fixture
def told(acme, ed, mia, noon):
    """A notice of a stakeholder, told to ed and mia by mia."""
    subject = make_stakeholder(acme)
    notice = Notice("alert", WORKSPACE_CHANGED, "/w/acme/", {"fields": "name"})
    people = [ed.pk, mia.pk]
    return lambda: notify(notice, subject, to=people, by=mia, at=noon)


def test_each_person_is_told_once_and_never_of_their_own_doing(told, ed):
    assert told() == 1
    told()
    assert [row.member for row in Notification.objects.all()] == [ed]


def test_who_switched_a_kind_off_is_not_told(told, ed):
    prefer_notices(ed, wanted={"alert": False})
    assert told() == 0
    with pytest.raises(Refused):
        prefer_notices(ed, wanted={"nonsense": True})


def test_a_stranger_of_another_workspace_is_never_told(acme, sam, noon):
    notice = Notice("alert", WORKSPACE_CHANGED)
    assert notify(notice, make_stakeholder(acme), to=[sam.pk], by=None, at=noon) == 0


def test_they_are_listed_and_read_over_rest(told, ed, mia, api_of):
    told()
    api = api_of(ed)
    (row,) = api.get(API, {"unread": "true"}).json()["results"]
    assert row["sentence"] == "Mia changed the settings: name"
    assert row["read_at"] is None
    assert api_of(mia).post(f"{API}{row['id']}/read/").status_code == 404
    assert api.post(f"{API}{row['id']}/read/").json()["read_at"]
    assert api.get(API, {"unread": "true"}).json()["count"] == 0
    assert api.get(API).json()["count"] == 1
    assert api.post(f"{API}read/").json() == {"read": 0}
    answer = api.patch(f"{API}preferences/", {"wanted": {"alert": False}}, format="json")
    assert [row["wanted"] for row in answer.json() if row["kind"] == "alert"] == [False]
    assert api.get(API, {"seen": "1"}).status_code == 400


def test_the_bell_counts_what_is_unread_and_the_page_lists_it(told, ed, client_of):
    told()
    browser = client_of(ed)
    page = browser.get(PAGE).content.decode()
    assert "Notifications, 1 unread" in page
    assert "Mia changed the settings: name" in page
    assert "Mia changed" in browser.get(f"{PAGE}menu/").content.decode()
    one = Notification.objects.get()
    assert browser.post(f"{PAGE}{one.pk}/read/")["Location"] == "/w/acme/"
    assert "Notifications, 0 unread" in browser.get(PAGE).content.decode()
    browser.post(f"{PAGE}preferences/", {})
    assert told() == 0
    assert "Mail at once" in browser.get(f"{PAGE}preferences/").content.decode()


def things(acme, count, to, kind="alert"):
    first = Stakeholder.objects.count()
    rows = [make_stakeholder(acme, f"Group {first + n}") for n in range(count)]
    return [Telling(Notice(kind, WORKSPACE_CHANGED, "", {"fields": r.name}), r, to) for r in rows]


def listed(member):
    return tell_notices(notifications_of(member))


def test_the_same_thing_at_another_time_is_told_again(acme, ed, noon):
    subject, later = make_stakeholder(acme), noon + timedelta(hours=2)
    for at in (noon, noon, later):
        notify(Notice("alert", WORKSPACE_CHANGED), subject, to=[ed.pk], by=None, at=at)
    assert count_unread(ed) == 2


def test_the_same_occasion_is_told_once_whenever_it_is_said(acme, ed, noon):
    subject, due = make_stakeholder(acme), "due 2026-03-02"
    for at in (noon, noon + timedelta(days=3)):
        notice = Notice("alert", WORKSPACE_CHANGED, occasion=due)
        notify(notice, subject, to=[ed.pk], by=None, at=at)
    assert count_unread(ed) == 1


def test_three_things_stand_alone_and_twenty_are_one(acme, ed, mia, noon):
    some, many = things(acme, 3, [ed.pk, mia.pk]), things(acme, 17, [ed.pk])
    assert notify_all(some, by=None, at=noon) == 6
    assert [row.parts for row in listed(ed)] == [[], [], []]
    assert notify_all(many, by=None, at=noon + timedelta(minutes=1)) == 17
    (bundle,) = listed(ed)
    assert bundle.sentence == "Several things at once: 20"
    assert (len(bundle.parts), bundle.more, count_unread(ed)) == (20, 0, 1)
    assert len(listed(mia)) == 3


def test_a_bundle_grows_while_it_is_unread_and_takes_each_thing_once(acme, ed, noon):
    many = things(acme, 8, [ed.pk])
    for minute in range(2):
        same = [Telling(Notice(**{**vars(t.notice), "occasion": "x"}), t.subject, t.to) for t in many]  # fmt: skip # noqa: E501
        notify_all(same, by=None, at=noon + timedelta(minutes=minute))
    notify_all(things(acme, 1, [ed.pk]), by=None, at=noon + timedelta(minutes=2))
    (bundle,) = listed(ed)
    assert len(bundle.parts) == 9
    read_notification(bundle.notification, at=noon)
    assert Notification.objects.filter(read_at=None).count() == 0
    notify_all(things(acme, 1, [ed.pk]), by=None, at=noon + timedelta(minutes=3))
    assert [len(row.parts) for row in listed(ed)] == [0, 9]


def test_kinds_are_bundled_apart_and_an_hour_later_anew(acme, ed, noon):
    for kind in ("alert", "goal"):
        notify_all(things(acme, 3, [ed.pk], kind), by=None, at=noon)
    notify_all(things(acme, 3, [ed.pk]), by=None, at=noon + timedelta(hours=1))
    assert [len(row.parts) for row in listed(ed)] == [0] * 9


def test_telling_of_many_things_takes_a_few_queries(acme, ed, mia, noon):
    many = things(acme, 40, [ed.pk, mia.pk])
    with CaptureQueriesContext(connection) as asked:
        notify_all(many, by=None, at=noon)
    assert len(asked) <= 14


def test_a_bundle_is_shown_with_its_parts_on_page_and_over_rest(
    acme, ed, vi, noon, client_of, api_of
):
    notify_all(things(acme, 5, [ed.pk]), by=None, at=noon)
    page = client_of(ed).get(PAGE).content.decode()
    assert "Notifications, 1 unread" in page
    assert "2 Mar 2026" in page
    assert page.count("changed the settings: Group") == 5
    menu = client_of(ed).get(f"{PAGE}menu/").content.decode()
    assert menu.count("changed the settings: Group") == 2
    assert "and others: 3" in menu
    (row,) = api_of(ed).get(API).json()["results"]
    assert (len(row["parts"]), row["more"], row["verb"]) == (5, 0, "notice.bundled")
    here = f"{API}{row['parts'][0]['id']}/read/"
    assert api_of(vi).post(here).status_code == 404
    assert api_of(ed).post(here).json()["read_at"]
    assert client_of(ed).post(f"{PAGE}{row['id']}/read/")["Location"] == PAGE
    assert count_unread(ed) == 0
