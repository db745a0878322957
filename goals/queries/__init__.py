"""The question that the apps above ask: how do these goals stand."""

from goals.queries.figures import Standing
from goals.queries.standing import standings

__all__ = ["Standing", "standings"]
