"""The file of a board as text, in whichever encoding it is written."""

import codecs
from pathlib import Path

from metrics.rules.faults import Fault
from metrics.rules.faults import Unreadable as Unread
from metrics.sources.detection import refuse_other_kinds
from metrics.sources.encodings import detect_encoding
from tasks.rules.imports.tree import Unreadable


def read_text(path: Path, encoding: str = "") -> str:
    """All of the file; Unreadable where it is no text, or where its encoding has to be told."""
    try:
        refuse_other_kinds(path)
        found = encoding or detect_encoding(path)
    except Unread as refusal:
        raise _as_ours(refusal.faults[0]) from refusal
    if not found:
        raise Unreadable("encoding_unknown")
    try:
        with path.open(encoding=codecs.lookup(found).name, newline="") as file:
            return file.read()
    except (UnicodeDecodeError, LookupError) as error:
        raise Unreadable("encoding_wrong", what=found) from error


def _as_ours(fault: Fault) -> Unreadable:
    more = dict(fault.more)
    return Unreadable(fault.code, str(fault.row or ""), more.get("readings", fault.value))
