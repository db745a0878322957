"""The public nouns of the intent."""

from goals.models.goals import Goal
from goals.models.guardrails import Guardrail

__all__ = ["Goal", "Guardrail"]
