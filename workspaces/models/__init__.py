"""The public nouns of the ground; the event log is registered but private."""

from workspaces.models import (  # noqa: F401  registered with Django, private to this app
    events,
    receipts,
)
from workspaces.models.notifications import NoticePreference, Notification
from workspaces.models.people import User
from workspaces.models.stakeholders import Stakeholder
from workspaces.models.tokens import ApiToken
from workspaces.models.workspaces import Invitation, Membership, Workspace, WorkspaceOwned

__all__ = [
    "ApiToken",
    "Invitation",
    "Membership",
    "NoticePreference",
    "Notification",
    "Stakeholder",
    "User",
    "Workspace",
    "WorkspaceOwned",
]
