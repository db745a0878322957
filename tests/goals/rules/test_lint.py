"""What the SMART lint finds, letter by letter."""

from dataclasses import replace
from decimal import Decimal

import pytest

from goals.rules.lint import Code, Evidence, Letter, lint, noise_of, vague_words

D = Decimal
GOOD = Evidence(
    texts=("E-mail clicks +25 %", "Total clicks of the newsletter"),
    periods=24,
    gap=D(100),
    error=D(10),
    needed=D("0.25"),
    past=(D("0.1"), D("0.2"), D("0.3")),
    resources="Two people",
    checks=3,
)


def codes(**changes):
    return [fault.code for fault in lint(replace(GOOD, **changes))]


def test_a_good_goal_has_no_findings():
    assert codes() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"has_owner": False}, Code.NO_OWNER),
        ({"texts": ("Significantly better clicks",)}, Code.VAGUE_WORDS),
        ({"late": True}, Code.DATA_LATE),
        ({"periods": 7}, Code.SHORT_HISTORY),
        ({"gap": D(-20)}, Code.WITHIN_NOISE),
        ({"needed": D("0.31")}, Code.HARDER_THAN_EVER),
        ({"needed": D("0.19")}, Code.EASIER_THAN_USUAL),
        ({"landing": (D(100), D(100), D(120))}, Code.LANDS_ANYWAY),
        ({"landing": (D(130), D(100), D(120))}, Code.STRETCH),
        ({"landing": (D(140), D(100), D(120))}, Code.STRETCH),
        ({"landing": (D(141), D(100), D(120))}, Code.IMPLAUSIBLE),
        ({"landing": (D(50), D(100), D(80))}, Code.IMPLAUSIBLE),
        ({"resources": " "}, Code.NO_RESOURCES),
        ({"rivals": 1}, Code.RIVALS),
        ({"serves": False}, Code.SERVES_NOBODY),
        ({"load": 6}, Code.OWNER_BUSY),
        ({"end_gone": True}, Code.END_GONE),
        ({"checks": 0}, Code.NO_CHECKS),
        ({"other_season": True}, Code.OTHER_SEASON),
    ],
)
def test_each_fault_is_found_alone(changes, code):
    assert codes(**changes) == [code]


def test_harder_than_every_past_window_says_how_much_and_of_how_many():
    (fault,) = lint(replace(GOOD, needed=D("0.4")))
    assert fault.letter is Letter.ACHIEVABLE
    assert fault.facts == {"needed": D("0.4"), "best": D("0.3"), "usual": D("0.2"), "windows": D(3)}


def test_exactly_as_good_as_the_best_window_is_possible():
    assert codes(needed=D("0.3")) == []


def test_two_past_windows_say_nothing():
    assert codes(needed=D(9), past=(D(0), D(1))) == []
    assert codes(needed=None, past=()) == []


def test_vague_words_are_whole_words_in_any_case():
    assert vague_words(("IMPROVE clicks", "as soon as possible, better")) == [
        "as soon as possible",
        "better",
        "improve",
    ]
    assert vague_words(("Improvement of betterness", "sooner")) == []


def test_noise_is_by_steps_so_that_a_trend_is_none():
    trend = [D(n) for n in range(0, 100, 10)]
    flat = [D(10), D(20)] * 5
    assert noise_of(trend, 1) == noise_of(flat, 1)
    assert noise_of([D(5)] * 9, 12) == 0
    assert noise_of(flat[:7], 1) is None
    assert noise_of(flat, 4) == 2 * noise_of(flat, 1)


@pytest.mark.parametrize("target", [101, 120])
def test_a_target_that_one_future_in_ten_reaches_is_no_finding(target):
    assert codes(landing=(D(target), D(100), D(120))) == []


def test_a_forecast_without_a_band_says_nothing_of_a_stretch():
    assert codes(landing=(D(200), D(100), D(100))) == []
