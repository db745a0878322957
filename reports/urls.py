from django.urls import path

from reports.views import cycles, optimisations, overview, reviews

app_name = "reports"

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("gaps/", overview.gaps, name="gaps"),
    path("cycles/", cycles.cycles, name="cycles"),
    path("cycles/new/", cycles.new, name="new_cycle"),
    path("cycles/<int:pk>/", cycles.cycle, name="cycle"),
    path("cycles/<int:pk>/edit/", cycles.edit, name="edit_cycle"),
    path("cycles/<int:pk>/begin/", cycles.begin, name="begin_cycle"),
    path("cycles/<int:pk>/close/", cycles.close, name="close_cycle"),
    path("cycles/<int:pk>/reopen/", cycles.reopen, name="reopen_cycle"),
    path("cycles/<int:pk>/notes/", cycles.notes, name="note_cycle"),
    path("cycles/<int:pk>/remove/", cycles.remove, name="remove_cycle"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/start/", reviews.start, name="start_review"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
    path("reviews/<int:pk>/end/", reviews.end, name="end_review"),
    path("reviews/<int:pk>/goals/<int:item>/", reviews.item, name="review_item"),
    path("reviews/<int:pk>/goals/<int:item>/look/", reviews.look, name="look_at"),
    path("reviews/<int:pk>/goals/<int:item>/ask/", reviews.ask, name="ask_owner"),
    path("optimisations/", optimisations.optimisations, name="optimisations"),
    path("optimisations/new/", optimisations.new, name="new_optimisation"),
    path("optimisations/<int:pk>/", optimisations.edit, name="edit_optimisation"),
    path("optimisations/<int:pk>/learn/", optimisations.learn, name="end_optimisation"),
    path("optimisations/<int:pk>/remove/", optimisations.remove, name="remove_optimisation"),
]
