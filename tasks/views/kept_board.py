"""What stands inside a drawn board, kept by a process until something in it changes.

A hit asks 4 queries (events, names, the member's choice and filters) and draws nothing. Members
share a drawing as long as they see the same.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.cache import caches
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from tasks.forms.bulk import BulkForm, choices_of
from tasks.models import Board, BoardChoice, SavedFilter
from tasks.queries.lines import stamp_of
from tasks.rules.filters import ME, Wanted
from workspaces.http import MemberRequest
from workspaces.rules.roles import may

INSIDE, BULK = "tasks/_board.html", "tasks/_bulk.html"
TOKEN = secrets.token_urlsafe(32)  # where the token of the reader's forms goes; nobody sees it


def inside_of(
    request: MemberRequest, board: Board, seen: str, today: date, draw: Callable[[], dict[str, Any]]
) -> SafeString:
    """The inside of the board as HTML; `draw` makes its context where it is not kept.

    `seen` names what differs between those who look (see seen_by). The stamp is read before the
    cards: a race costs one drawing too many, and never shows what is over.
    """
    cache, key = caches["drawn"], f"{board.workspace_id}-board-{board.pk}-{seen}"
    stamp = (today, stamp_of(board))
    held, html = cache.get(key, (None, ""))
    if held != stamp:
        html = _drawn(request, draw())
        cache.set(key, (stamp, html))
    return mark_safe(html.replace(TOKEN, get_token(request)))  # noqa: S308  drawn by our template


def bulk_of(request: MemberRequest, board: Board) -> SafeString:
    """What is done to selected cards, as HTML; "" for who may not.

    Its lists cost a third of a board, and change far less often: they are kept by their rows (4
    queries). To be put inside a board, for the token of its form.
    """
    if not may(request.member.rank, "work.edit"):
        return SafeString()
    cache, key = caches["drawn"], f"{board.workspace_id}-bulk-{board.pk}-{get_language()}"
    rows = choices_of(board)
    held, html = cache.get(key, (None, ""))
    if held != rows:
        context = {"form": BulkForm(board=board), "board": board, "csrf_token": TOKEN}
        html = render_to_string(BULK, context, request)
        cache.set(key, (rows, html))
    return mark_safe(html)  # noqa: S308  drawn by our template


def seen_by(
    request: MemberRequest,
    choice: BoardChoice,
    saved: list[SavedFilter],
    wanted: Wanted,
    *more: Any,
) -> str:
    """All that makes one person's board differ from another's, as a short text."""
    parts = (
        get_language(),
        request.member.rank,
        request.get_full_path(),
        (choice.by, choice.is_compact, choice.folded, choice.folded_lanes),
        [(one.pk, one.version) for one in saved],
        request.member.pk if ME in wanted.assignee else 0,
        *more,
    )
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _drawn(request: MemberRequest, context: Mapping[str, Any]) -> str:
    return render_to_string(INSIDE, {**context, "csrf_token": TOKEN}, request)
