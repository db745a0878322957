"""The endpoints of the evidence below /api/v1/workspaces/<slug>/."""

from django.urls import path

from metrics.api.alerts import AlertRuleDetail, AlertRules, Alerts, SnoozeAlertRule
from metrics.api.analysis import BestOfMetric, ExplainMetric
from metrics.api.changes import MetricChanges
from metrics.api.context import (
    AnnotationDetail,
    Annotations,
    BenchmarkDetail,
    Benchmarks,
    MetricStanding,
    TargetDetail,
    Targets,
)
from metrics.api.definitions import FormulaTrial, MetricVersions
from metrics.api.exclusions import ExclusionDetail, Exclusions
from metrics.api.facts import OneObservation, OneObservationHistory, WithdrawObservations
from metrics.api.imports import CancelImport, ImportDetail, Imports, RejectedRows, UndoImport
from metrics.api.leftovers import ImportLeftovers
from metrics.api.lineage import TraceMetric
from metrics.api.metrics import MetricDetail, Metrics, RetireMetric
from metrics.api.observations import Observations
from metrics.api.presets import Presets
from metrics.api.quality import (
    Coverage,
    DismissalDetail,
    Dismissals,
    Findings,
    RowsWithout,
)
from metrics.api.questions import FunnelOf, Query
from metrics.api.saved_views import SavedViewDetail, SavedViews
from metrics.api.series import MetricSeries
from metrics.api.sources import SourceDetail, SourceFeed, Sources
from metrics.api.starters import Starters
from metrics.api.uses import MetricUses

routes = [
    path("metrics/", Metrics.as_view()),
    path("metrics/formula/", FormulaTrial.as_view()),
    path("metrics/starters/", Starters.as_view()),
    path("metrics/<str:key>/", MetricDetail.as_view()),
    path("metrics/<str:key>/uses/", MetricUses.as_view()),
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
    path("metrics/<str:key>/versions/", MetricVersions.as_view()),
    path("imports/", Imports.as_view()),
    path("imports/presets/", Presets.as_view()),
    path("imports/<str:pk>/", ImportDetail.as_view()),
    path("imports/<str:pk>/rejected/", RejectedRows.as_view(), name="import_rejected"),
    path("imports/<str:pk>/cancel/", CancelImport.as_view()),
    path("imports/<str:pk>/undo/", UndoImport.as_view()),
    path("imports/<str:pk>/leftovers/", ImportLeftovers.as_view()),
    path("observations/", Observations.as_view()),
    path("observations/withdraw/", WithdrawObservations.as_view()),
    path(
        "observations/<str:metric>/<str:source>/<path:key>/history/",
        OneObservationHistory.as_view(),
    ),
    path("observations/<str:metric>/<str:source>/<path:key>/", OneObservation.as_view()),
    path("quality/", Findings.as_view()),
    path("quality/coverage/", Coverage.as_view()),
    path("quality/without/", RowsWithout.as_view()),
    path("quality/dismissals/", Dismissals.as_view()),
    path("quality/dismissals/<str:pk>/", DismissalDetail.as_view()),
    path("quality/exclusions/", Exclusions.as_view()),
    path("quality/exclusions/<str:pk>/", ExclusionDetail.as_view()),
    path("quality/sources/", Sources.as_view()),
    path("quality/sources/<str:pk>/", SourceDetail.as_view()),
    path("quality/sources/<str:pk>/metrics/<str:key>/", SourceFeed.as_view()),
    path("metrics/<str:key>/benchmarks/", Benchmarks.as_view()),
    path("metrics/<str:key>/targets/", Targets.as_view()),
    path("metrics/<str:key>/status/", MetricStanding.as_view()),
    path("benchmarks/<str:pk>/", BenchmarkDetail.as_view()),
    path("targets/<str:pk>/", TargetDetail.as_view()),
    path("annotations/", Annotations.as_view()),
    path("annotations/<str:pk>/", AnnotationDetail.as_view()),
    path("alerts/", Alerts.as_view()),
    path("alert-rules/", AlertRules.as_view()),
    path("alert-rules/<str:pk>/", AlertRuleDetail.as_view()),
    path("alert-rules/<str:pk>/snooze/", SnoozeAlertRule.as_view()),
]
