"""Whether those who were let in once may still be there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session

from workspaces.models import ApiToken, Membership
from workspaces.rules.roles import Role, may


@dataclass(frozen=True)
class Pass:
    """How somebody came in: a member, by a session of the browser or by a token's digest.

    `seal` changes with the password.
    """

    user_id: int
    member_id: int
    seal: str
    session: str = ""
    token: str = ""


def still_good(passes: Iterable[Pass], action: str, *, at: datetime) -> set[Pass]:
    """Those whose member may still do the action and whose session or token still lives; <= 3.

    A session ends when its owner signs out or changes the password, a token when it is revoked.
    """
    asked = set(passes)
    found = Membership.objects.select_related("user").filter(
        pk__in={one.member_id for one in asked}, user__is_active=True
    )
    members = {m.pk: m for m in found if may(Role(m.role), action)}
    alive = _sessions({one.session for one in asked if one.session}, at)
    alive |= _tokens({one.token for one in asked if one.token}, at)
    return {
        one
        for one in asked
        if one.member_id in members
        and (one.session or one.token) in alive
        and (one.token or members[one.member_id].user.get_session_auth_hash() == one.seal)
    }


def _sessions(keys: set[str], at: datetime) -> set[str]:
    if not keys:
        return set()
    rows = Session.objects.filter(session_key__in=keys, expire_date__gt=at)
    return set(rows.values_list("session_key", flat=True))


def _tokens(digests: set[str], at: datetime) -> set[str]:
    if not digests:
        return set()
    rows = ApiToken.objects.filter(digest__in=digests).values_list("digest", "expiry")
    return {digest for digest, expiry in rows if expiry is None or expiry > at}
