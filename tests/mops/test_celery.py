import time

import pytest
from django.db import transaction
from redis.exceptions import ConnectionError as RedisRefused

from mops import celery as mops_celery
from mops.celery import SCHEDULE, WAKES, Breaker, answer_wake, app, send_wake
from tests.support.redis import redis_server
from workspaces.operations.waking import wake


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    monkeypatch.setattr(mops_celery, "breaker", Breaker())
    mops_celery._redis.cache_clear()
    mops_celery._connection.cache_clear()
    yield
    mops_celery._redis.cache_clear()
    mops_celery._connection.cache_clear()


@pytest.fixture
def server():
    with redis_server() as running:
        yield running


@pytest.fixture
def broker(server, settings, monkeypatch):
    address = f"redis+socket://{server.socket}"
    settings.REDIS_URL = server.url
    monkeypatch.setitem(app.conf, "broker_url", address)
    monkeypatch.setitem(app.conf, "broker_transport_options", {})
    return server


def waiting(server):
    return server.client().llen("celery")


def task(name):
    return type("Task", (), {"name": name})()


def test_every_job_that_is_scheduled_or_woken_exists():
    app.loader.import_default_modules()
    assert set(SCHEDULE) <= set(app.tasks)
    assert set(WAKES.values()) <= set(SCHEDULE)


def test_every_job_of_the_apps_is_scheduled():
    app.loader.import_default_modules()
    ours = ("workspaces.", "metrics.", "goals.", "tasks.", "reports.")
    assert {name for name in app.tasks if name.startswith(ours)} <= set(SCHEDULE)


def test_an_ask_of_the_beat_expires_before_the_next_one():
    for entry in app.conf.beat_schedule.values():
        assert entry["options"]["expires"] <= entry["schedule"]


def test_many_writes_make_one_message_until_the_job_starts(broker):
    for _ in range(50):
        send_wake("roll_up")
    assert waiting(broker) == 1
    answer_wake(task=task("metrics.roll_up"))
    send_wake("roll_up")
    assert waiting(broker) == 2


def test_one_jobs_wake_does_not_hold_back_anothers(broker):
    send_wake("roll_up")
    send_wake("run_imports")
    assert waiting(broker) == 2


def test_a_wake_that_nobody_answers_may_be_said_again_after_a_while(broker):
    send_wake("roll_up")
    assert 0 < broker.client().ttl("mops:wake:metrics.roll_up") <= mops_celery.WAKE_LASTS


def test_an_unknown_name_wakes_nothing(broker):
    send_wake("no_such_job")
    assert waiting(broker) == 0


def seconds_of(call):
    began = time.monotonic()
    call()
    return time.monotonic() - began


def wake_often():
    for _each in range(100):
        send_wake("roll_up")


def test_J03_a_refused_broker_costs_a_moment_once_and_then_nothing(broker):
    send_wake("roll_up")
    broker.stop()
    assert seconds_of(lambda: send_wake("run_imports")) < 0.5
    assert min(seconds_of(wake_often) for _each in range(5)) < 0.05


def test_J04_a_frozen_broker_costs_a_moment_once_and_then_nothing(broker):
    send_wake("roll_up")
    broker.freeze()
    assert seconds_of(lambda: send_wake("run_imports")) < 1.0
    assert min(seconds_of(wake_often) for _each in range(5)) < 0.05


def test_J04_a_broker_that_freezes_between_the_mark_and_the_message_is_not_waited_for(
    broker, monkeypatch
):
    send_wake("roll_up")

    def mark_and_freeze(_job):
        broker.freeze()
        return True

    monkeypatch.setattr(mops_celery, "_first_to_ask", mark_and_freeze)
    assert seconds_of(lambda: send_wake("run_imports")) < 1.5
    assert mops_celery.breaker.is_open()


def test_a_broker_that_was_never_there_does_not_hurt(settings, tmp_path):
    settings.REDIS_URL = f"unix://{tmp_path}/none.sock"
    began = time.monotonic()
    send_wake("roll_up")
    answer_wake(task=task("metrics.roll_up"))
    assert time.monotonic() - began < 0.5


def test_the_breaker_closes_again_after_its_pause():
    breaker = Breaker(pause=0.05)
    assert not breaker.is_open()
    breaker.trip()
    assert breaker.is_open()
    time.sleep(0.06)
    assert not breaker.is_open()


def test_any_error_of_redis_is_swallowed(settings, monkeypatch):
    def refuse(_job):
        raise RedisRefused

    settings.REDIS_URL = "redis://nowhere"
    monkeypatch.setattr(mops_celery, "_first_to_ask", refuse)
    send_wake("roll_up")
    assert mops_celery.breaker.is_open()


@pytest.mark.django_db(transaction=True)
def test_J02_a_rolled_back_change_wakes_nothing(broker):
    with transaction.atomic():
        wake("roll_up")
        transaction.set_rollback(True)
    assert waiting(broker) == 0
    with transaction.atomic():
        wake("roll_up")
        assert waiting(broker) == 0
    assert waiting(broker) == 1
