"""The race of performance.md G13: ingesters against drainers, an undo and a deletion."""

import random
import threading
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import connections

from metrics.models import Metric
from metrics.operations.definitions import retire_metric
from metrics.operations.import_runs import run_waiting
from metrics.operations.observations import (
    Reading,
    record_observations,
    withdraw_observations,
)
from metrics.operations.purging import delete_metric, purge_metrics
from metrics.operations.rollups import check, rebuild, roll_up
from metrics.operations.undoing import undo_finished
from tests.make.imports import clock, import_file, many_rows
from tests.make.metrics import make_metric
from tests.make.orphans import orphans
from tests.make.people import make_unique
from tests.make.recompute import marks_left, wrong_rollups
from tests.make.workspaces import NOON, make_workspace, owner_of
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
    doomed: list = field(default_factory=list)  # the metric to retire, the one to delete
    brought: object = None  # the import to undo
    errors: list = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def run_race(workspace, *, batches, seed):
    """Run it to the end: in the middle one metric is retired, one deleted, one import undone."""
    doomed = [make_metric(workspace, "retired"), make_metric(workspace, "deleted")]
    brought = import_file(owner_of(workspace), many_rows(300))
    metrics = [make_metric(workspace, f"m{n}") for n in range(2)]
    metrics += [make_unique(workspace, "people"), Metric.objects.get(key="clicks")]
    race = Race(batches, seed, doomed=doomed, brought=brought)
    jobs = [(ingest, n) for n in range(INGESTERS)] + [(drain, n) for n in range(DRAINERS)]
    threads = [
        threading.Thread(target=guarded, args=(race, job, workspace, metrics, n)) for job, n in jobs
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


def ingest(race, workspace, metrics, place):
    """Write, correct, move and withdraw, and once what the others do not expect."""
    chance = random.Random(race.seed * 100 + place)
    for number in range(race.batches):
        if number == race.batches // 2:
            surprise(race, place)
        try:
            if chance.random() < 0.1:
                keys = [(m.pk, str(chance.randrange(150))) for m in metrics for _ in range(5)]
                withdraw_observations(workspace, source="crm", keys=keys, by=None, at=NOON)
            else:
                rows = [reading(chance, [*metrics, *race.doomed], place) for _ in range(ROWS)]
                record_observations(workspace, source="crm", readings=rows, by=None, at=NOON)
        except Refused:
            with race.lock:
                race.refused += 1


def surprise(race, place):
    """Each of the first three takes something from under the others."""
    if place == 0:
        retire_metric(race.doomed[0], by=None, at=NOON)
    elif place == 1:
        delete_metric(Metric.objects.get(pk=race.doomed[1].pk), by=None, at=NOON)
    elif place == 2:
        undo_finished(race.brought, by=None, at=NOON)
        run_waiting(clock=clock)


def reading(chance, metrics, place):
    dims = [(("ch", chance.choice("abc")),)]
    if chance.random() < 0.1:
        dims = [(("new", f"{place}-{chance.randrange(40)}"),)]
    metric = chance.choices(metrics, weights=[10] * (len(metrics) - 2) + [0.2] * 2)[0]
    return Reading(
        metric.pk,
        FIRST + timedelta(days=chance.randrange(120)),
        chance.randrange(1000),
        dims[0],
        str(chance.randrange(150)),
        recipient=chance.choice("abcdefgh") if metric.kind == "unique" else None,
    )


def drain(race, workspace, _metrics, place):
    rounds = 0
    while race.writing:
        roll_up(limit=[1, 5, 500][place])
        rounds += 1
        if place == 0 and rounds % 40 == 0:
            rebuild(workspace)
        if place == 1:
            purge_metrics(at=NOON)


def race_on_a_fresh_database(batches, seed):
    """Run the race, and say what is wrong: nothing is good."""
    acme = make_workspace("acme")
    return all_wrong(acme, run_race(acme, batches=batches, seed=seed))


def all_wrong(workspace, race):
    """What the race left wrong, once the sweeps have had their turn: nothing is good."""
    purge_metrics(at=NOON)
    roll_up()
    race.brought.refresh_from_db()
    wrong = [*race.errors, *wrong_rollups(), *check(workspace), *orphans()]
    wrong += [] if race.brought.state == "undone" else [race.brought.state]
    wrong += [] if race.refused else ["nobody was refused"]
    return wrong, marks_left()
