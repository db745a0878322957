"""Who is in: adding, inviting, accepting, changing roles, leaving."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from workspaces.models import ApiToken, Invitation, Membership, User, Workspace
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused
from workspaces.rules.roles import Role, may_set_role
from workspaces.rules.tree import would_loop
from workspaces.verbs import (
    INVITATION_REVOKED,
    MEMBER_ADDED,
    MEMBER_INVITED,
    MEMBER_JOINED,
    MEMBER_LEFT,
    MEMBER_LINE_SET,
    MEMBER_REMOVED,
    MEMBER_ROLE_CHANGED,
)

INVITATION_LIFE = timedelta(days=14)
OPEN_INVITATIONS = 200


def hashed(secret: str) -> str:
    """The form in which an invitation's secret is stored: SHA-256, hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find_or_make_user(email: str, *, password: str | None = None, name: str = "") -> User:
    """The person of that address, made if new; an existing person's password is never changed."""
    address = email.strip().lower()
    user = User.objects.filter(email__iexact=address).first()
    return user or User.objects.create_user(address, password, name=name)


@transaction.atomic
def add_member(
    workspace: Workspace, user: User, role: Role, *, by: Membership | None, at: datetime
) -> Membership:
    """Put a person into the workspace with that role; there already: set the role (idempotent)."""
    member = Membership.objects.filter(workspace=workspace, user=user).first()
    if member is not None:
        return member if member.rank == role else change_role(member, role, by=by, at=at)
    if by is not None and not may_set_role(by.rank, current=None, wanted=role):
        raise Refused(_("Nobody can grant a role above their own."), field="role")
    member = Membership.objects.create(workspace=workspace, user=user, role=role, joined_at=at)
    record(MEMBER_ADDED, member, by=by, at=at, name=user.display_name, role=role.word)
    return member


@transaction.atomic
def change_role(
    member: Membership, role: Role, *, by: Membership | None, at: datetime
) -> Membership:
    """Give a member another role; at least one owner stays."""
    members = _lock_members(member.workspace_id)
    member = _still_there(members, member)
    if by is not None and not may_set_role(by.rank, current=member.rank, wanted=role):
        raise Refused(_("Nobody can change or grant a role above their own."), field="role")
    if member.rank == role:
        return member
    if member.rank == Role.OWNER:
        _keep_an_owner(members, without=member)
    was = member.rank
    member.role = role
    member.save(update_fields=["role"])
    name = member.user.display_name
    record(MEMBER_ROLE_CHANGED, member, by=by, at=at, name=name, role=role.word, was=was.word)
    return member


@transaction.atomic
def report_to(
    member: Membership, boss: Membership | None, *, by: Membership, at: datetime
) -> Membership:
    """Say whom a member reports to, None for nobody; a circle is refused."""
    members = _lock_members(member.workspace_id)
    member = _still_there(members, member)
    if boss is not None:
        boss = _still_there(members, boss)
        above = {m.pk: m.reports_to_id for m in members}
        if would_loop(above, member.pk, boss.pk):
            message = _("That would be a circle: %(name)s reports to them already.")
            name = boss.user.display_name
            raise Refused(message % {"name": name}, code="loop", field="reports_to")
    if member.reports_to_id == (boss.pk if boss else None):
        return member
    member.reports_to = boss
    member.save(update_fields=["reports_to"])
    told = {"boss": boss.user.display_name} if boss else {"state": "nobody"}
    record(MEMBER_LINE_SET, member, by=by, at=at, name=member.user.display_name, **told)
    return member


@transaction.atomic
def change_member(
    member: Membership, changes: Mapping[str, object], *, by: Membership, at: datetime
) -> Membership:
    """Set what is named of a member's `role` and `reports_to`, both or neither."""
    if isinstance(role := changes.get("role"), Role):
        member = change_role(member, role, by=by, at=at)
    boss = changes.get("reports_to")
    if "reports_to" in changes and (boss is None or isinstance(boss, Membership)):
        member = report_to(member, boss, by=by, at=at)
    return member


@transaction.atomic
def remove_member(member: Membership, *, by: Membership, at: datetime) -> None:
    """Take a person out; their tokens for this workspace die with it. By oneself: leaving."""
    members = _lock_members(member.workspace_id)
    member = _still_there(members, member)
    leaving = by.pk == member.pk
    if not leaving and not may_set_role(by.rank, current=member.rank, wanted=None):
        raise Refused(_("Nobody can remove somebody with a role above their own."))
    if member.rank == Role.OWNER:
        _keep_an_owner(members, without=member)
    ApiToken.objects.filter(workspace=member.workspace, user=member.user).delete()
    verb = MEMBER_LEFT if leaving else MEMBER_REMOVED
    record(verb, member, by=by, at=at, name=member.user.display_name)
    member.delete()


@transaction.atomic
def invite(
    workspace: Workspace, email: str, role: Role, *, by: Membership, at: datetime
) -> tuple[Invitation, str]:
    """Invite an address; return the invitation and the link's secret, which is not stored."""
    address = email.strip().lower()
    if not may_set_role(by.rank, current=None, wanted=role):
        raise Refused(_("Nobody can grant a role above their own."), field="role")
    if Membership.objects.filter(workspace=workspace, user__email__iexact=address).exists():
        raise Refused(_("This person is already a member."), code="member", field="email")
    waiting = Invitation.objects.filter(workspace=workspace, accepted_at=None, revoked_at=None)
    waiting.filter(email=address).update(revoked_at=at)
    if waiting.count() >= OPEN_INVITATIONS:
        raise Refused(_("Too many invitations are open; take some back first."), field="email")
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        workspace=workspace,
        email=address,
        role=role,
        secret_hash=hashed(secret),
        invited_by=by,
        invited_at=at,
        expires_at=at + INVITATION_LIFE,
    )
    record(MEMBER_INVITED, invitation, by=by, at=at, email=address, role=role.word)
    return invitation, secret


@transaction.atomic
def accept_invitation(invitation: Invitation, *, user: User, at: datetime) -> Membership:
    """Join by an open invitation; it works once, for the invited address only."""
    if user.email.lower() != invitation.email.lower():
        raise Refused(_("This invitation is for another e-mail address."), code="other_address")
    taken = Invitation.objects.filter(
        pk=invitation.pk, accepted_at=None, revoked_at=None, expires_at__gt=at
    ).update(accepted_at=at)
    if not taken:
        raise Refused(_("This invitation is no longer open."), code="closed")
    member, made = Membership.objects.get_or_create(
        workspace_id=invitation.workspace_id,
        user=user,
        defaults={"role": invitation.role, "joined_at": at},
    )
    if made:
        name, role = user.display_name, member.rank.word
        record(MEMBER_JOINED, member, by=member, at=at, name=name, role=role)
    return member


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: Membership, at: datetime) -> Invitation:
    """Take an open invitation back; its link is dead at once."""
    done = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    if done.update(revoked_at=at):
        record(INVITATION_REVOKED, invitation, by=by, at=at, email=invitation.email)
    invitation.refresh_from_db()
    return invitation


def _lock_members(workspace_id: int) -> list[Membership]:
    """Lock the workspace, so that two owners cannot demote each other, and read its members."""
    Workspace.objects.filter(pk=workspace_id).update(name=F("name"))
    people = Membership.objects.select_related("user", "workspace")
    return list(people.filter(workspace_id=workspace_id).order_by("pk"))


def _still_there(members: list[Membership], wanted: Membership) -> Membership:
    """The row as it is under the lock."""
    for member in members:
        if member.pk == wanted.pk:
            return member
    raise Refused(_("This person is no longer a member."), code="gone")


def _keep_an_owner(members: list[Membership], *, without: Membership) -> None:
    """Refuse to take the last active owner away."""
    owners = [m for m in members if m.rank == Role.OWNER and m.user.is_active]
    if all(owner.pk == without.pk for owner in owners):
        raise Refused(_("A workspace keeps at least one owner."), code="last_owner", field="role")
