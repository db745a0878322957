"""The public nouns of the intent."""

from goals.models.goals import Goal
from goals.models.quotas import Quota, QuotaBreach
from goals.models.raci import GoalSeat

__all__ = ["Goal", "GoalSeat", "Quota", "QuotaBreach"]
