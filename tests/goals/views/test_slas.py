"""The pages of agreements and calendars."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from goals.models import Quota, QuotaBreach
from goals.operations.quotas import QuotaDraft, set_quota
from tests.goals.views.reading import at, text_of
from tests.make.sla import make_calendar, make_clock, make_promise, make_sla
from tests.make.workspaces import make_stakeholder
from workspaces.models import Assurance, Calendar, Sla, SlaClock, SlaPromise
from workspaces.operations.clocks import pause_clock
from workspaces.rules.hours import hours_text

HOUR = timedelta(hours=1)


def calendars(name="calendars", **kwargs):
    return reverse(f"workspaces:{name}", kwargs={"slug": "acme", **kwargs})


@pytest.fixture
def sla(acme):
    return make_sla(acme)


def test_an_agreement_is_written_promised_measured_and_run_by_page(
    acme, mia, ed, clicks, client_of
):
    office = make_calendar(acme)
    ours = make_stakeholder(acme, "Marketing", calendar=office)
    theirs = make_stakeholder(acme, "Sales", calendar=office)
    manager = client_of(mia)
    typed = {
        "name": "Leads", "provider": ours.pk, "receiver": theirs.pk, "starts_on": "2026-01-01",
        "counts": "both", "assurances": "Technology: mails can be sent\nBoth talk every week",
    }  # fmt: skip
    assert manager.post(at("new_sla"), typed).status_code == 302
    sla = Sla.objects.get()
    promised = {"side": "provider", "deliverable": "Answer", "response": "2", "unit": "days"}
    assert manager.post(at("new_promise", pk=sla.pk), promised).status_code == 302
    promise = SlaPromise.objects.get()
    assert promise.response_minutes == 2 * 8 * 60
    measured = {"aspect": "quantity", "metric": clicks.pk, "bound": "at_least", "amount": "400"}
    assert manager.post(at("new_quota", pk=promise.pk), measured).status_code == 302
    editor = client_of(ed)
    started = editor.post(at("start_clock", pk=promise.pk), {"subject": "Brief: webinar"})
    clock = SlaClock.objects.get()
    assert started["Location"] == f"/w/acme/sla/{sla.pk}/#clock-{clock.pk}"
    page = text_of(editor.get(at("sla", pk=sla.pk)))
    for words in (
        "Marketing promises",
        "within 16 h of working",
        "Brief: webinar",
        "Technology",
    ):
        assert words in page
    ticked = Assurance.objects.get(stage="Technology")
    editor.post(at("set_assured", pk=ticked.pk), {"assured": "1"})
    assert Assurance.objects.get(pk=ticked.pk).assured_by == ed
    editor.post(at("pause_clock", pk=clock.pk), {"version": 1, "reason": "Waiting"})
    editor.post(at("resume_clock", pk=clock.pk), {"version": 2})
    assert editor.post(at("stop_clock", pk=clock.pk), {"version": 3}).status_code == 302
    assert editor.post(at("stop_clock", pk=clock.pk), {"version": 3}).status_code == 409
    assert editor.post(at("edit_sla", pk=sla.pk), typed).status_code == 403


def test_what_was_broken_is_explained_on_the_page(acme, sla, ed, olga, clicks, client_of, noon):
    promise = make_promise(sla, hours=8)
    clock = make_clock(promise, at=noon)
    quota = set_quota(promise, draft=QuotaDraft(clicks, Decimal(10_000)), by=olga, at=noon)
    client = client_of(ed)
    with time_machine.travel(noon + timedelta(days=3), tick=False):
        page = text_of(client.get(at("sla", pk=sla.pk)))
        assert "Late" in page
        assert "Broken promises" in page
        why = {"reason": "Ill", "mitigation": "A deputy", "version": 1}
        assert client.post(at("explain_breach", pk=clock.pk), why).status_code == 302
        month = at("explain_month", pk=quota.pk, month="2026-02")
        assert client.post(month, {"reason": "Few mails"}).status_code == 302
        assert client.post(month.replace("2026-02", "2026-13"), why).status_code == 404
        assert client.post(month.replace("2026-02", "2026-03"), why).status_code == 422
        page = text_of(client.get(at("sla", pk=sla.pk)))
    assert "Reason: Ill" in page
    assert QuotaBreach.objects.get().reason == "Few mails"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"receiver": "1"}, "choose two parties"),
        ({"name": ""}, "required"),
        ({"name": "x" * 121}, "at most 120"),
        ({"assurances": "S" * 61 + ": too long"}, "is too long"),
        ({"starts_on": "soon"}, "valid date"),
    ],
)
def test_a_wrong_agreement_is_422_at_its_field(acme, mia, client_of, changes, words):
    one, other = make_stakeholder(acme, "Marketing"), make_stakeholder(acme, "Sales")
    typed = {
        "name": "Leads", "provider": one.pk, "receiver": other.pk, "starts_on": "2026-01-01",
        "counts": "both",
    }  # fmt: skip
    changes = {k: one.pk if v == "1" else v for k, v in changes.items()}
    answer = client_of(mia).post(at("new_sla"), typed | changes)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not Sla.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"response": "two"}, "Write a number"),
        ({"response": "0"}, "between a minute and a year"),
        ({"response": "1000000000"}, "between a minute and a year"),
        ({"deliverable": " "}, "required"),
        ({"side": "third"}, "Select a valid choice"),
    ],
)
def test_a_wrong_promise_is_422_at_its_field(sla, mia, client_of, changes, words):
    typed = {"side": "provider", "deliverable": "Answer", "response": "2", "unit": "hours"}
    answer = client_of(mia).post(at("new_promise", pk=sla.pk), typed | changes)
    assert answer.status_code == 422
    assert words in text_of(answer)


def test_days_without_calendars_are_refused_and_words_are_kept(acme, mia, client_of):
    one, other = make_stakeholder(acme, "Marketing"), make_stakeholder(acme, "Sales")
    sla = make_sla(acme, provider=one, receiver=other)
    typed = {"side": "provider", "deliverable": "Kept words", "response": "2", "unit": "days"}
    answer = client_of(mia).post(at("new_promise", pk=sla.pk), typed)
    assert answer.status_code == 422
    assert "no length yet" in text_of(answer)
    hours = client_of(mia).post(at("new_promise", pk=sla.pk), typed | {"unit": "hours"})
    assert "no working calendar yet" in text_of(hours)
    assert "Kept words" in hours.content.decode()


def test_promises_and_quotas_are_changed_and_taken_back_by_page(
    sla, mia, olga, clicks, client_of, noon
):
    promise = make_promise(sla, hours=8)
    quota = set_quota(promise, draft=QuotaDraft(clicks, Decimal(100)), by=olga, at=noon)
    client = client_of(mia)
    form = client.get(at("edit_promise", pk=promise.pk)).content.decode()
    assert 'value="8"' in form
    typed = {"side": "receiver", "deliverable": "Feedback", "unit": "hours", "version": "1"}
    assert client.post(at("edit_promise", pk=promise.pk), typed).status_code == 302
    assert client.post(at("edit_promise", pk=promise.pk), typed).status_code == 409
    changed = {"aspect": "quality", "metric": clicks.pk, "bound": "at_most", "amount": "۷", "version": 1}  # fmt: skip # noqa: E501
    assert client.post(at("edit_quota", pk=quota.pk), changed).status_code == 302
    assert Quota.objects.get().amount == "7"
    assert client.post(at("edit_quota", pk=quota.pk), changed).status_code == 409
    assert client.post(at("remove_quota", pk=quota.pk)).status_code == 302
    assert client.post(at("withdraw_promise", pk=promise.pk)).status_code == 302
    ended = client.post(at("end_sla", pk=sla.pk), {"version": sla.version})
    assert ended.status_code == 302
    assert "ended on" in text_of(client.get(at("slas")))


def test_the_pages_of_agreements_tell_the_viewer_and_ask_nothing_of_them(sla, vi, client_of):
    make_clock(make_promise(sla))
    client = client_of(vi)
    listed, page = client.get(at("slas")), client.get(at("sla", pk=sla.pk))
    own = client.get(at("promises_of_stakeholder", pk=sla.provider_id))
    assert "Leads and briefs" in text_of(listed)
    assert "An answer to a brief" in text_of(own)
    assert "Start the clock" not in text_of(page)


def test_the_page_of_an_agreement_costs_the_same_for_one_clock_and_for_five(sla, vi, client_of):
    promise, client = make_promise(sla), client_of(vi)
    client.get(at("slas"))
    counts = []
    for count in (1, 4):
        for number in range(count):
            make_clock(promise, f"Brief {number}")
        with CaptureQueriesContext(connection) as counted:
            client.get(at("sla", pk=sla.pk))
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_a_calendar_is_added_changed_and_removed_by_page(acme, mia, vi, client_of):
    client = client_of(mia)
    typed = {
        "name": "Tehran", "timezone": "Asia/Tehran", "day5": "8-12, 12-16", "day6": "۸:۳۰-۱۶",
        "holidays": "2026-03-21 Nowruz\n2026-03-22",
    }  # fmt: skip
    assert client.post(calendars("new_calendar"), typed).status_code == 302
    calendar = Calendar.objects.get()
    assert [hours_text(day) for day in calendar.week[4:]] == ["", "08:00-16:00", "08:30-16:00"]
    assert "Nowruz" in client_of(vi).get(calendars()).content.decode()
    wrong = typed | {"day0": "late", "day1": "9-17, 12-13", "holidays": "2026-02-30", "version": 1}
    answer = client.post(calendars("calendar", pk=calendar.pk), wrong)
    assert answer.status_code == 422
    assert "“late” is no time of work" in text_of(answer)
    assert "“12:00-13:00” overlaps" in text_of(answer)
    assert "Line 1, “2026-02-30”" in text_of(answer)
    again = typed | {"name": "Iran", "version": 1}
    assert client.post(calendars("calendar", pk=calendar.pk), again).status_code == 302
    assert client.post(calendars("calendar", pk=calendar.pk), again).status_code == 409
    assert client.post(calendars("remove_calendar", pk=calendar.pk)).status_code == 302
    assert not Calendar.objects.exists()


def test_a_clock_is_started_paused_and_stopped_at_the_time_it_was_by_page(sla, ed, client_of):
    promise, client = make_promise(sla), client_of(ed)
    sent = {"subject": "Brief", "started_at": "2026-02-27T09:00"}
    assert client.post(at("start_clock", pk=promise.pk), sent).status_code == 302
    clock = SlaClock.objects.get()
    assert clock.started_at.isoformat() == "2026-02-27T08:00:00+00:00"  # 9:00 in Warsaw
    late = {"version": 1, "stopped_at": "2199-01-01T09:00"}
    answer = client.post(at("stop_clock", pk=clock.pk), late)
    assert answer.status_code == 422
    assert "still to come" in text_of(answer)
    pause = {"version": 1, "reason": "Waiting", "paused_at": "2026-02-27T10:00"}
    client.post(at("pause_clock", pk=clock.pk), pause)
    clock.refresh_from_db()
    assert clock.paused_at.isoformat() == "2026-02-27T09:00:00+00:00"
    given = {"version": 2, "stopped_at": "2026-02-27T10:30"}
    assert client.post(at("stop_clock", pk=clock.pk), given).status_code == 302
    assert SlaClock.objects.get().stopped_at.isoformat() == "2026-02-27T09:30:00+00:00"
    for odd in ("0001-01-01T00:00", "9999-12-31T23:59", "x"):
        wrong = client.post(at("start_clock", pk=promise.pk), sent | {"started_at": odd})
        assert wrong.status_code == 422, odd


def test_times_of_clocks_are_written_in_the_digits_of_the_reader(sla, ed, client_of, noon):
    promise, client = make_promise(sla), client_of(ed)
    for hours in (0, 30, 200):
        make_clock(promise, at=noon - hours * HOUR)
    waiting = make_clock(promise, at=noon)
    pause_clock(waiting, reason="Waiting", version=1, by=ed, at=noon)
    client.cookies["django_language"] = "fa"
    page = text_of(client.get(at("sla", pk=sla.pk)))
    assert "۱۶" in page
    assert re.findall(r"[0-9]+", page) == []
