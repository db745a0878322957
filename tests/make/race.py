"""The race of performance.md G13, shortened: ingesters against drainers."""

import random
import threading
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.management import call_command
from django.db import connections

from metrics.operations.definitions import retire_metric
from metrics.operations.observations import (
    Reading,
    record_observations,
    withdraw_observations,
)
from metrics.operations.rollups import check, rebuild, roll_up
from tests.make.metrics import make_metric
from tests.make.recompute import marks_left, wrong_rollups
from tests.make.workspaces import NOON, make_workspace
from workspaces.rules.errors import Refused

INGESTERS, DRAINERS, ROWS = 4, 3, 20
FIRST = date(2025, 12, 1)


@dataclass
class Race:
    """What the threads share: who still writes, and what went wrong."""

    batches: int
    seed: int
    writing: int = INGESTERS
    refused: int = 0
    errors: list = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def run_race(workspace, metrics, doomed, *, batches, seed):
    """Run it to the end, with a metric retired and a rebuild in the middle."""
    race = Race(batches, seed)
    jobs = [(ingest, n) for n in range(INGESTERS)] + [(drain, n) for n in range(DRAINERS)]
    threads = [
        threading.Thread(target=guarded, args=(race, job, workspace, metrics, doomed, n))
        for job, n in jobs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=240)
        assert not thread.is_alive(), "a thread hangs"
    return race


def guarded(race, job, *args):
    try:
        job(race, *args)
    except Exception as error:  # noqa: BLE001  a thread's error is the test's
        with race.lock:
            race.errors.append(repr(error))
    finally:
        if job is ingest:
            with race.lock:
                race.writing -= 1
        connections.close_all()


def ingest(race, workspace, metrics, doomed, place):
    """Write, correct, move and withdraw; one of them retires a metric under the others."""
    chance = random.Random(race.seed * 100 + place)
    for number in range(race.batches):
        if place == 0 and number == race.batches // 2:
            retire_metric(doomed, by=None, at=NOON)
        try:
            if chance.random() < 0.1:
                keys = [(m.pk, str(chance.randrange(150))) for m in metrics for _ in range(5)]
                withdraw_observations(workspace, source="crm", keys=keys, by=None, at=NOON)
            else:
                rows = [reading(chance, [*metrics, doomed], place) for _ in range(ROWS)]
                record_observations(workspace, source="crm", readings=rows, by=None, at=NOON)
        except Refused:
            with race.lock:
                race.refused += 1


def reading(chance, metrics, place):
    dims = [(("ch", chance.choice("abc")),)]
    if chance.random() < 0.1:
        dims = [(("new", f"{place}-{chance.randrange(40)}"),)]
    metric = chance.choices(metrics, weights=[10] * (len(metrics) - 1) + [0.2])[0]
    return Reading(
        metric.pk,
        FIRST + timedelta(days=chance.randrange(120)),
        chance.randrange(1000),
        dims[0],
        str(chance.randrange(150)),
    )


def drain(race, workspace, _metrics, _doomed, place):
    rounds = 0
    while race.writing:
        roll_up(limit=[1, 5, 500][place])
        rounds += 1
        if place == 0 and rounds % 40 == 0:
            rebuild(workspace)


def race_on_a_fresh_database(batches, seed):
    """Migrate, run the race, and say what is wrong: nothing is good."""
    call_command("migrate", verbosity=0)
    acme = make_workspace("acme")
    metrics = [make_metric(acme, f"m{n}") for n in range(2)]
    doomed = make_metric(acme, "doomed")
    race = run_race(acme, metrics, doomed, batches=batches, seed=seed)
    roll_up()
    return [*race.errors, *wrong_rollups(), *check(acme)], marks_left()
