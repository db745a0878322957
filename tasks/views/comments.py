import secrets

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tasks.forms.acts import VersionForm
from tasks.forms.talk import CommentForm, EditCommentForm, SignForm
from tasks.http import card_url
from tasks.models import Card, Comment
from tasks.models.cards import TEXT_LENGTH
from tasks.operations.comments import (
    Said,
    add_comment,
    delete_comment,
    edit_comment,
    sign_comment,
)
from tasks.queries.comments import talk_of, view_comments
from tasks.queries.texts import shown
from workspaces.http import MemberRequest, find_or_404, go, page, tried
from workspaces.queries.people import members_of
from workspaces.queries.search import find_people
from workspaces.rules.errors import Refused

MOST_LETTERS, MOST_HITS = 80, 8
TALK, COMMENTS, COMMENT = "tasks/_talk.html", "tasks/_comments.html", "tasks/_comment.html"


@page(can="workspace.view")
def comments(request: MemberRequest, pk: int) -> HttpResponse:
    """What was said on a card, or what was said before one of its comments."""
    card = find_or_404(Card, pk, request)
    if not request.htmx:
        return go(request, f"{card_url(card, request)}#talk")
    before = None
    if "before" in request.GET:
        before = find_or_404(Comment, request.GET["before"], request)
    talk = talk_of(card, request.member, before=before)
    return render(request, COMMENTS, {"card": card, "talk": talk})


@page(can="workspace.view")
def comment(request: MemberRequest, pk: int) -> HttpResponse:
    return show_comment(request, find_or_404(Comment, pk, request))


@page(can="work.comment", method="POST")
def add(request: MemberRequest, pk: int) -> HttpResponse:
    card = find_or_404(Card, pk, request)
    said = Said(**CommentForm(request.POST, card=card).said())
    made = add_comment(card, said=said, by=request.member, at=now())
    if not request.htmx:
        return go(request, f"{card_url(card, request)}#comment-{made.pk}")
    talk = talk_of(card, request.member)
    context = {"card": card, "talk": talk, "sent": said.nonce, "nonce": secrets.token_urlsafe(18)}
    return render(request, TALK, context)


@page(can="work.comment", method="GET POST")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Comment, pk, request)
    if found.by_id != request.member.pk or found.deleted_at is not None:
        raise Http404  # nobody else has such a page
    form = EditCommentForm(request.POST or None, initial=EditCommentForm.values_of(found))
    if request.method != "POST":
        return show_form(request, found, form)
    status = tried(
        form,
        lambda: edit_comment(
            found, text=form.typed["text"], version=form.seen, by=request.member, at=now()
        ),
        lambda row: EditCommentForm(initial=EditCommentForm.values_of(row)),
    )
    if status:
        return show_form(request, found, form, status=status)
    return show_comment(request, form.made)


@page(can="work.comment", method="POST")
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Comment, pk, request)
    card, said = found.card, VersionForm(request.POST).said()
    left = delete_comment(found, version=said["version"], by=request.member, at=now())
    if not request.htmx:
        return go(request, f"{card_url(card, request)}#talk", say=_("The comment is deleted."))
    return show_comment(request, left) if left else HttpResponse()


@page(can="work.comment", method="POST")
def sign(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Comment, pk, request)
    said = SignForm(request.POST).said()
    return show_comment(request, sign_comment(found, **said, by=request.member, at=now()))


@page(can="workspace.view")
def mentions(request: MemberRequest) -> HttpResponse:
    """Whom an @ and some letters may mean, to choose from."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:MOST_LETTERS]
    everybody = members_of(request.workspace)[:MOST_HITS]
    people = find_people(request.workspace, text, MOST_HITS) if text else everybody
    return render(request, "tasks/_mentions.html", {"people": people})


@page(can="workspace.view", method="POST")
def preview(request: MemberRequest) -> HttpResponse:
    """A text as it would be shown; nothing is kept."""
    text = request.POST.get("text", "")
    if len(text) > TEXT_LENGTH:
        raise Refused(_("Use at most %(count)s characters.") % {"count": TEXT_LENGTH})
    (html,) = shown(request.workspace, [text])
    return render(request, "tasks/_preview.html", {"html": html})


def show_comment(request: MemberRequest, found: Comment) -> HttpResponse:
    """One comment as it is now, or the card where it stands."""
    if not request.htmx:
        return go(request, f"{card_url(found.card, request)}#comment-{found.pk}")
    (view,) = view_comments(found.card, [found], request.member)
    return render(request, COMMENT, {"card": found.card, "one": view})


def show_form(
    request: MemberRequest, found: Comment, form: EditCommentForm, *, status: int = 200
) -> HttpResponse:
    template = "tasks/_edit_comment.html" if request.htmx else "tasks/edit_comment.html"
    return render(request, template, {"form": form, "comment": found}, status=status)
