from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from metrics.forms.questions import question_in
from metrics.forms.saved_views import ViewForm
from metrics.models.saved_views import EXPLORE, PAGE_CHOICES, SavedView
from metrics.operations.saved_views import ViewDraft, change_view, remove_view, save_view
from metrics.queries.saved_views import address_of, may_change, views_of
from metrics.rules.questions import Question
from metrics.views.explore import without_view
from workspaces.http import MemberRequest, go, kept, page, tried
from workspaces.rules.errors import Invalid, Refused

PAGES = [name for name, _word in PAGE_CHOICES]


@page(can="metrics.edit", method="POST")
def keep(request: MemberRequest) -> HttpResponse:
    """Save the question that the form carries."""
    where = request.POST.get("page", EXPLORE)
    draft = ViewDraft(
        name=request.POST.get("name", ""),
        question=question_of(request),
        page=where if where in PAGES else EXPLORE,
        shared="shared" in request.POST or "pinned" in request.POST,
        pinned="pinned" in request.POST,
    )
    view = save_view(request.workspace, draft=draft, by=request.member, at=now())
    return go(request, address_of(view, request.workspace.slug), say=_("The view is saved."))


@page(can="metrics.edit", method="POST")
def change(request: MemberRequest, pk: int) -> HttpResponse:
    """Change name and place of a view, and let it ask what the page asks now."""
    view, form = own_or_404(request, pk), ViewForm(request.POST)
    by, at = request.member, now()

    def changed() -> SavedView:
        asked = {"question": question_of(request)} if form.cleaned_data["words"] else {}
        changes = form.changes() | asked
        return change_view(view, changes=changes, version=form.seen, by=by, at=at)

    status = tried(form, changed, lambda row: ViewForm(initial=ViewForm.values_of(row)))
    slug = request.workspace.slug
    if status:
        back = address_of(view, slug)
        return kept(request, form, status, title=_("Change the view"), back=back)
    return go(request, address_of(form.made, slug), say=_("Saved."))


@page(can="metrics.edit", method="POST")
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    view = own_or_404(request, pk)
    url = reverse(f"metrics:{view.page}", kwargs={"slug": request.workspace.slug})
    remove_view(view, by=request.member, at=now())
    return go(request, url, say=_("The view is removed."))


def own_or_404(request: MemberRequest, pk: int) -> SavedView:
    """A view that the member may change; one that they cannot see does not exist."""
    row = views_of(request.member).filter(pk=pk).first() if pk < 2**63 else None
    if row is None:
        raise Http404
    if not may_change(row, request.member):
        raise PermissionDenied
    return row


def question_of(request: MemberRequest) -> Question:
    """The question that the form carries as a query string."""
    try:
        return question_in(without_view(QueryDict(request.POST.get("words", ""))))
    except Invalid as refusal:
        raise Refused(str(refusal), code="no_question") from refusal
