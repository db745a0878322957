"""The public nouns of the intent."""

from goals.models.checkins import CheckIn
from goals.models.goals import Goal
from goals.models.guardrails import Guardrail
from goals.models.waivers import Waiver

__all__ = ["CheckIn", "Goal", "Guardrail", "Waiver"]
