"""The colour of a label, of a tool's own words or of #rrggbb, as one of ours."""

import colorsys
import re

OURS = ("grey", "red", "orange", "yellow", "green", "teal", "blue", "violet", "pink")
WORDS = {
    "purple": "violet", "sky": "teal", "lime": "green", "black": "grey", "gray": "grey",
    "cyan": "teal", "magenta": "pink", "brown": "orange",
}  # fmt: skip
HEX = re.compile(r"#([0-9a-fA-F]{6})\b")
PALE = 0.15  # less colour than this is none
HUES = ((15, "red"), (45, "orange"), (70, "yellow"), (160, "green"), (195, "teal"), (255, "blue"),
        (290, "violet"), (345, "pink"), (361, "red"))  # fmt: skip


def our_colour(told: str) -> str:
    """The nearest of our nine; grey for what is none."""
    found = HEX.fullmatch(told)
    if found:
        return _of_hex(found[1])
    word = told.casefold().partition("_")[0].partition("-")[0]
    word = WORDS.get(word, word)
    return word if word in OURS else "grey"


def _of_hex(digits: str) -> str:
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, _light, saturation = colorsys.rgb_to_hls(red, green, blue)
    if saturation < PALE:
        return "grey"
    return next(name for limit, name in HUES if hue * 360 < limit)
