"""The public noun of the intent."""

from goals.models.goals import Goal

__all__ = ["Goal"]
