from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from goals.rules.pulse import (
    SCORES,
    Group,
    counted,
    last_day,
    no_answers,
    publishable,
    together,
)

counts = st.lists(st.integers(0, 6), min_size=len(SCORES), max_size=len(SCORES))


def tally(team=(), stakeholders=()):
    found = no_answers()
    for group, scores in ((Group.TEAM, team), (Group.STAKEHOLDERS, stakeholders)):
        for score in scores:
            found = counted(found, group, score)
    return found


def told(found, fewest=3):
    return [(one.group, one.points, one.answers) for one in publishable(found, fewest)]


def test_groups_are_told_apart_where_each_has_enough_answers():
    found = tally(team=(8, 9, 10), stakeholders=(1, 2, 3, 4))
    assert told(found) == [("team", 27, 3), ("stakeholders", 10, 4)]


def test_a_group_that_nobody_answered_for_hides_no_other():
    assert told(tally(team=(8, 9, 10))) == [("team", 27, 3)]


def test_a_group_too_small_takes_the_other_along_so_that_it_cannot_be_subtracted():
    assert told(tally(team=(8, 9, 10), stakeholders=(0,))) == [("", 27, 4)]
    assert told(tally(team=(8, 9), stakeholders=(0,))) == [("", 17, 3)]


def test_fewer_answers_than_the_fewest_are_no_result():
    assert told(tally(team=(8, 9))) == []
    assert told(tally(team=(8, 9, 10, 7)), fewest=5) == []
    assert told(tally()) == []


@given(team=counts, stakeholders=counts, fewest=st.integers(3, 9))
def test_no_result_and_no_difference_of_results_is_of_fewer_than_the_fewest(
    team, stakeholders, fewest
):
    found = publishable({"team": team, "stakeholders": stakeholders}, fewest)
    assert all(one.answers >= fewest for one in found)
    if found:
        hidden = sum(team) + sum(stakeholders) - together(found).answers
        assert hidden == 0


def test_the_order_of_answers_leaves_no_trace():
    assert tally(team=(1, 9, 4)) == tally(team=(9, 4, 1))


def test_a_month_ends_on_its_last_day():
    assert last_day(date(2024, 2, 1)) == date(2024, 2, 29)
    assert last_day(date(2026, 12, 1)) == date(2026, 12, 31)
