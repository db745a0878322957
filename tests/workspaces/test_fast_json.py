"""Answers are written by another library than the framework's, and say the same."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.utils.functional import lazystr
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.renderers import JSONRenderer

from workspaces.rendering import FastJSONRenderer

NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.none() | st.booleans() | NUMBERS | st.text()
TREES = st.recursive(
    PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


def both(data, media_type=None):
    return [way().render(data, media_type, {}) for way in (FastJSONRenderer, JSONRenderer)]


@given(TREES)
def test_whatever_json_holds_is_told_as_the_framework_tells_it(data):
    fast, usual = both([data])
    assert json.loads(fast) == json.loads(usual)


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 3, 29, 1, 2, 3, 456789, tzinfo=UTC),
        datetime(2026, 1, 29, 1, 2, tzinfo=ZoneInfo("Europe/London")),
        datetime(2026, 7, 29, 1, 2, tzinfo=ZoneInfo("Asia/Tehran")),
        date(2026, 2, 28),
        time(9, 30),
        timedelta(hours=36),
        Decimal("12.50"),
        UUID(int=7),
        lazystr("later"),
        2**70,
        {1: "a number as a name"},
        (1, 2),
        "\u2028<>&\u2029",
        "",
    ],
)
def test_what_is_no_json_by_itself_is_told_as_the_framework_tells_it(value):
    fast, usual = both({"value": value})
    assert fast == usual


def test_an_indented_answer_stays_one_and_nothing_is_no_body():
    fast, usual = both({"a": [1]}, "application/json; indent=2")
    assert fast == usual
    assert b"\n" in fast
    assert both(None) == [b"", b""]
