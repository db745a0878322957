"""The endpoints of sources below /api/v1/workspaces/<slug>/."""

from django.urls import path

from connectors.api.sources import (
    PauseSource,
    SourceDetail,
    SourceFetch,
    SourceFetches,
    SourceKinds,
    Sources,
    StartSource,
    TestSource,
)

routes = [
    path("sources/", Sources.as_view()),
    path("sources/kinds/", SourceKinds.as_view()),
    path("sources/<str:pk>/", SourceDetail.as_view()),
    path("sources/<str:pk>/start/", StartSource.as_view()),
    path("sources/<str:pk>/pause/", PauseSource.as_view()),
    path("sources/<str:pk>/test/", TestSource.as_view()),
    path("sources/<str:pk>/fetches/", SourceFetches.as_view()),
    path("sources/<str:pk>/fetches/<str:fetch>/", SourceFetch.as_view()),
]
