"""The public nouns of the intent."""

from goals.models.goals import Goal
from goals.models.guardrails import Guardrail
from goals.models.raci import GoalSeat

__all__ = ["Goal", "GoalSeat", "Guardrail"]
