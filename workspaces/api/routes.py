"""The ground's endpoints below /api/v1/workspaces/<slug>/."""

from django.urls import path

from workspaces.api.calendars import CalendarDetail, Calendars
from workspaces.api.clocks import (
    ClockDetail,
    ClocksOfPromise,
    ClocksOfSla,
    ExplainBreach,
    PauseClock,
    ResumeClock,
    StopClock,
)
from workspaces.api.deliveries import Deliveries, SendAgain
from workspaces.api.events import Events
from workspaces.api.members import InvitationDetail, Invitations, MemberDetail, Members
from workspaces.api.notifications import Notifications, ReadNotification, ReadNotifications
from workspaces.api.preferences import NoticeHabits, NoticePlaces, NoticePreferences
from workspaces.api.sla import (
    AssuranceDetail,
    EndSla,
    PromiseDetail,
    PromisesOfSla,
    SlaDetail,
    Slas,
)
from workspaces.api.stakeholders import (
    ReportingLines,
    RestoreStakeholder,
    StakeholderDetail,
    Stakeholders,
)
from workspaces.api.tokens import TokenDetail, Tokens
from workspaces.api.webhooks import (
    SwitchWebhook,
    TellAgain,
    TestWebhook,
    WebhookCalls,
    WebhookDetail,
    Webhooks,
    WebhookSecret,
)
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
    path("calendars/", Calendars.as_view()),
    path("calendars/<str:pk>/", CalendarDetail.as_view()),
    path("slas/", Slas.as_view()),
    path("slas/<str:pk>/", SlaDetail.as_view()),
    path("slas/<str:pk>/end/", EndSla.as_view()),
    path("slas/<str:pk>/promises/", PromisesOfSla.as_view()),
    path("slas/<str:pk>/clocks/", ClocksOfSla.as_view()),
    path("promises/<str:pk>/", PromiseDetail.as_view()),
    path("promises/<str:pk>/clocks/", ClocksOfPromise.as_view()),
    path("clocks/<str:pk>/", ClockDetail.as_view()),
    path("clocks/<str:pk>/pause/", PauseClock.as_view()),
    path("clocks/<str:pk>/resume/", ResumeClock.as_view()),
    path("clocks/<str:pk>/stop/", StopClock.as_view()),
    path("clocks/<str:pk>/breach/", ExplainBreach.as_view()),
    path("assurances/<str:pk>/", AssuranceDetail.as_view()),
    path("tokens/", Tokens.as_view()),
    path("tokens/<str:digest>/", TokenDetail.as_view()),
    path("events/", Events.as_view()),
    path("notifications/", Notifications.as_view()),
    path("notifications/read/", ReadNotifications.as_view()),
    path("notifications/preferences/", NoticePreferences.as_view()),
    path("notifications/boards/", NoticePlaces.as_view()),
    path("notifications/habits/", NoticeHabits.as_view()),
    path("notifications/<str:pk>/read/", ReadNotification.as_view()),
    path("mails/", Deliveries.as_view()),
    path("mails/<str:pk>/again/", SendAgain.as_view()),
    path("webhooks/", Webhooks.as_view()),
    path("webhooks/<str:pk>/", WebhookDetail.as_view()),
    path("webhooks/<str:pk>/switch/", SwitchWebhook.as_view()),
    path("webhooks/<str:pk>/secret/", WebhookSecret.as_view()),
    path("webhooks/<str:pk>/test/", TestWebhook.as_view()),
    path("webhooks/<str:pk>/calls/", WebhookCalls.as_view()),
    path("webhooks/calls/<str:pk>/again/", TellAgain.as_view()),
]
