"""The shape that every page view shares: method, role, refusal, fragment."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar, cast
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from workspaces.models import Membership, Workspace
from workspaces.rules.errors import Invalid, Refused, Stale
from workspaces.rules.roles import may

M = TypeVar("M", bound=Model)
View = Callable[..., HttpResponse]
LARGEST_ID = 2**63 - 1
Sent = tuple[str, str]  # a name and what was sent under it
UNTYPED = {"next", "nonce", "was", "query", "card"}
SHORTEST = 12  # letters without a space: less may be the word of a choice


class Refusable(Protocol):
    """A form that shows a refusal at its field, and what another has saved meanwhile."""

    counter: str
    made: object
    fields: dict[str, object]

    def is_valid(self) -> bool:
        """Whether what was typed has the right shape."""

    def refuse(self, refusal: Refused | Invalid) -> None:
        """Put it at its field."""

    def meet(self, present: object, message: str, version: int) -> None:
        """Put what stands now beside what was typed."""


class MemberRequest(HttpRequest):
    """A request that the middleware has tied to a workspace and a member."""

    workspace: Workspace
    member: Membership
    htmx: object


def page(*, can: str, method: str = "GET") -> Callable[[View], View]:
    """Guard a view by method ("GET", "POST", "GET POST") and role; say 422 or 409 when refused."""
    allowed = method.split()

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: MemberRequest, *args: object, **kwargs: object) -> HttpResponse:
            asked = "GET" if request.method == "HEAD" else request.method
            if asked not in allowed:
                return HttpResponseNotAllowed(allowed)
            if not may(request.member.rank, can):
                raise PermissionDenied
            try:
                return view(request, *args, **kwargs)
            except Refused as refusal:
                return refused(request, refusal.message, status=422)
            except Stale as stale:
                return refused(request, stale.message, status=409)

        cast("dict[str, object]", guarded.__dict__)["can"] = can
        return guarded

    return guard


def refused(request: HttpRequest, message: str, *, status: int) -> HttpResponse:
    """Say no with a sentence: a small fragment for htmx, a whole page otherwise."""
    template = (
        "components/_refused.html" if getattr(request, "htmx", False) else "errors/refused.html"
    )
    context = {"message": message, "status": status, "back": came_from(request)}
    context |= dict(zip(("typed", "beside"), sent_texts(request), strict=True))
    return render(request, template, context, status=status)


def sent_texts(request: HttpRequest) -> tuple[list[Sent], list[Sent]]:
    """What a form has sent: the texts that somebody typed, and the rest of it.

    A password is not shown again.
    """
    if request.content_type != "application/x-www-form-urlencoded" or request.method != "POST":
        return [], []
    if any("password" in name for name in request.POST):
        return [], []
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    typed = [pair for pair in sent if pair[0] not in UNTYPED and _is_text(pair[1])]
    return typed, [pair for pair in sent if pair not in typed]


def _is_text(said: str) -> bool:
    is_long = len(said) > SHORTEST or any(letter.isspace() for letter in said.strip())
    return is_long and any(letter.isalpha() for letter in said)


def came_from(request: HttpRequest) -> str:
    """The page of this site that a request was sent from, "" where it does not say."""
    before = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=False)
    return urlsplit(before)._replace(scheme="", netloc="").geturl() if ours else ""


def find_or_404(model: type[M], pk: int | str | None, request: MemberRequest) -> M:
    """Fetch a row of this workspace; another workspace's row, or no number, does not exist."""
    text = str(pk)
    if not (text.isascii() and text.isdigit() and int(text) <= LARGEST_ID):
        raise Http404
    row = model._default_manager.filter(workspace=request.workspace, pk=int(text)).first()
    if row is None:
        raise Http404
    return row


def fragment(request: HttpRequest, template: str, **context: object) -> HttpResponse:
    """Render one partial, the same file that the full page includes."""
    return render(request, template, context)


def go(request: HttpRequest, url: str, *, say: str = "") -> HttpResponse:
    """Send the browser to `url` after a change, by htmx or by redirect, with a toast."""
    if say:
        messages.success(request, say)
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)


def back(request: MemberRequest, otherwise: str) -> str:
    """The page that the form names in `next`, if it is one of ours."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours and wanted.startswith("/") else otherwise


def tried(
    form: Refusable, change: Callable[[], object], present: Callable[[Any], object] | None = None
) -> int:
    """Make the change that a form asks for; 0, or the status of an answer that says why not.

    What the change returns is `form.made`. `present` makes the same form of the row as it stands
    now: when another has saved meanwhile, the form keeps what was typed, shows what differs from
    that, and wins when it is saved again.
    """
    if not form.is_valid():
        return 422
    try:
        form.made = change()
    except (Refused, Invalid) as refusal:
        form.refuse(refusal)
        return 422
    except Stale as stale:
        if present is None:
            raise
        row: Any = stale.current
        form.meet(present(row), stale.message, getattr(row, form.counter))
        return 409
    return 0


def kept(
    request: HttpRequest, form: Refusable, status: int, *, title: str, back: str
) -> HttpResponse:
    """A page for a form that is part of another page, when the answer was no: nothing is lost.

    What was sent beside the form's fields is sent again; `back` leads to what stands now.
    """
    beside = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in form.fields and name != "csrfmiddlewaretoken"
        for value in values
    ]
    context = {"form": form, "title": title, "back": back, "beside": beside, "status": status}
    return render(request, "errors/kept.html", context, status=status)
