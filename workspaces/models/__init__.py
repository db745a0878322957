"""The public nouns of the ground; the event log is registered but private."""

from workspaces.models import (  # noqa: F401  registered with Django, private to this app
    events,
    receipts,
)
from workspaces.models.calendars import Calendar, Holiday
from workspaces.models.deliveries import Delivery
from workspaces.models.notifications import NoticePreference, Notification
from workspaces.models.people import User
from workspaces.models.sla import Assurance, Sla, SlaClock, SlaPause, SlaPromise
from workspaces.models.stakeholders import Stakeholder
from workspaces.models.streams import Stream
from workspaces.models.tokens import ApiToken
from workspaces.models.webhooks import Webhook, WebhookCall
from workspaces.models.workspaces import Invitation, Membership, Workspace, WorkspaceOwned

__all__ = [
    "ApiToken",
    "Assurance",
    "Calendar",
    "Delivery",
    "Holiday",
    "Invitation",
    "Membership",
    "NoticePreference",
    "Notification",
    "Sla",
    "SlaClock",
    "SlaPause",
    "SlaPromise",
    "Stakeholder",
    "Stream",
    "User",
    "Webhook",
    "WebhookCall",
    "Workspace",
    "WorkspaceOwned",
]
