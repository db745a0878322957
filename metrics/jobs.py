"""What the clock does with metrics. Each job may run twice, and may die at any point."""

from celery import shared_task
from django.utils.timezone import now

from metrics.operations import (
    alerts,
    exclusions,
    health,
    import_runs,
    imports,
    purging,
    rollups,
)


@shared_task(name="metrics.roll_up")
def roll_up() -> int:
    return rollups.roll_up()


@shared_task(name="metrics.run_imports")
def run_imports() -> int:
    return import_runs.run_waiting(clock=now)


@shared_task(name="metrics.tidy_imports")
def tidy_imports() -> int:
    return imports.forget_abandoned(at=now())


@shared_task(name="metrics.purge")
def purge() -> int:
    return purging.purge_metrics(at=now())


@shared_task(name="metrics.apply_exclusions")
def apply_exclusions() -> int:
    return exclusions.apply_exclusions(at=now())


@shared_task(name="metrics.watch")
def watch() -> int:
    at = now()
    return health.check_sources(at=at) + alerts.watch_metrics(at=at)
