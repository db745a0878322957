"""AA of the token pairs in both themes, computed from static/css/tokens.css."""

import re
from itertools import product
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"
PAIR = re.compile(r"--([\w-]+):\s*light-dark\((#\w{6}),\s*(#\w{6})\)")
COLOURS = {name: both for name, *both in PAIR.findall(TOKENS.read_text())}
GROUNDS = ["canvas", "rail", "lane", "surface", "raised", "sunken", "hover"]
STATES = ["off", "risk", "on", "won", "new", "idk"]
WORDS = [
    *product(["text", "muted", "faint", "accent", *STATES], GROUNDS),
    *((state, f"{state}-soft") for state in [*STATES, "accent"]),
    *product(["on-accent"], ["accent-solid", "accent-solid-hover"]),
    *product(["on-danger"], ["danger", "danger-hover"]),
    *product(["text"], ["p1", "p2", "p3", "p4", "p5", "p6", "accent-soft"]),
    *product(["muted"], ["accent-soft", "off-soft", "risk-soft"]),
]
LINES = ["edge", "c-past", "c-actual", "c-bar", "c-target", *(f"c-s{at}" for at in range(1, 9))]


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def ratio(one, other):
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_words_can_be_read_on_every_ground(theme):
    low = [p for p in WORDS if ratio(COLOURS[p[0]][theme], COLOURS[p[1]][theme]) < 4.5]
    assert low == []


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_borders_and_chart_lines_can_be_seen(theme):
    pairs = product(LINES, ["surface", "canvas"])
    low = [p for p in pairs if ratio(COLOURS[p[0]][theme], COLOURS[p[1]][theme]) < 3]
    assert low == []
