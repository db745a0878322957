"""The endpoints of the intent below /api/v1/workspaces/<slug>/."""

from django.urls import path

from goals.api import feedback, strategy
from goals.api.checkins import CheckInDetail, CheckInRead, CheckIns
from goals.api.goals import CloseGoal, GoalDetail, Goals, ReopenGoal
from goals.api.guardrails import GuardrailDetail, Guardrails
from goals.api.lint import Lint, LintWaiver
from goals.api.pulse import PulseAnswers, PulseDetail, PulseLinks, PulseMonths
from goals.api.quotas import (
    Attainments,
    QuotaDetail,
    QuotaMonthDetail,
    QuotasOfPromise,
    SlaMonths,
)
from goals.api.raci import GoalRaci, GoalsOfStakeholder
from goals.api.reminders import Reminders
from goals.api.splits import SplitGoal
from goals.api.track_record import ForecastTrackRecord

routes = [
    path("goals/", Goals.as_view()),
    path("goals/track-record/", ForecastTrackRecord.as_view()),
    path("goals/<str:pk>/", GoalDetail.as_view()),
    path("goals/<str:pk>/changes/", strategy.ChangesOfGoal.as_view()),
    path("goals/<str:pk>/raci/", GoalRaci.as_view()),
    path("goals/<str:pk>/close/", CloseGoal.as_view()),
    path("goals/<str:pk>/reopen/", ReopenGoal.as_view()),
    path("goals/<str:pk>/split/", SplitGoal.as_view()),
    path("goals/<str:pk>/lint/", Lint.as_view()),
    path("goals/<str:pk>/lint/<str:code>/", LintWaiver.as_view()),
    path("goals/<str:pk>/check-ins/", CheckIns.as_view()),
    path("goals/<str:pk>/check-ins/<str:checkin>/", CheckInDetail.as_view()),
    path("goals/<str:pk>/check-ins/<str:checkin>/acknowledge/", CheckInRead.as_view()),
    path("goals/<str:pk>/guardrails/", Guardrails.as_view()),
    path("goals/<str:pk>/guardrails/<str:guardrail>/", GuardrailDetail.as_view()),
    path("reminders/", Reminders.as_view()),
    path("stakeholders/<str:pk>/goals/", GoalsOfStakeholder.as_view()),
    path("slas/attainment/", Attainments.as_view()),
    path("slas/<str:pk>/months/", SlaMonths.as_view()),
    path("promises/<str:pk>/quotas/", QuotasOfPromise.as_view()),
    path("quotas/<str:pk>/", QuotaDetail.as_view()),
    path("quotas/<str:pk>/months/<str:month>/", QuotaMonthDetail.as_view()),
    path("pulse/", PulseDetail.as_view()),
    path("pulse/months/", PulseMonths.as_view()),
    path("pulse/answers/", PulseAnswers.as_view()),
    path("pulse/links/", PulseLinks.as_view()),
    path("strategies/", strategy.Strategies.as_view()),
    path("strategies/<str:pk>/", strategy.StrategyDetail.as_view()),
    path("strategies/<str:pk>/outcomes/", strategy.SaveOutcomes.as_view()),
    path("strategies/<str:pk>/metrics/", strategy.SaveMetrics.as_view()),
    path("strategies/<str:pk>/goals/", strategy.SaveGoals.as_view()),
    path("strategies/<str:pk>/participation/", strategy.SaveParticipation.as_view()),
    path("strategies/<str:pk>/steps/", strategy.SaveSteps.as_view()),
    path("strategies/<str:pk>/assignments/", strategy.SaveAssignments.as_view()),
    path("strategies/<str:pk>/start/", strategy.StartStrategy.as_view()),
    path("strategies/<str:pk>/close/", strategy.CloseStrategy.as_view()),
    path("strategies/<str:pk>/reopen/", strategy.ReopenStrategy.as_view()),
    path("strategies/<str:pk>/versions/", strategy.StrategyVersions.as_view()),
    path("strategies/<str:pk>/versions/<str:number>/", strategy.StrategyVersionDetail.as_view()),
    path(
        "strategies/<str:pk>/versions/<str:number>/changes/",
        strategy.StrategyVersionChanges.as_view(),
    ),
    path("strategies/<str:pk>/signatures/", feedback.SignStrategy.as_view()),
    path("strategies/<str:pk>/feedback/", feedback.Feedback.as_view()),
    path("strategies/<str:pk>/feedback/<str:item>/decide/", feedback.DecideFeedback.as_view()),
    path("strategies/<str:pk>/shares/", feedback.StrategyShares.as_view()),
    path("strategies/<str:pk>/shares/<str:share>/", feedback.StrategyShareDetail.as_view()),
    path("strategies/<str:pk>/decisions/", feedback.Decisions.as_view()),
    path(
        "strategies/<str:pk>/decisions/<str:decision>/close/",
        feedback.CloseDecision.as_view(),
    ),
]
