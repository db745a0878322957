"""What people without an account see and say by a link."""

from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from goals.forms.feedback import OpenFeedbackForm, SignForm
from goals.http import within
from goals.models import StrategyShare, StrategyVersion
from goals.operations.feedback import give_feedback
from goals.operations.strategy_shares import count_view, digest_of
from goals.operations.strategy_versions import sign_version
from goals.queries.feedback import heard
from goals.queries.strategy import reading_of
from goals.queries.strategy_shares import share_by_hash, version_behind
from goals.queries.strategy_versions import signatures_on, version_numbered
from workspaces.http import tried
from workspaces.rules.errors import Refused

READS, WRITES, SECONDS = 240, 10, 60
LARGEST_ANSWER = 128 * 1024
PAGE = "goals/strategy_shared.html"


def by_link(method: str):
    """Guard a view by its token: what does not open is not there; too often is 429."""

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
            share, version = found_or_404(token)
            with timezone.override(share.strategy.workspace.timezone):
                return private(view(request, token, share, version))

        return guarded

    return guard


def size_of(request: HttpRequest) -> int:
    """How many bytes are said to come."""
    said = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(said) if said.isascii() and said.isdigit() else 0


def found_or_404(token: str) -> tuple[StrategyShare, StrategyVersion]:
    digest = digest_of(token)
    share = share_by_hash(digest, at=now()) if digest else None
    version = version_behind(share) if share else None
    if share is None or version is None:
        raise Http404
    return share, version


def private(response: HttpResponse) -> HttpResponse:
    """Neither found by search engines nor kept, and its address is told to no other host.

    `no-referrer` would send the forms from the origin "null", which the check of their token
    refuses.
    """
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


def show(request, token, share, version, *, form=None, status=200) -> HttpResponse:
    signs = []
    if share.stakeholder_id:
        signs = [
            one
            for one in signatures_on(share.strategy, version)
            if one.signer.stakeholder_id == share.stakeholder_id
        ]
    if form is None and share.takes_feedback:
        form = OpenFeedbackForm(version=version)
    context = {
        "token": token,
        "share": share,
        "strategy": share.strategy,
        "version": version,
        "reading": reading_of(version.read),
        "heard": heard(share.strategy),
        "form": form if share.takes_feedback else None,
        "signs": signs,
        "said": request.GET.get("said", ""),
    }
    return render(request, PAGE, context, status=status)


@by_link("GET HEAD")
def shared(request, token, share, version) -> HttpResponse:
    count_view(share, at=now())
    return show(request, token, share, version)


@by_link("POST")
def answer(request, token, share, version) -> HttpResponse:
    version = read_or_404(request, share, version)
    if not share.takes_feedback:
        raise Http404
    form = OpenFeedbackForm(request.POST, version=version)
    if form.trapped:
        return thanks(request, token, "feedback")
    at = now()

    def given() -> object:
        who = {"share": share, "name": form.cleaned_data["name"]}
        return give_feedback(version, answers=form.answers(**who), at=at)

    if tried(form, given):
        return show(request, token, share, version, form=form, status=422)
    return thanks(request, token, "feedback")


def read_or_404(
    request: HttpRequest, share: StrategyShare, version: StrategyVersion
) -> StrategyVersion:
    """The version that was read, also when a newer one came out while somebody wrote."""
    said = request.POST.get("number", "")
    known = said.isascii() and said.isdigit() and int(said[:11]) <= version.number
    if share.pinned_id or not known:
        found = version if said == str(version.number) else None
    else:
        found = version_numbered(share.strategy, int(said[:11]))
    if found is None:
        raise Http404
    return found


@by_link("POST")
def sign(request, token, share, version) -> HttpResponse:
    if share.stakeholder is None:
        raise Http404
    form = SignForm(request.POST)
    if not form.is_valid():
        return refused(request, _("Say whether you sign."))
    if form.cleaned_data["number"] != version.number:
        return refused(request, _("A newer version is out. Read that one first."))
    try:
        sign_version(version, who=share.stakeholder, word=form.word(), by=None, at=now())
    except Refused as refusal:
        return refused(request, refusal.message)
    return thanks(request, token, "sign")


def refused(request: HttpRequest, message: str) -> HttpResponse:
    """Say no with a sentence, on a page without a workspace."""
    return render(request, "goals/shared_refused.html", {"message": message}, status=422)


def thanks(request: HttpRequest, token: str, what: str) -> HttpResponse:
    """Back to the page, which says that it is kept; reloading sends nothing again."""
    response = HttpResponse(status=303)
    response["Location"] = reverse("shared_strategy", kwargs={"token": token}) + f"?said={what}"
    return response
