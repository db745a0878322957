"""Requests of members: the forms that they can send, what they sent, and the editor of forms."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tasks.forms.acts import TickForm
from tasks.forms.intake import RequestFields, RequestFormForm, questions_editor, questions_in
from tasks.http import card_url
from tasks.models import RequestForm, RequestFormVersion, Submission
from tasks.operations.intake import (
    archive_form,
    change_form,
    draft_of,
    make_form,
    readdress_form,
)
from tasks.operations.request_links import form_address
from tasks.operations.requests import send_request
from tasks.queries.boards import open_columns
from tasks.queries.requests import (
    forms_of,
    open_forms,
    plain_html,
    sent_by,
    sent_by_form,
    staged,
    version_of,
)
from workspaces.http import MemberRequest, find_or_404, go, page, tried

SHOWN = 50
EDITOR = "tasks/request_form.html"


def at(request: MemberRequest, name: str, **more: object) -> str:
    return reverse(f"tasks:{name}", kwargs={"slug": request.workspace.slug, **more})


def one_page(request: MemberRequest, rows):
    """The page that the address asks for, with how each request on it stands."""
    some = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    return some, staged(some.object_list)


@page(can="workspace.view")
def requests(request: MemberRequest) -> HttpResponse:
    """The forms that one can send, and one's own requests."""
    some, sent = one_page(request, sent_by(request.member))
    context = {"forms": list(open_forms(request.workspace)), "sent": sent, "page": some}
    return render(request, "tasks/requests.html", context)


@page(can="requests.send", method="GET POST")
def send(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(RequestForm, pk, request)
    version = seen_version(request, found)
    form = RequestFields(request.POST or None, version=version)
    language, by, when = get_language() or "", request.member, now()
    if request.method == "POST" and not tried(
        form, lambda: send_request(found, sent=form.sent(language), by=by, at=when)
    ):
        made: Submission = form.made  # type: ignore[assignment]
        say = _("Your request is here.")
        return go(
            request, card_url(made.card, request) if made.card else at(request, "requests"), say=say
        )
    takes = found.is_open and found.archived_at is None and found.board.is_open
    context = {"asked": found, "form": form, "takes": takes, "words": plain_html(version.words)}
    status = 422 if form.errors else 200
    return render(request, "tasks/send_request.html", context, status=status)


def seen_version(request: MemberRequest, found: RequestForm) -> RequestFormVersion:
    """The version that was filled in, also where a newer one came out meanwhile."""
    said = request.POST.get("asked", "") or request.GET.get("version", "")
    number = int(said[:9]) if said.isascii() and said.isdigit() else None
    version = version_of(found, number)
    if version is None:
        raise Http404
    return version


@page(can="boards.edit")
def request_forms(request: MemberRequest) -> HttpResponse:
    rows = list(forms_of(request.workspace))
    context = {
        "forms": [row for row in rows if row.archived_at is None],
        "archived": [row for row in rows if row.archived_at is not None],
    }
    return render(request, "tasks/request_forms.html", context)


@page(can="boards.edit", method="GET POST")
def new_form(request: MemberRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    first = {"column": open_columns(request.workspace).first()}
    form = RequestFormForm(data, workspace=request.workspace, initial=first)
    editor = questions_editor(request.workspace, [], data)
    by, when = request.member, now()
    status = 200
    if request.method == "POST":
        status = saved(
            form, editor,
            lambda: make_form(
                request.workspace, draft=form.draft(questions_in(editor)), by=by, at=when
            ),
        )  # fmt: skip
        if not status:
            made: RequestForm = form.made  # type: ignore[assignment]
            return go(request, at(request, "request_form", pk=made.pk), say=_("The form is made."))
    return render(request, EDITOR, {"form": form, "editor": editor}, status=status)


def saved(form: RequestFormForm, editor, change, present=None) -> int:
    """Make the change that the editor asks for; 0, or the status of an answer that says why not."""
    if not editor.is_valid():
        form.full_clean()
        form.add_error(None, _("Look at the questions again."))
        return 422
    return tried(form, change, present)


@page(can="boards.edit", method="GET POST")
def request_form(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(RequestForm, pk, request)
    data = request.POST if request.method == "POST" else None
    draft = draft_of(found)
    values = RequestFormForm.values_of(draft, found.version)
    form = RequestFormForm(data, workspace=request.workspace, initial=values)
    editor = questions_editor(request.workspace, draft.questions, data)
    status = 200
    if request.method == "POST":
        by, when = request.member, now()
        status = saved(
            form, editor,
            lambda: change_form(
                found, version=form.seen, changes=form.changes(questions_in(editor)), by=by, at=when
            ),
            lambda row: present(request, row),
        )  # fmt: skip
        if not status:
            return go(request, at(request, "request_form", pk=pk), say=_("Saved."))
    context = {
        "form": form,
        "editor": editor,
        "found": found,
        "address": form_address(found) if found.is_public else "",
        "versions": found.versions.order_by("-number")[:SHOWN],
    }
    return render(request, EDITOR, context, status=status)


def present(request: MemberRequest, row: RequestForm) -> RequestFormForm:
    values = RequestFormForm.values_of(draft_of(row), row.version)
    return RequestFormForm(workspace=request.workspace, initial=values)


@page(can="boards.edit")
def preview(request: MemberRequest, pk: int) -> HttpResponse:
    """A version of the form as who fills it in sees it; nothing is sent from here."""
    found = find_or_404(RequestForm, pk, request)
    version = seen_version(request, found)
    context = {
        "asked": found,
        "version": version,
        "form": RequestFields(version=version),
        "words": plain_html(version.words),
    }
    return render(request, "tasks/preview_form.html", context)


@page(can="boards.edit")
def sent(request: MemberRequest, pk: int) -> HttpResponse:
    """What came by a form."""
    found = find_or_404(RequestForm, pk, request)
    some, views = one_page(request, sent_by_form(found))
    context = {"found": found, "sent": views, "page": some}
    return render(request, "tasks/sent_requests.html", context)


@page(can="boards.edit", method="POST")
def archive(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(RequestForm, pk, request)
    on = TickForm(request.POST).said()["done"]
    archive_form(found, on=on, by=request.member, at=now())
    say = _("The form is archived.") if on else _("The form is back.")
    return go(request, at(request, "request_forms"), say=say)


@page(can="boards.edit", method="POST")
def readdress(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(RequestForm, pk, request)
    readdress_form(found, by=request.member, at=now())
    say = _("The form has a new address. The old one is dead.")
    return go(request, at(request, "request_form", pk=pk), say=say)
