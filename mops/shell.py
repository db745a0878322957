"""What the frame around every page needs, in a constant number of queries."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import now

from metrics.queries.health import late_of
from mops.home import LAST
from tasks.queries.cards import count_due
from workspaces.queries.notifications import count_unread
from workspaces.queries.people import workspaces_of
from workspaces.rules.roles import LEAST_ROLE, may


def shell(request: HttpRequest) -> dict[str, Any]:
    """The `shell` variable: who, where, what waits and is late, languages, may; once a request."""
    kept = vars(request)
    if "shell" not in kept:
        kept["shell"] = SimpleLazyObject(lambda: _shell(request))
    return {"shell": kept["shell"]}


def _shell(request: HttpRequest) -> dict[str, Any]:
    member = getattr(request, "member", None)
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    found = {
        "languages": settings.LANGUAGES,
        "memberships": list(workspaces_of(user)) if signed_in and member else [],
        "workspace": getattr(request, "workspace", None),
        "member": member,
        "waiting": 0,
        "unread": 0,
        "late": [],
        "may": {},
        "demo": settings.EMBEDDED,
    }
    if member is not None:
        found["waiting"] = count_due(member, member.workspace.day_of(now()))
        found["late"] = list(late_of(member.workspace).values_list("metric__name", flat=True))
        found["unread"] = count_unread(member)
        found["may"] = {action.replace(".", "_"): may(member.rank, action) for action in LEAST_ROLE}
        if request.session.get(LAST) != member.workspace.slug:
            request.session[LAST] = member.workspace.slug
    return found
