"""Workers and beats that start late, end when asked or are killed: no reading is lost."""

import signal
import time
from contextlib import closing

import pytest

from tests.make.readings import define_clicks, is_rolled_up, readings, send_all, total
from tests.support.processes import wait_until

pytestmark = pytest.mark.services


def all_rolled_up(stack, web, *, seconds=90):
    wait_until("everything is rolled up", lambda: is_rolled_up(web), seconds=seconds, pause=0.2)
    assert stack.marks() == 0


def test_a_wake_is_quicker_than_the_beat(production):
    web = production.start_web()
    production.start_worker()
    define_clicks(web)
    send_all(web, readings(days=3))
    all_rolled_up(production, web)


def test_J05_a_worker_killed_in_the_middle_of_a_rollup_loses_nothing(production):
    web = production.start_web()
    define_clicks(web)
    rows = readings(days=210, campaigns=20)
    send_all(web, rows)
    waiting = production.marks()
    production.start_beat()
    with closing(production.server.connect(production.database)) as other:
        other.autocommit = False
        other.cursor().execute("LOCK TABLE metrics_rollup IN SHARE MODE")
        worker = production.start_worker()
        held = "SELECT 1 FROM pg_locks WHERE NOT granted"
        wait_until("a rollup is held up half-way", lambda: production.ask_database(held))
        worker.kill()
    assert production.marks() == waiting
    again = production.start_worker()
    wait_until("the next one gets on", lambda: production.marks() < waiting, pause=0.002)
    again.kill()
    production.start_worker()
    all_rolled_up(production, web)
    production.difference()
    assert total(web) == str(len(rows))


def test_J05_the_embedded_process_killed_in_the_middle_of_a_rollup_loses_nothing(embedded):
    web = embedded.start_web()
    define_clicks(web)
    rows = readings(days=210, campaigns=40)
    send_all(web, rows)
    web.child.kill()
    again = embedded.start_web()
    all_rolled_up(embedded, again, seconds=120)
    embedded.difference()
    assert total(again) == str(len(rows))


def test_J09_an_emptied_redis_loses_no_work(production):
    web = production.start_web()
    define_clicks(web)
    send_all(web, readings(days=100, campaigns=5))
    production.redis.client().flushall()
    production.start_jobs()
    all_rolled_up(production, web)


def test_J21_a_worker_asked_to_end_finishes_and_ends_in_time(production):
    web = production.start_web()
    worker = production.start_worker()
    beat = production.start_beat()
    define_clicks(web)
    send_all(web, readings(days=210, campaigns=10))
    time.sleep(1)
    began = time.monotonic()
    for child in (beat, worker):
        child.process.send_signal(signal.SIGTERM)
    for child in (beat, worker):
        child.process.wait(30)
    assert time.monotonic() - began < 30
    production.start_jobs()
    all_rolled_up(production, web)
