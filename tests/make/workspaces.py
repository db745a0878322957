"""Workspaces and people for tests, made by the real operations."""

from datetime import UTC, datetime

from workspaces.models import Membership, Stakeholder, Workspace
from workspaces.operations.members import add_member, find_or_make_user
from workspaces.operations.stakeholders import add_stakeholder
from workspaces.operations.workspaces import open_workspace
from workspaces.rules.roles import Role

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PASSWORD = "correct horse battery"


def make_workspace(slug="acme", *, owner="olga@acme.example", timezone="Europe/Warsaw", at=NOON):
    name = slug.replace("-", " ").title()
    user = find_or_make_user(owner, password=PASSWORD, name=owner.partition("@")[0].title())
    return open_workspace(slug=slug, name=name, timezone=timezone, owner=user, at=at)


def make_member(workspace: Workspace, email: str, role: Role, *, at=NOON) -> Membership:
    user = find_or_make_user(email, password=PASSWORD, name=email.partition("@")[0].title())
    return add_member(workspace, user, role, by=None, at=at)


def owner_of(workspace: Workspace) -> Membership:
    return workspace.memberships.filter(role=Role.OWNER).order_by("pk").first()


def make_stakeholder(workspace: Workspace, name="Sales", *, at=NOON, **fields) -> Stakeholder:
    return add_stakeholder(workspace, {"name": name, **fields}, by=owner_of(workspace), at=at)
