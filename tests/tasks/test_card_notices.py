"""What people are told of cards: who gets one, who follows one, and whose is due."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks.jobs import remind as job
from tasks.operations.edits import edit_card
from tasks.operations.moves import move_card, tick_card
from tasks.operations.notices import notify_changed, remind
from tests.make.tasks import column_of, make_card
from workspaces.models import Notification
from workspaces.operations.preferences import Habits, mute, set_habits
from workspaces.queries.notifications import notifications_of, tell_notices
from workspaces.queries.preferences import place_named

pytestmark = pytest.mark.django_db
WARSAW = ZoneInfo("Europe/Warsaw")
DUE = date(2026, 3, 5)


def told(member):
    return [row.sentence for row in tell_notices(notifications_of(member))]


def edit(card, by, at, **changes):
    return edit_card(card, version=card.version, changes=changes, by=by, at=at)


def local(day, hour, minute=0, zone=WARSAW):
    return datetime(2026, 3, day, hour, minute, tzinfo=zone)


def test_who_becomes_responsible_is_told_and_who_was_is_told_too(board, ed, mia, olga, noon):
    card = make_card(board, assignee=ed)
    assert told(ed) == ["Olga gave you “Write the brief”"]
    card = edit(card, olga, noon, assignee=mia)
    card = edit(card, olga, noon, title="Brief")
    edit(card, mia, noon, assignee=None)
    assert told(mia) == ["Olga changed “Brief”: title", "Olga gave you “Write the brief”"]
    assert told(ed)[0] == "Olga gave “Write the brief” to Mia"
    assert Notification.objects.get(member=mia, kind="assigned").by_mail


def test_nobody_is_told_of_their_own_doing(board, olga, noon):
    card = make_card(board, assignee=olga)
    notify_changed(card, fields=["title"], by=olga, at=noon)
    assert told(olga) == []


def test_who_follows_a_card_is_told_once_an_hour_what_happened(board, ed, mia, olga, noon):
    card = make_card(board, by=mia, assignee=ed)
    Notification.objects.all().delete()
    ready = column_of(board, "Ready")
    moved = move_card(card, to=ready, after=None, version=1, by=olga, at=noon)
    again = move_card(moved, to=ready, after=None, version=2, by=olga, at=noon)
    assert told(ed) == told(mia) == ["Olga moved “Write the brief” from Backlog to Ready"]
    day = date(2026, 3, 9)
    edited = edit(again, olga, noon + timedelta(minutes=9), title="Brief", due_on=day)
    assert told(ed) == told(mia) == ["Olga changed “Brief”: title, due day"]
    assert Notification.objects.get(member=ed).count == 2
    tick_card(edited, done=True, by=olga, at=noon + timedelta(hours=2))
    assert len(told(ed)) == 2


def test_who_helps_and_who_watches_is_told_as_well(board, ed, mia, vi, olga, noon):
    card = make_card(board, by=olga, helpers=(mia,), watchers=(vi,))
    edit(card, olga, noon, description="Why")
    assert told(mia) == told(vi) == ["Olga changed “Write the brief”: description"]
    assert told(ed) == []


def test_a_board_that_is_muted_is_silent(board, ed, noon):
    place = place_named(board.workspace, f"tasks.board:{board.pk}").place
    mute(ed, place=place)
    make_card(board, assignee=ed)
    assert told(ed) == []


def test_one_is_reminded_on_each_rung_once_early_on_the_own_clock(board, ed, mia, noon):
    set_habits(mia.user, Habits("America/New_York", "", wants_digest=True, quiet_days=False))
    for member in (ed, mia):
        make_card(board, f"For {member.user.name}", assignee=member, due_on=DUE)
    Notification.objects.all().delete()
    at, found = local(3, 0), []
    while at < local(10, 0):
        remind(at=at)
        rows = Notification.objects.filter(at=at)
        found += [(row.member, at, tell_notices([row])[0].sentence) for row in rows]
        at += timedelta(minutes=30)
    for member, zone in ((ed, WARSAW), (mia, ZoneInfo("America/New_York"))):
        title = f"“For {member.user.name}”"
        mine = [(at, words) for who, at, words in found if who == member]
        assert mine == [
            (local(4, 7, zone=zone), f"{title} is due on 5 Mar 2026"),
            (local(5, 7, zone=zone), f"{title} is due on 5 Mar 2026"),
            (local(6, 7, zone=zone), f"{title} was due on 5 Mar 2026"),
        ]
    assert Notification.objects.filter(read_at=None).count() == 2  # the newest word counts


def test_what_is_done_put_off_or_long_forgotten_reminds_nobody(board, ed, olga, noon):
    done, later, old = (
        make_card(board, title, assignee=ed, due_on=day)
        for title, day in (("Done", DUE), ("Later", DUE), ("Old", date(2026, 2, 1)))
    )
    tick_card(done, done=True, by=olga, at=noon)
    edit(later, olga, noon, due_on=date(2026, 4, 1))
    Notification.objects.all().delete()
    for day in range(3, 9):
        remind(at=local(day, 9))
    assert told(ed) == []
    assert old.due_on


def test_a_card_that_is_done_takes_its_reminder_back(board, ed, olga, noon):
    card = make_card(board, assignee=ed, due_on=DUE)
    remind(at=local(4, 9))
    assert Notification.objects.filter(kind="due", read_at=None).count() == 1
    tick_card(card, done=True, by=ed, at=local(4, 10))
    remind(at=local(4, 11))
    assert Notification.objects.filter(kind="due", read_at=None).count() == 0


def test_after_a_pause_one_reminder_comes_and_the_job_runs(board, ed, noon):
    make_card(board, assignee=ed, due_on=DUE)
    assert [remind(at=local(day, 9)) for day in (7, 7, 8)] == [1, 0, 0]
    assert job() == 0


def test_reminding_of_many_cards_takes_a_few_queries(board, ed, mia, noon):
    counts = []
    for number in (2, 20):
        for n in range(number):
            make_card(board, f"{number} {n}", assignee=ed, due_on=DUE)
        with CaptureQueriesContext(connection) as asked:
            remind(at=local(5, 9) if number == 2 else local(6, 9))
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 4
