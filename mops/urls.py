"""The site map: pages below /w/<slug>/, the API below /api/v1/, accounts, health."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from goals.views import pulse_shared, strategy_shared
from mops import api, errors, health, home, styleguide
from mops.search.views import search_page
from tasks.views import feeds, public_requests
from workspaces.views import account, preferences

in_workspace = [
    path("", include("reports.urls")),
    path("", include("workspaces.urls")),
    path("", include("metrics.urls")),
    path("", include("connectors.urls")),
    path("", include("goals.urls")),
    path("", include("tasks.urls")),
    path("search/", search_page, name="search"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("favicon.ico", home.favicon),
    path("i18n/set-language/", set_language, name="set_language"),
    path("workspaces/new/", account.new_workspace, name="new_workspace"),
    path("accounts/profile/", account.profile, name="profile"),
    path("join/<str:secret>/", account.join, name="join"),
    path("shared/<str:token>/", strategy_shared.shared, name="shared_strategy"),
    path("shared/<str:token>/feedback/", strategy_shared.answer, name="answer_shared"),
    path("shared/<str:token>/sign/", strategy_shared.sign, name="sign_shared"),
    path("pulse/<str:token>/", pulse_shared.shared, name="shared_pulse"),
    path("pulse/<str:token>/answer/", pulse_shared.answer, name="answer_shared_pulse"),
    path("calendars/<str:token>/cards.ics", feeds.fetch, name="calendar_feed"),
    path("forms/<str:token>/", public_requests.form, name="public_form"),
    path("forms/<str:token>/send/", public_requests.send, name="send_public_form"),
    path("requests/<str:token>/", public_requests.stands, name="public_request"),
    path("requests/<str:token>/comment/", public_requests.comment, name="comment_public_request"),
    path("unsubscribe/<str:token>/", preferences.unsubscribe, name="unsubscribe"),
    path("accounts/", include("allauth.account.urls")),
    path("api/v1/", include(api.urlpatterns)),
    path("w/<slug:slug>/", include(in_workspace)),
    path("admin/", admin.site.urls),
]
if settings.DEBUG:
    urlpatterns.append(path("styleguide/", styleguide.styleguide, name="styleguide"))

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
