"""G13: four writers and three drainers at once, and not one wrong bucket, total or orphan."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from metrics.models.observations import DirtyMark, KeyPlace, Observation, Series, TotalMark
from metrics.models.rollups import MetricRollup, Rollup
from metrics.operations.rollups import check, roll_up
from tests.make.metrics import make_metric
from tests.make.race import run_race
from tests.make.recompute import marks_left, wrong_rollups
from tests.make.workspaces import make_workspace

ROOT = Path(__file__).parents[3]
BATCHES = int(os.environ.get("MOPS_RACE_BATCHES", "20"))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(int(os.environ.get("MOPS_RACE_RUNS", "1"))))
def test_G13_no_race_leaves_a_wrong_bucket(seed):
    if connection.vendor != "postgresql":
        pytest.skip("row locks and advisory locks are PostgreSQL's; SQLite has a test of its own")
    acme = make_workspace("acme")
    metrics = [make_metric(acme, f"m{n}") for n in range(2)]
    doomed = make_metric(acme, "doomed")
    race = run_race(acme, metrics, doomed, batches=BATCHES, seed=seed)
    roll_up()
    assert race.errors == []
    assert race.refused > 0  # those who came after the metric was retired
    assert wrong_rollups() == []
    assert check(acme) == []
    assert marks_left() == 0
    assert orphans() == []


def orphans():
    """Rows that name a series which does not exist, and keys that stand where nothing is."""
    series = set(Series.objects.values_list("pk", flat=True))
    named = {
        model.__name__: set(model.objects.values_list("series_id", flat=True)) - series
        for model in (Observation, Rollup, DirtyMark)
    }
    metrics = set(Series.objects.values_list("metric_id", flat=True))
    for model in (MetricRollup, TotalMark):
        named[model.__name__] = set(model.objects.values_list("metric_id", flat=True)) - metrics
    facts = set(Observation.objects.values_list("series_id", "day", "khash"))
    placed = set(KeyPlace.objects.values_list("series_id", "day", "khash"))
    return [(name, rows) for name, rows in named.items() if rows] + sorted(facts ^ placed)


def test_G13_sqlite_with_one_drainer_at_a_time_is_right_too(tmp_path):
    """In a process and a file of its own: the tests' database takes no threads."""
    env = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'race.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "mops.settings",
        "MOPS_VAR": str(tmp_path),
        "REDIS_URL": "",
        "DEBUG": "1",
    }
    program = f"""
import django
django.setup()
from tests.make.race import race_on_a_fresh_database
print(race_on_a_fresh_database({max(BATCHES // 3, 10)}, seed=1))
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert done.stdout.strip() == "([], 0)"
