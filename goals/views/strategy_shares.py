"""Links, signatures and decisions of a strategy."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from goals.forms.feedback import SignForm
from goals.forms.strategy_acts import LIFE, DecisionForm, OutcomeForm, ShareForm
from goals.models import Decision, Strategy, StrategyShare
from goals.operations.strategy_decisions import close_decision, log_decision
from goals.operations.strategy_shares import revoke_share, share_strategy
from goals.operations.strategy_versions import sign_version
from goals.queries.strategy import decisions_of
from goals.queries.strategy_shares import open_shares
from goals.queries.strategy_versions import latest_version
from goals.views.strategy import strategy_url, version_or_404
from workspaces.http import MemberRequest, find_or_404, go, kept, page, tried


@page(can="strategy.publish", method="GET POST")
def shares(request: MemberRequest, pk: int) -> HttpResponse:
    row, at = find_or_404(Strategy, pk, request), now()
    fresh = {"until": request.workspace.day_of(at) + LIFE}
    form = ShareForm(request.POST or None, strategy=row, initial=fresh)
    context = {"strategy": row, "form": form, "published": latest_version(row) is not None}
    if request.method == "POST":
        newest, by = latest_version(row), request.member
        if not tried(form, lambda: share_strategy(row, draft=form.draft(newest), by=by, at=at)):
            share, token = form.made
            url = settings.BASE_URL + reverse("shared_strategy", kwargs={"token": token})
            context |= {"made": share, "link": url, "form": ShareForm(strategy=row, initial=fresh)}
    context["shares"] = list(open_shares(row, at=at))
    status = 422 if context["form"].errors else 200
    return render(request, "goals/strategy_shares.html", context, status=status)


def same_or_404(row: Strategy, found: StrategyShare | Decision) -> None:
    """What belongs to another strategy is not there."""
    if found.strategy_id != row.pk:
        raise Http404


@page(can="strategy.publish", method="POST")
def revoke(request: MemberRequest, pk: int, share: int) -> HttpResponse:
    row, found = find_or_404(Strategy, pk, request), find_or_404(StrategyShare, share, request)
    same_or_404(row, found)
    revoke_share(found, by=request.member, at=now())
    return go(request, strategy_url(request, row, "strategy_shares"), say=_("The link is dead."))


@page(can="strategy.sign", method="POST")
def sign(request: MemberRequest, pk: int) -> HttpResponse:
    row, form = find_or_404(Strategy, pk, request), SignForm(request.POST)
    by, at = request.member, now()

    def signed() -> object:
        version = version_or_404(row, form.cleaned_data["number"])
        return sign_version(version, who=by, word=form.word(), by=by, at=at)

    status = tried(form, signed)
    if status:
        back = strategy_url(request, row)
        return kept(request, form, status, title=_("Your signature"), back=back)
    return go(request, strategy_url(request, row), say=_("Your word is kept."))


@page(can="workspace.view", method="GET POST")
def decisions(request: MemberRequest, pk: int) -> HttpResponse:
    if request.method == "POST":
        return log(request, pk)
    row = find_or_404(Strategy, pk, request)
    today = request.workspace.day_of(now())
    return show_decisions(request, row, DecisionForm(strategy=row, initial={"decided_on": today}))


def show_decisions(
    request: MemberRequest, row: Strategy, form: DecisionForm, *, status: int = 200
) -> HttpResponse:
    found = list(decisions_of(row))
    context = {
        "strategy": row,
        "form": form,
        "decisions": [(one, OutcomeForm(initial={"version": one.version})) for one in found],
        "today": request.workspace.day_of(now()),
    }
    return render(request, "goals/strategy_decisions.html", context, status=status)


@page(can="strategy.edit", method="POST")
def log(request: MemberRequest, pk: int) -> HttpResponse:
    row = find_or_404(Strategy, pk, request)
    form = DecisionForm(request.POST, strategy=row)
    by, at = request.member, now()
    status = tried(form, lambda: log_decision(row, draft=form.draft(), by=by, at=at))
    if status:
        return show_decisions(request, row, form, status=status)
    say = _("The decision is written down.")
    return go(request, strategy_url(request, row, "strategy_decisions"), say=say)


@page(can="strategy.edit", method="POST")
def came_of_it(request: MemberRequest, pk: int, decision: int) -> HttpResponse:
    row, found = find_or_404(Strategy, pk, request), find_or_404(Decision, decision, request)
    same_or_404(row, found)
    form, by, at = OutcomeForm(request.POST), request.member, now()
    status = tried(
        form,
        lambda: close_decision(found, **form.typed, version=form.seen, by=by, at=at),
        lambda present: OutcomeForm(initial={"came_of_it": present.came_of_it}),
    )
    back = strategy_url(request, row, "strategy_decisions")
    if status:
        return kept(request, form, status, title=_("What came of it"), back=back)
    return go(request, back, say=_("Saved."))
