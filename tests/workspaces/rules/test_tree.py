"""Goals under goals."""

from hypothesis import given
from hypothesis import strategies as st

from workspaces.rules.tree import Place, depth_of, walk, would_loop


def test_steps_follow_their_goal_in_the_given_order():
    parents = {1: None, 2: 1, 3: None, 4: 1, 5: 4}
    assert list(walk(parents, [1, 2, 3, 4, 5])) == [
        Place(1, 0, 2),
        Place(2, 1, 0),
        Place(4, 1, 1),
        Place(5, 2, 0),
        Place(3, 0, 0),
    ]


def test_a_step_whose_goal_is_not_shown_stands_at_the_top():
    assert list(walk({7: 99}, [7])) == [Place(7, 0, 0)]


def test_a_goal_cannot_stand_under_itself_or_its_own_steps():
    parents = {1: None, 2: 1, 3: 2, 4: None}
    assert would_loop(parents, 1, 1)
    assert would_loop(parents, 1, 3)
    assert not would_loop(parents, 3, 1)
    assert not would_loop(parents, 1, 4)
    assert not would_loop(parents, 1, None)


def test_depth_counts_the_goal_itself():
    parents = {1: None, 2: 1, 3: 2}
    assert depth_of(parents, 3) == 3
    assert depth_of(parents, None) == 0


@given(st.lists(st.integers(0, 20), min_size=1, max_size=20))
def test_a_forest_shows_every_goal_exactly_once(choices):
    parents = {i + 1: (choice % (i + 1)) or None for i, choice in enumerate(choices)}
    shown = [place.key for place in walk(parents, list(parents))]
    assert sorted(shown) == sorted(parents)
    assert all(
        parents[goal] is None or shown.index(parents[goal]) < shown.index(goal) for goal in shown
    )
