"""What the clock does with work. Each job may run twice, and may die at any point."""

from celery import shared_task
from django.utils.timezone import now

from tasks.operations import (
    attachments,
    automation_runs,
    cards,
    counts,
    import_runs,
    imports,
    imports_people,
    notices,
    request_mail,
    series_making,
)


@shared_task(name="tasks.run_board_imports")
def run_board_imports() -> int:
    return import_runs.run_waiting(clock=now) + imports_people.hand_over(at=now())


@shared_task(name="tasks.tidy_board_imports")
def tidy_board_imports() -> int:
    return imports.forget_abandoned(at=now())


@shared_task(name="tasks.tidy_files")
def tidy_files() -> int:
    return attachments.tidy_files(at=now())


@shared_task(name="tasks.remind")
def remind() -> int:
    at = now()
    return notices.remind(at=at) + notices.remind_approvers(at=at)


@shared_task(name="tasks.send_receipts")
def send_receipts() -> int:
    return request_mail.send_receipts(at=now())


@shared_task(name="tasks.empty_trash")
def empty_trash() -> int:
    return cards.empty_trash(at=now())


@shared_task(name="tasks.count_work")
def count_work() -> int:
    return counts.count_work(at=now())


@shared_task(name="tasks.make_repeating_cards")
def make_repeating_cards() -> int:
    return series_making.make_due_cards(at=now())


@shared_task(name="tasks.run_automations")
def run_automations() -> int:
    return automation_runs.run_automations(at=now())


@shared_task(name="tasks.run_daily_automations")
def run_daily_automations() -> int:
    return automation_runs.run_daily_automations(at=now())


@shared_task(name="tasks.tidy_automations")
def tidy_automations() -> int:
    return automation_runs.tidy_runs(at=now())
