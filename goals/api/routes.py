"""The endpoints of the intent below /api/v1/workspaces/<slug>/."""

from django.urls import path

from goals.api.checkins import CheckInDetail, CheckInRead, CheckIns
from goals.api.goals import CloseGoal, GoalDetail, Goals, ReopenGoal
from goals.api.guardrails import GuardrailDetail, Guardrails
from goals.api.lint import Lint, LintWaiver
from goals.api.splits import SplitGoal

routes = [
    path("goals/", Goals.as_view()),
    path("goals/<str:pk>/", GoalDetail.as_view()),
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
]
