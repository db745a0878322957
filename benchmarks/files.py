"""G1 to G3 of a whole file: checked, spooled and loaded, against a raw load of the same file.

The file is that of the goals: a row names its metric, about 75 bytes, 50 metrics with their
combinations of dimensions, a value a day. Its rows are known by day and dimensions; the column
`idempotency_key` is there as in any export, and is the key only where the line says so.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from benchmarks.data import FIRST, METRICS, Ground, combinations
from benchmarks.goals import Goal, at_most, seconds, share
from benchmarks.ingest import check
from metrics.models.imports import ImportRun
from metrics.models.observations import DirtyMark, Observation
from metrics.operations.import_runs import CHUNK, import_file
from metrics.operations.imports import Brought, Plan
from metrics.rules.mapping import parse_mapping
from tests.make.workspaces import NOON, owner_of
from workspaces.models import Workspace

COLUMNS = "idempotency_key,metric,day,channel,campaign,segment,source,value"
TYPES = "text, text, date, text, text, text, text, bigint"
TRIES = 3
MAPPING = {
    "version": 1,
    "source": "file",
    "day": {"column": "day", "format": "%Y-%m-%d"},
    "dims": {name: {"column": name} for name in ("channel", "campaign", "segment")},
    "long": {
        "metric": "metric",
        "value": "value",
        "names": {f"m{n}": f"m{n}" for n in range(METRICS)},
    },
}
KEYED = MAPPING | {"source": "keyed", "key": ["idempotency_key", "metric"]}


def run_files(ground: Ground, rows: int) -> Iterator[Goal]:
    content = csv_lines(rows)
    path = Path(settings.MEDIA_ROOT) / "bench.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    limit = rows / min(seconds(lambda: load_raw(content)) for _try in range(TRIES))
    first = "G1" if connection.vendor == "postgresql" else "G3"
    took, megabytes = in_a_worker(path, MAPPING)
    check(ImportRun.objects.latest("pk").new == rows)
    what = f"{rows:,} rows of a CSV imported, of a raw load of the file"
    yield share(first, what, (rows / took, limit), 0.3)
    what = f"memory of the worker that imports it, chunks of at most {CHUNK:,}"
    yield at_most("RSS", what, megabytes, 400, "MB")
    digest = seconds(lambda: hashlib.sha256(path.read_bytes()).hexdigest())
    same = seconds(lambda: check(import_again(ground.workspace, path).state == "done"))
    what = "the same file again, beyond reading and hashing"
    yield at_most("G2", what, 1000 * max(same - digest, 0), 50, "ms")
    marks, facts = DirtyMark.objects.count(), Observation.objects.count()
    path.write_text(f"{content}\n")
    took, _megabytes = in_a_worker(path, MAPPING)
    check(ImportRun.objects.latest("pk").unchanged == rows)
    check((DirtyMark.objects.count(), Observation.objects.count()) == (marks, facts))
    what = "its rows again in another file: nothing changed, of a raw load of the file"
    yield share("G2", what, (rows / took, limit), 0.3)
    took, _megabytes = in_a_worker(path, KEYED)
    check(ImportRun.objects.latest("pk").new == rows)
    what = "the file under keys that may move, of a raw load of the file"
    yield share("", what, (rows / took, limit), 0.3)


def csv_lines(rows: int) -> str:
    """The file of so many rows; each metric of each combination once a day."""
    lines = [COLUMNS]
    for n in range(rows):
        day, place = divmod(n, METRICS * combinations(rows))
        combination, metric = divmod(place, METRICS)
        lines.append(
            f"row-{n:012d},m{metric},{FIRST + timedelta(day)},channel-{combination % 3},"
            f"campaign-{combination},segment-{combination % 7},export,{n % 977}"
        )
    return "\n".join(lines) + "\n"


def load_raw(content: str) -> None:
    """The same file into a table without index or log: what machine, database and driver can."""
    columns = [" ".join(pair) for pair in zip(COLUMNS.split(","), TYPES.split(", "), strict=True)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE bench_limit ({', '.join(columns)})")
        if connection.vendor == "postgresql":
            copy = "COPY bench_limit FROM STDIN WITH (FORMAT csv, HEADER true)"
            cursor.copy_expert(copy, StringIO(content))
        else:
            rows = [line.split(",") for line in content.splitlines()[1:]]
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO bench_limit VALUES ({places})", rows)
        transaction.set_rollback(True)


def in_a_worker(path: Path, mapping: dict[str, object]) -> tuple[float, float]:
    """Seconds and megabytes of a process that imports the file as a worker does."""
    command = [sys.executable, "-m", "benchmarks.worker", str(path), json.dumps(mapping)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    took, megabytes = map(float, done.stdout.split())
    return took, megabytes


def import_again(
    workspace: Workspace, path: Path, mapping: dict[str, object] = MAPPING
) -> ImportRun:
    with path.open("rb") as file:
        brought = Brought(path.name, iter(lambda: file.read(2**20), b""))
        plan = Plan(parse_mapping(mapping), check_only=False, run_here=True)
        by = owner_of(workspace)
        return import_file(workspace, brought=brought, plan=plan, by=by, clock=lambda: NOON)
