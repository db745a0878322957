"""Positions that can always be split: text keys in byte order, after “fractional indexing”.

A key is a whole number and a fraction, both in base 62. The whole number's first letter says how
long it is ("a" one digit, "b" two; "Z" one digit below zero), so appending and prepending count up
and down and keys stay short; only inserts between two neighbours lengthen the fraction. Every key
ends in a few random digits (`jitter`): two people who split the same gap at once get two keys.
"""

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE = len(DIGITS)
FIRST = "a0"
JITTER = 3
LONGEST = 50  # a column with a longer key is spread out anew
ROOM = 64  # what the database column holds


def key_between(low: str | None, high: str | None, jitter: str) -> str:
    """Return a key that sorts after `low` and before `high`; None stands for either end.

    `jitter` is some base-62 digits of which the last is not "0".
    """
    if low is not None and high is not None and low >= high:
        raise ValueError(f"{low!r} does not sort before {high!r}")
    return _head_between(low, high) + jitter


def spread(jitters: list[str], after: str | None = None) -> list[str]:
    """As many short keys in order as there are jitters, all of them above `after`."""
    keys: list[str] = []
    for jitter in jitters:
        after = key_between(after, None, jitter)
        keys.append(after)
    return keys


def is_long(key: str) -> bool:
    """Whether the column around this key wants to be spread out."""
    return len(key) > LONGEST


def _head_between(low: str | None, high: str | None) -> str:
    """Digits such that whatever follows them stays between the two keys."""
    if low is None:
        return FIRST if high is None else _step(_whole(high), -1)
    whole = _whole(low)
    following = _step(whole, 1)
    if high is None or following < _whole(high):
        return following
    if whole == _whole(high):
        return whole + _middle(low[len(whole) :], high[len(whole) :])
    return whole + _middle(low[len(whole) :], None)


def _middle(low: str, high: str | None) -> str:
    """A fraction after `low` and before `high`, and no prefix of `high`."""
    digits = ""
    place = 0
    while True:
        floor = DIGITS.index(low[place]) if place < len(low) else 0
        bounded = high is not None and place < len(high)
        roof = DIGITS.index(high[place]) if high is not None and bounded else BASE
        if roof - floor > 1:
            return digits + DIGITS[(floor + roof) // 2]
        digits += DIGITS[floor]
        if roof != floor:
            high = None
        place += 1


def _whole(key: str) -> str:
    """The whole number that the key begins with."""
    head = key[0]
    length = ord(head) - ord("a") + 2 if head >= "a" else ord("Z") - ord(head) + 2
    return key[:length]


def _step(whole: str, by: int) -> str:
    """The next whole number up (by 1) or down (by -1)."""
    head, digits = whole[0], list(whole[1:])
    last = DIGITS[-1] if by > 0 else DIGITS[0]
    wrapped = DIGITS[0] if by > 0 else DIGITS[-1]
    for place in range(len(digits) - 1, -1, -1):
        if digits[place] != last:
            digits[place] = DIGITS[DIGITS.index(digits[place]) + by]
            return head + "".join(digits)
        digits[place] = wrapped
    return _longer(head, len(digits), by, wrapped)


def _longer(head: str, length: int, by: int, digit: str) -> str:
    """Carry into the letter that says the length."""
    if (head, by) == ("Z", 1):
        return FIRST
    if (head, by) == ("a", -1):
        return "Z" + DIGITS[-1]
    if (head, by) in {("z", 1), ("A", -1)}:
        raise ValueError("There is no further whole number.")
    grows = (head >= "a") == (by > 0)
    return chr(ord(head) + by) + digit * (length + 1 if grows else length - 1)
