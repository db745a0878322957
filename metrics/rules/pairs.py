"""Dimensions as people type them: channel:email, region:"Zürich, München"."""

import re

from metrics.rules.dims import Dims

PAIR = re.compile(r'[\s,]*([^\s:,"]+)\s*:\s*(?:"((?:[^"]|"")*)"|([^\s,"][^,]*))\s*(?=,|\Z)')
END = re.compile(r"[\s,]*\Z")


def read_pairs(text: str) -> list[tuple[str, str]] | None:
    """The names and values in their order; None where the text is none.

    A value in quotes may have commas, and quotes that are doubled.
    """
    found, place = [], 0
    while not END.match(text, place):
        pair = PAIR.match(text, place)
        if pair is None:
            return None
        name, quoted, plain = pair.groups()
        found.append((name, (plain or (quoted or "").replace('""', '"')).strip()))
        place = pair.end()
    return found


def pairs_as_text(dims: Dims) -> str:
    """Dimensions as read_pairs reads them."""
    return ", ".join(f"{name}:{_quoted(value or '')}" for name, value in dims)


def _quoted(value: str) -> str:
    if "," not in value and not value.startswith('"'):
        return value
    return '"' + value.replace('"', '""') + '"'
