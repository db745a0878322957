from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from goals.forms.checkins import CheckInForm
from goals.models import CheckIn
from reports.forms import AskForm, EndForm, LookForm
from reports.models import Review, ReviewItem
from reports.operations.reviews import ask_owner, end_review, look_at, start_review
from reports.queries.optimisations import optimisations_of, tried
from reports.queries.reviews import item_page, next_waiting, reviews_of, summary_of
from reports.rules.reviews import Outcome, Rhythm
from workspaces.http import MemberRequest, find_or_404, go, kept, page
from workspaces.http import tried as attempted
from workspaces.rules.errors import Refused

LISTED = 50
TRIED = 5


def review_url(request: MemberRequest, review_id: int) -> str:
    return reverse("reports:review", kwargs={"slug": request.workspace.slug, "pk": review_id})


def item_url(request: MemberRequest, item: ReviewItem) -> str:
    names = {"slug": request.workspace.slug, "pk": item.review_id, "item": item.pk}
    return reverse("reports:review_item", kwargs=names)


@page(can="workspace.view")
def reviews(request: MemberRequest) -> HttpResponse:
    rows = list(reviews_of(request.workspace)[:LISTED])
    tries = list(optimisations_of(request.workspace)[:TRIED])
    context = {
        "open": {row.rhythm: row for row in rows if row.is_open},
        "ended": [row for row in rows if not row.is_open],
        "tries": tried(request.workspace, tries, now()),
        "rhythms": [rhythm.value for rhythm in Rhythm],
    }
    return render(request, "reports/reviews.html", context)


@page(can="review.run", method="POST")
def start(request: MemberRequest) -> HttpResponse:
    word = request.POST.get("rhythm", "")
    if word not in set(Rhythm):
        raise Refused(_("Choose a weekly or a monthly review."), code="invalid", field="rhythm")
    review = start_review(request.workspace, rhythm=Rhythm(word), by=request.member, at=now())
    first = summary_of(review).next_up
    return go(request, item_url(request, first) if first else review_url(request, review.pk))


@page(can="workspace.view")
def review(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(Review, pk, request)
    form = EndForm(initial={"version": found.version})
    context = {"summary": summary_of(found), "review": found, "form": form}
    return render(request, "reports/review.html", context)


@page(can="review.run", method="POST")
def end(request: MemberRequest, pk: int) -> HttpResponse:
    found, form = find_or_404(Review, pk, request), EndForm(request.POST)
    status = attempted(
        form,
        lambda: end_review(found, **form.typed, version=form.seen, by=request.member, at=now()),
    )
    if status:
        where = review_url(request, found.pk)
        return kept(request, form, status, title=_("End the review"), back=where)
    return go(request, review_url(request, found.pk), say=_("The review has ended."))


def item_or_404(request: MemberRequest, pk: int, item: int) -> ReviewItem:
    """One goal of the review that the address names."""
    found = find_or_404(ReviewItem, item, request)
    if found.review_id != pk:
        raise Http404
    return found


@page(can="workspace.view")
def item(request: MemberRequest, pk: int, item: int) -> HttpResponse:
    found = item_or_404(request, pk, item)
    return show_item(request, found, LookForm(initial=LookForm.values_of(found)))


def show_item(
    request: MemberRequest, found: ReviewItem, form: LookForm, *, status: int = 200
) -> HttpResponse:
    shown = item_page(request.workspace, found, now())
    draft = CheckIn.objects.filter(goal=shown.goal, author=request.member, told_at=None).first()
    context = {
        "shown": shown,
        "goal": shown.goal,
        "standing": shown.standing,
        "form": form,
        "ask_form": AskForm(),
        "checkin_form": CheckInForm(initial=CheckInForm.values_of(draft)),
    }
    return render(request, "reports/review_item.html", context, status=status)


@page(can="review.run", method="POST")
def look(request: MemberRequest, pk: int, item: int) -> HttpResponse:
    found, form = item_or_404(request, pk, item), LookForm(request.POST)
    status = attempted(
        form,
        lambda: look_at(found, look=form.look(), version=form.seen, by=request.member, at=now()),
        lambda row: LookForm(initial=LookForm.values_of(row)),
    )
    if status:
        return show_item(request, item_or_404(request, pk, item), form, status=status)
    following = next_waiting(summary_of(found.review).items, found)
    skipped = form.look().outcome is Outcome.SKIPPED
    say = _("Skipped.") if skipped else _("Looked at.")
    here = item_url(request, following) if following else review_url(request, found.review_id)
    return go(request, here, say=say)


@page(can="review.run", method="POST")
def ask(request: MemberRequest, pk: int, item: int) -> HttpResponse:
    found, form = item_or_404(request, pk, item), AskForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Write the question."), code="required", field="question")
    ask_owner(found, question=form.cleaned_data["question"], by=request.member, at=now())
    return go(request, item_url(request, found), say=_("The owner is asked."))
