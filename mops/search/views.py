from django.http import HttpResponse
from django.shortcuts import render

from mops.search.results import search
from workspaces.http import MemberRequest, page
from workspaces.rules.search import LONGEST, tidied


@page(can="workspace.view")
def search_page(request: MemberRequest) -> HttpResponse:
    """The palette gets the list alone; a text too long finds what its beginning finds."""
    text = tidied(request.GET.get("q", ""))[:LONGEST].strip()
    results = search(request.workspace, text) if text else []
    template = "search/_results.html" if getattr(request, "htmx", False) else "search/search.html"
    return render(request, template, {"text": text, "results": results, "longest": LONGEST})
