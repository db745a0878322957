"""G13: four writers and three drainers at once, and not one wrong bucket, total or orphan."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.make.race import all_wrong, run_race
from tests.make.workspaces import make_workspace

ROOT = Path(__file__).parents[3]
BATCHES = int(os.environ.get("MOPS_RACE_BATCHES", "20"))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(int(os.environ.get("MOPS_RACE_RUNS", "1"))))
def test_G13_no_race_leaves_a_wrong_bucket(seed):
    acme = make_workspace("acme")
    race = run_race(acme, batches=BATCHES, seed=seed)
    assert all_wrong(acme, race) == ([], 0)


def test_G13_sqlite_with_one_drainer_at_a_time_is_right_too(migrated, tmp_path):
    """In a process and a file of its own: the tests' database takes no threads."""
    shutil.copy(migrated, tmp_path / "race.sqlite3")
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
