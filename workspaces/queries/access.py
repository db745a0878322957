"""Open invitations and tokens."""

from datetime import datetime

from django.db.models import QuerySet

from workspaces.models import ApiToken, Invitation, Membership, Workspace


def open_invitations(workspace: Workspace, *, at: datetime) -> QuerySet[Invitation]:
    """Invitations that can still be accepted, newest first; 1 query."""
    return (
        Invitation.objects.select_related("invited_by__user")
        .filter(workspace=workspace, accepted_at=None, revoked_at=None, expires_at__gt=at)
        .order_by("-invited_at", "-pk")
    )


def invitation_by_hash(secret_hash: str) -> Invitation | None:
    """The invitation of that hashed secret, open or not."""
    found = Invitation.objects.select_related("workspace", "invited_by__user")
    return found.filter(secret_hash=secret_hash).first()


def tokens_of(member: Membership) -> QuerySet[ApiToken]:
    """The member's own tokens for this workspace, newest first; 1 query."""
    mine = ApiToken.objects.filter(workspace=member.workspace, user=member.user)
    ordered: QuerySet[ApiToken] = mine.order_by("-created", "digest")
    return ordered
