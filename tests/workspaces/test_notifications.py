import pytest

from tests.make.workspaces import make_stakeholder
from workspaces.models import Notification
from workspaces.operations.notifications import Notice, notify, prefer_notices
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
