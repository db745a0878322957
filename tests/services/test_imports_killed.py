"""kill -9 of the worker, Redis and PostgreSQL at random points of an import: every row once."""

import json
import os
import random
import time
import urllib.parse
import urllib.request

import pytest

from tests.make.imports import MAPPING, many_rows
from tests.support.processes import wait_until
from tests.support.stack import API

pytestmark = pytest.mark.services
ROUNDS = int(os.environ.get("MOPS_KILL_ROUNDS", "1"))
ROWS = int(os.environ.get("MOPS_KILL_ROWS", "50000"))  # more than a request imports itself
LEASE = 60  # seconds after which another worker takes an import over


def bring(web, content):
    """A file large enough for the worker to import it; its id."""
    asked = urllib.parse.urlencode({"mapping": json.dumps(MAPPING), "name": "killed.csv"})
    headers = {"Authorization": f"Bearer {web.token}", "Content-Type": "text/csv"}
    address = f"{web.url}{API}/imports/?{asked}"
    request = urllib.request.Request(address, content.encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 202
        return json.loads(answer.read())["id"]


def kill_worker(stack, jobs):
    jobs[0].kill()
    jobs[0] = stack.start_worker()


def keep_alive(stack, jobs):
    """Start a worker anew that has ended by itself, as its supervisor does (docs/running.md).

    Celery's worker gives up where its broker goes away with a job in hand.
    """
    if jobs[0].process.poll() is not None:
        jobs[0] = stack.start_worker()


def kill_redis(stack, _jobs):
    stack.redis.child.kill()
    stack.redis.start()


def kill_postgres(stack, _jobs):
    stack.server.child.kill()
    wait_until("the database starts again", lambda: started(stack.server), seconds=60, pause=0.5)


def started(server):
    """Backends of a killed server hold its memory for a moment."""
    try:
        server.start()
    except AssertionError:
        return False
    return True


def state_of(web, pk):
    answer = web.ask(f"{API}/imports/{pk}/")
    return answer.body["state"] if answer.status == 200 else None


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_Q11_K02_K03_K04_every_row_of_an_import_counts_once_whoever_is_killed(production, seed):
    chance = random.Random(seed)
    web = production.start_web()
    jobs = production.start_jobs()
    pk = bring(web, many_rows(ROWS))
    for kill in chance.sample([kill_worker, kill_redis, kill_postgres], 3):
        time.sleep(chance.uniform(0.2, 3))
        kill(production, jobs)

    def is_done():
        keep_alive(production, jobs)
        return state_of(web, pk) == "done"

    def is_rolled_up():
        keep_alive(production, jobs)
        return production.marks() == 0

    wait_until("the import is done", is_done, seconds=LEASE * 4, pause=1)
    wait_until("all is rolled up", is_rolled_up, seconds=120, pause=0.5)
    found = web.ask(f"{API}/imports/{pk}/").body
    assert (found["rows"], found["new"], found["changed"]) == (ROWS, 2 * ROWS, 0)
    stored = "SELECT count(*), count(DISTINCT (series_id, khash)) FROM metrics_observation"
    assert production.ask_database(stored) == [(2 * ROWS, 2 * ROWS)]
    production.difference()
