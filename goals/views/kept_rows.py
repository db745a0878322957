"""The drawn lines of a long list of goals, kept by a process until something in them changes."""

from collections.abc import Callable, Sequence
from datetime import date

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from goals.queries.catalogue import Line
from goals.queries.stamps import stamp_of
from workspaces.http import MemberRequest

MANY = 100  # a shorter list is drawn as quickly as it is looked up
ROWS = "goals/_goal_rows.html"


def rows_of(
    request: MemberRequest, lines: Callable[[], Sequence[Line]], *, kind: str, today: date
) -> SafeString:
    """The rows of a list, empty for none; one of a named kind is kept.

    The stamp is read before the numbers: a race costs one drawing too many, and never shows what
    is over.
    """
    if not kind:
        return _drawn(request, lines())
    cache, key = caches["drawn"], f"{kind}-{request.workspace.pk}-{get_language()}"
    stamp = stamp_of(request.workspace, today)
    held, rows = cache.get(key, (None, ""))
    if held != stamp:
        rows = str(_drawn(request, lines()))
        cache.set(key, (stamp, rows))
    return mark_safe(rows)  # noqa: S308  drawn by our template


def _drawn(request: MemberRequest, lines: Sequence[Line]) -> SafeString:
    return render_to_string(ROWS, {"lines": lines, "request": request}) if lines else SafeString()
