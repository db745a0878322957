"""Keys for programs: issued once, shown once, stored as a hash."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from workspaces.models import ApiToken, Membership
from workspaces.operations.recording import record
from workspaces.rules.errors import Refused
from workspaces.rules.roles import SCOPES
from workspaces.verbs import TOKEN_ISSUED, TOKEN_REVOKED

TOKENS_EACH = 50


@transaction.atomic
def issue_token(
    member: Membership, *, name: str, scope: str, by: Membership, at: datetime
) -> tuple[ApiToken, str]:
    """Make a token of the member's for this workspace; return it and its text, told only now."""
    if scope not in SCOPES:
        message = _("A token's scope is one of: %(scopes)s.") % {"scopes": ", ".join(SCOPES)}
        raise Refused(message, code="unknown_scope", field="scope")
    mine = ApiToken.objects.filter(workspace=member.workspace, user=member.user)
    if mine.count() >= TOKENS_EACH:
        raise Refused(_("You have too many tokens; revoke some first."), field="name")
    token, text = ApiToken.objects.create(
        user=member.user, workspace=member.workspace, name=name.strip()[:80], scope=scope
    )
    record(TOKEN_ISSUED, member, by=by, at=at, name=token.name or token.token_key, scope=scope)
    return token, text


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Membership, at: datetime) -> None:
    """Make the token useless at once."""
    record(TOKEN_REVOKED, by, by=by, at=at, name=token.name or token.token_key)
    token.delete()
