"""The endpoints of the evidence below /api/v1/workspaces/<slug>/."""

from django.urls import path

from metrics.api.analysis import BestOfMetric, ExplainMetric
from metrics.api.changes import MetricChanges
from metrics.api.facts import OneObservation, OneObservationHistory, WithdrawObservations
from metrics.api.imports import CancelImport, ImportDetail, Imports, UndoImport
from metrics.api.lineage import TraceMetric
from metrics.api.metrics import MetricDetail, Metrics, RetireMetric
from metrics.api.observations import Observations
from metrics.api.questions import FunnelOf, Query
from metrics.api.saved_views import SavedViewDetail, SavedViews
from metrics.api.series import MetricSeries

routes = [
    path("metrics/", Metrics.as_view()),
    path("metrics/<str:key>/", MetricDetail.as_view()),
    path("metrics/<str:key>/retire/", RetireMetric.as_view()),
    path("metrics/<str:key>/series/", MetricSeries.as_view()),
    path("metrics/<str:key>/explain/", ExplainMetric.as_view()),
    path("metrics/<str:key>/best/", BestOfMetric.as_view()),
    path("metrics/<str:key>/lineage/", TraceMetric.as_view()),
    path("query/", Query.as_view()),
    path("funnel/", FunnelOf.as_view()),
    path("views/", SavedViews.as_view()),
    path("views/<str:pk>/", SavedViewDetail.as_view()),
    path("metrics/<str:key>/changes/", MetricChanges.as_view()),
    path("imports/", Imports.as_view()),
    path("imports/<str:pk>/", ImportDetail.as_view()),
    path("imports/<str:pk>/cancel/", CancelImport.as_view()),
    path("imports/<str:pk>/undo/", UndoImport.as_view()),
    path("observations/", Observations.as_view()),
    path("observations/withdraw/", WithdrawObservations.as_view()),
    path(
        "observations/<str:metric>/<str:source>/<path:key>/history/",
        OneObservationHistory.as_view(),
    ),
    path("observations/<str:metric>/<str:source>/<path:key>/", OneObservation.as_view()),
]
