"""Digits of other scripts: read as the ones they are where a mapping says that they may stand."""

_SCRIPTS = ("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩", "๐๑๒๓๔๕๖๗๘๙")  # Persian, Arabic, Thai
_ASCII = {ord(digit): str(value) for script in _SCRIPTS for value, digit in enumerate(script)}
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069"))
ARABIC_DECIMAL, ARABIC_THOUSANDS = "\u066b", "\u066c"
ASCII, NATIVE = "ascii", "native"


def to_ascii(text: str) -> str:
    """The text with Persian, Arabic and Thai digits as 0-9, without marks of direction."""
    return text if text.isascii() else text.translate(_ASCII | _MARKS)


def has_native(text: str) -> bool:
    """Whether any of those digits stands in the text."""
    return not text.isascii() and any(ord(letter) in _ASCII for letter in text)
