"""Readings become rollups by real workers, whatever happens to the processes between."""

import signal
import time
from contextlib import closing

import pytest

from tests.make.readings import (
    define_clicks,
    is_rolled_up,
    readings,
    send,
    send_all,
    series,
    total,
)
from tests.support.processes import wait_until

pytestmark = pytest.mark.services


def all_rolled_up(stack, web, *, seconds=90):
    wait_until("everything is rolled up", lambda: is_rolled_up(web), seconds=seconds, pause=0.2)
    assert stack.marks() == 0


def test_a_reading_sent_over_rest_is_rolled_up_by_the_worker(stack):
    web = stack.start_web()
    stack.start_jobs()
    define_clicks(web)
    send_all(web, readings(days=60, campaigns=2, value=3))
    all_rolled_up(stack, web)
    stack.difference()
    points = series(web)["series"][0]["points"]
    assert [(p["period"], p["value"]) for p in points] == [("2024-01", "186"), ("2024-02", "174")]


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


def test_J03_with_redis_down_every_write_is_taken_at_once_and_takes_effect_later(production):
    web = production.start_web()
    production.start_jobs()
    define_clicks(web)
    send_all(web, readings(days=1))  # connections are open now
    production.redis.stop()
    answers = [send(web, readings(days=2, value=n)) for n in range(1, 31)]
    assert {a.status for a in answers} == {200}
    assert max(a.seconds for a in answers) < 1.0
    assert total(web) == "60"
    production.redis.start()
    all_rolled_up(production, web)


def test_J04_with_redis_frozen_writes_are_taken_and_do_not_wait_for_it(production):
    web = production.start_web()
    production.start_jobs()
    define_clicks(web)
    send_all(web, readings(days=1))
    production.redis.freeze()
    try:
        answers = [send(web, readings(days=2, value=n)) for n in range(1, 11)]
    finally:
        production.redis.thaw()
    assert {a.status for a in answers} == {200}
    assert max(a.seconds for a in answers) < 2.0
    all_rolled_up(production, web)


def test_J09_an_emptied_redis_loses_no_work(production):
    web = production.start_web()
    define_clicks(web)
    send_all(web, readings(days=100, campaigns=5))
    production.redis.client().flushall()
    production.start_jobs()
    all_rolled_up(production, web)


def test_J10_two_beats_and_two_workers_do_no_harm(production):
    web = production.start_web()
    production.start_jobs()
    production.start_jobs()
    define_clicks(web)
    for value in (1, 2, 3):
        send_all(web, readings(days=70, campaigns=4, value=value))
        time.sleep(1.5)
    all_rolled_up(production, web)
    production.difference()
    assert total(web) == str(70 * 4 * 3)


def test_J16_the_worker_consumes_again_after_redis_was_restarted(production):
    web = production.start_web()
    production.start_jobs()
    define_clicks(web)
    send_all(web, readings(days=1))
    all_rolled_up(production, web)
    production.redis.stop()
    time.sleep(1)
    production.redis.start()
    send_all(web, readings(days=2, value=5))
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
