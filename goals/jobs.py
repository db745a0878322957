from celery import shared_task
from django.utils.timezone import now

from goals.operations import pulse_rounds, quota_watch, reminders, track_record
from goals.operations.reviews import review_goals as review


@shared_task(name="goals.review_goals")
def review_goals() -> int:
    return review(at=now())


@shared_task(name="goals.watch_quotas")
def watch_quotas() -> int:
    return quota_watch.watch_quotas(at=now())


@shared_task(name="goals.keep_pulses")
def keep_pulses() -> int:
    return pulse_rounds.keep_pulses(at=now())


@shared_task(name="goals.remind")
def remind() -> int:
    return reminders.remind(at=now())


@shared_task(name="goals.score_forecasts")
def score_forecasts() -> int:
    return track_record.score_forecasts(at=now())
