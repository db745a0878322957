from django.urls import path

from goals.views import clocks, goals, guardrails, promises, raci, slas

app_name = "goals"

urlpatterns = [
    path("goals/", goals.index, name="index"),
    path("goals/new/", goals.new, name="new"),
    path("goals/baseline/", goals.baseline, name="baseline"),
    path("goals/<int:pk>/", goals.goal, name="goal"),
    path("goals/<int:pk>/edit/", goals.edit, name="edit"),
    path("goals/<int:pk>/close/", goals.close, name="close"),
    path("goals/<int:pk>/reopen/", goals.reopen, name="reopen"),
    path("goals/<int:pk>/raci/", raci.raci, name="raci"),
    path("goals/<int:pk>/raci/edit/", raci.edit_raci, name="edit_raci"),
    path("stakeholders/<int:pk>/goals/", raci.of_stakeholder, name="of_stakeholder"),
    path("goals/<int:pk>/guardrails/", guardrails.guard, name="guard"),
    path("goals/<int:pk>/guardrails/<int:guardrail>/", guardrails.unguard, name="unguard"),
    path(
        "stakeholders/<int:pk>/promises/",
        slas.promises_of_stakeholder,
        name="promises_of_stakeholder",
    ),
    path("sla/", slas.slas, name="slas"),
    path("sla/new/", slas.new_sla, name="new_sla"),
    path("sla/<int:pk>/", slas.sla, name="sla"),
    path("sla/<int:pk>/edit/", slas.edit_sla, name="edit_sla"),
    path("sla/<int:pk>/end/", slas.end, name="end_sla"),
    path("sla/<int:pk>/promises/new/", promises.new_promise, name="new_promise"),
    path("sla/promises/<int:pk>/", promises.edit_promise, name="edit_promise"),
    path("sla/promises/<int:pk>/withdraw/", promises.withdraw, name="withdraw_promise"),
    path("sla/promises/<int:pk>/start/", clocks.start, name="start_clock"),
    path("sla/promises/<int:pk>/quotas/new/", promises.new_quota, name="new_quota"),
    path("sla/quotas/<int:pk>/", promises.edit_quota, name="edit_quota"),
    path("sla/quotas/<int:pk>/remove/", promises.remove, name="remove_quota"),
    path("sla/quotas/<int:pk>/<str:month>/", promises.explain, name="explain_month"),
    path("sla/clocks/<int:pk>/pause/", clocks.pause, name="pause_clock"),
    path("sla/clocks/<int:pk>/resume/", clocks.resume, name="resume_clock"),
    path("sla/clocks/<int:pk>/stop/", clocks.stop, name="stop_clock"),
    path("sla/clocks/<int:pk>/breach/", clocks.explain, name="explain_breach"),
    path("sla/assurances/<int:pk>/", slas.set_assured, name="set_assured"),
]
