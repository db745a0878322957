"""What every page behind a link for people without an account keeps to."""

from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goals.http import within

READS, WRITES, SECONDS = 240, 10, 60
LARGEST_ANSWER = 128 * 1024


def guarded_by_link(method: str, *, opened):
    """Guard a view by its token: what does not open is not there; too often is 429.

    `opened` finds by the token the workspace and what the view is given, or raises 404.
    """

    def guard(view):
        @wraps(view)
        @require_http_methods(method.split())
        def guarded(request: HttpRequest, token: str) -> HttpResponse:
            reads = request.method in {"GET", "HEAD"}
            most, action = (READS, "read") if reads else (WRITES, "write")
            if not within(request, f"shared-{action}", most=most, seconds=SECONDS):
                return private(render(request, "errors/too_often.html", status=429))
            if size_of(request) > LARGEST_ANSWER:
                message = _("An answer has at most 128 KB. Nothing was stored.")
                return private(render(request, "413.html", {"message": message}, status=413))
            workspace, found = opened(token)
            with timezone.override(workspace.timezone):
                return private(view(request, token, *found))

        return guarded

    return guard


def size_of(request: HttpRequest) -> int:
    """How many bytes are said to come."""
    said = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(said) if said.isascii() and said.isdigit() else 0


def private(response: HttpResponse) -> HttpResponse:
    """Neither found by search engines nor kept, and its address is told to no other host.

    `no-referrer` would send the forms from the origin "null", which the check of their token
    refuses.
    """
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
