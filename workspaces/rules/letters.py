"""What people typed, as it may stand in a mail: one line, and nothing that turns into a link."""

import re
from unicodedata import category

LONGEST_SUBJECT = 180
JOINER = "\u2060"  # takes no room; a program that looks for addresses stops at it
HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff]+")
TURNS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
SCHEME = re.compile(r"(?<=\w):(?=[/\\])|(?<=mailto):|(?<=tel):", re.IGNORECASE)
DOT = re.compile(r"(?<=[^\W_])\.(?=[^\W\d_]{2,})")
UNSEEN = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}
FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
SELECTORS = re.compile(r"[\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
AT_SIGN = re.compile(r"@(?=\S)")


def one_line(text: str) -> str:
    """A text without control characters and turns of direction, in one line."""
    return " ".join(HIDDEN.sub(" ", TURNS.sub("", text)).split())


def plain(text: str) -> str:
    """The same words, of which no program makes a link or a call to somebody."""
    text = SCHEME.sub(f":{JOINER}", one_line(text))
    text = DOT.sub(f"{JOINER}.", text)
    return AT_SIGN.sub(f"{JOINER}@{JOINER}", text)


def subject_line(text: str) -> str:
    """A subject: one line of bounded length."""
    line = one_line(text)
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "…"


def seen(text: str) -> str:
    """A text without space around it; nothing where none of its letters can be seen."""
    return text.strip() if any(map(_is_seen, text)) else ""


def _is_seen(letter: str) -> bool:
    """Whether it leaves a mark: no space, control, joiner, filler or sign of another letter."""
    is_mark = category(letter) in UNSEEN or letter.isspace()
    return not is_mark and letter not in FILLERS and not SELECTORS.fullmatch(letter)
