from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tasks.forms.approvals import AnswerApprovalForm, AskApprovalForm
from tasks.http import answer, card_url
from tasks.models import Approval, Card
from tasks.operations.approvals import answer_approval, ask_approval, withdraw_approval
from workspaces.http import MemberRequest, find_or_404, go, page, tried


@page(can="work.edit", method="GET POST")
def ask(request: MemberRequest, pk: int) -> HttpResponse:
    """Whom to ask for approval of a card or of a file on it."""
    card, by, at = find_or_404(Card, pk, request), request.member, now()
    first = {"attachment": request.GET.get("attachment", "")}
    form = AskApprovalForm(request.POST or None, card=card, initial=first)
    if request.method == "POST" and not tried(
        form, lambda: ask_approval(card, draft=form.draft(), by=by, at=at)
    ):
        made: Approval = form.made  # type: ignore[assignment]
        url = f"{card_url(card, request)}#approval-{made.pk}"
        return go(request, url, say=_("They are asked."))
    status = 422 if form.errors else 200
    return render(request, "tasks/ask_approval.html", {"form": form, "card": card}, status=status)


@page(can="work.comment", method="POST")
def respond(request: MemberRequest, pk: int) -> HttpResponse:
    """The answer of somebody who is asked."""
    found = find_or_404(Approval, pk, request)
    said = AnswerApprovalForm(request.POST).said()
    said["round_"] = said.pop("round")
    answer_approval(found, **said, by=request.member, at=now())
    return answer(request, found.card, say=_("Your answer is kept."))


@page(can="work.edit", method="POST")
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Approval, pk, request)
    withdraw_approval(found, by=request.member, at=now())
    return answer(request, found.card, say=_("The approval is withdrawn."))
