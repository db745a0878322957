"""The API root: each app's routes below /api/v1/workspaces/<slug>/, the schema and its page."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from connectors.api.routes import routes as connectors
from goals.api.routes import routes as goals
from metrics.api.routes import routes as metrics
from mops import schema  # noqa: F401  registers how signing in is described
from mops.errors import api_not_found
from mops.search.api import Search
from reports.api.routes import routes as reports
from tasks.api.routes import routes as tasks
from workspaces.api.account import MyWorkspaces
from workspaces.api.routes import routes as workspaces

search = [path("search/", Search.as_view())]
# Goals first: their slas/attainment/ is a word where workspaces take any id.
in_workspace = [*goals, *workspaces, *metrics, *connectors, *tasks, *reports, *search]

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api_docs"),
    path("workspaces/", MyWorkspaces.as_view(), name="my_workspaces"),
    path("workspaces/<slug:slug>/", include((in_workspace, "api"))),
    re_path(r"^.*$", api_not_found),
]
