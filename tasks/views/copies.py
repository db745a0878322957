from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tasks.forms.copies import CopyForm
from tasks.http import answer, card_url
from tasks.models import Card
from tasks.operations.copies import copy_card
from workspaces.http import MemberRequest, find_or_404, go, page, tried


@page(can="work.edit", method="GET POST")
def copy(request: MemberRequest, pk: int) -> HttpResponse:
    """Copy a card, by a form that says where to and with what."""
    found = find_or_404(Card, pk, request)
    form, status = CopyForm(request.POST or None, card=found), 200
    if request.method == "POST":
        by, at = request.member, now()
        status = tried(form, lambda: copy_card(found, draft=form.draft(), by=by, at=at))
        if not status:
            return copied(request, form.made)
    template = "tasks/_copy.html" if request.htmx else "tasks/copy.html"
    return render(request, template, {"form": form, "card": found}, status=status)


def copied(request: MemberRequest, made: Card) -> HttpResponse:
    say = _("“%(title)s” is added as #%(number)d.") % {"title": made.title, "number": made.number}
    if request.htmx:
        return answer(request, made, say=say, moved=True)
    return go(request, card_url(made, request), say=say)
