"""Names of the columns of a file."""

from collections.abc import Sequence


def unique_names(header: Sequence[str]) -> list[str]:
    """Names of the columns: repeated ones get `#2`, `#3`; empty ones are called `#<position>`."""
    taken: set[str] = set()
    found = []
    for position, cell in enumerate(header, 1):
        plain = cell.strip("\ufeff \t\r\n\u00a0") or f"#{position}"
        name, copy = plain, 1
        while name in taken:
            copy += 1
            name = f"{plain}#{copy}"
        taken.add(name)
        found.append(name)
    return found
