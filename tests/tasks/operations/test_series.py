"""Cards that come back: made once on their day by the real job, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from tasks.jobs import make_repeating_cards
from tasks.models import Card, CardSeries, SeriesDay
from tasks.operations.columns import remove_column
from tasks.operations.moves import tick_card
from tasks.operations.series import change_series, pause_series, skip_day, stop_series
from tasks.queries.series import coming_days
from tasks.rules.recurrence import Kind, OffDay, Pattern
from tests.make.tasks import column_of, make_board, make_card, make_label, make_series
from tests.make.workspaces import make_workspace
from tests.tasks.events import events_of
from workspaces.rules.errors import Refused, Stale

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def run(at):
    """What the job makes at an instant; doubled, it makes no more."""
    with time_machine.travel(at, tick=False):
        made = make_repeating_cards()
        assert make_repeating_cards() == 0
    return made


def hourly(first, last):
    """The job at each hour between two instants."""
    while first <= last:
        run(first)
        first += HOUR


def due_days(series):
    cards = Card.objects.filter(series=series).order_by("due_on", "pk")
    return [str(day) for day in cards.values_list("due_on", flat=True)]


def board_in(zone):
    workspace = make_workspace("zoned", timezone=zone)
    return make_board(workspace)


@pytest.mark.parametrize(
    ("zone", "first", "wanted"),
    [
        ("Europe/Berlin", datetime(2026, 3, 28, 0, tzinfo=UTC), 4),
        ("Europe/Berlin", datetime(2026, 10, 24, 0, tzinfo=UTC), 4),
        ("America/Sao_Paulo", datetime(2018, 11, 3, 4, tzinfo=UTC), 4),  # no midnight on the 4th
        ("America/Sao_Paulo", datetime(2018, 2, 16, 4, tzinfo=UTC), 4),  # 23 o'clock twice
        ("Asia/Tehran", datetime(2022, 3, 20, 0, tzinfo=UTC), 4),
        ("Asia/Tehran", datetime(2022, 9, 20, 0, tzinfo=UTC), 4),
    ],
)
def test_a_change_of_the_clock_neither_doubles_nor_skips_a_day(zone, first, wanted):
    board = board_in(zone)
    begins = board.workspace.day_of(first)
    series = make_series(board, at=first)
    hourly(first, first + timedelta(hours=24 * (wanted - 1)))
    days = [str(begins + timedelta(days=n)) for n in range(wanted)]
    assert due_days(series) == days
    for row in SeriesDay.objects.filter(series=series):
        assert board.workspace.day_of(row.at) == row.day  # at its first hour


def test_a_day_that_a_zone_left_out_is_made_the_day_after():
    board, first = board_in("Pacific/Apia"), datetime(2011, 12, 28, 12, tzinfo=UTC)
    monthly = make_series(board, kind=Kind.MONTHLY_DAY, day=30, at=first)
    daily = make_series(board, "Daily", at=first, catch_up="all")
    hourly(first, first + timedelta(days=3))
    assert due_days(monthly) == ["2011-12-30"]  # which nobody there has seen
    assert due_days(daily) == [f"2011-12-{n}" for n in (28, 29, 30, 31)] + ["2012-01-01"]


def test_what_comes_at_the_end_of_the_month_does_so_in_each(board, noon):
    series = make_series(
        board, kind=Kind.MONTHLY_DAY, day=31, begins=date(2026, 12, 31), lead_days=3
    )
    day = datetime(2026, 12, 20, 12, tzinfo=UTC)
    while day < datetime(2028, 3, 20, tzinfo=UTC):
        run(day)
        day += timedelta(days=1)
    found = due_days(series)
    assert found[:4] == ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"]
    assert found[14:] == ["2028-02-29"]
    made = SeriesDay.objects.get(series=series, day=date(2028, 2, 29))
    assert board.workspace.day_of(made.at) == date(2028, 2, 26)  # three days ahead


def test_a_card_of_a_series_says_what_the_series_says(board, ed, noon):
    label, ready = make_label(board.workspace), column_of(board, "Ready")
    series = make_series(
        board, column=ready, description="Why", assignee=ed, priority=3, estimate=2,
        labels=(label,), checklist=("Draft", "Send"), off_days=OffDay.NEXT,
        begins=date(2026, 3, 7),
    )  # fmt: skip
    assert run(noon) == 0
    assert run(noon + timedelta(days=7)) == 1
    card = Card.objects.get(series=series)
    assert (card.title, card.description, card.assignee, card.priority) == (
        "Newsletter", "Why", ed, 3,
    )  # fmt: skip
    assert (card.column, card.due_on, card.created_by) == (ready, date(2026, 3, 9), None)
    assert list(card.items.order_by("position").values_list("text", flat=True)) == ["Draft", "Send"]
    assert card.labels.get().label == label
    (event,) = events_of(card)
    assert (event.by, event.by_name, event.data["series"]) == (None, "", series.pk)


def test_after_a_time_without_a_worker_the_latest_is_made_or_each_one(board, noon):
    latest = make_series(board, "Latest", kind=Kind.WEEKLY, weekdays=(0,))
    each = make_series(board, "Each", kind=Kind.WEEKLY, weekdays=(0,), catch_up="all")
    run(noon)
    assert due_days(latest) == due_days(each) == ["2026-03-02"]
    run(noon + timedelta(days=24))
    assert due_days(latest) == ["2026-03-02", "2026-03-23"]
    assert due_days(each) == ["2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23"]
    assert SeriesDay.objects.filter(series=latest, state="missed").count() == 2


def test_some_days_after_it_is_done_it_comes_again_and_what_is_done_stays_so(board, ed, noon):
    series = make_series(board, kind=Kind.AFTER_DONE, every=3, count=2)
    run(noon)
    run(noon + timedelta(days=9))
    first = Card.objects.get(series=series)
    tick_card(first, done=True, by=ed, at=noon + timedelta(days=10))
    assert run(noon + timedelta(days=12)) == 0
    assert run(noon + timedelta(days=13)) == 1
    first.refresh_from_db()
    assert first.is_done
    assert due_days(series) == ["2026-03-02", "2026-03-15"]
    second = Card.objects.get(series=series, done_at=None)
    tick_card(second, done=True, by=ed, at=noon + timedelta(days=14))
    assert run(noon + timedelta(days=30)) == 0  # twice was asked for


def test_a_day_is_left_out_and_taken_back_and_a_pause_is_not_made_up_for(board, olga, noon):
    series, who = make_series(board), {"by": olga, "at": noon}
    skip_day(series, day=date(2026, 3, 3), on=True, **who)
    skip_day(series, day=date(2026, 3, 4), on=True, **who)
    skip_day(series, day=date(2026, 3, 4), on=False, **who)
    assert [one.skipped for one in coming_days(series)] == [False, True, False, False, False]
    for ahead in range(3):
        run(noon + timedelta(days=ahead))
    assert due_days(series) == ["2026-03-02", "2026-03-04"]
    with pytest.raises(Refused):
        skip_day(series, day=date(2026, 3, 2), on=True, **who)
    pause_series(series, on=True, by=olga, at=noon + timedelta(days=3))
    assert run(noon + timedelta(days=6)) == 0
    pause_series(series, on=False, by=olga, at=noon + timedelta(days=6))
    assert run(noon + timedelta(days=6)) == 1
    assert due_days(series)[2:] == ["2026-03-08"]
    stop_series(series, by=olga, at=noon + timedelta(days=7))
    assert run(noon + timedelta(days=9)) == 0
    assert Card.objects.filter(series=series).count() == 3


def test_a_change_holds_for_what_follows_or_for_open_cards_as_well(board, ed, olga, noon):
    series = make_series(board, catch_up="all")
    run(noon + timedelta(days=2))
    done = Card.objects.get(series=series, due_on=date(2026, 3, 2))
    tick_card(done, done=True, by=ed, at=noon)
    who = {"by": olga, "at": noon + timedelta(days=2)}
    changed = change_series(series, version=1, changes={"title": "Letter"}, **who)
    assert set(Card.objects.filter(series=series).values_list("title", flat=True)) == {"Newsletter"}
    changes = {"title": "Mail", "assignee": ed}
    change_series(changed, version=2, changes=changes, open_too=True, **who)
    titles = Card.objects.filter(series=series).order_by("due_on").values_list("title", flat=True)
    assert list(titles) == ["Newsletter", "Mail", "Mail"]
    run(noon + timedelta(days=3))
    assert Card.objects.get(due_on=date(2026, 3, 5)).title == "Mail"
    with pytest.raises(Stale):
        change_series(series, version=1, changes={"title": "Late"}, **who)


def test_another_pattern_holds_from_today_and_doubles_no_day(board, olga, noon):
    series = make_series(board, lead_days=7)
    run(noon)
    assert len(due_days(series)) == 8
    weekly = Pattern(Kind.WEEKLY, date(2026, 3, 2), weekdays=(1, 3))
    change_series(series, version=1, changes={"pattern": weekly}, by=olga, at=noon)
    run(noon + timedelta(days=7))
    days = due_days(series)
    assert days[8:] == ["2026-03-10", "2026-03-12"][-len(days) + 8 :]
    assert len(days) == len(set(days))


def test_a_card_that_a_limit_refuses_is_made_once_there_is_room(acme, olga, noon):
    board = make_board(acme, columns=[("Ready", 1), ("Done", None, True)])
    series, other = make_series(board), make_card(board, "Other")
    assert run(noon) == 0
    series.refresh_from_db()
    assert "limit of 1" in series.trouble
    tick_card(other, done=True, by=olga, at=noon)
    assert run(noon + HOUR) == 1
    assert CardSeries.objects.get().trouble == ""


def test_a_card_that_is_there_becomes_the_first_and_a_gone_column_is_no_end(board, olga, noon):
    ready = column_of(board, "Ready")
    card = make_card(ready, due_on=date(2026, 3, 2))
    series = make_series(board, card=card, column=ready)
    assert run(noon) == 0
    assert due_days(series) == ["2026-03-02"]
    tick_card(card, done=True, by=olga, at=noon)
    ready.board.refresh_from_db()
    remove_column(ready, version=ready.board.version, by=olga, at=noon)
    run(noon + timedelta(days=1))
    assert Card.objects.get(due_on=date(2026, 3, 3)).column == column_of(board, "Backlog")


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("title", {"title": " "}),
        ("weekdays", {"kind": Kind.WEEKLY}),
        ("lead_days", {"lead_days": 61}),
        ("catch_up", {"catch_up": "never"}),
        ("begins", {"begins": date(2222, 1, 1)}),
        ("until", {"until": date(2026, 3, 1)}),
    ],
)
def test_what_cannot_come_back_is_refused_by_its_field(board, field, said):
    with pytest.raises(Refused) as told:
        make_series(board, **said)
    assert told.value.field == field
    assert CardSeries.objects.count() == 0
