from datetime import date, timedelta

import pytest

from tasks.rules.timelines import AHEAD, BACK, Zoom, scale_of, ticks_of

TODAY = date(2026, 3, 4)  # a Wednesday
DAY = timedelta(days=1)


@pytest.mark.parametrize("week_starts_on", [1, 6, 7])
def test_a_timeline_holds_whole_weeks_around_today_and_never_endlessly_many(week_starts_on):
    scale = scale_of([date(1999, 1, 1), date(2150, 1, 1)], TODAY, Zoom.WEEKS, week_starts_on)
    assert scale.first.isoweekday() == week_starts_on
    assert (scale.last + DAY).isoweekday() == week_starts_on
    assert BACK <= (TODAY - scale.first).days < BACK + 7
    assert AHEAD <= (scale.last - TODAY).days < AHEAD + 7
    assert scale.width == ((scale.last - scale.first).days + 1) * scale.per_day


def test_bars_lie_on_their_days_and_are_cut_at_the_edge():
    scale = scale_of([], TODAY, Zoom.DAYS, 1)
    assert scale.span(scale.first, scale.first) == (0, scale.per_day)
    assert scale.span(scale.first - 9 * DAY, scale.first + DAY) == (0, 2 * scale.per_day)
    assert scale.span(scale.last, scale.last + DAY) == (scale.width - scale.per_day, scale.per_day)
    assert scale.span(scale.last + DAY, scale.last + DAY) is None


def test_each_zoom_has_its_ticks():
    def days(zoom):
        return [tick.day for tick in ticks_of(scale_of([], TODAY, zoom, 1), zoom, 1)]

    assert days(Zoom.DAYS)[:2] == [date(2026, 2, 23), date(2026, 2, 24)]
    assert days(Zoom.WEEKS)[:2] == [date(2026, 2, 23), date(2026, 3, 2)]
    assert days(Zoom.MONTHS)[:2] == [date(2026, 3, 1), date(2026, 4, 1)]
