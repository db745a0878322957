"""What people want to be told, and on which ways: everywhere, of one board, and when."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.make.tasks import make_board, make_card
from tests.make.webhooks import make_webhook
from tests.support.bodies import HUGE, NOWHERE
from workspaces.models import Delivery, NoticePreference, Notification, WebhookCall
from workspaces.operations.preferences import as_elsewhere, mute, prefer_notices, prefer_ways
from workspaces.queries.preferences import chosen_places, places_of, preferences_of
from workspaces.rules.errors import Refused
from workspaces.rules.notices import NOWHERE as EVERYWHERE
from workspaces.rules.notices import REGISTRY, Channel, wants

pytestmark = pytest.mark.django_db
API = "/api/v1/workspaces/acme/notifications/"
PAGE = "/w/acme/notifications/preferences/"


def ways(member, kind, place=None):
    row = next(row for row in preferences_of(member, place) if row.kind == kind)
    return row.in_app, row.mail, row.digest


@pytest.fixture
def place(acme):
    make_board(acme)
    return places_of(acme)[0].place


def test_only_what_waits_for_one_is_mailed_at_once_unless_somebody_chose_otherwise(ed):
    mailed = {row.kind for row in preferences_of(ed) if row.mail}
    assert mailed == {"approval", "assigned", "mentioned"}
    assert all(row.in_app and row.digest != row.mail for row in preferences_of(ed))
    assert wants("unknown", Channel.DIGEST, EVERYWHERE, {})


def test_what_is_said_of_a_board_goes_before_what_is_said_of_the_kind(ed, place):
    prefer_ways(ed, ways={"card": {"mail": True}})
    assert ways(ed, "card", place) == (True, True, True)
    prefer_ways(ed, ways={"card": {"mail": False}}, place=place)
    assert ways(ed, "card") == (True, True, True)
    assert ways(ed, "card", place) == (True, False, True)
    mute(ed, place=place)
    assert chosen_places(ed) == {place.key: False}
    as_elsewhere(ed, place=place)
    assert ways(ed, "card", place) == (True, True, True)
    assert chosen_places(ed) == {}


def test_what_would_hold_anyway_is_not_kept(ed):
    prefer_ways(ed, ways={"card": {"in_app": True, "digest": True, "mail": True}})
    assert NoticePreference.objects.count() == 1
    prefer_notices(ed, wanted={"card": True})
    assert NoticePreference.objects.count() == 0
    prefer_notices(ed, wanted={"card": False})
    assert ways(ed, "card") == (False, False, False)
    with pytest.raises(Refused):
        prefer_ways(ed, ways={"card": {"pigeon": True}})


def test_preferences_over_rest(ed, place, api_of):
    api, word = api_of(ed), f"{place.type}:{place.id}"
    told = api.patch(
        f"{API}preferences/", {"ways": {"card": {"mail": True}}, "place": word}, format="json"
    )
    assert {row["kind"] for row in told.json()} == {
        "approval", "assigned", "automation", "card", "commented", "due", "mentioned", "request",
    }  # fmt: skip
    assert [row["mail"] for row in told.json() if row["kind"] == "card"] == [True]
    assert api.get(f"{API}preferences/", {"place": word}).json() == told.json()
    assert api.get(f"{API}preferences/", {"place": "tasks.board:999"}).status_code == 400
    (board,) = api.patch(f"{API}boards/", {"place": word, "muted": True}, format="json").json()
    assert board == {"place": word, "name": place.name, "chosen": True, "muted": True}
    habits = api.patch(f"{API}habits/", {"language": "fa"}, format="json").json()
    assert habits == {"timezone": "", "language": "fa", "wants_digest": True, "quiet_days": False}


def test_I10_bad_bodies_are_named_and_change_nothing(ed, mia, place, api_of, client_of):
    api, browser = api_of(ed), client_of(mia)
    hook = make_webhook(place and ed.workspace)
    one = f"/api/v1/workspaces/acme/webhooks/{hook.pk}/"
    values = [*NOWHERE.values(), HUGE, None, True, "x", [], {}, 5]
    asked = [(f"{API}preferences/", name) for name in ("wanted", "ways", "place", "odd")]
    asked += [(f"{API}boards/", name) for name in ("place", "muted")]
    asked += [(f"{API}habits/", name) for name in ("timezone", "language", "wants_digest", "odd")]
    hooked = ("name", "url", "body", "groups", "place", "version", "odd")
    for path, name in asked:
        for value in values:
            status = api.patch(path, {name: value}, format="json").status_code
            assert status in {200, 400, 422}, (path, name, value)
    for name in hooked:
        for value in values:
            body = {"version": 1, "name": "Channel", name: value}
            status = browser.patch(one, body, "application/json").status_code
            assert status in {200, 400, 409, 422}, (name, value)
    for path in ("switch/", ""):
        for value in values:
            body, send = {"on": value}, browser.post if path else browser.patch
            assert send(f"{one}{path}", body, "application/json").status_code in {200, 400}


def test_preferences_on_their_pages(ed, place, client_of):
    browser, word = client_of(ed), f"{place.type}:{place.id}"
    ticked = [f"{kind}:in_app" for kind in REGISTRY]
    assert browser.post(PAGE, {"way": ticked}).status_code == 302
    assert ways(ed, "assigned") == (True, False, False)
    browser.post(PAGE, {"way": ["due:mail"], "place": word})
    assert ways(ed, "due", place) == (False, True, False)
    assert "chosen by you" in browser.get(PAGE).content.decode()
    browser.post(f"{PAGE}board/", {"place": word, "say": "mute"})
    assert "muted" in browser.get(PAGE).content.decode()
    assert "As all boards again" in browser.get(f"{PAGE}?place={word}").content.decode()
    browser.post(f"{PAGE}board/", {"place": word, "say": "same"})
    assert ways(ed, "due", place) == (True, False, False)
    assert browser.get(f"{PAGE}?place=tasks.board:999").status_code == 422
    bad = browser.post(f"{PAGE}habits/", {"timezone": "Mars/Base"})
    assert bad.status_code == 422
    good = {"timezone": "Asia/Tehran", "language": "fa", "quiet_days": "on"}
    browser.post(f"{PAGE}habits/", good)
    ed.user.refresh_from_db()
    assert (ed.user.timezone, ed.user.wants_digest, ed.user.quiet_days) == (
        "Asia/Tehran", False, True,
    )  # fmt: skip


def test_lists_take_the_same_number_of_queries_however_long(acme, mia, ed, noon, client_of):
    browser, board = client_of(mia), make_board(acme)
    hook = make_webhook(acme)
    pages = [PAGE, "/w/acme/settings/webhooks/", f"/w/acme/settings/webhooks/{hook.pk}/",
             "/w/acme/settings/mails/"]  # fmt: skip

    def add(count):
        for n in range(count):
            start = WebhookCall.objects.count()
            WebhookCall.objects.create(
                workspace=acme, webhook=hook, event_id=start + 1, verb="card.moved", at=noon,
                state="failed",
            )  # fmt: skip
            make_card(board, f"Card {start}", assignee=ed)
            Delivery.objects.update(state="dead")
            if n < 3:
                make_board(acme, f"Board {start}")
                make_webhook(acme, f"Hook {start}")

    def asked(path):
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(path).status_code == 200
        return len(queries)

    add(2)
    for path in pages:
        asked(path)
    few = [asked(path) for path in pages]
    add(6)
    assert [asked(path) for path in pages] == few
    assert Notification.objects.filter(by_mail=True).count() == 8
