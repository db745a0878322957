"""Agreements: what is promised, clocks and their pauses, breaches, calendars that change."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.make.sla import OFFICE, make_calendar, make_clock, make_promise, make_sla
from tests.make.workspaces import make_stakeholder
from workspaces.models import Assurance, Calendar, Notification, SlaClock
from workspaces.operations.calendars import (
    CalendarDraft,
    add_calendar,
    change_calendar,
    remove_calendar,
)
from workspaces.operations.clocks import (
    explain_breach,
    pause_clock,
    resume_clock,
    start_clock,
    stop_clock,
    watch_clocks,
)
from workspaces.operations.sla import (
    PromiseDraft,
    SlaDraft,
    agree_sla,
    assure,
    change_promise,
    change_sla,
    end_sla,
    withdraw_promise,
)
from workspaces.operations.stakeholders import change_stakeholder, retire_stakeholder
from workspaces.queries.events import events_of
from workspaces.queries.sla import attainment_of, breaches_of, open_clocks, owed_in
from workspaces.rules.errors import Refused, Stale
from workspaces.rules.hours import Unreadable, hours_text, parse_holidays, parse_hours
from workspaces.rules.sla import Attainment, Counts, Side, State, state_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NINE = datetime(2026, 3, 2, 8, tzinfo=UTC)  # Monday, 9:00 in Warsaw
THU_FRI = (((480, 960),),) * 3 + ((),) * 2 + (((480, 960),),) * 2


def state(clock, at):
    return state_of(SlaClock.objects.get(pk=clock.pk).clock, at)


def draft_of(sla, **changes):
    draft = SlaDraft(sla.name, sla.provider, sla.receiver, sla.starts_on, Counts(sla.counts))
    return replace(draft, **changes)


@pytest.fixture
def sla(acme):
    return make_sla(acme)


@pytest.fixture
def promise(sla):
    return make_promise(sla)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("9-17", ((540, 1020),)),
        ("13:00–17:30, 9:00-12:00", ((540, 720), (780, 1050))),
        ("9-12, 11-13", ((540, 780),)),
        ("۹-۱۷", ((540, 1020),)),
        ("0:00-24:00", ((0, 1440),)),
        ("", ()),
    ],
)
def test_hours_are_read_as_people_write_them_and_overlapping_ones_merge(text, hours):
    assert parse_hours(text) == hours
    assert parse_hours(hours_text(hours)) == hours


@pytest.mark.parametrize("text", ["nine", "17-9", "9-25", "9:70-12", "9-9", "9", "9-12-14"])
def test_hours_that_cannot_be_are_named(text):
    with pytest.raises(Unreadable):
        parse_hours(text)


def test_holidays_are_read_one_a_line_and_the_line_at_fault_is_named():
    assert parse_holidays("2026-12-25 Christmas\n\n2026-01-01") == [
        (date(2026, 1, 1), ""),
        (date(2026, 12, 25), "Christmas"),
    ]
    for text in ("2026-01-01\n2026-02-30 No day", "2026-01-01\n2026-01-01 Twice"):
        with pytest.raises(Unreadable) as fault:
            parse_holidays(text)
        assert fault.value.line == 2


def test_two_working_days_are_counted_on_the_calendars_of_both(acme, olga):
    """Tehran rests on Thursday and Friday, Warsaw on Saturday and Sunday."""
    warsaw = make_stakeholder(acme, "Marketing", calendar=make_calendar(acme))
    hours = make_calendar(acme, "Tehran", zone="Asia/Tehran", week=THU_FRI)
    tehran = make_stakeholder(acme, "Sales", calendar=hours)
    both = make_sla(acme, provider=warsaw, receiver=tehran)
    clock = make_clock(make_promise(both, hours=8), at=NINE)
    # both work from 9:00 to 13:30 in Warsaw: 4.5 hours on Monday, 3.5 on Tuesday
    assert clock.due_at == NINE + DAY + 3.5 * HOUR
    change_sla(both, draft=draft_of(both, counts=Counts.PROMISER), version=1, by=olga, at=NINE)
    clock.refresh_from_db()
    assert clock.due_at == NINE + 8 * HOUR


def test_a_response_time_needs_calendars_that_ever_meet(acme):
    day = make_stakeholder(acme, "Day", calendar=make_calendar(acme))
    hours = make_calendar(acme, "Night", week=(((0, 60),),) * 7)
    night = make_stakeholder(acme, "Night", calendar=hours)
    none = make_stakeholder(acme, "Nobody's")
    never = make_sla(acme, "A", provider=day, receiver=night)
    with pytest.raises(Refused, match="no hour in common"):
        make_promise(never)
    unsure = make_sla(acme, "B", provider=day, receiver=none)
    with pytest.raises(Refused, match="Nobody's has no working calendar"):
        make_promise(unsure)
    assert make_promise(make_sla(acme, "C", provider=day, receiver=none), hours=None).pk


def test_a_clock_runs_is_at_risk_is_late_and_is_told_of_once(acme, promise, ed):
    clock = make_clock(promise, by=ed, at=NINE)
    assert clock.due_at == NINE + DAY + 8 * HOUR
    assert state(clock, NINE + HOUR) is State.RUNNING
    assert watch_clocks(at=NINE + HOUR) == 0
    soon = NINE + DAY + 5 * HOUR
    assert (watch_clocks(at=soon), watch_clocks(at=soon)) == (1, 0)
    assert state(clock, soon) is State.AT_RISK
    late = NINE + 2 * DAY
    assert (watch_clocks(at=late), watch_clocks(at=late)) == (1, 0)
    assert state(clock, late) is State.LATE
    told = [event.sentence for event in events_of(acme, "workspaces.sla", promise.sla_id)[:2]]
    assert told == [
        "“Brief: webinar” is late (An answer to a brief)",
        "“Brief: webinar” is at risk of being late (An answer to a brief)",
    ]
    notices = Notification.objects.filter(member=ed, kind="sla").order_by("pk")
    assert [n.verb for n in notices] == ["sla_clock.at_risk", "sla_clock.broken"]


def test_a_pause_moves_what_is_due_and_hides_it_meanwhile(promise, ed):
    clock = make_clock(promise, at=NINE)
    paused = pause_clock(clock, reason="Sales owes the list", version=1, by=ed, at=NINE + HOUR)
    assert (paused.due_at, state(clock, NINE + 30 * DAY)) == (None, State.PAUSED)
    assert watch_clocks(at=NINE + 30 * DAY) == 0
    with pytest.raises(Refused, match="paused already"):
        pause_clock(paused, reason="Again", version=2, by=ed, at=NINE + 2 * HOUR)
    resumed = resume_clock(paused, version=2, by=ed, at=NINE + DAY + HOUR)
    assert resumed.due_at == NINE + 2 * DAY + 8 * HOUR
    with pytest.raises(Refused, match="runs"):
        resume_clock(resumed, version=3, by=ed, at=NINE + 2 * DAY)
    stopped = stop_clock(resumed, version=3, by=ed, at=NINE + 2 * DAY)
    assert state_of(stopped.clock, NINE + 90 * DAY) is State.KEPT
    with pytest.raises(Refused, match="stopped"):
        stop_clock(stopped, version=4, by=ed, at=NINE + 3 * DAY)


def test_a_clock_that_is_stopped_while_it_is_paused_is_kept(promise, ed):
    clock = make_clock(promise, at=NINE)
    paused = pause_clock(clock, reason="Waiting", version=1, by=ed, at=NINE + HOUR)
    stopped = stop_clock(paused, version=2, by=ed, at=NINE + 40 * DAY)
    assert stopped.paused_at is None
    assert state_of(stopped.clock, NINE + 50 * DAY) is State.KEPT
    assert stopped.pauses.get().until == NINE + 40 * DAY


def test_a_pause_after_the_deadline_excuses_nothing(promise, ed):
    clock = make_clock(promise, at=NINE)
    late = pause_clock(clock, reason="Too late", version=1, by=ed, at=NINE + 5 * DAY)
    assert late.due_at == NINE + DAY + 8 * HOUR
    assert state(clock, NINE + 5 * DAY) is State.LATE
    stopped = stop_clock(late, version=2, by=ed, at=NINE + 6 * DAY)
    assert state_of(stopped.clock, NINE + 6 * DAY) is State.BROKEN


def test_a_breach_gets_a_reason_and_what_is_done_about_it(acme, promise, ed):
    clock = make_clock(promise, at=NINE)
    with pytest.raises(Refused, match="not broken"):
        explain_breach(clock, reason="Ill", mitigation="", version=1, by=ed, at=NINE)
    late = NINE + 5 * DAY
    with pytest.raises(Refused, match="Say why"):
        explain_breach(clock, reason=" ", mitigation="", version=1, by=ed, at=late)
    told = explain_breach(clock, reason="Ill", mitigation="A deputy", version=1, by=ed, at=late)
    [line] = breaches_of(promise.sla, late)
    assert (line.clock, line.state, line.clock.mitigation) == (told, State.LATE, "A deputy")


def test_a_month_counts_what_was_kept_and_broken_in_it(acme, sla, promise, ed):
    at = NINE + 3 * DAY
    in_time, too_late, _late, running = (make_clock(promise, str(n), at=NINE) for n in range(4))
    stop_clock(in_time, version=1, by=ed, at=NINE + HOUR)
    stop_clock(too_late, version=1, by=ed, at=NINE + 2 * DAY + 9 * HOUR)
    pause_clock(running, reason="Waiting", version=1, by=ed, at=NINE + HOUR)
    found = attainment_of(acme, [sla.pk], since=date(2026, 3, 1), at=at)
    assert found == {sla.pk: {date(2026, 3, 1): Attainment(kept=1, broken=2)}}
    assert attainment_of(acme, [sla.pk], since=date(2026, 4, 1), at=at + 60 * DAY) == {}
    owed = owed_in([sla.pk], at)[sla.pk]
    assert (owed.open, owed.late, owed.at_risk) == (2, 1, 0)
    lines = open_clocks(sla, at)
    assert [(line.state, line.left) for line in lines] == [
        (State.LATE, -8 * HOUR),
        (State.PAUSED, 15 * HOUR),
    ]


def test_a_holiday_that_is_added_moves_clocks_that_run_and_no_verdicts(sla, promise, olga, ed):
    calendar = sla.provider.calendar
    runs, done = make_clock(promise, at=NINE), make_clock(promise, "Done", at=NINE)
    stop_clock(done, version=1, by=ed, at=NINE + 8 * HOUR)
    draft = CalendarDraft(calendar.name, calendar.timezone, OFFICE, [(date(2026, 3, 3), "Off")])
    change_calendar(calendar, draft=draft, version=1, by=olga, at=NINE + HOUR)
    runs.refresh_from_db()
    assert runs.due_at == NINE + 2 * DAY + 8 * HOUR
    assert state(done, NINE + 90 * DAY) is State.KEPT
    with pytest.raises(Stale):
        change_calendar(calendar, draft=draft, version=1, by=olga, at=NINE)


def test_who_is_late_stays_late_whatever_becomes_of_the_calendar(sla, promise, olga):
    clock = make_clock(promise, at=NINE)
    calendar = sla.provider.calendar
    draft = CalendarDraft(calendar.name, calendar.timezone, OFFICE, [(date(2026, 3, 3), "Off")])
    change_calendar(calendar, draft=draft, version=1, by=olga, at=NINE + 2 * DAY)
    assert state(clock, NINE + 2 * DAY) is State.LATE


def test_a_calendar_cannot_be_taken_from_who_promised_an_answer(acme, sla, promise, olga, noon):
    party = sla.receiver
    with pytest.raises(Refused, match="no working calendar"):
        change_stakeholder(party, {"calendar": None}, version=1, by=olga, at=noon)
    with pytest.raises(Refused, match="works by this calendar"):
        remove_calendar(Calendar.objects.get(), by=olga, at=noon)
    with pytest.raises(Refused, match="party of “Leads and briefs”"):
        retire_stakeholder(party, by=olga, at=noon)
    spare = make_calendar(acme, "Spare")
    remove_calendar(spare, by=olga, at=noon)
    assert Calendar.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"week": ((),) * 7}, "week"),
        ({"week": (((540, 1500),),) * 7}, "week"),
        ({"week": OFFICE[:5]}, "week"),
        ({"name": "Office"}, "name"),
        ({"holidays": [(date(2026, 12, 25), "Christmas"), (date(2026, 12, 25), "")]}, "holidays"),
    ],
)
def test_a_calendar_that_makes_no_sense_names_the_field(acme, olga, noon, changes, field):
    make_calendar(acme)
    draft = replace(CalendarDraft("Other", "Asia/Bangkok", OFFICE), **changes)
    with pytest.raises(Refused) as refusal:
        add_calendar(acme, draft=draft, by=olga, at=noon)
    assert refusal.value.field == field


def test_an_agreement_has_two_parties_of_this_workspace(acme, globex, sla, olga, noon):
    stranger = make_stakeholder(globex, "Theirs")
    for party, words in ((sla.provider, "themselves"), (stranger, "no such stakeholder")):
        with pytest.raises(Refused, match=words):
            agree_sla(acme, draft=draft_of(sla, name="New", receiver=party), by=olga, at=noon)
    with pytest.raises(Refused, match="exists"):
        agree_sla(acme, draft=draft_of(sla), by=olga, at=noon)


def test_outcomes_keep_their_tick_when_the_agreement_is_written_anew(acme, sla, olga, ed, noon):
    pairs = [("Technology", "Mails can be sent"), ("Hand-over", "Sales gets the list")]
    sla = change_sla(sla, draft=draft_of(sla, assurances=pairs), version=1, by=olga, at=noon)
    assure(Assurance.objects.get(stage="Technology"), is_assured=True, by=ed, at=noon)
    pairs = [("Review", "Both look back"), pairs[0]]
    change_sla(sla, draft=draft_of(sla, assurances=pairs), version=2, by=olga, at=noon)
    rows = Assurance.objects.order_by("place").values_list("stage", "assured_by")
    assert list(rows) == [("Review", None), ("Technology", ed.pk)]
    told = events_of(acme, "workspaces.sla", sla.pk)[1]
    assert told.sentence == "Ed assured: Mails can be sent"


def test_an_agreement_ends_when_nothing_is_owed(sla, promise, olga, ed, noon):
    clock = make_clock(promise, at=NINE)
    for refused in (
        lambda: end_sla(sla, version=1, by=olga, at=noon),
        lambda: withdraw_promise(promise, version=1, by=olga, at=noon),
    ):
        with pytest.raises(Refused, match="still owed"):
            refused()
    stop_clock(clock, version=1, by=ed, at=NINE)
    end_sla(sla, version=1, by=olga, at=noon)
    with pytest.raises(Refused, match="not given any more"):
        start_clock(promise, subject="More", by=ed, at=noon)
    draft = PromiseDraft(Side.PROVIDER, "Other")
    with pytest.raises(Refused, match="ended"):
        change_promise(promise, draft=draft, version=1, by=olga, at=noon)


def test_both_sides_promise(sla, olga, noon):
    ours, theirs = make_promise(sla), make_promise(sla, "Feedback", side=Side.RECEIVER, hours=40)
    assert (ours.promiser, ours.promisee) == (sla.provider, sla.receiver)
    assert (theirs.promiser, theirs.promisee) == (sla.receiver, sla.provider)
    draft = PromiseDraft(Side.PROVIDER, "Brief", response_minutes=0)
    with pytest.raises(Refused, match="between a minute and a year"):
        change_promise(ours, draft=draft, version=1, by=olga, at=noon)
