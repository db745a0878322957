from django.urls import path

from workspaces.views import (
    calendars,
    events,
    members,
    notifications,
    settings,
    stakeholders,
    tokens,
)

app_name = "workspaces"

urlpatterns = [
    path("settings/", settings.settings, name="settings"),
    path("settings/members/", members.members, name="members"),
    path("settings/members/invite/", members.invite_member, name="invite_member"),
    path("settings/members/<int:pk>/role/", members.set_role, name="set_role"),
    path("settings/members/<int:pk>/line/", members.set_line, name="set_line"),
    path("settings/members/<int:pk>/remove/", members.remove, name="remove"),
    path("settings/invitations/<int:pk>/revoke/", members.revoke, name="revoke"),
    path("settings/tokens/", tokens.tokens, name="tokens"),
    path("settings/tokens/<str:digest>/revoke/", tokens.revoke, name="revoke_token"),
    path("settings/log/", events.log, name="log"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/menu/", notifications.notification_menu, name="notification_menu"),
    path("notifications/read/", notifications.read_all, name="read_notifications"),
    path("notifications/preferences/", notifications.prefer, name="prefer_notices"),
    path("notifications/<int:pk>/read/", notifications.read_one, name="read_notification"),
    path("stakeholders/", stakeholders.stakeholders, name="stakeholders"),
    path("stakeholders/new/", stakeholders.new_stakeholder, name="new_stakeholder"),
    path("stakeholders/lines/", stakeholders.lines, name="reporting_lines"),
    path("stakeholders/<int:pk>/", stakeholders.stakeholder, name="stakeholder"),
    path("stakeholders/<int:pk>/edit/", stakeholders.edit_stakeholder, name="edit_stakeholder"),
    path("stakeholders/<int:pk>/retire/", stakeholders.retire, name="retire_stakeholder"),
    path("stakeholders/<int:pk>/restore/", stakeholders.restore, name="restore_stakeholder"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/new/", calendars.new_calendar, name="new_calendar"),
    path("calendars/<int:pk>/", calendars.edit_calendar, name="calendar"),
    path("calendars/<int:pk>/remove/", calendars.remove, name="remove_calendar"),
]
