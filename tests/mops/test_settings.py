import threading

import pytest
from django.conf import settings
from django.db import ConnectionHandler, DatabaseError

from mops.celery import app

of_sqlite = pytest.mark.skipif(not settings.SQLITE, reason="what is said of SQLite")
WRITERS, TURNS = 6, 15


@pytest.fixture
def file(tmp_path, django_db_blocker):
    """The settings of the embedded database, on a file of this test."""
    with django_db_blocker.unblock():
        yield {"default": {**settings.DATABASES["default"], "NAME": str(tmp_path / "x.sqlite3")}}


def ask(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


@of_sqlite
def test_D01_sqlite_writes_ahead_waits_and_takes_its_lock_at_once(file):
    connection = ConnectionHandler(file)["default"]
    assert ask(connection, "PRAGMA journal_mode") == "wal"
    assert ask(connection, "PRAGMA synchronous") == 1
    assert ask(connection, "PRAGMA foreign_keys") == 1
    assert ask(connection, "PRAGMA busy_timeout") >= 20_000
    assert settings.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    connection.close()


@of_sqlite
def test_D02_writers_at_once_that_read_first_lose_nothing(file):
    first = ConnectionHandler(file)["default"]
    with first.cursor() as cursor:
        cursor.execute("CREATE TABLE counter (n INTEGER)")
        cursor.execute("INSERT INTO counter VALUES (0)")
    failures = []

    def write():
        connection = ConnectionHandler(file)["default"]
        try:
            for _ in range(TURNS):
                connection.set_autocommit(
                    False, force_begin_transaction_with_broken_autocommit=True
                )
                seen = ask(connection, "SELECT n FROM counter")
                with connection.cursor() as cursor:
                    cursor.execute("UPDATE counter SET n = %s", [seen + 1])
                connection.commit()
                connection.set_autocommit(True)
        except DatabaseError as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert ask(first, "SELECT n FROM counter") == WRITERS * TURNS
    first.close()


def test_a_message_is_plain_json_and_a_result_is_nowhere_kept():
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"
    assert app.conf.task_ignore_result is True
    assert app.conf.result_backend is None


def test_a_job_is_acknowledged_when_it_is_done_and_ended_before_it_is_given_out_again():
    assert app.conf.task_acks_late is True
    assert app.conf.task_reject_on_worker_lost is True
    assert 0 < app.conf.task_time_limit < 600
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.broker_connection_max_retries is None
