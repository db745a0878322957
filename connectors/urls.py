from django.urls import path

from connectors.views import sources

app_name = "connectors"

urlpatterns = [
    path("sources/", sources.sources, name="sources"),
    path("sources/new/", sources.source_kinds, name="source_kinds"),
    path("sources/new/<str:kind>/", sources.source_new, name="source_new"),
    path("sources/runs/<int:pk>/", sources.source_run, name="source_run"),
    path("sources/runs/<int:pk>/undo/", sources.source_run_undo, name="source_run_undo"),
    path("sources/<int:pk>/", sources.source, name="source"),
    path("sources/<int:pk>/edit/", sources.source_edit, name="source_edit"),
    path("sources/<int:pk>/test/", sources.source_test, name="source_test"),
    path("sources/<int:pk>/start/", sources.source_start, name="source_start"),
    path("sources/<int:pk>/pause/", sources.source_pause, name="source_pause"),
    path("sources/<int:pk>/fetch/", sources.source_fetch, name="source_fetch"),
    path("sources/<int:pk>/remove/", sources.source_remove, name="source_remove"),
]
