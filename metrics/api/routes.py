"""The endpoints of the evidence below /api/v1/workspaces/<slug>/."""

from django.urls import path

from metrics.api.exclusions import ExclusionDetail, Exclusions, SourceDetail, Sources
from metrics.api.imports import CancelImport, ImportDetail, Imports
from metrics.api.metrics import MetricDetail, Metrics, RetireMetric
from metrics.api.observations import Observations
from metrics.api.quality import (
    Coverage,
    DismissalDetail,
    Dismissals,
    Findings,
    RowsWithout,
)
from metrics.api.series import MetricSeries

routes = [
    path("metrics/", Metrics.as_view()),
    path("metrics/<str:key>/", MetricDetail.as_view()),
    path("metrics/<str:key>/retire/", RetireMetric.as_view()),
    path("metrics/<str:key>/series/", MetricSeries.as_view()),
    path("imports/", Imports.as_view()),
    path("imports/<str:pk>/", ImportDetail.as_view()),
    path("imports/<str:pk>/cancel/", CancelImport.as_view()),
    path("observations/", Observations.as_view()),
    path("quality/", Findings.as_view()),
    path("quality/coverage/", Coverage.as_view()),
    path("quality/without/", RowsWithout.as_view()),
    path("quality/dismissals/", Dismissals.as_view()),
    path("quality/dismissals/<str:pk>/", DismissalDetail.as_view()),
    path("quality/exclusions/", Exclusions.as_view()),
    path("quality/exclusions/<str:pk>/", ExclusionDetail.as_view()),
    path("quality/sources/", Sources.as_view()),
    path("quality/sources/<str:pk>/", SourceDetail.as_view()),
]
