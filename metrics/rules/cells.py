"""Cells of a CSV that a spreadsheet opens: a text that it would run as a formula is disarmed."""

STARTS = ("=", "+", "-", "@", "\t", "\r", "\0", ";", "|", "%")


def text_cell(text: str) -> str:
    """A text as a cell: one that begins like a formula gets an apostrophe before it."""
    return f"'{text}" if text.startswith(STARTS) else text
