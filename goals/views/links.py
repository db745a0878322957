"""What every page behind a link for people without an account keeps to."""

from functools import partial, wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from goals.http import uncount, within

READS, WRITES, ATTEMPTS, SECONDS = 240, 10, 60, 60
LARGEST_ANSWER = 128 * 1024
STORED = 303  # how every form behind a link says so
LATER = gettext_lazy(
    "Many answers came from your network just now. Nothing was stored yet, and everything that you "
    "wrote is still here: send it again in a minute."
)


def guarded_by_link(method: str, *, opened, again=None):
    """Guard a view by its token: what does not open is not there; too often is 429.

    `opened` finds by the token the workspace and what the view is given, or raises 404. What was
    stored counts against the limit of writing, a refusal only against the looser one of trying.
    `again` is the view that shows what was typed when it came too often.
    """

    def guard(view):
        @wraps(view)
        @require_http_methods(method.split())
        def guarded(request: HttpRequest, token: str) -> HttpResponse:
            reads = request.method in {"GET", "HEAD"}
            most, action = (READS, "read") if reads else (ATTEMPTS, "try")
            if not within(request, f"shared-{action}", most=most, seconds=SECONDS):
                return too_often(render(request, "errors/too_often.html"))
            if size_of(request) > LARGEST_ANSWER:
                message = _("An answer has at most 128 KB. Nothing was stored.")
                return private(render(request, "413.html", {"message": message}, status=413))
            workspace, found = opened(token)
            with timezone.override(workspace.timezone):
                if reads:
                    return private(view(request, token, *found))
                return written(request, partial(view, request, token, *found),
                               partial(again, request, token, *found))  # fmt: skip

        return guarded

    return guard


def written(request: HttpRequest, view, again) -> HttpResponse:
    """The view's answer, counted if it stored something; too many of these and the form again."""
    if not within(request, "shared-write", most=WRITES, seconds=SECONDS):
        uncount(request, "shared-write")
        return too_often(again())
    response = private(view())
    if response.status_code != STORED:
        uncount(request, "shared-write")
    return response


def too_often(response: HttpResponse) -> HttpResponse:
    """429, with the time after which it will be taken."""
    response.status_code = 429
    response["Retry-After"] = str(SECONDS)
    return private(response)


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
