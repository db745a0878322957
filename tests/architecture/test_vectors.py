"""The numbers that must never change are held by tests that carry their number."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
VECTORS = {
    1: "CTR of two days is the ratio of sums",
    2: "people are united, snapshots only bound",
    3: "from 200 to 0, now 100, is half done",
    4: "30 % done of 53 % expected is off track",
    5: "at the baseline nothing is done",
    6: "children's rates do not add up",
    7: "the rows of 40 % in four quarters",
    8: "no denominator is no value",
    9: "142 % is a value and a warning",
    10: "a day on which the clocks change is one day",
    11: "a total is not measured from its baseline",
}


def test_every_vector_has_a_test_that_names_it():
    named = {
        int(number)
        for path in TESTS.rglob("test_*.py")
        for number in re.findall(r"def test_vector_(\d+)_", path.read_text(encoding="utf-8"))
    }
    assert named == set(VECTORS)
