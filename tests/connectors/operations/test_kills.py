"""A worker that is killed with -9 in the middle of a fetch, at points of its way."""

import os
import signal
import threading

import pytest
from django.db import connections

from connectors.models import Fetch
from connectors.operations.fetching import claim_fetch, fetch_waiting, run_fetch
from metrics.operations.rollups import roll_up
from tests.make.connectors import Clock, connect, document, facts
from tests.make.workspaces import NOON
from tests.support.processes import wait_until
from tests.support.stub import Reply

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
WINDOW = {"days_back": 28, "overlap": 28, "chunk": 7}


@pytest.mark.parametrize("chunk", [1, 2, 3, 4])
def test_J05_a_worker_killed_in_any_chunk_loses_nothing_and_counts_nothing_twice(acme, stub, chunk):
    killed = threading.Event()

    def answer(seen):
        if len(stub.seen) == chunk:
            killed.wait(30)
        rows = [{"day": seen.query["to"], "channel": name, "clicks": 5} for name in "abc"]
        return Reply({"rows": rows})

    stub.answer = answer
    fetch = connect(acme, document(stub.url, window=WINDOW)).fetches.get()
    worker = start_worker(fetch.pk)
    wait_until("it asks for the chunk", lambda: len(stub.seen) >= chunk, pause=0.02)
    os.kill(worker, signal.SIGKILL)
    killed.set()
    os.waitpid(worker, 0)
    fetch.refresh_from_db()
    assert (fetch.state, fetch.new) == ("running", 3 * (chunk - 1))
    clock = Clock()
    assert fetch_waiting(clock=clock, at_once=1) == 0
    clock.forward(seconds=181)
    assert fetch_waiting(clock=clock, at_once=1) == 1
    fetch.refresh_from_db()
    assert (fetch.state, fetch.new, fetch.changed, fetch.withdrawn) == ("done", 12, 0, 0)
    roll_up()
    assert sorted(facts(acme, "clicks").values()) == [5] * 12
    assert len(stub.seen) == 5


def start_worker(pk: int) -> int:
    """A process of its own that runs the fetch; its number."""
    connections.close_all()
    worker = os.fork()
    if worker:
        return worker
    try:
        fetch = Fetch.objects.get(pk=pk)
        claim_fetch(fetch, at=NOON)
        run_fetch(fetch, clock=Clock())
    finally:
        os._exit(0)
