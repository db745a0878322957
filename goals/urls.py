from django.urls import path

from goals.views import checkins, goals, guardrails, lint, splits

app_name = "goals"

urlpatterns = [
    path("goals/", goals.index, name="index"),
    path("goals/new/", goals.new, name="new"),
    path("goals/baseline/", goals.baseline, name="baseline"),
    path("goals/<int:pk>/", goals.goal, name="goal"),
    path("goals/<int:pk>/edit/", goals.edit, name="edit"),
    path("goals/<int:pk>/close/", goals.close, name="close"),
    path("goals/<int:pk>/reopen/", goals.reopen, name="reopen"),
    path("goals/<int:pk>/split/", splits.split, name="split"),
    path("goals/<int:pk>/lint/<str:code>/waive/", lint.waive, name="waive"),
    path("goals/<int:pk>/lint/<str:code>/take-up/", lint.take_up, name="take_up"),
    path("goals/<int:pk>/check-ins/", checkins.tell, name="check_in"),
    path("goals/<int:pk>/check-ins/<int:checkin>/drop/", checkins.drop, name="drop_draft"),
    path("goals/<int:pk>/check-ins/<int:checkin>/read/", checkins.read, name="acknowledge"),
    path("goals/<int:pk>/guardrails/", guardrails.guard, name="guard"),
    path("goals/<int:pk>/guardrails/<int:guardrail>/", guardrails.unguard, name="unguard"),
]
