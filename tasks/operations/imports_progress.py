"""How far an import of a board is, in percent: beside the database, whose rows wait for its end."""

from collections.abc import Callable

from django.core.cache import cache

from tasks.models import BoardImport

LASTS = 15 * 60  # seconds; longer than a worker may be silent
READ, PLACES, CARDS, ABOUT, TALK, TIES, END = 5, 15, 20, 60, 75, 90, 98
Progress = Callable[[int], None]


def progress_of(run: BoardImport) -> int | None:
    """How much of the run is done; None while nobody works on it."""
    found: int | None = cache.get(_key(run))
    return found


def follow(run: BoardImport) -> Progress:
    """What is called with the percentage whenever the run is further."""
    key = _key(run)
    return lambda percent: cache.set(key, percent, LASTS)


def unseen(_percent: int) -> None:
    """Nobody looks."""


def _key(run: BoardImport) -> str:
    return f"board-import:{run.pk}:{run.state}"
