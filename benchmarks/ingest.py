"""G1 to G4: how fast facts come in; against the same file, or rows, into a table without index."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

from benchmarks.data import (
    CHUNK,
    MAPPING,
    Ground,
    csv_lines,
    load_facts_raw,
    load_raw,
)
from benchmarks.goals import Goal, at_most, seconds, share, times
from metrics.models.imports import ImportRun
from metrics.models.observations import DirtyMark, Observation
from metrics.operations.import_runs import import_file
from metrics.operations.imports import Brought, Plan
from metrics.rules.mapping import parse_mapping
from tests.make.workspaces import NOON, owner_of

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


def run_files(ground: Ground, rows: int) -> Iterator[Goal]:
    """The whole pipeline: a CSV, checked, spooled and loaded, in a process of its own."""
    content = csv_lines(rows)
    path = Path(settings.MEDIA_ROOT) / "bench.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    limit = rows / seconds(lambda: load_raw(content))
    command = [sys.executable, "-m", "benchmarks.worker", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    took, megabytes = map(float, done.stdout.split())
    check(ImportRun.objects.latest("pk").new == rows)
    name = "G1" if connection.vendor == "postgresql" else "G3"
    what = f"{rows:,} rows of a CSV imported, of a raw load of the file"
    yield share(name, what, (rows / took, limit), 0.3)
    what = f"memory of the worker that imports it, chunks of {CHUNK:,}"
    yield at_most("RSS", what, megabytes, 400, "MB")
    digest = seconds(lambda: hashlib.sha256(path.read_bytes()).hexdigest())
    same = seconds(lambda: check(import_again(ground, path).state == "done"))
    what = "the same file again, beyond reading and hashing"
    yield at_most("G2", what, 1000 * max(same - digest, 0), 50, "ms")
    path.write_text(f"{content}\n")
    again = rows / seconds(lambda: check(import_again(ground, path).unchanged == rows))
    what = "its rows again in another file: nothing changed, of a raw load of the file"
    yield share("G2", what, (again, limit), 0.3)


def import_again(ground: Ground, path: Path) -> ImportRun:
    with path.open("rb") as file:
        brought = Brought(path.name, iter(lambda: file.read(2**20), b""))
        plan = Plan(parse_mapping(MAPPING), check_only=False, run_here=True)
        by = owner_of(ground.workspace)
        return import_file(ground.workspace, brought=brought, plan=plan, by=by, clock=lambda: NOON)


def check(holds: object) -> None:
    if not holds:
        raise AssertionError("the benchmark measured something else")
