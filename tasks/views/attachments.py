from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tasks.forms.talk import CompareForm, LinkForm, RenameForm
from tasks.http import card_url, sent_file, sent_version
from tasks.models import Attachment, AttachmentVersion, Card
from tasks.operations.attachments import (
    add_version,
    attach_file,
    attach_link,
    rename_attachment,
    restore_attachment,
    trash_attachment,
)
from tasks.operations.files import path_of
from tasks.parsers import takes_attachment, upload_in
from tasks.queries.approvals import seen_by_version
from tasks.queries.attachments import files_of, first_lines, reachable, view_file
from tasks.sources.pictures import SIZES, preview_path
from workspaces.http import MemberRequest, find_or_404, go, page, tried

FILES = "tasks/_files.html"
SHORT_WHILE = "private, max-age=300"  # a picture is not fetched again with every change of a card


@page(can="workspace.view")
def attachments(request: MemberRequest, pk: int) -> HttpResponse:
    """What is attached to a card."""
    return show_files(request, find_or_404(Card, pk, request))


@takes_attachment
@page(can="work.edit", method="POST")
def attach(request: MemberRequest, pk: int) -> HttpResponse:
    card = find_or_404(Card, pk, request)
    upload = upload_in(request, request.FILES)
    made = attach_file(card, upload=upload, by=request.member, at=now())
    response = show_files(request, card, say=_("The file is attached."))
    response["X-Attachment"] = str(made.pk)
    return response


@page(can="work.edit", method="POST")
def link(request: MemberRequest, pk: int) -> HttpResponse:
    card = find_or_404(Card, pk, request)
    attach_link(card, **LinkForm(request.POST).said(), by=request.member, at=now())
    return show_files(request, card, say=_("The link is attached."))


@page(can="workspace.view")
def attachment(request: MemberRequest, pk: int) -> HttpResponse:
    return show_attachment(request, attachment_or_404(request, pk))


def show_attachment(
    request: MemberRequest, found: Attachment, form: RenameForm | None = None, *, status: int = 200
) -> HttpResponse:
    """The page of an attachment, with the form of its name."""
    file = view_file(found)
    text = first_lines(file.newest) if file.newest else None
    form = form or RenameForm(initial={"name": found.name, "was": found.name})
    context = {"file": file, "card": found.card, "text": text, "form": form}
    return render(request, "tasks/attachment.html", context, status=status)


@page(can="work.edit", method="POST")
def rename(request: MemberRequest, pk: int) -> HttpResponse:
    found, form = attachment_or_404(request, pk), RenameForm(request.POST)
    no = tried(
        form,
        lambda: rename_attachment(found, **form.cleaned_data, by=request.member, at=now()),
        lambda stands: RenameForm(initial={"name": stands.name}),
    )
    if no:
        return show_attachment(request, attachment_or_404(request, pk), form, status=no)
    return go(request, page_url(request, found), say=_("Saved."))


@takes_attachment
@page(can="work.edit", method="POST")
def renew(request: MemberRequest, pk: int) -> HttpResponse:
    found = attachment_or_404(request, pk)
    upload = upload_in(request, request.FILES)
    add_version(found, upload=upload, by=request.member, at=now())
    return go(request, page_url(request, found), say=_("The new version is here."))


@page(can="workspace.view")
def compare(request: MemberRequest, pk: int) -> HttpResponse:
    """Two versions of a file side by side."""
    file = view_file(attachment_or_404(request, pk))
    versions = {version.number: version for version in file.versions}
    if not versions:
        raise Http404
    newest = next(iter(versions))
    first = {"left": list(versions)[min(1, len(versions) - 1)], "right": newest}
    asked = {name: request.GET.get(name, value) for name, value in first.items()}
    form = CompareForm(asked, numbers=list(versions))
    if not form.is_valid():
        raise Http404
    sides = [versions[form.cleaned_data[name]] for name in first]
    seen = seen_by_version(file.attachment)
    sides = [(version, seen.get(version.number, [])) for version in sides]
    context = {"file": file, "card": file.attachment.card, "form": form, "sides": sides}
    return render(request, "tasks/compare_versions.html", context)


@page(can="workspace.view")
def download(request: MemberRequest, pk: int, number: int) -> StreamingHttpResponse:
    return sent_version(request, version_or_404(request, pk, number))


@page(can="workspace.view")
def picture(request: MemberRequest, pk: int, number: int, size: str) -> StreamingHttpResponse:
    """A picture as it is shown: drawn anew, never what was sent."""
    version = version_or_404(request, pk, number)
    if size not in SIZES or not version.is_picture:
        raise Http404
    path = preview_path(path_of(version.file), size)
    return sent_file(request, path, "image/webp", Cache_Control=SHORT_WHILE)


@page(can="work.edit", method="POST")
def trash(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Attachment, pk, request)
    gone = trash_attachment(found, by=request.member, at=now())
    undo = reverse("tasks:restore_attachment", kwargs=where(request, found))
    say = _("“%(name)s” is in the trash.") % {"name": gone.name}
    return show_files(request, found.card, say=say, undo=undo)


@page(can="work.edit", method="POST")
def restore(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Attachment, pk, request)
    restore_attachment(found, by=request.member, at=now())
    say = _("“%(name)s” is back on its card.") % {"name": found.name}
    return go(request, card_url(found.card, request), say=say)


def show_files(
    request: MemberRequest, card: Card, *, say: str = "", undo: str = ""
) -> HttpResponse:
    """The card's attachments to htmx, else its page."""
    if not request.htmx:
        return go(request, f"{card_url(card, request)}#files", say=say)
    context = {"card": card, "files": files_of(card), "say": say, "undo": undo}
    return render(request, FILES, context)


def attachment_or_404(request: MemberRequest, pk: int) -> Attachment:
    found = reachable(request.workspace.pk).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def version_or_404(request: MemberRequest, pk: int, number: int) -> AttachmentVersion:
    found = attachment_or_404(request, pk).versions.filter(number=number, lost_at=None).first()
    if found is None:
        raise Http404
    return found


def where(request: MemberRequest, found: Attachment) -> dict[str, object]:
    return {"slug": request.workspace.slug, "pk": found.pk}


def page_url(request: MemberRequest, found: Attachment) -> str:
    return reverse("tasks:attachment", kwargs=where(request, found))
