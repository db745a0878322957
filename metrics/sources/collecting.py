"""Python's collector of cycles at rest while much is read: it would look through all of it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """Do not look for cycles meanwhile; what is in none is freed as ever."""
    was_enabled = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()


def collect_late() -> None:
    """Free the cycles that were made since: between two chunks, when those are gone."""
    gc.collect()
