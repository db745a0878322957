from django.urls import path

from metrics.views import (
    alerts,
    analysis,
    catalogue,
    entry,
    explore,
    formulas,
    imports,
    mappings,
    metric,
    quality,
    saved_views,
    starters,
    watch,
    watch_edit,
)

app_name = "metrics"

importing = [
    path("imports/", imports.imports, name="imports"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/<int:pk>/", imports.import_run_page, name="import_run_page"),
    path("imports/<int:pk>/columns/", mappings.import_map, name="import_map"),
    path("imports/<int:pk>/preview/", mappings.import_preview, name="import_preview"),
    path("imports/<int:pk>/document/", mappings.import_document, name="import_document"),
    path("imports/<int:pk>/mapping.json", mappings.import_mapping, name="import_mapping"),
    path("imports/<int:pk>/check/", imports.import_check, name="import_check"),
    path("imports/<int:pk>/run/", imports.import_run, name="import_run"),
    path("imports/<int:pk>/progress/", imports.import_progress, name="import_progress"),
    path("imports/<int:pk>/cancel/", imports.import_cancel, name="import_cancel"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("imports/<int:pk>/leftovers/", imports.import_sweep, name="import_sweep"),
    path("imports/<int:pk>/rejected.csv", imports.import_rejects, name="import_rejects"),
]

defining = [
    path("metrics/", catalogue.index, name="index"),
    path("metrics/new/", catalogue.new, name="new"),
    path("metrics/enter/", entry.enter, name="enter"),
    path("metrics/formula/", formulas.check, name="formula"),
    path("metrics/starters/", starters.starters, name="starters"),
    path("metrics/<str:key>/", metric.metric, name="metric"),
    path("metrics/<str:key>/edit/", catalogue.edit, name="edit"),
    path("metrics/<str:key>/retire/", catalogue.retire, name="retire"),
    path("metrics/<str:key>/delete/", catalogue.delete, name="delete"),
]

judging = [
    path("quality/", quality.quality, name="quality"),
    path("quality/findings/<str:finding>/dismiss/", quality.dismiss, name="dismiss"),
    path("quality/dismissals/<int:pk>/reopen/", quality.reopen, name="reopen"),
    path("quality/exclude/", quality.exclude, name="exclude"),
    path("quality/exclusions/<int:pk>/restore/", quality.restore, name="restore_excluded"),
    path("quality/sources/<int:pk>/", quality.expect, name="expect_source"),
    path("quality/sources/<int:pk>/metrics/<str:key>/", quality.expect_one, name="expect_feed"),
]

WATCH = "metrics/<str:key>/watch/"
watching = [
    path("alerts/", alerts.alerts, name="alerts"),
    path(WATCH, watch.watch, name="watch"),
    path(f"{WATCH}benchmarks/", watch.new_benchmark, name="new_benchmark"),
    path(f"{WATCH}benchmarks/<int:pk>/", watch_edit.edit_benchmark, name="edit_benchmark"),
    path(f"{WATCH}benchmarks/<int:pk>/remove/", watch.drop_benchmark, name="drop_benchmark"),
    path(f"{WATCH}notes/", watch.new_annotation, name="new_annotation"),
    path(f"{WATCH}notes/<int:pk>/", watch_edit.edit_annotation, name="edit_annotation"),
    path(f"{WATCH}notes/<int:pk>/remove/", watch.drop_annotation, name="drop_annotation"),
    path(f"{WATCH}targets/", watch.new_target, name="new_target"),
    path(f"{WATCH}targets/<int:pk>/", watch_edit.edit_target, name="edit_target"),
    path(f"{WATCH}targets/<int:pk>/remove/", watch.drop_target, name="drop_target"),
    path(f"{WATCH}alerts/", watch.new_alert, name="new_alert"),
    path(f"{WATCH}alerts/<int:pk>/", watch_edit.edit_alert, name="edit_alert"),
    path(f"{WATCH}alerts/<int:pk>/remove/", watch.drop_alert, name="drop_alert"),
    path(f"{WATCH}alerts/<int:pk>/snooze/", watch.snooze_alert, name="snooze_alert"),
]

reading = [
    path("explore/", explore.explore, name="explore"),
    path("explore/metrics.csv", explore.export, name="export"),
    path("funnel/", explore.funnel, name="funnel"),
    path("views/", saved_views.keep, name="view_keep"),
    path("views/<int:pk>/", saved_views.change, name="view_change"),
    path("views/<int:pk>/remove/", saved_views.remove, name="view_remove"),
    path("metrics/<str:key>/why/", analysis.why, name="why"),
    path("metrics/<str:key>/best/", analysis.best, name="best"),
    path("metrics/<str:key>/changes/", analysis.changes, name="changes"),
    path("metrics/<str:key>/lineage/", analysis.lineage, name="lineage"),
]

urlpatterns = [*importing, *defining, *judging, *watching, *reading]
