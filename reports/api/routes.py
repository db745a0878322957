"""The reports' endpoints below /api/v1/workspaces/<slug>/."""

from django.urls import path

from reports.api.overview import OverviewDetail

routes = [path("overview/", OverviewDetail.as_view())]
