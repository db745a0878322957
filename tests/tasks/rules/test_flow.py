from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.rules.flow import (
    Journey,
    Leg,
    Spread,
    Stage,
    cumulative,
    cycle_time,
    dwellings,
    lead_time,
    percentile,
    spread_of,
    started_at,
    throughput,
)
from workspaces.rules.days import end_of_day

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
STAGES = {"todo": Stage.TO_DO, "doing": Stage.WORK, "review": Stage.WORK, "done": Stage.DONE}
HOUR = 3600.0
ZONE = "Europe/Warsaw"


def at(hours):
    return START + timedelta(hours=hours)


def journey(*moves, halts=(), gone=None, card=1):
    """A way as (column, hours after the start at which it came there)."""
    ends = [at(hours) for _place, hours in moves[1:]] + [None]
    legs = tuple(
        Leg(place, STAGES[place], at(hours), end)
        for (place, hours), end in zip(moves, ends, strict=True)
    )
    last = legs[-1]
    done = None
    for leg in reversed(legs):
        if leg.stage is not Stage.DONE:
            break
        done = leg.came
    spans = tuple((at(since), None if until is None else at(until)) for since, until in halts)
    return Journey(
        card, at(moves[0][1]), done if last.stage is Stage.DONE else None, gone, legs, spans
    )


def test_cycle_time_begins_when_work_begins_and_lead_time_when_the_card_is_made():
    way = journey(("todo", 0), ("doing", 10), ("review", 20), ("done", 30))
    assert (started_at(way), cycle_time(way), lead_time(way)) == (at(10), 20 * HOUR, 30 * HOUR)


def test_a_card_that_was_taken_up_again_counts_until_it_was_done_last():
    way = journey(("todo", 0), ("doing", 1), ("done", 2), ("doing", 5), ("done", 9))
    assert (cycle_time(way), lead_time(way)) == (8 * HOUR, 9 * HOUR)
    still = journey(("todo", 0), ("doing", 1), ("done", 2), ("doing", 5))
    assert (cycle_time(still), lead_time(still)) == (None, None)


def test_what_was_never_started_has_no_cycle_time():
    assert cycle_time(journey(("todo", 0), ("done", 3))) is None
    assert lead_time(journey(("todo", 0), ("done", 3))) == 3 * HOUR


def test_percentiles_are_values_that_happened_and_few_cards_have_none():
    assert [percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], share) for share in (50, 85, 95)] == [
        5, 9, 10,
    ]  # fmt: skip
    assert spread_of([1, 2, 3, 4]) == Spread(4)
    assert spread_of([5, 3, 1, 2, 4]) == Spread(5, 3, 5, 5)


@given(st.lists(st.integers(0, 100), min_size=1), st.integers(1, 100))
def test_so_many_percent_do_not_exceed_the_percentile_and_fewer_stay_below(values, share):
    found = percentile(values, share)
    assert sum(value <= found for value in values) * 100 >= share * len(values)
    assert sum(value < found for value in values) * 100 < share * len(values)


def test_throughput_counts_by_the_workspaces_weeks_and_names_the_empty_ones():
    days = [date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 8), date(2026, 3, 17)]
    first, last = date(2026, 3, 2), date(2026, 3, 18)
    assert throughput(days, first, last, 1) == [
        (date(2026, 3, 2), 2),
        (date(2026, 3, 9), 0),
        (date(2026, 3, 16), 1),
    ]
    assert throughput(days, first, last, 7) == [
        (date(2026, 3, 1), 1),
        (date(2026, 3, 8), 1),
        (date(2026, 3, 15), 1),
    ]


def test_time_in_a_column_adds_its_visits_and_says_how_much_of_it_was_held_up():
    ways = [
        journey(
            ("todo", 0), ("doing", 10), ("review", 14), ("doing", 20), ("done", 30),
            halts=[(12, 16), (13, 15), (25, None)],
        )
    ]  # fmt: skip
    found = dwellings(ways)
    assert (found["doing"].seconds, found["review"].seconds) == (14 * HOUR, 6 * HOUR)
    assert (found["doing"].halted, found["review"].halted) == (7 * HOUR, 2 * HOUR)
    assert found["doing"].halted_share == pytest.approx(0.5)
    assert (found["doing"].spread, "done" in found) == (Spread(1), False)


def test_what_is_put_away_undone_leaves_and_what_was_done_stays():
    days = (date(2026, 3, 2), date(2026, 3, 5))
    ways = [
        journey(("todo", 0), gone=at(24), card=1),
        journey(("todo", 0), ("done", 24), gone=at(48), card=2),
    ]
    assert cumulative(ways, {}, days=days, zone="UTC") == {
        "todo": [2, 0, 0, 0],
        "done": [0, 1, 1, 1],
    }


MOVES = st.lists(
    st.tuples(st.sampled_from(sorted(STAGES)), st.integers(0, 24 * 40)), min_size=1, max_size=8
)


@st.composite
def ways(draw):
    moves = sorted(draw(MOVES), key=lambda move: move[1])
    gone = draw(st.none() | st.integers(0, 24 * 40))
    return journey(*moves, gone=None if gone is None else at(gone))


def place_at(way, moment):
    """Where the card stood, replayed move by move."""
    here = None
    for leg in way.legs:
        if leg.came <= moment:
            here = leg
    away = way.gone is not None and way.gone <= moment
    return here.place if here and not (away and here.stage is not Stage.DONE) else None


@given(st.lists(ways(), max_size=6))
def test_the_cumulative_flow_is_what_a_replay_of_every_move_counts(found):
    first, last = date(2026, 3, 10), date(2026, 4, 8)  # over the change of the clocks
    told = cumulative(found, {}, days=(first, last), zone=ZONE)
    for offset in range((last - first).days + 1):
        evening = end_of_day(first + timedelta(days=offset), ZONE)
        for place in STAGES:
            stood = sum(place_at(way, evening) == place for way in found)
            assert told.get(place, [0] * 30)[offset] == stood


def test_a_day_of_23_hours_is_a_day():
    night = datetime(2026, 3, 29, 0, 30, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    way = Journey(1, night, None, None, (Leg("todo", Stage.TO_DO, night, None),))
    days = (date(2026, 3, 28), date(2026, 3, 30))
    assert cumulative([way], {}, days=days, zone=ZONE) == {"todo": [0, 1, 1]}
