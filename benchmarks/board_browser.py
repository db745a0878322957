"""A board of 5,000 cards in a real Chromium: from a drop to paint, and what scripts keep.

The board opens as everybody's does, with the topmost cards of each column; at the end it is drawn
whole, as no page of the product does. Cards are dragged by pointer and moved by keys; without
Chromium the part says so and measures nothing.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from statistics import quantiles
from time import monotonic
from unittest.mock import patch
from wsgiref.simple_server import WSGIRequestHandler

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client, override_settings
from django.utils.timezone import now
from playwright.sync_api import Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from benchmarks.boards import BACKEND, PEOPLE, make_board
from benchmarks.data import Ground
from benchmarks.goals import Goal, at_most, told
from tasks.queries.boards import Look
from tests.browser.support import ARGS, ASSETS, DESK, chromium
from tests.make.workspaces import make_member, owner_of
from workspaces.rules.roles import Role

CARDS, DRAGS, MOVES, TRIES = 5_000, 30, 200, 50
SPAN = 90  # seconds for a series of moves: what was not moved by then is not measured
LONGEST = 30_000  # ms for the server to answer a move
PAINT, GROWTH = 100, 4  # ms; KB a move
ROOM = 60_000  # ms that a whole board may take to be drawn on a busy machine
WATCH = """() => {
  window.took = { paint: [], frame: [] };
  const painted = (kind, event) => {
    const began = event.timeStamp;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.took[kind].push(performance.now() - began);
      port2.postMessage("");
    });
  };
  const options = { capture: true, passive: true };
  addEventListener("pointerup", (event) => painted("paint", event), options);
  addEventListener("pointermove", (event) => event.buttons && painted("frame", event), options);
  addEventListener("keydown", (event) => {
    if (event.altKey && event.key !== "Alt") painted("paint", event);
  }, options);
}"""
ALL = "() => document.querySelectorAll('#bcols [data-id]').length"
QUIET = "() => document.querySelector('sortable-board').moves.length === 0"
PLACES = """(back) => {
  const [from, to] = back ? [1, 0] : [0, 1];
  const lists = [...document.querySelectorAll('#bcols [data-list]')];
  for (const list of [lists[0], lists[1]]) list.scrollTop = 0;
  const card = lists[from].querySelector(':scope > [data-id]').getBoundingClientRect();
  const there = lists[to].querySelector(':scope > [data-id]').getBoundingClientRect();
  return [card.x + 60, card.y + 12, there.x + 60, there.y + 12];
}"""
HANGS = """(back) => {
  const item = document.querySelector('sortable-board').dragged;
  const lists = [...document.querySelectorAll('#bcols [data-list]')];
  return item?.parentElement === lists[back ? 0 : 1];
}"""


class Quiet(WSGIRequestHandler):
    """Says nothing of what it answers."""

    def log_message(self, *_args: object) -> None:
        """Nothing."""


def run(ground: Ground, _rows: int) -> Iterator[Goal]:
    """A board of 5,000 cards under the hand and under keys."""
    path = chromium()
    if path is None or not ASSETS.exists():
        what = "a board in the browser: no Chromium was found, or styles and scripts are not built"
        yield told(what, "not measured")
        return
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop is in this thread
    people = [owner_of(ground.workspace)]
    for number in range(PEOPLE - 1):
        email = f"p{number}@bench.example"
        people.append(make_member(ground.workspace, email, Role.EDITOR, at=now()))
    board = make_board(people, CARDS)
    client = Client()
    client.force_login(people[0].user, backend=BACKEND)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    with served() as url, opened(path, url, session) as page:
        page.goto(f"/w/{board.workspace.slug}/boards/{board.pk}/")
        try:
            page.wait_for_selector("sortable-board[data-armed]", timeout=ROOM)
            yield from measured(page)
        except PlaywrightTimeout as late:
            yield told("a board in the browser: given up", str(late).split("\n", 1)[0])


@contextmanager
def served() -> Iterator[str]:
    """The product in threads of this process."""
    with override_settings(ALLOWED_HOSTS=["127.0.0.1"]):
        handler = StaticFilesHandler(get_wsgi_application())
        server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
        server.set_app(handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()
            connections.close_all()


@contextmanager
def opened(path: str, url: str, session: str) -> Iterator[Page]:
    """A page of somebody who is signed in."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=ARGS)
        context = browser.new_context(base_url=url, viewport=DESK, reduced_motion="reduce")
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])
        yield context.new_page()
        browser.close()


def measured(page: Page) -> Iterator[Goal]:
    """Drags, moves by key and the heap of the board as it opens; then drags with all drawn."""
    few = page.evaluate(ALL)
    page.evaluate(WATCH)
    start = heap(page)
    hand = drags(page, DRAGS)
    early = heap(page)
    keys = keyed(page, MOVES - DRAGS)
    late = heap(page)
    said = f"a board of {CARDS:,} cards, {few} of them drawn: from drop to paint"
    yield at_most("browser", f"{said}, p95 of {hand['count']:.0f}", hand["p95"], PAINT, "ms")
    yield told("from a step of the dragging pointer to paint, p95", f"{hand['frame']:.1f} ms")
    what = f"from a key that moves a card to paint, p95 of {keys['count']:.0f}"
    yield at_most("browser", what, keys["p95"], PAINT, "ms")
    counts = [f"{count:.0f}" for count in (hand["count"], hand["count"] + keys["count"])]
    memory = " / ".join(f"{size / 1e6:.1f}" for size in (start, early, late))
    yield told(f"script memory before, after {counts[0]} and {counts[1]} moves", f"{memory} MB")
    grown = max(late - early, 0) / keys["count"] / 1000
    what = f"it grows a move, from {counts[0]} to {counts[1]}"
    yield at_most("browser", what, grown, GROWTH, "KB")
    whole, slow = reveal(page), drags(page, DRAGS)
    limit, ratio = f"{hand['p50']:.1f} ms", f"{slow['p50'] / hand['p50']:.1f} x"
    what = f"with {whole:,} drawn at once: from drop to paint, median of {slow['count']:.0f}"
    yield told(what, f"{slow['p50']:.1f} ms", limit, ratio)


def reveal(page: Page) -> int:
    """Open the board anew with every card of it on the first page."""
    with patch("tasks.views.boards.Look", partial(Look, page=CARDS)):
        page.reload(timeout=ROOM)
        page.wait_for_selector("sortable-board[data-armed]", timeout=ROOM)
    page.evaluate(WATCH)
    return page.evaluate(ALL)


def drags(page: Page, count: int) -> dict[str, float]:
    """Drag the topmost card of the first column into the second, and back, so many times."""
    page.evaluate("() => { window.took.paint = []; window.took.frame = []; }")
    over = monotonic() + SPAN
    for number in range(count):
        if number > 2 and monotonic() > over:
            break
        back = bool(number % 2)
        x, y, to_x, to_y = page.evaluate(PLACES, back)
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(to_x, to_y, steps=8)
        for shake in range(TRIES):  # SortableJS looks under a pointer that moves, every 50 ms
            page.wait_for_timeout(60)
            if page.evaluate(HANGS, back):
                break
            page.mouse.move(to_x, to_y + shake % 7)
        page.mouse.up()
        page.wait_for_function(QUIET, timeout=LONGEST)
    return spread(page)


def keyed(page: Page, count: int) -> dict[str, float]:
    """Move one card to and fro between two columns by key, so many times."""
    page.evaluate("() => { window.took.paint = []; window.took.frame = []; }")
    page.locator("#bcols [data-list] h3 a").first.focus()
    over = monotonic() + SPAN
    for number in range(count):
        if number > 2 and monotonic() > over:
            break
        page.keyboard.press("Alt+ArrowLeft" if number % 2 else "Alt+ArrowRight")
        page.wait_for_function(QUIET, timeout=LONGEST)
    return spread(page)


def spread(page: Page) -> dict[str, float]:
    """Median and 95th of a hundred, in milliseconds."""
    took = page.evaluate("() => window.took")
    paint, frame = quantiles(took["paint"], n=20), took["frame"]
    framed = quantiles(frame, n=20)[-1] if len(frame) > 1 else 0.0
    return {"p50": paint[9], "p95": paint[-1], "frame": framed, "count": len(took["paint"])}


def heap(page: Page) -> float:
    """Bytes that scripts hold once what is unused was collected."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    found = session.send("Performance.getMetrics")["metrics"]
    session.detach()
    return next(one["value"] for one in found if one["name"] == "JSHeapUsedSize")
