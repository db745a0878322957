"""The public nouns of the intent."""

from goals.models.checkins import CheckIn
from goals.models.feedback import FeedbackItem, FeedbackSheet, FeedbackTurn
from goals.models.forecasts import ForecastRecord, GoalForecast
from goals.models.goals import Goal
from goals.models.guardrails import Guardrail
from goals.models.pulse import Pulse, PulseRound, PulseTurn
from goals.models.quotas import Quota, QuotaBreach
from goals.models.raci import GoalSeat
from goals.models.strategy import (
    Decision,
    SignOff,
    Strategy,
    StrategyGoal,
    StrategyMetric,
    StrategyOutcome,
    StrategyShare,
    StrategySigner,
    StrategyVersion,
)
from goals.models.waivers import Waiver

__all__ = [
    "CheckIn",
    "Decision",
    "FeedbackItem",
    "FeedbackSheet",
    "FeedbackTurn",
    "ForecastRecord",
    "Goal",
    "GoalForecast",
    "GoalSeat",
    "Guardrail",
    "Pulse",
    "PulseRound",
    "PulseTurn",
    "Quota",
    "QuotaBreach",
    "SignOff",
    "Strategy",
    "StrategyGoal",
    "StrategyMetric",
    "StrategyOutcome",
    "StrategyShare",
    "StrategySigner",
    "StrategyVersion",
    "Waiver",
]
