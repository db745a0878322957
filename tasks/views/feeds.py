"""Addresses for calendars: making them, and what whoever has one fetches."""

from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import parse_etags, quote_etag
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from goals.http import within
from tasks.forms.acts import FeedForm
from tasks.http import feed_url
from tasks.models import CalendarFeed
from tasks.operations.feeds import TOKENS, make_feed, withdraw_feed
from tasks.queries.boards import boards_of
from tasks.queries.feeds import entries_of, feed_by_hash, feeds_of, name_of
from tasks.rules.ical import write_calendar
from workspaces.http import MemberRequest, find_or_404, go, page

READS, SECONDS = 120, 60
TYPE = "text/calendar; charset=utf-8"


@page(can="tokens.own", method="GET POST")
def feeds(request: MemberRequest) -> HttpResponse:
    """One's own addresses; a new one is shown in the answer and never again."""
    context = {}
    if request.method == "POST":
        board = FeedForm(request.POST, workspace=request.workspace).said()["board"]
        made, token = make_feed(board, by=request.member, at=now())
        context = {"made": made, "address": feed_url(request, token)}
    have = list(feeds_of(request.member))
    there = {feed.board_id for feed in have}
    context |= {
        "feeds": have,
        "own": None in there,
        "boards": [board for board in boards_of(request.workspace) if board.pk not in there],
    }
    return render(request, "tasks/feeds.html", context)


@page(can="tokens.own", method="POST")
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    found = find_or_404(CalendarFeed, pk, request)
    if found.member_id != request.member.pk:
        raise Http404
    withdraw_feed(found, by=request.member, at=now())
    url = reverse("tasks:calendar_feeds", kwargs={"slug": request.workspace.slug})
    return go(request, url, say=_("The address is withdrawn."))


@require_safe
def fetch(request: HttpRequest, token: str) -> HttpResponse:
    """The cards as a calendar; whoever has the address may, as long as its member may."""
    if not within(request, "calendar-feed", most=READS, seconds=SECONDS):
        response = HttpResponse(status=429, content_type="text/plain")
        response["Retry-After"] = str(SECONDS)
        return kept_private(response)
    digest = TOKENS.digest_of(token)
    feed = feed_by_hash(digest) if digest else None
    if feed is None:
        raise Http404
    with translation.override(feed.member.user.language or translation.get_language()):
        body = written(request, feed)
    etag = quote_etag(sha256(body).hexdigest()[:32])
    asked = {
        tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))
    }
    if asked & {etag, "*"}:
        return kept_private(HttpResponseNotModified(headers={"ETag": etag}))
    headers = {"ETag": etag, "Content-Disposition": 'inline; filename="cards.ics"'}
    return kept_private(HttpResponse(body, content_type=TYPE, headers=headers))


def written(request: HttpRequest, feed: CalendarFeed) -> bytes:
    """The calendar's bytes; ?as=todo has to-dos instead of events."""
    cards = reverse("tasks:card_list", kwargs={"slug": feed.workspace.slug})
    base, today = request.build_absolute_uri(cards), feed.workspace.day_of(now())
    entries = entries_of(feed, today=today, base=base)
    return write_calendar(name_of(feed), entries, as_todos=request.GET.get("as") == "todo")


def kept_private(response: HttpResponse) -> HttpResponse:
    """For whoever asked alone, asked for anew each time, and found by no search engine."""
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["X-Content-Type-Options"] = "nosniff"
    return response
