"""Texts in one line, separated by commas, as people type them."""

import re
from collections.abc import Sequence

_ENTRY = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)')


def listed(text: str) -> list[str]:
    """What stands between the commas; in quotation marks a comma is a comma, and `""` is empty."""
    found, at = [], 0
    while at < len(text) and (entry := _ENTRY.match(text, at)):
        quoted, plain = entry.groups()
        if quoted is not None:
            found.append(quoted.replace('""', '"'))
        elif plain.strip():
            found.append(plain.strip())
        at = entry.end() if entry.end() > at else len(text)
    return found


def as_list(texts: Sequence[str]) -> str:
    """The line that `listed` reads as these texts."""
    return ", ".join(map(_written, texts))


def _written(text: str) -> str:
    plain = text and text == text.strip() and "," not in text and '"' not in text
    return text if plain else '"' + text.replace('"', '""') + '"'
