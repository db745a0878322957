"""The ground's endpoints below /api/v1/workspaces/<slug>/."""

from django.urls import path

from workspaces.api.events import Events
from workspaces.api.members import InvitationDetail, Invitations, MemberDetail, Members
from workspaces.api.notifications import (
    NoticePreferences,
    Notifications,
    ReadNotification,
    ReadNotifications,
)
from workspaces.api.stakeholders import (
    ReportingLines,
    RestoreStakeholder,
    StakeholderDetail,
    Stakeholders,
)
from workspaces.api.tokens import TokenDetail, Tokens
from workspaces.api.workspaces import WorkspaceDetail

routes = [
    path("", WorkspaceDetail.as_view()),
    path("members/", Members.as_view()),
    path("members/<str:pk>/", MemberDetail.as_view()),
    path("invitations/", Invitations.as_view()),
    path("invitations/<str:pk>/", InvitationDetail.as_view()),
    path("stakeholders/", Stakeholders.as_view()),
    path("stakeholders/<str:pk>/", StakeholderDetail.as_view()),
    path("stakeholders/<str:pk>/restore/", RestoreStakeholder.as_view()),
    path("reporting-lines/", ReportingLines.as_view()),
    path("tokens/", Tokens.as_view()),
    path("tokens/<str:digest>/", TokenDetail.as_view()),
    path("events/", Events.as_view()),
    path("notifications/", Notifications.as_view()),
    path("notifications/read/", ReadNotifications.as_view()),
    path("notifications/preferences/", NoticePreferences.as_view()),
    path("notifications/<str:pk>/read/", ReadNotification.as_view()),
]
