"""What the clock does with the ground. Each job may run twice, and may die at any point."""

from celery import shared_task
from django.utils.timezone import now

from workspaces.operations import clocks, receipts


@shared_task(name="workspaces.sweep_receipts")
def sweep_receipts() -> int:
    return receipts.sweep_receipts(at=now())


@shared_task(name="workspaces.watch_clocks")
def watch_clocks() -> int:
    return clocks.watch_clocks(at=now())
