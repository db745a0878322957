from dataclasses import replace
from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from goals.forms import a_year_from
from goals.forms.strategy import FORMS, PeriodForm, StepForm
from goals.forms.strategy_acts import PublishForm, VersionForm
from goals.models import Strategy, StrategyVersion
from goals.operations.strategy import (
    begin_strategy,
    change_period,
    close_strategy,
    reopen_strategy,
    save_step,
)
from goals.operations.strategy_versions import publish_strategy, start_strategy
from goals.queries.feedback import heard
from goals.queries.strategy import kept_now, reading_of, standing_now, strategies_of, strategy_page
from goals.queries.strategy_documents import document_of
from goals.queries.strategy_missing import missing_in
from goals.queries.strategy_versions import (
    changes_between,
    latest_version,
    signatures_on,
    tell_changes,
    version_numbered,
    versions_of,
)
from goals.rules.strategy import Step
from workspaces.http import MemberRequest, find_or_404, go, kept, page, tried
from workspaces.rules.roles import may

ORDER = [step.value for step in Step]
PAGE = "goals/strategy.html"
NAMED = "goals/strategy_form.html"


def strategy_url(request: MemberRequest, row: Strategy, name: str = "strategy", **more) -> str:
    slug = request.workspace.slug
    return reverse(f"goals:{name}", kwargs={"slug": slug, "pk": row.pk, **more})


def version_said(request: MemberRequest) -> int:
    """The version that a button saw; a button that says nothing saw nothing."""
    form = VersionForm(request.POST)
    return form.cleaned_data["version"] if form.is_valid() else 0


@page(can="workspace.view")
def index(request: MemberRequest) -> HttpResponse:
    rows = list(strategies_of(request.workspace))
    return render(request, "goals/strategies.html", {"strategies": rows})


@page(can="strategy.edit", method="GET POST")
def new(request: MemberRequest) -> HttpResponse:
    today = request.workspace.day_of(now())
    initial = {"start": today, "end": a_year_from(today)}
    form = PeriodForm(request.POST or None, initial=initial)
    if request.method == "POST":
        by, at = request.member, now()
        begin = partial(begin_strategy, request.workspace, by=by, at=at)
        if not tried(form, lambda: begin(period=form.period())):
            return go(request, strategy_url(request, form.made, "strategy_step", step=ORDER[0]))
    return render(request, NAMED, {"form": form}, status=422 if form.errors else 200)


@page(can="strategy.edit", method="GET POST")
def period(request: MemberRequest, pk: int) -> HttpResponse:
    row = find_or_404(Strategy, pk, request)
    form, status = PeriodForm(request.POST or None, initial=PeriodForm.values_of(row)), 200
    if request.method == "POST":
        by, at = request.member, now()
        status = tried(
            form,
            lambda: change_period(row, period=form.period(), version=form.seen, by=by, at=at),
            lambda present: PeriodForm(initial=PeriodForm.values_of(present)),
        )
        if not status:
            return go(request, strategy_url(request, row), say=_("Saved."))
    return render(request, NAMED, {"form": form, "strategy": row}, status=status)


@page(can="workspace.view")
def strategy(request: MemberRequest, pk: int) -> HttpResponse:
    return show(request, find_or_404(Strategy, pk, request))


def show(
    request: MemberRequest, row: Strategy, form: StepForm | None = None, *, status: int = 200
) -> HttpResponse:
    """The six steps; with a form one of them is being written."""
    shown = strategy_page(row, request.member)
    mine = [one for one in shown.signatures if one.is_for(request.member)]
    context = {
        "page": shown,
        "strategy": row,
        "reading": replace(
            kept_now(request.workspace, shown.reading, now()),
            guides=may(request.member.rank, "strategy.edit") and row.closed_at is None,
        ),
        "form": form,
        "step": form.step.value if form else "",
        "mine": mine,
        "publish_form": PublishForm(initial={"version": row.version}),
    }
    return render(request, PAGE, context, status=status)


@page(can="strategy.edit", method="GET POST")
def write(request: MemberRequest, pk: int, step: str) -> HttpResponse:
    row = find_or_404(Strategy, pk, request)
    if step not in ORDER:
        raise Http404
    form_of = partial(FORMS[Step(step)], step=Step(step))
    form, by, at = form_of(request.POST or None, strategy=row), request.member, now()
    if request.method != "POST":
        return show(request, row, form)
    status = tried(
        form,
        lambda: save_step(row, step=form.step, draft=form.draft(), version=form.seen, by=by, at=at),
        lambda present: form_of(strategy=present),
    )
    if status:
        return show(request, row, form, status=status)
    return go(request, after(request, row, step), say=_("Saved."))


def after(request: MemberRequest, row: Strategy, step: str) -> str:
    """Where saving leads: back to the step, or on to the next one."""
    place = ORDER.index(step) + 1
    if "next" in request.POST and place < len(ORDER):
        return strategy_url(request, row, "strategy_step", step=ORDER[place]) + f"#{ORDER[place]}"
    return strategy_url(request, row) + f"#{step}"


@page(can="strategy.publish", method="POST")
def publish(request: MemberRequest, pk: int) -> HttpResponse:
    row, by, at = find_or_404(Strategy, pk, request), request.member, now()
    form = PublishForm(request.POST, missing=missing_in(document_of(row)))
    status = tried(
        form,
        lambda: publish_strategy(row, **form.typed, version=form.seen, by=by, at=at),
        lambda _row: PublishForm(),
    )
    if status:
        back = strategy_url(request, row)
        return kept(request, form, status, title=_("Publish the strategy"), back=back)
    say = _("Version %(number)s is published.") % {"number": form.made.number}
    return go(request, strategy_url(request, row), say=say)


@page(can="strategy.publish", method="POST")
def start(request: MemberRequest, pk: int) -> HttpResponse:
    row = find_or_404(Strategy, pk, request)
    start_strategy(row, version=version_said(request), by=request.member, at=now())
    return go(request, strategy_url(request, row), say=_("The strategy has started."))


@page(can="strategy.publish", method="POST")
def close(request: MemberRequest, pk: int) -> HttpResponse:
    row = find_or_404(Strategy, pk, request)
    close_strategy(row, version=version_said(request), by=request.member, at=now())
    return go(request, strategy_url(request, row), say=_("The strategy is put away."))


@page(can="strategy.publish", method="POST")
def reopen(request: MemberRequest, pk: int) -> HttpResponse:
    row = find_or_404(Strategy, pk, request)
    reopen_strategy(row, version=version_said(request), by=request.member, at=now())
    return go(request, strategy_url(request, row), say=_("The strategy is open again."))


def version_or_404(row: Strategy, number: int) -> StrategyVersion:
    found = version_numbered(row, min(number, 2**31 - 1))
    if found is None:
        raise Http404
    return found


@page(can="workspace.view")
def version(request: MemberRequest, pk: int, number: int) -> HttpResponse:
    row = find_or_404(Strategy, pk, request)
    found = version_or_404(row, number)
    context = {
        "strategy": row,
        "version": found,
        "reading": reading_of(found.read),
        "signatures": signatures_on(row, found),
    }
    return render(request, "goals/strategy_version.html", context)


@page(can="workspace.view")
def changes(request: MemberRequest, pk: int, number: int) -> HttpResponse:
    row = find_or_404(Strategy, pk, request)
    before, later = version_or_404(row, number), request.GET.get("to", "")
    known = later.isascii() and later.isdigit()
    after_it = version_or_404(row, int(later[:11])) if known else None
    context = {
        "strategy": row,
        "before": before,
        "after": after_it,
        "changes": tell_changes(changes_between(row, before, after_it)),
        "versions": list(versions_of(row)),
    }
    return render(request, "goals/strategy_changes.html", context)


@page(can="workspace.view")
def on_paper(request: MemberRequest, pk: int) -> HttpResponse:
    """The newest version to print and to sign by hand; the draft where none is published."""
    row = find_or_404(Strategy, pk, request)
    newest = latest_version(row)
    document = newest.read if newest else document_of(row)
    context = {
        "strategy": row,
        "version": newest,
        "reading": reading_of(document),
        "signatures": signatures_on(row, newest) if newest else [],
        "heard": heard(row),
    }
    return render(request, "goals/strategy_print.html", context)


@page(can="workspace.view")
def on_the_wall(request: MemberRequest, pk: int) -> HttpResponse:
    """The plan in large letters, with where each goal stands; it refreshes itself."""
    row = find_or_404(Strategy, pk, request)
    newest = latest_version(row)
    document = newest.read if newest else document_of(row)
    at = now()
    reading = standing_now(request.workspace, reading_of(document), at)
    context = {"strategy": row, "version": newest, "reading": reading, "at": at}
    name = "goals/_strategy_wall.html" if request.htmx else "goals/strategy_wall.html"
    return render(request, name, context)
