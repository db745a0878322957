"""The reports' endpoints below /api/v1/workspaces/<slug>/."""

from django.urls import path

from reports.api.gaps import GapsDetail
from reports.api.optimisations import EndOptimisation, OptimisationDetail, Optimisations
from reports.api.overview import OverviewDetail
from reports.api.reviews import AskOwner, EndReview, ReviewDetail, ReviewItemDetail, Reviews

routes = [
    path("overview/", OverviewDetail.as_view()),
    path("gaps/", GapsDetail.as_view()),
    path("reviews/", Reviews.as_view()),
    path("reviews/<str:pk>/", ReviewDetail.as_view()),
    path("reviews/<str:pk>/end/", EndReview.as_view()),
    path("reviews/<str:pk>/items/<str:item>/", ReviewItemDetail.as_view()),
    path("reviews/<str:pk>/items/<str:item>/ask/", AskOwner.as_view()),
    path("optimisations/", Optimisations.as_view()),
    path("optimisations/<str:pk>/", OptimisationDetail.as_view()),
    path("optimisations/<str:pk>/end/", EndOptimisation.as_view()),
]
