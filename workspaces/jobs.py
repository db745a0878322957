"""What the clock does with the ground. Each job may run twice, and may die at any point."""

from datetime import timedelta

from celery import shared_task
from django.utils.timezone import now

from workspaces.operations import calling, clocks, delivery, digests, outbox, receipts

KEPT = timedelta(days=30)


@shared_task(name="workspaces.sweep_receipts")
def sweep_receipts() -> int:
    return receipts.sweep_receipts(at=now())


@shared_task(name="workspaces.watch_clocks")
def watch_clocks() -> int:
    return clocks.watch_clocks(at=now())


@shared_task(name="workspaces.make_digests")
def make_digests() -> int:
    return digests.make_digests(at=now())


@shared_task(name="workspaces.send_mail")
def send_mail() -> int:
    return outbox.send_waiting(clock=now, write=delivery.write_letter)


@shared_task(name="workspaces.send_webhooks")
def send_webhooks() -> int:
    return calling.tell_webhooks(clock=now)


@shared_task(name="workspaces.tidy_post")
def tidy_post() -> int:
    before = now() - KEPT
    return outbox.tidy_deliveries(before=before) + calling.tidy_calls(before=before)
