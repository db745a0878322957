"""The endpoints of the evidence below /api/v1/workspaces/<slug>/."""

from django.urls import path

from metrics.api.definitions import FormulaTrial, MetricVersions
from metrics.api.imports import CancelImport, ImportDetail, Imports
from metrics.api.metrics import MetricDetail, Metrics, RetireMetric
from metrics.api.observations import Observations
from metrics.api.series import MetricSeries
from metrics.api.starters import Starters

routes = [
    path("metrics/", Metrics.as_view()),
    path("metrics/formula/", FormulaTrial.as_view()),
    path("metrics/starters/", Starters.as_view()),
    path("metrics/<str:key>/", MetricDetail.as_view()),
    path("metrics/<str:key>/retire/", RetireMetric.as_view()),
    path("metrics/<str:key>/series/", MetricSeries.as_view()),
    path("metrics/<str:key>/versions/", MetricVersions.as_view()),
    path("imports/", Imports.as_view()),
    path("imports/<str:pk>/", ImportDetail.as_view()),
    path("imports/<str:pk>/cancel/", CancelImport.as_view()),
    path("observations/", Observations.as_view()),
]
