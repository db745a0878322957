import threading

import pytest
from django.db import DatabaseError
from django.test import Client

from mops import health
from tests.support.redis import redis_server

OK = {"app": "mops", "status": "ok"}
DOWN = {"app": "mops", "status": "unavailable"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    health._redis.cache_clear()
    health._asked.clear()
    yield
    health._redis.cache_clear()
    health._asked.clear()


@pytest.fixture
def probe():
    return Client(headers={"host": "10.0.0.7"})


def test_alive_says_one_word_to_anybody(probe):
    answer = probe.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, OK)
    assert answer["Cache-Control"] == "no-store"


def test_ready_asks_the_database_and_redis(probe, settings):
    with redis_server() as server:
        settings.REDIS_URL = server.url
        assert (probe.get("/readyz").status_code, probe.get("/readyz").json()) == (200, OK)
        server.stop()
        answer = probe.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, DOWN)


def test_K12_a_database_that_is_down_is_told_without_its_reason(probe, monkeypatch, settings):
    settings.REDIS_URL = ""

    class Broken:
        def cursor(self):
            raise DatabaseError("password authentication failed for user mops")

        def close(self):
            pass

    monkeypatch.setattr(health, "connection", Broken())
    answer = probe.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, DOWN)
    assert probe.get("/healthz").status_code == 200


def test_K05_a_frozen_database_is_not_waited_for_and_not_asked_twice(probe, monkeypatch, settings):
    settings.REDIS_URL = ""
    thaw, asked = threading.Event(), []

    def frozen():
        asked.append(1)
        return thaw.wait(10)

    monkeypatch.setattr(health, "PATIENCE", 0.1)
    monkeypatch.setattr(health, "_ask_database", frozen)
    answers = [probe.get("/readyz").status_code for _ in range(3)]
    thaw.set()
    assert answers == [503, 503, 503]
    assert asked == [1]
    health._asked[0].result(5)
    assert probe.get("/readyz").status_code == 200


def test_other_methods_and_other_paths_are_not_probes(probe):
    assert probe.post("/healthz").status_code == 400  # a host that is not ours
    assert probe.get("/healthz/").status_code in {400, 404}
