"""Readings become rollups by real workers, whatever happens to Redis and to the beat."""

import time

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


@pytest.fixture(scope="module")
def at_work(shared):
    """An installation with web, worker and beat; each test has a metric of its own in it."""
    with shared("production") as stack:
        web = stack.start_web()
        stack.start_jobs()
        yield stack, web


def all_rolled_up(stack, web, metric):
    wait_until("it is rolled up", lambda: is_rolled_up(web, metric), seconds=90, pause=0.2)
    assert stack.marks() == 0


def a_reading_is_rolled_up(stack, web):
    define_clicks(web)
    send_all(web, readings(days=60, campaigns=2, value=3))
    all_rolled_up(stack, web, "clicks")
    stack.difference()
    points = series(web)["series"][0]["points"]
    assert [(p["period"], p["value"]) for p in points] == [("2024-01", "186"), ("2024-02", "174")]


def test_a_reading_sent_over_rest_is_rolled_up_by_the_worker(at_work):
    a_reading_is_rolled_up(*at_work)


def test_a_reading_sent_over_rest_is_rolled_up_by_the_embedded_process(embedded):
    a_reading_is_rolled_up(embedded, embedded.start_web())


def test_J10_two_beats_and_two_workers_do_no_harm(at_work):
    stack, web = at_work
    define_clicks(web, "twice")
    others = stack.start_jobs()
    for value in (1, 2, 3):
        send_all(web, readings(days=70, campaigns=4, value=value, metric="twice"))
        time.sleep(1.5)
    all_rolled_up(stack, web, "twice")
    stack.difference()
    assert total(web, "twice") == str(70 * 4 * 3)
    for child in others:
        child.kill()


def slowest(web, metric, *, writes):
    """Seconds of the slowest of so many writes, each of which has to be taken."""
    answers = [send(web, readings(days=2, value=n + 1, metric=metric)) for n in range(writes)]
    assert {answer.status for answer in answers} == {200}
    return max(answer.seconds for answer in answers)


def test_J03_J16_with_redis_down_every_write_is_taken_at_once_and_takes_effect_later(at_work):
    stack, web = at_work
    define_clicks(web, "down")
    usual = slowest(web, "down", writes=10)  # on a busy machine; connections are open now
    all_rolled_up(stack, web, "down")
    stack.redis.stop()
    try:
        assert slowest(web, "down", writes=30) < usual + 1.0
        assert total(web, "down") == "60"
    finally:
        stack.redis.start()
    send_all(web, readings(days=2, value=5, metric="down"))
    all_rolled_up(stack, web, "down")
    assert total(web, "down") == "10"


def test_J04_with_redis_frozen_writes_are_taken_and_do_not_wait_for_it(at_work):
    stack, web = at_work
    define_clicks(web, "frozen")
    usual = slowest(web, "frozen", writes=5)
    all_rolled_up(stack, web, "frozen")
    stack.redis.freeze()
    try:
        assert slowest(web, "frozen", writes=10) < usual + 2.0
    finally:
        stack.redis.thaw()
    all_rolled_up(stack, web, "frozen")
