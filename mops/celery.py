"""The Celery app, the schedule in one table, and the hurry: waking a job after a commit.

A message is only a hint: the rows say what is to be done, the beat asks every few seconds, and each
job may run twice. So a broker that is down, slow or emptied costs seconds, never work.
"""

import logging
import os
from functools import cache

from celery import Celery
from celery.signals import task_prerun
from django.conf import settings
from kombu import Connection
from kombu.exceptions import KombuError
from kombu.pools import producers
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from workspaces.live.breaker import Breaker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mops.settings")

log = logging.getLogger(__name__)

app = Celery("mops")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")

SCHEDULE = {  # job: seconds between two asks
    "workspaces.sweep_receipts": 3600,
    "workspaces.watch_clocks": 60,
    "workspaces.make_digests": 300,
    "workspaces.send_mail": 15,
    "workspaces.send_webhooks": 10,
    "workspaces.tidy_post": 3600,
    "tasks.remind": 600,
    "metrics.roll_up": 5,
    "metrics.run_imports": 5,
    "metrics.tidy_imports": 3600,
    "metrics.purge": 60,
    "connectors.fetch": 15,
    "connectors.tidy_fetches": 3600,
    "metrics.apply_exclusions": 30,
    "metrics.watch": 60,
    "tasks.empty_trash": 3600,
    "tasks.run_board_imports": 5,
    "tasks.tidy_board_imports": 3600,
    "goals.review_goals": 60,
    "goals.watch_quotas": 600,
    "goals.keep_pulses": 600,
    "goals.remind": 600,
    "goals.score_forecasts": 3600,
    "tasks.count_work": 300,
    "tasks.tidy_files": 3600,
    "tasks.make_repeating_cards": 60,
    "tasks.run_automations": 5,
    "tasks.run_daily_automations": 300,
    "tasks.tidy_automations": 3600,
    "tasks.send_receipts": 60,
}
WAKES = {  # the name that an operation says: the job that it wakes
    "send_mail": "workspaces.send_mail",
    "send_webhooks": "workspaces.send_webhooks",
    "roll_up": "metrics.roll_up",
    "run_imports": "metrics.run_imports",
    "purge_metrics": "metrics.purge",
    "fetch": "connectors.fetch",
    "review_goals": "goals.review_goals",
    "count_work": "tasks.count_work",
    "send_receipts": "tasks.send_receipts",
    "run_board_imports": "tasks.run_board_imports",
}

# An ask that nobody took within its turn is worthless: the next one asks the same.
app.conf.beat_schedule = {
    job: {"task": job, "schedule": seconds, "options": {"expires": seconds, "retry": False}}
    for job, seconds in SCHEDULE.items()
}

PATIENCE = 0.2  # seconds that a request gives the broker
WAKE_LASTS = 30  # seconds; after that even an unanswered wake may be said again


breaker = Breaker()


def send_wake(name: str) -> None:
    """Publish a wake, once until its job starts; never raise, hardly wait (PATIENCE).

    A process without a broker, such as a command beside the embedded server, leaves it to the beat.
    """
    job = WAKES.get(name)
    if job is None or not settings.REDIS_URL or breaker.is_open():
        return
    try:
        if _first_to_ask(job):
            _publish(job)
    except (RedisError, KombuError, OSError) as error:
        breaker.trip()
        log.warning("wake not sent, the beat will ask: %s: %s", job, type(error).__name__)


def _first_to_ask(job: str) -> bool:
    """Say whether no unanswered wake is out; a thousand writes in a second make one message."""
    return bool(_redis().set(_key(job), 1, nx=True, ex=WAKE_LASTS))


def _publish(job: str) -> None:
    with producers[_connection()].acquire(block=True, timeout=PATIENCE) as producer:
        app.send_task(job, producer=producer, retry=False, expires=WAKE_LASTS, ignore_result=True)


def _key(job: str) -> str:
    return f"mops:wake:{job}"


@cache
def _redis() -> Redis:
    limits = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    return Redis.from_url(settings.REDIS_URL, retry=Retry(NoBackoff(), 0), **limits)


@cache
def _connection() -> Connection:
    """A connection of our own: the worker's waits long, a request must not."""
    options = {
        **(app.conf.broker_transport_options or {}),
        "socket_timeout": PATIENCE,
        "socket_connect_timeout": PATIENCE,
        "max_retries": 0,
        "connect_retries_timeout": PATIENCE,
        "retry_on_timeout": False,
    }
    return Connection(app.conf.broker_url, transport_options=options, connect_timeout=PATIENCE)


@task_prerun.connect(dispatch_uid="mops.answer_wake")
def answer_wake(task: object = None, **_rest: object) -> None:
    """Let the next write wake the job again: from now on it may have looked too early for it."""
    job = str(getattr(task, "name", ""))
    if settings.REDIS_URL and job in SCHEDULE:
        try:
            _redis().delete(_key(job))
        except RedisError as error:
            log.warning(
                "wake of %s stays marked for %s s: %s", job, WAKE_LASTS, type(error).__name__
            )
