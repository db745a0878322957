from celery import shared_task
from django.utils.timezone import now

from goals.operations.reviews import review_goals as review


@shared_task(name="goals.review_goals")
def review_goals() -> int:
    return review(at=now())
