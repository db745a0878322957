"""The endpoints of the intent below /api/v1/workspaces/<slug>/."""

from django.urls import path

from goals.api.goals import CloseGoal, GoalDetail, Goals, ReopenGoal
from goals.api.quotas import QuotaDetail, QuotaMonthDetail, QuotasOfPromise, SlaMonths
from goals.api.raci import GoalRaci, GoalsOfStakeholder

routes = [
    path("goals/", Goals.as_view()),
    path("goals/<str:pk>/", GoalDetail.as_view()),
    path("goals/<str:pk>/raci/", GoalRaci.as_view()),
    path("goals/<str:pk>/close/", CloseGoal.as_view()),
    path("goals/<str:pk>/reopen/", ReopenGoal.as_view()),
    path("stakeholders/<str:pk>/goals/", GoalsOfStakeholder.as_view()),
    path("slas/<str:pk>/months/", SlaMonths.as_view()),
    path("promises/<str:pk>/quotas/", QuotasOfPromise.as_view()),
    path("quotas/<str:pk>/", QuotaDetail.as_view()),
    path("quotas/<str:pk>/months/<str:month>/", QuotaMonthDetail.as_view()),
]
