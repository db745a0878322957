"""Calendars, agreements, clocks and quotas over REST."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.make.goals import every_day, measured
from tests.make.sla import make_calendar, make_clock, make_promise, make_sla
from tests.make.workspaces import make_stakeholder
from workspaces.models import Calendar, Sla, SlaPromise

BASE = "/api/v1/workspaces/acme/"
WEEK = {"monday": "09:00-12:00, 13:00-17:00", "friday": "9-13"}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon(noon):
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def parties(acme):
    office = make_calendar(acme)
    return [make_stakeholder(acme, name, calendar=office) for name in ("Marketing", "Sales")]


@pytest.fixture
def sla(acme):
    return make_sla(acme)


def post(client, path, **body):
    return client.post(BASE + path, body, format="json")


def test_a_calendar_is_added_changed_and_removed(acme, mia, ed, api_of):
    client = api_of(mia)
    body = {"name": "Warsaw", "timezone": "Europe/Warsaw", "week": WEEK}
    made = post(client, "calendars/", **body, holidays=[{"day": "2026-12-25", "name": "Feast"}])
    told = made.json()
    assert (made.status_code, told["week"]["friday"]) == (201, "09:00-13:00")
    assert told["week"]["sunday"] == ""
    path = f"{BASE}calendars/{told['id']}/"
    changed = client.patch(path, {"version": 1, "name": "Poland"}, format="json").json()
    assert (changed["name"], changed["holidays"][0]["name"]) == ("Poland", "Feast")
    stale = client.patch(path, {"version": 1, "name": "Mine"}, format="json")
    assert (stale.status_code, stale.json()["current"]["version"]) == (409, 2)
    assert api_of(ed).delete(path).status_code == 403
    assert client.delete(path).status_code == 204
    assert api_of(ed).get(f"{BASE}calendars/").json()["count"] == 0


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"week": {"monday": "nine"}}, "/week/monday"),
        ({"week": {"monday": "09:00-17:00, 12:00-13:00"}}, "/week/monday"),
        ({"week": {"someday": "9-17"}}, "/week/someday"),
        ({"week": "9-17"}, "/week"),
        ({"holidays": [{"day": "2026-02-30"}]}, "/holidays/0/day"),
        ({"name": "x" * 81}, "/name"),
        ({"name": None}, "/name"),
        ({"name": 5}, "/name"),
    ],
)
def test_a_calendar_of_the_wrong_shape_is_a_400_that_points_there(mia, api_of, changes, pointer):
    body = {"name": "Warsaw", "timezone": "Europe/Warsaw", "week": WEEK, **changes}
    answer = post(api_of(mia), "calendars/", **body)
    assert answer.status_code == 400
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert not Calendar.objects.exists()


@pytest.mark.parametrize(
    ("days", "code"),
    [(["2026-12-25", "2026-12-25"], "twice"), (["0001-01-01"], "out_of_range")],
)
def test_a_holiday_that_stands_there_twice_or_far_away_is_refused_by_its_day(
    mia, api_of, days, code
):
    body = {"name": "Warsaw", "timezone": "Europe/Warsaw", "week": WEEK}
    holidays = [{"day": day, "name": "Feast"} for day in days]
    answer = post(api_of(mia), "calendars/", **body, holidays=holidays)
    told = answer.json()
    assert (answer.status_code, told["code"], told["errors"][0]["column"]) == (
        422,
        code,
        "holidays",
    )
    assert days[0] in told["detail"]
    assert not Calendar.objects.exists()


def test_an_agreement_does_not_hold_from_the_year_one_on(parties, mia, api_of):
    ours, theirs = parties
    told = post(
        api_of(mia), "slas/", name="Briefs", provider=ours.pk, receiver=theirs.pk,
        starts_on="0001-01-01",
    ).json()  # fmt: skip
    assert (told["code"], told["errors"][0]["column"]) == ("out_of_range", "starts_on")


def test_an_agreement_with_a_promise_and_its_clock(acme, parties, mia, ed, api_of, noon):
    ours, theirs = parties
    manager, editor = api_of(mia), api_of(ed)
    made = post(
        manager, "slas/", name="Briefs", provider=ours.pk, receiver=theirs.pk,
        assurances=[{"stage": "Hand-over", "text": "Sales gets the list"}],
    )  # fmt: skip
    sla = made.json()
    assert (made.status_code, sla["counts"], sla["starts_on"]) == (201, "both", "2026-03-02")
    given = post(
        manager, f"slas/{sla['id']}/promises/", side="provider", deliverable="Answer",
        response_minutes=480,
    ).json()  # fmt: skip
    clock = post(editor, f"promises/{given['id']}/clocks/", subject="Webinar").json()
    assert (clock["state"], clock["due_at"]) == ("running", (noon + DAY).isoformat())
    path = f"clocks/{clock['id']}/"
    assert post(editor, f"{path}pause/", version=1, reason="Waiting").json()["due_at"] is None
    assert post(editor, f"{path}pause/", version=1, reason="Waiting").status_code == 409
    assert post(editor, f"{path}resume/", version=2).json()["state"] == "running"
    assert post(editor, f"{path}breach/", version=3, reason="Late").status_code == 422
    stopped = post(editor, f"{path}stop/", version=3).json()
    assert (stopped["state"], stopped["pauses"][0]["reason"]) == ("kept", "Waiting")
    months = editor.get(f"{BASE}slas/{sla['id']}/months/").json()
    assert months == [
        {"month": "2026-03-01", "answers": {"kept": 1, "broken": 0, "share": 1.0}, "quotas": []}
    ]
    ticked = sla["assurances"][0]["id"]
    done = editor.patch(f"{BASE}assurances/{ticked}/", {"assured": True}, format="json").json()
    assert done["assured_at"]
    ended = post(manager, f"slas/{sla['id']}/end/", version=1).json()
    assert ended["ended_at"]
    assert ended["promises"][0]["deliverable"] == "Answer"


def test_a_late_clock_is_explained(sla, ed, api_of, noon):
    clock = make_clock(make_promise(sla, hours=8), at=noon - 5 * DAY)
    client = api_of(ed)
    told = client.get(f"{BASE}clocks/{clock.pk}/").json()
    assert told["state"] == "late"
    body = {"version": 1, "reason": "Ill", "mitigation": "A deputy"}
    said = post(client, f"clocks/{clock.pk}/breach/", **body).json()
    assert (said["reason"], said["mitigation"]) == ("Ill", "A deputy")
    assert client.get(f"{BASE}slas/{sla.pk}/clocks/").json()["count"] == 1


def test_a_clock_is_started_and_stopped_at_the_time_it_was(sla, ed, api_of, noon):
    promise, client = make_promise(sla, hours=8), api_of(ed)
    path = f"promises/{promise.pk}/clocks/"
    clock = post(client, path, subject="Brief", started_at="2026-02-27T09:00:00+01:00").json()
    assert clock["started_at"] == "2026-02-27T08:00:00+00:00"
    early = post(client, f"clocks/{clock['id']}/stop/", version=1, stopped_at="2026-02-01T09:00Z")
    assert early.json()["errors"][0]["column"] == "stopped_at"
    given = "2026-02-27T12:00:00Z"
    stopped = post(client, f"clocks/{clock['id']}/stop/", version=1, stopped_at=given).json()
    assert (stopped["state"], stopped["stopped_at"]) == ("kept", "2026-02-27T12:00:00+00:00")
    for wrong in ("2199-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
        assert post(client, path, subject="Brief", started_at=wrong).status_code in {400, 422}, (
            wrong
        )


def test_a_quota_is_set_read_explained_and_removed(acme, sla, mia, ed, api_of):
    measured(acme, "leads", every_day("2026-01-01", "2026-03-01", 3))
    promise = make_promise(sla, "Leads", hours=None)
    manager, editor = api_of(mia), api_of(ed)
    made = post(manager, f"promises/{promise.pk}/quotas/", metric="leads", amount="90")
    quota = made.json()
    assert (made.status_code, quota["bound"], quota["aspect"]) == (201, "at_least", "quantity")
    body = {"reason": "Short month"}
    path = f"{BASE}quotas/{quota['id']}/"
    assert editor.put(f"{path}months/2026-01/", body, format="json").status_code == 422
    assert editor.put(f"{path}months/2026-13/", body, format="json").status_code == 404
    said = editor.put(f"{path}months/2026-02/", body, format="json").json()
    assert (said["value"], said["reason"]) == ("84", "Short month")
    months = editor.get(f"{BASE}slas/{sla.pk}/months/").json()
    verdicts = [(m["month"], m["quotas"][0]["verdict"], m["quotas"][0]["value"]) for m in months]
    assert verdicts[1:] == [("2026-02-01", "broken", "84"), ("2026-01-01", "kept", "93")]
    changed = manager.patch(path, {"version": 1, "amount": "80"}, format="json").json()
    assert (changed["amount"], changed["metric"], changed["version"]) == ("80", "leads", 2)
    assert manager.patch(path, {"version": 1, "amount": "1"}, format="json").status_code == 409
    assert len(editor.get(f"{BASE}promises/{promise.pk}/quotas/").json()) == 1
    assert manager.delete(path).status_code == 204
    assert editor.get(f"{BASE}promises/{promise.pk}/quotas/").json() == []


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("slas/", {"name": "A", "provider": 10**20, "receiver": 1}, "provider"),
        ("slas/", {"name": "A", "provider": "x", "receiver": 1}, "provider"),
        ("promises/{promise}/quotas/", {"metric": "none", "amount": "1"}, "metric"),
        ("promises/{promise}/quotas/", {"metric": "none", "amount": "a lot"}, "amount"),
        ("promises/{promise}/clocks/", {"subject": ""}, "subject"),
        ("promises/{promise}/clocks/", {"subject": "x" * 5000}, "subject"),
        ("slas/{sla}/promises/", {"side": "third", "deliverable": "x"}, "side"),
        (
            "slas/{sla}/promises/",
            {"side": "provider", "deliverable": "x", "response_minutes": 0},
            "response_minutes",
        ),
        ("slas/{sla}/end/", {}, "version"),
    ],
)
def test_what_is_wrong_is_a_400_at_its_field(sla, mia, api_of, path, body, field):
    promise = make_promise(sla)
    at = path.format(sla=sla.pk, promise=promise.pk)
    answer = post(api_of(mia), at, **body)
    assert answer.status_code == 400
    assert field in [error["column"] for error in answer.json()["errors"]]
    assert (Sla.objects.count(), SlaPromise.objects.count()) == (1, 1)


def test_T03_another_workspaces_stakeholder_is_no_party(acme, globex, parties, mia, api_of):
    theirs = make_stakeholder(globex, "Theirs")
    body = {"name": "A", "provider": parties[0].pk, "receiver": theirs.pk}
    answer = post(api_of(mia), "slas/", **body)
    assert (answer.status_code, answer.json()["errors"][0]["column"]) == (400, "receiver")


def test_promises_are_changed_and_withdrawn(sla, mia, api_of):
    promise, client = make_promise(sla), api_of(mia)
    path = f"{BASE}promises/{promise.pk}/"
    told = client.patch(path, {"version": 1, "response_minutes": None}, format="json").json()
    assert (told["response_minutes"], told["deliverable"]) == (None, promise.deliverable)
    assert client.patch(path, {"version": 1}, format="json").status_code == 409
    assert client.delete(path).status_code == 204
    assert client.get(path).json()["withdrawn"] is True
    renamed = client.patch(f"{BASE}slas/{sla.pk}/", {"version": 1, "name": "New"}, format="json")
    assert (renamed.json()["name"], renamed.json()["promises"]) == ("New", [])


def test_N08_lists_cost_the_same_for_one_agreement_and_for_four(acme, vi, api_of):
    client = api_of(vi)
    counts = []
    for count in (1, 3):
        for number in range(count):
            make_clock(make_promise(make_sla(acme, f"SLA {count} {number}")))
        sla = Sla.objects.first()
        with CaptureQueriesContext(connection) as counted:
            for path in ("slas/", "calendars/", f"slas/{sla.pk}/clocks/"):
                assert client.get(BASE + path).status_code == 200
        counts.append(len(counted))
    assert counts[0] == counts[1]
