from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from goals.forms.feedback import DecideForm, FeedbackForm
from goals.models import FeedbackItem, Strategy, StrategyVersion
from goals.models.feedback import DISPOSITION_CHOICES
from goals.operations.feedback import decide_feedback, give_feedback
from goals.queries.feedback import counts_of, feedback_on, taking_part
from goals.queries.strategy import reading_of
from goals.queries.strategy_versions import latest_version
from goals.rules.strategy import Disposition
from goals.views.strategy import strategy_url, version_or_404
from workspaces.http import MemberRequest, find_or_404, go, kept, page, tried
from workspaces.rules.errors import Refused

MOST_SHOWN = 200


@page(can="workspace.view")
def inbox(request: MemberRequest, pk: int) -> HttpResponse:
    row = find_or_404(Strategy, pk, request)
    counts, asked = counts_of(row), request.GET.get("disposition", Disposition.OPEN.value)
    items = feedback_on(row)
    if asked in set(Disposition):
        items = items.filter(disposition=asked)
    newest = latest_version(row)
    context = {
        "strategy": row,
        "items": list(items[:MOST_SHOWN]),
        "asked": asked,
        "tabs": [(word, name, counts.get(word, 0)) for word, name in DISPOSITION_CHOICES],
        "all": sum(counts.values()),
        "newest": newest,
        "taking": taking_part(newest) if newest else None,
    }
    return render(request, "goals/feedback.html", context)


@page(can="feedback.give", method="GET POST")
def give(request: MemberRequest, pk: int) -> HttpResponse:
    row = find_or_404(Strategy, pk, request)
    version = asked_about(request, row)
    if version is None:
        raise Refused(_("There is no version yet that could be commented."), code="unpublished")
    form = FeedbackForm(request.POST or None, version=version)
    if request.method == "POST":
        by, at = request.member, now()
        if not tried(form, lambda: give_feedback(version, answers=form.answers(member=by), at=at)):
            return go(request, strategy_url(request, row), say=_("Thank you: it is kept."))
    reading = reading_of(version.read)
    context = {"strategy": row, "version": version, "form": form, "reading": reading}
    status = 422 if form.errors else 200
    return render(request, "goals/feedback_form.html", context, status=status)


def asked_about(request: MemberRequest, row: Strategy) -> StrategyVersion | None:
    """The version that was read, also when a newer one came out meanwhile."""
    number = request.POST.get("number", "")
    if number.isascii() and number.isdigit():
        return version_or_404(row, int(number[:11]))
    return latest_version(row)


@page(can="strategy.edit", method="POST")
def decide(request: MemberRequest, pk: int, item: int) -> HttpResponse:
    row, found = find_or_404(Strategy, pk, request), find_or_404(FeedbackItem, item, request)
    if found.sheet.version.strategy_id != row.pk:
        raise Http404
    form, by, at = DecideForm(request.POST), request.member, now()
    status = tried(
        form,
        lambda: decide_feedback(found, **form.typed, revision=form.seen, by=by, at=at),
        lambda present: DecideForm(initial=DecideForm.values_of(present)),
    )
    url = f"{strategy_url(request, row, 'feedback')}?disposition={tab(request)}"
    if status:
        return kept(request, form, status, title=_("What becomes of it"), back=url)
    say = _("Answered: %(word)s.") % {"word": form.made.get_disposition_display()}
    return go(request, url, say=say)


def tab(request: MemberRequest) -> str:
    """The list from which somebody answered."""
    word = request.POST.get("from", "")
    return word if word in set(Disposition) else ""
