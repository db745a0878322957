"""Who is where."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from workspaces.models import Membership, User, Workspace


def membership_of(user: User | AnonymousUser, slug: str) -> Membership | None:
    """The person's place in the workspace of that slug, with user and workspace, or None."""
    if not user.is_authenticated:
        return None
    return (
        Membership.objects.select_related("workspace", "user", "reports_to__user")
        .filter(workspace__slug=slug, user_id=user.pk, user__is_active=True)
        .first()
    )


def members_of(workspace: Workspace) -> QuerySet[Membership]:
    """Everybody in the workspace, with their users, by name; 1 query."""
    return (
        Membership.objects.select_related("user", "reports_to__user")
        .filter(workspace=workspace, user__is_active=True)
        .order_by("user__name", "user__email", "pk")
    )


def member_at(workspace: Workspace, address: str) -> Membership | None:
    """The member with that e-mail address; some texts are nothing that a database takes."""
    if not address.isprintable():
        return None
    return members_of(workspace).filter(user__email=address.strip().lower()).first()


def workspaces_of(user: User) -> QuerySet[Membership]:
    """The person's memberships with their workspaces, by name; 1 query."""
    return user.memberships.select_related("workspace").order_by("workspace__name", "pk")
