from datetime import date

import pytest

from metrics.rules.dims import as_text, canonical, hash_of, is_sound
from metrics.rules.keys import hash_key, plain_key


def test_dimensions_have_one_form():
    assert canonical({"b": "2", "a": "1"}) == canonical([("a", "1"), ("b", " 2 ")])
    assert canonical({"city": "Lo\u0301dz"}) == canonical({"city": "L\u00f3dz"})
    assert as_text(canonical({"b": "2", "a": "1"})) == '{"a":"1","b":"2"}'


@pytest.mark.parametrize("missing", [None, "", "  "])
def test_a_missing_value_is_no_value(missing):
    assert canonical({"campaign": missing}) == canonical({}) == ()


def test_hashes_are_signed_64_bit_numbers_that_tell_apart():
    codes = {hash_of(canonical({"a": str(n)})) for n in range(1000)}
    assert len(codes) == 1000
    assert all(-(2**63) <= code < 2**63 for code in codes)
    assert hash_key(1, "k") != hash_key(2, "k") != hash_key(2, "l")
    assert hash_key(1, "k") == hash_key(1, "k")


def test_a_row_without_a_key_is_known_by_day_dims_and_place():
    dims = canonical({"a": "1"})
    assert plain_key(date(2016, 1, 1), dims, 2) == '2016-01-01|{"a":"1"}|2'
    assert plain_key(date(2016, 1, 1), (("a", "1"), ("b", None)), 1).endswith(
        '{"a":"1","b":null}|1'
    )


def test_I15_nul_and_half_surrogates_are_not_sound():
    assert not is_sound("a\0b")
    assert not is_sound("\ud800")
    assert is_sound("zażółć 😀 \u202e")
