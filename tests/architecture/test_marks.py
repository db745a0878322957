"""`verify` looks for tests that start servers and for those of a browser in one folder each."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize("mark", ["services", "browser"])
def test_a_mark_stands_in_the_folder_of_its_name(mark):
    word = f"mark.{mark}"
    found = [path for path in TESTS.rglob("test_*.py") if word in path.read_text("utf-8")]
    assert {path.parent for path in found} == {TESTS / mark}
