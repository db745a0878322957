"""Request forms and requests behind an address that needs no account."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language

from goals.views.links import LATER, guarded_by_link
from tasks.forms.intake import RequestCommentForm, RequestFields, new_nonce
from tasks.models import RequestForm, RequestFormVersion, Submission
from tasks.operations.request_links import FORMS, REQUESTS, request_token
from tasks.operations.requests import comment_request, send_request
from tasks.queries.requests import (
    form_by_hash,
    plain_html,
    public_request,
    submission_by_hash,
    version_of,
)
from workspaces.http import tried
from workspaces.models import Workspace

FORM, REQUEST, THANKS = (
    "tasks/public_form.html",
    "tasks/public_request.html",
    "tasks/public_thanks.html",
)


def opened_form(token: str) -> tuple[Workspace, tuple[RequestForm]]:
    digest = FORMS.digest_of(token)
    form = form_by_hash(digest) if digest else None
    if form is None:
        raise Http404
    return form.workspace, (form,)


def opened_request(token: str) -> tuple[Workspace, tuple[Submission]]:
    digest = REQUESTS.digest_of(token)
    submission = submission_by_hash(digest) if digest else None
    if submission is None:
        raise Http404
    return submission.workspace, (submission,)


by_form = partial(guarded_by_link, opened=opened_form)
by_request = partial(guarded_by_link, opened=opened_request)


def show_form(request, token, found, *, form=None, status=200) -> HttpResponse:
    version = version_of(found)
    takes = found.is_open and found.board.is_open and version is not None
    context = {
        "token": token,
        "asked": found,
        "words": plain_html(version.words) if version else "",
        "form": (form or RequestFields(version=version)) if takes else None,
    }
    return render(request, FORM, context, status=status)


@by_form("GET HEAD")
def form(request: HttpRequest, token: str, found: RequestForm) -> HttpResponse:
    return show_form(request, token, found)


def seen_version(request: HttpRequest, found: RequestForm) -> RequestFormVersion:
    """The version that was filled in, also where a newer one came out meanwhile."""
    said = request.POST.get("asked", "")
    number = int(said[:9]) if said.isascii() and said.isdigit() else None
    version = version_of(found, number)
    if version is None:
        raise Http404
    return version


def send_again(request: HttpRequest, token: str, found: RequestForm) -> HttpResponse:
    """The form with everything that was typed, when it came too often."""
    form = RequestFields(request.POST, version=seen_version(request, found))
    form.add_error(None, str(LATER))
    return show_form(request, token, found, form=form)


@by_form("POST", again=send_again)
def send(request: HttpRequest, token: str, found: RequestForm) -> HttpResponse:
    form = RequestFields(request.POST, version=seen_version(request, found))
    if form.trapped:
        return render(request, THANKS)
    language, at = get_language() or "", now()
    if tried(form, lambda: send_request(found, sent=form.sent(language), by=None, at=at)):
        return show_form(request, token, found, form=form, status=422)
    made: Submission = form.made  # type: ignore[assignment]
    return sent_on(request_token(made), "sent")


def sent_on(token: str, said: str) -> HttpResponse:
    """To the page of the request; reloading it sends nothing again."""
    response = HttpResponse(status=303)
    response["Location"] = reverse("public_request", kwargs={"token": token}) + f"?said={said}"
    return response


def show_request(request, token, found, *, form=None, status=200) -> HttpResponse:
    context = {
        "token": token,
        "view": public_request(found),
        "form": form or RequestCommentForm(initial={"nonce": new_nonce()}),
        "said": request.GET.get("said", ""),
        "address": request.build_absolute_uri(request.path),
    }
    return render(request, REQUEST, context, status=status)


@by_request("GET HEAD")
def stands(request: HttpRequest, token: str, found: Submission) -> HttpResponse:
    return show_request(request, token, found)


def comment_again(request: HttpRequest, token: str, found: Submission) -> HttpResponse:
    """The page with the comment that was typed, when it came too often."""
    form = RequestCommentForm(request.POST)
    form.add_error(None, str(LATER))
    return show_request(request, token, found, form=form)


@by_request("POST", again=comment_again)
def comment(request: HttpRequest, token: str, found: Submission) -> HttpResponse:
    form, at = RequestCommentForm(request.POST), now()
    if form.trapped:
        return sent_on(token, "comment")

    def said() -> object:
        fields = form.cleaned_data
        return comment_request(found, text=fields["text"], nonce=fields["nonce"], at=at)

    if tried(form, said):
        return show_request(request, token, found, form=form, status=422)
    return sent_on(token, "comment")
