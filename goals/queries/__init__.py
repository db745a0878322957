"""The question that the apps above ask: how do these goals stand."""

from goals.queries.standing import Standing, standings

__all__ = ["Standing", "standings"]
