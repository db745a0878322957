"""What people without an account see and say by a link."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from goals.forms.feedback import OpenFeedbackForm, SignForm
from goals.models import StrategyShare, StrategyVersion
from goals.models.strategy import WORD_LENGTH
from goals.operations.feedback import give_feedback
from goals.operations.strategy_shares import TOKENS, count_view
from goals.operations.strategy_versions import sign_version
from goals.queries.feedback import heard
from goals.queries.strategy import reading_of
from goals.queries.strategy_shares import share_by_hash, version_behind
from goals.queries.strategy_versions import signatures_on, version_numbered
from goals.views.links import LATER, guarded_by_link
from workspaces.http import tried
from workspaces.models import Workspace
from workspaces.rules.errors import Refused

PAGE = "goals/strategy_shared.html"


def found_or_404(token: str) -> tuple[StrategyShare, StrategyVersion]:
    digest = TOKENS.digest_of(token)
    share = share_by_hash(digest, at=now()) if digest else None
    version = version_behind(share) if share else None
    if share is None or version is None:
        raise Http404
    return share, version


def opened(token: str) -> tuple[Workspace, tuple[StrategyShare, StrategyVersion]]:
    share, version = found_or_404(token)
    return share.strategy.workspace, (share, version)


by_link = partial(guarded_by_link, opened=opened)


def show(request, token, share, version, *, form=None, status=200, **more) -> HttpResponse:
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
        **more,
    }
    return render(request, PAGE, context, status=status)


@by_link("GET HEAD")
def shared(request, token, share, version) -> HttpResponse:
    count_view(share, at=now())
    return show(request, token, share, version)


def answer_again(request, token, share, version) -> HttpResponse:
    """The form with everything that was typed, when it came too often."""
    version = read_or_404(request, share, version)
    if not share.takes_feedback:
        raise Http404
    form = OpenFeedbackForm(request.POST, version=version)
    form.add_error(None, str(LATER))
    return show(request, token, share, version, form=form)


def sign_again(request, token, share, version) -> HttpResponse:
    """The page with the words of who signs, when it came too often."""
    if share.stakeholder is None:
        raise Http404
    words = request.POST.get("words", "")[:WORD_LENGTH]
    return show(request, token, share, version, words=words, later=str(LATER))


@by_link("POST", again=answer_again)
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


@by_link("POST", again=sign_again)
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
