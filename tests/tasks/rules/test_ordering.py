import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.rules.ordering import BASE, DIGITS, LONGEST, ROOM, is_long, key_between, spread

digit = st.sampled_from(DIGITS)
jitter = st.builds(lambda a, b, c: a + b + c, digit, digit, st.sampled_from(DIGITS[1:]))


def tail(chance: random.Random) -> str:
    return chance.choice(DIGITS) + chance.choice(DIGITS) + chance.choice(DIGITS[1:])


def insert(keys: list[str], at: int, jitter: str) -> str:
    low = keys[at - 1] if at else None
    high = keys[at] if at < len(keys) else None
    keys.insert(at, key_between(low, high, jitter))
    return keys[at]


def test_digits_sort_by_bytes():
    assert list(DIGITS) == sorted(DIGITS)
    assert len(DIGITS) == BASE == 62


@given(st.lists(st.tuples(st.integers(0, 10**6), jitter), max_size=60))
def test_any_sequence_of_inserts_stays_in_order(steps):
    keys: list[str] = []
    for place, random_tail in steps:
        insert(keys, place % (len(keys) + 1), random_tail)
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


@given(st.lists(jitter, min_size=1, max_size=12), jitter, jitter)
def test_two_people_in_one_gap_get_two_keys(many, one, other):
    keys = spread(many)
    first, second = key_between(None, keys[0], one), key_between(None, keys[0], other)
    assert (first == second) == (one == other)


def test_O04_two_thousand_inserts_into_one_gap_stay_exact_and_short():
    chance = random.Random(4)
    keys = spread([tail(chance), tail(chance)])
    order = ["top", "bottom"]
    spreads = 0
    for number in range(2000):
        key = insert(keys, 1, tail(chance))
        order.insert(1, str(number))
        assert len(key) <= ROOM
        if is_long(key):
            keys = spread([tail(chance) for _ in keys], after=keys[-1])
            spreads += 1
    assert keys == sorted(keys)
    assert len(set(keys)) == 2002
    assert order == ["top", *(str(n) for n in reversed(range(2000))), "bottom"]
    assert 1 <= spreads <= 15  # not more often than every hundred and thirty inserts
    assert max(map(len, keys)) <= LONGEST + 1


@pytest.mark.parametrize("side", [0, 1])
def test_counting_up_and_down_keeps_keys_short(side):
    chance = random.Random(side)
    keys = spread([tail(chance)])
    for _each in range(20_000):
        low, high = (keys[-1], None) if side else (None, keys[-1])
        key = key_between(low, high, tail(chance))
        assert (key > keys[-1]) == bool(side)
        keys.append(key)
    assert max(map(len, keys)) <= 8


def test_whole_numbers_carry_into_their_length():
    keys = ["Zz", "a0", "az", "b00", "bzz", "c000"]
    for low, high in zip(["Zz", "az", "bzz"], ["a0", "b00", "c000"], strict=True):
        assert key_between(low, None, "V") == high + "V"
    for high, low in [("a0V", "Zz"), ("b00V", "az"), ("c000V", "bzz")]:
        assert key_between(None, high, "V") == low + "V"
    assert keys == sorted(keys)


def test_a_key_between_neighbours_of_one_whole_number_is_no_prefix_of_the_upper_one():
    for random_tail in ("001", "zzz"):
        assert "a0V" < key_between("a0V", "a0W", random_tail) < "a0W"
        assert "a0V" < key_between("a0V", "a1001", random_tail) < "a1001"


@pytest.mark.parametrize(("low", "high"), [("a1V", "a1V"), ("a2V", "a1V")])
def test_there_is_nothing_between_neighbours_the_wrong_way_round(low, high):
    with pytest.raises(ValueError, match="does not sort before"):
        key_between(low, high, "V")


def test_spreading_starts_above_the_present_keys():
    keys = spread(["001", "001", "001"], after="a5zzz")
    assert keys == ["a6001", "a7001", "a8001"]
