"""What every request gets: an id, and below /w/<slug>/ a workspace and a member."""

import uuid
from collections.abc import Callable

import structlog
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from workspaces.queries.people import membership_of

Get = Callable[[HttpRequest], HttpResponse]


class RequestId:
    """Give each request an id that the logs, the answer and every error name."""

    def __init__(self, get_response: Get) -> None:
        """Keep the next step."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Tag the request and its answer."""
        request.id = uuid.uuid4().hex[:16]  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.id)  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        return response


class InWorkspace:
    """Resolve /w/<slug>/: who is no member gets the 404 of a workspace that is not there.

    Below it the clock is the workspace's; the API speaks UTC.
    """

    def __init__(self, get_response: Get) -> None:
        """Keep the next step."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer private pages as such, and leave the workspace's time zone behind."""
        with timezone.override(None):
            response = self.get_response(request)
        if request.user.is_authenticated:
            response.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: dict[str, object]
    ) -> HttpResponse | None:
        """Tie the request to its workspace, or send strangers to sign in."""
        if not request.path_info.startswith("/w/"):
            return None
        if not request.user.is_authenticated:
            if not request.accepts("text/html"):  # a script that follows a page
                return HttpResponse(status=401)
            return redirect_to_login(request.get_full_path())
        member = membership_of(request.user, str(kwargs.pop("slug", "")))
        if member is None:
            raise Http404
        request.member = member  # type: ignore[attr-defined]
        request.workspace = member.workspace  # type: ignore[attr-defined]
        timezone.activate(member.workspace.timezone)
        return None
