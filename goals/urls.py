from django.urls import path

from goals.views import feedback, goals, strategy, strategy_shares

app_name = "goals"

urlpatterns = [
    path("goals/", goals.index, name="index"),
    path("goals/new/", goals.new, name="new"),
    path("goals/baseline/", goals.baseline, name="baseline"),
    path("goals/<int:pk>/", goals.goal, name="goal"),
    path("goals/<int:pk>/edit/", goals.edit, name="edit"),
    path("goals/<int:pk>/close/", goals.close, name="close"),
    path("goals/<int:pk>/reopen/", goals.reopen, name="reopen"),
    path("strategy/", strategy.index, name="strategies"),
    path("strategy/new/", strategy.new, name="new_strategy"),
    path("strategy/<int:pk>/", strategy.strategy, name="strategy"),
    path("strategy/<int:pk>/period/", strategy.period, name="strategy_period"),
    path("strategy/<int:pk>/steps/<slug:step>/", strategy.write, name="strategy_step"),
    path("strategy/<int:pk>/publish/", strategy.publish, name="publish_strategy"),
    path("strategy/<int:pk>/start/", strategy.start, name="start_strategy"),
    path("strategy/<int:pk>/close/", strategy.close, name="close_strategy"),
    path("strategy/<int:pk>/reopen/", strategy.reopen, name="reopen_strategy"),
    path("strategy/<int:pk>/print/", strategy.on_paper, name="print_strategy"),
    path("strategy/<int:pk>/wall/", strategy.on_the_wall, name="strategy_wall"),
    path("strategy/<int:pk>/versions/<int:number>/", strategy.version, name="strategy_version"),
    path(
        "strategy/<int:pk>/versions/<int:number>/changes/",
        strategy.changes,
        name="strategy_changes",
    ),
    path("strategy/<int:pk>/links/", strategy_shares.shares, name="strategy_shares"),
    path(
        "strategy/<int:pk>/links/<int:share>/revoke/",
        strategy_shares.revoke,
        name="revoke_strategy_share",
    ),
    path("strategy/<int:pk>/sign/", strategy_shares.sign, name="sign_strategy"),
    path("strategy/<int:pk>/decisions/", strategy_shares.decisions, name="strategy_decisions"),
    path(
        "strategy/<int:pk>/decisions/<int:decision>/close/",
        strategy_shares.came_of_it,
        name="close_decision",
    ),
    path("strategy/<int:pk>/feedback/", feedback.inbox, name="feedback"),
    path("strategy/<int:pk>/feedback/new/", feedback.give, name="give_feedback"),
    path("strategy/<int:pk>/feedback/<int:item>/", feedback.decide, name="decide_feedback"),
]
