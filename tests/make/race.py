"""The race of performance.md G13, shortened: ingesters against drainers, each with a connection of its own."""

import random
import sys
import threading
from dataclasses import dataclass, field
from datetime import date, timedelta

import django
from django.core.management import call_command
from django.db import connection, connections

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
    """Run it to the end, with one metric retired and one rebuild in the middle; the race, for its errors."""
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
    """Write, correct, move and withdraw; in the middle one of them retires a metric under the others."""
    from metrics.operations.definitions import retire_metric
    from metrics.operations.observations import record_observations, withdraw_observations
    from tests.make.workspaces import NOON
    from workspaces.rules.errors import Refused

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
    from metrics.operations.observations import Reading

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
    from metrics.operations.rollups import rebuild, roll_up

    rounds = 0
    while race.writing:
        roll_up(limit=[1, 5, 500][place])
        rounds += 1
        if place == 0 and rounds % 40 == 0:
            rebuild(workspace)


def main():
    """On a database of its own, from the command line: prints what is wrong; nothing is good."""
    django.setup()
    call_command("migrate", verbosity=0)
    from metrics.operations.rollups import check, roll_up
    from tests.make.metrics import make_metric
    from tests.make.recompute import marks_left, wrong_rollups
    from tests.make.workspaces import make_workspace

    acme = make_workspace("acme")
    metrics = [make_metric(acme, f"m{n}") for n in range(2)]
    doomed = make_metric(acme, "doomed")
    race = run_race(acme, metrics, doomed, batches=int(sys.argv[1]), seed=int(sys.argv[2]))
    roll_up()
    found = [*race.errors, *wrong_rollups(), *check(acme)]
    sys.stdout.write(f"{connection.vendor}: wrong {len(found)}, marks {marks_left()} {found[:5]}\n")
    sys.exit(1 if found or marks_left() else 0)


if __name__ == "__main__":
    main()
