"""G1 to G4: how fast facts come in; against the same file, or rows, into a table without index."""

from collections.abc import Iterator

from django.db import connection

from benchmarks.data import (
    Ground,
    load_facts_raw,
)
from benchmarks.goals import Goal, seconds, share, times
from metrics.models.observations import DirtyMark, Observation

UPSERTED = 10_000


def run(ground: Ground, rows: int) -> Iterator[Goal]:
    chunks = list(ground.readings(0, rows))
    limit = rows / seconds(lambda: load_facts_raw(chunks))
    first = rows / seconds(lambda: ground.load(chunks))
    name = "G1" if connection.vendor == "postgresql" else "G3"
    what = f"{rows:,} readings stored for the first time, with marks, of a raw load of their facts"
    yield share(name, what, (first, limit), 0.3)
    marks = DirtyMark.objects.count()
    again = rows / seconds(lambda: check(ground.load(chunks)["unchanged"] == rows))
    check(DirtyMark.objects.count() == marks)
    yield share("G2", "the same again: nothing changed, no mark", (again, limit), 0.3)
    moving = ground.open_run("may_move", keys="may_move")
    keyed = rows / seconds(lambda: ground.load(chunks, moving))
    yield share(name, "the same under keys that may move", (keyed, limit), 0.3)
    yield times(
        "G4", "the same, of bulk_create(update_conflicts)", (1 / first, upsert()), 8, least=True
    )


def upsert() -> float:
    """Seconds for a row by Django's own upsert."""
    some = [
        Observation(
            khash=n, value=n, series_id=2**30 + n % 100, day="2024-01-01", import_id=1, source=1
        )
        for n in range(UPSERTED)
    ]
    took = seconds(
        lambda: Observation.objects.bulk_create(
            some,
            batch_size=1_000,
            update_conflicts=True,
            update_fields=["value"],
            unique_fields=["series_id", "day", "khash"],
        )
    )
    Observation.objects.filter(series_id__gte=2**30).delete()
    return took / UPSERTED


def check(holds: object) -> None:
    if not holds:
        raise AssertionError("the benchmark measured something else")
