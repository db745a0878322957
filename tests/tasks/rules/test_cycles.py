from datetime import UTC, date, datetime
from decimal import Decimal

from tasks.rules.cycles import Line, Sum, burn_up, figures_of, first_day, last_day

D = Decimal


def at(day, hour=12):
    return datetime(2026, 3, day, hour, tzinfo=UTC)


PLANNED = Line(at(1), done=at(4), planned=D(2), hours=D(3))
TAKEN_OUT = Line(at(1), left=at(3), planned=D(4), hours=D(4))
ADDED = Line(at(3), planned=D(5), hours=D(5))
CAME_AND_WENT = Line(at(3), left=at(4), planned=D(9), hours=D(9))
UNKNOWN = Line(at(1))
ALL = [PLANNED, TAKEN_OUT, ADDED, CAME_AND_WENT, UNKNOWN]


def test_what_came_and_went_is_told_apart_from_what_was_planned():
    told = figures_of(ALL, at(2))
    assert (told.planned, told.removed) == (Sum(3, D(6)), Sum(1, D(4)))
    assert (told.added, told.scope) == (Sum(1, D(5)), Sum(3, D(8)))
    assert (told.done, told.open) == (Sum(1, D(3)), Sum(2, D(5)))
    assert (told.reestimated, told.unestimated, told.changed) == (D(1), 1, True)
    assert told.scope.cards == told.planned.cards - told.removed.cards + told.added.cards


def test_before_a_cycle_begins_all_of_it_is_planned():
    told = figures_of([PLANNED, ADDED], None)
    assert (told.planned.cards, told.added.cards) == (2, 0)
    assert figures_of([], None).share is None


def test_the_burn_up_has_scope_and_done_at_the_end_of_each_local_day():
    days = burn_up(ALL, date(2026, 3, 2), date(2026, 3, 4), "UTC")
    assert [(day.scope.cards, day.done.cards) for day in days] == [(3, 0), (4, 0), (3, 1)]
    late = [Line(at(2, 23), done=at(2, 23))]
    days = burn_up(late, date(2026, 3, 2), date(2026, 3, 3), "Asia/Tehran")
    assert [(day.scope.cards, day.done.cards) for day in days] == [(0, 0), (1, 1)]


def test_a_cycle_begins_with_the_week_of_the_workspace():
    assert first_day(date(2026, 3, 4), 1) == date(2026, 3, 2)
    assert first_day(date(2026, 3, 4), 6) == date(2026, 2, 28)
    assert last_day(date(2026, 3, 2), 2) == date(2026, 3, 15)
