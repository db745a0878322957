from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from workspaces.forms import TokenForm
from workspaces.http import MemberRequest, go, page
from workspaces.operations.tokens import issue_token, revoke_token
from workspaces.queries.access import tokens_of
from workspaces.rules.errors import Refused


@page(can="tokens.own", method="GET POST")
def tokens(request: MemberRequest) -> HttpResponse:
    form = TokenForm(request.POST or None)
    context = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            _row, context["text"] = issue_token(
                request.member, **form.cleaned_data, by=request.member, at=now()
            )
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            context["form"] = TokenForm()
    context["tokens"] = list(tokens_of(request.member))
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "workspaces/tokens.html", context, status=status)


@page(can="tokens.own", method="POST")
def revoke(request: MemberRequest, digest: str) -> HttpResponse:
    token = tokens_of(request.member).filter(digest=digest).first()
    if token is None:
        raise Http404
    revoke_token(token, by=request.member, at=now())
    url = reverse("workspaces:tokens", kwargs={"slug": request.workspace.slug})
    return go(request, url, say=_("The token is revoked."))
