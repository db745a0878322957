from django.urls import path

from metrics.views import catalogue, formulas, imports, mappings, metric, starters

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
    path("imports/<int:pk>/rejected.csv", imports.import_rejects, name="import_rejects"),
]

defining = [
    path("metrics/", catalogue.index, name="index"),
    path("metrics/new/", catalogue.new, name="new"),
    path("metrics/formula/", formulas.check, name="formula"),
    path("metrics/starters/", starters.starters, name="starters"),
    path("metrics/<str:key>/", metric.metric, name="metric"),
    path("metrics/<str:key>/edit/", catalogue.edit, name="edit"),
    path("metrics/<str:key>/retire/", catalogue.retire, name="retire"),
]

urlpatterns = [*importing, *defining]
