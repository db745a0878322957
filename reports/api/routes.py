"""The reports' endpoints below /api/v1/workspaces/<slug>/."""

from django.urls import path

from reports.api.gaps import GapsDetail
from reports.api.overview import OverviewDetail

routes = [
    path("overview/", OverviewDetail.as_view()),
    path("gaps/", GapsDetail.as_view()),
]
