from dataclasses import replace
from datetime import date, datetime, timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from metrics.forms.analysis import best_asked, learnt_asked, trace_asked, why_asked
from metrics.queries.best import LEAST, Best, best_of
from metrics.queries.explain import Explanation, explain
from metrics.queries.explorer import dimensions_of, usual_days
from metrics.queries.file_rows import NoRow, rows_of_files
from metrics.queries.learnt import what_was_learnt
from metrics.queries.lineage import facts_told, inputs_below, trace
from metrics.queries.questions import instant_of_view
from metrics.rules.instants import known_instant, read_known
from metrics.views.catalogue import find_metric
from workspaces.http import MemberRequest, page
from workspaces.rules.errors import Invalid

LISTED = 50  # facts a page: their files are read again
CHANGES_LISTED = 100
LATELY = timedelta(days=28)
METHODS = {
    "wilson": _("interval of a share (Wilson)"),
    "poisson": _("interval of a count (Poisson)"),
    "poisson_below": _("interval by the count below (Poisson)"),
    "delta": _("interval by the spread of its periods (delta method)"),
}
NO_ROWS = {
    NoRow.NO_FILE: _("came without a file"),
    NoRow.GONE: _("the file is not kept any more"),
    NoRow.TOO_LONG: _("the file is too long to be read again here"),
    NoRow.TOO_MANY: _("too many files on one page"),
    NoRow.CHANGED: _("its row was not found again"),
}


@page(can="workspace.view")
def why(request: MemberRequest, key: str) -> HttpResponse:
    metric = find_metric(request, key)
    told: Explanation | None = None
    problem, then = "", {}
    try:
        asked = why_asked(request.GET)
        windows = replace(asked.windows, known_at=instant_of(request, asked.known_at))
        then = past_of(request, asked.known_at)
        told = explain(metric, windows, by=asked.by, where=asked.where)
    except Invalid as refusal:
        problem = str(refusal)
    context = {
        "metric": metric,
        "told": told,
        "problem": problem,
        "dims": dimensions_of(request.workspace, [metric]),
        **then,
    }
    alone = getattr(request, "htmx", False)
    template = "metrics/_why.html" if alone else "metrics/why.html"
    status = 400 if problem and not alone else 200
    return render(request, template, context, status=status)


@page(can="workspace.view")
def best(request: MemberRequest, key: str) -> HttpResponse:
    metric = find_metric(request, key)
    dims = dimensions_of(request.workspace, [metric])
    query = request.GET.copy()
    known_at = known_instant(read_known(query.get("known_at")), request.workspace.timezone)
    days = usual_days(metric, today=request.workspace.day_of(known_at or now()))
    query.setdefault("from", days[0].isoformat())
    query.setdefault("to", days[1].isoformat())
    query.setdefault("by", next(iter(dims), ""))
    found: Best | None = None
    problem, then = "", {}
    if query["by"]:
        try:
            asked = best_asked(query)
            found = best_of(
                metric, asked.span, by=asked.by, where=asked.where, least=asked.least,
                known_at=instant_of(request, asked.known_at),
            )  # fmt: skip
            then = past_of(request, asked.known_at)
        except Invalid as refusal:
            problem = str(refusal)
    context = {
        "metric": metric,
        "found": found,
        "problem": problem,
        "dims": dims,
        "query": query,
        "least": LEAST,
        "methods": {METHODS[row.interval.method] for row in found.rows if row.interval}
        if found
        else (),
        **then,
    }
    return render(request, "metrics/best.html", context, status=400 if problem else 200)


@page(can="workspace.view")
def changes(request: MemberRequest, key: str) -> HttpResponse:
    """What was learnt about a metric, unless asked otherwise in the last four weeks."""
    metric, at = find_metric(request, key), now()
    query = request.GET.copy()
    if not query.get("known_from"):
        query["known_from"] = (request.workspace.day_of(at) - LATELY).isoformat()
    context = {
        "metric": metric,
        "inputs": inputs_below(metric) if metric.is_computed else (),
    }
    try:
        asked = learnt_asked(query, request.workspace, at=at)
    except Invalid as refusal:
        context |= {"problem": str(refusal)}
        return render(request, "metrics/changes.html", context, status=400)
    context |= {"asked": asked}
    if not metric.is_computed:
        found = what_was_learnt(metric, since=asked.since, until=asked.until)
        listed = Paginator(found.changes, CHANGES_LISTED).get_page(request.GET.get("page"))
        context |= {"found": found, "listed": listed}
    return render(request, "metrics/changes.html", context)


@page(can="workspace.view")
def lineage(request: MemberRequest, key: str) -> HttpResponse:
    metric = find_metric(request, key)
    try:
        asked = trace_asked(request.GET)
        known_at = instant_of(request, asked.known_at)
        found = trace(metric, asked.span, where=asked.where, known_at=known_at)
    except Invalid as refusal:
        context = {"metric": metric, "problem": str(refusal)}
        return render(request, "metrics/lineage.html", context, status=400)
    listed = Paginator(found.facts, LISTED).get_page(request.GET.get("page"))
    facts = facts_told(found, list(listed.object_list))
    rows = [
        (fact, None if isinstance(row, NoRow) else row, NO_ROWS.get(row, ""))
        for fact, row in zip(facts, rows_of_files(facts), strict=True)
    ]
    context = {
        "metric": metric,
        "found": found,
        "listed": listed,
        "rows": rows,
        **past_of(request, asked.known_at),
    }
    return render(request, "metrics/lineage.html", context)


def instant_of(request: MemberRequest, known_at: date | datetime | None) -> datetime | None:
    """The instant of a past view; Invalid where it lies ahead."""
    return instant_of_view(request.workspace, known_at, request.workspace.day_of(now()))


def past_of(request: MemberRequest, known_at: date | datetime | None) -> dict[str, object]:
    """What the notice of a past view needs; nothing of a view of now."""
    if known_at is None:
        return {}
    kept = request.GET.copy()
    kept.pop("known_at", None)
    return {"known_at": known_at, "now_words": kept.urlencode()}
