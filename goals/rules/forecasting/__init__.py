"""Forecasts of a series: drawn futures, bands, and the chance that a goal is met.

Pure arithmetic on arrays: `select` a fit once, `forecast` with it, `land` the goal.
"""

from goals.rules.forecasting.fits import Fit
from goals.rules.forecasting.forecasts import Forecast, RatioFit, fit_of, forecast, select
from goals.rules.forecasting.landings import Landing, Reading, Side, land
from goals.rules.forecasting.shapes import History, NoForecast
from goals.rules.forecasting.timelines import Timeline

__all__ = [
    "Fit",
    "Forecast",
    "History",
    "Landing",
    "NoForecast",
    "RatioFit",
    "Reading",
    "Side",
    "Timeline",
    "fit_of",
    "forecast",
    "land",
    "select",
]
