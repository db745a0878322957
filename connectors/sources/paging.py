"""From page to page: the next link, a cursor, an offset or a number; never round in circles."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from connectors.rules.description import Description
from connectors.rules.paths import MISSING, find
from connectors.rules.requests import Paging
from connectors.rules.templates import filled, filled_url, filled_value
from connectors.rules.values import text_of
from connectors.sources.answers import rows_of
from connectors.sources.calling import Caller, Trouble
from metrics.rules.faults import Fault, Unreadable
from workspaces.sources.web import Asked

MOST_PAGES = 1_000
MOST_ROWS = 500_000
MOST_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True)
class Page:
    """The rows of one answer, the number of the first of them (from 1), and its size in bytes."""

    rows: list[Any]
    first: int
    size: int


def pages(caller: Caller, words: Mapping[str, str]) -> Iterator[Page]:
    """Every page of one question; Trouble where a page repeats, lacks, or there are too many."""
    description = caller.description
    asked: Asked | None = first_question(description, {**caller.params, **words})
    start, rows_before, bytes_before = asked, 0, 0
    watch = _Watch()
    for _number in range(MOST_PAGES):
        if asked is None or start is None:
            return
        value, size = caller.fetch(asked)
        rows = _rows(value, description)
        watch.look(rows, asked)
        yield Page(rows, rows_before + 1, size)
        rows_before += len(rows)
        bytes_before += size
        if rows_before > MOST_ROWS or bytes_before > MOST_BYTES:
            raise Trouble(Fault("too_much"))
        asked = _next(description, start, asked, value, (len(rows), rows_before))
    raise Trouble(Fault("too_many_pages", value=str(MOST_PAGES)))


def _rows(value: Any, description: Description) -> list[Any]:
    try:
        return rows_of(value, description)
    except Unreadable as refusal:
        raise Trouble(refusal.faults[0]) from None


class _Watch:
    """Remembers pages and questions; one that comes again ends the fetch."""

    def __init__(self) -> None:
        self._pages: set[bytes] = set()
        self._asked: set[str] = set()

    def look(self, rows: list[Any], asked: Asked) -> None:
        """Note a page and the question that it answers."""
        question = json.dumps([asked.url, dict(asked.query), asked.json], sort_keys=True)
        text = json.dumps(rows, sort_keys=True, default=str).encode()
        page = hashlib.sha256(text).digest()
        if question in self._asked or (rows and page in self._pages):
            raise Trouble(Fault("page_repeats"))
        self._asked.add(question)
        self._pages.add(page)


def first_question(description: Description, words: Mapping[str, str]) -> Asked:
    """The question for the first page; headers and query without a word are left out."""
    request, paging = description.request, description.paging
    query = {name: filled(text, words) for name, text in request.query.items()}
    headers = {name: filled(text, words) for name, text in request.headers.items()}
    asked = Asked(
        method=request.method,
        url=filled_url(request.url, words),
        query={name: text for name, text in query.items() if text},
        headers={"Accept": "*/*"} | {name: text for name, text in headers.items() if text},
        json=filled_value(request.body, words) if request.body is not None else None,
    )
    if paging.size_param:
        asked = _with(asked, paging.place, paging.size_param, paging.size)
    if paging.kind == "offset":
        asked = _with(asked, paging.place, paging.param, 0)
    elif paging.kind == "page":
        asked = _with(asked, paging.place, paging.param, paging.first)
    return asked


def _with(asked: Asked, place: str, name: str, value: int | str) -> Asked:
    """The question with one more word, in its body or in its address."""
    if place == "body":
        return replace(asked, json={**(asked.json or {}), name: value})
    return replace(asked, query={**asked.query, name: str(value)})


def _next(
    description: Description, start: Asked, asked: Asked, value: Any, counts: tuple[int, int]
) -> Asked | None:
    """The question for the page after this one, or None; counts: rows of the page, rows so far."""
    paging, (here, so_far) = description.paging, counts
    if paging.kind == "none" or (paging.done and text_of(find(value, paging.done)) == "true"):
        return None
    if paging.kind in ("offset", "page"):
        if not _is_more(description, value, here, so_far):
            return None
        number = paging.first + _pages_before(asked, paging.place, paging.param, paging.first)
        word = so_far if paging.kind == "offset" else number
        return _with(start, paging.place, paging.param, word)
    return _linked(paging, start, asked, text_of(find(value, paging.path)))


def _linked(paging: Paging, start: Asked, asked: Asked, word: str | None) -> Asked | None:
    """The question that a cursor or an address of the answer leads to."""
    if not word:
        return None
    if paging.kind == "cursor":
        return _with(start, paging.place, paging.param, word)
    return replace(asked, url=_beside(start.url, word), query={})


def _pages_before(asked: Asked, place: str, param: str, first: int) -> int:
    """How many pages have been asked for, this one included."""
    word = (asked.json or {}).get(param) if place == "body" else asked.query.get(param)
    return int(word or first) - first + 1


def _is_more(description: Description, value: Any, here: int, so_far: int) -> bool:
    """Whether rows are left; a total that was promised and does not come is no end."""
    paging = description.paging
    total = find(value, paging.total) if paging.total else MISSING
    text = None if total is MISSING else text_of(total)
    if text is None or not text.isdigit():
        return here >= max(paging.size, 1)
    if so_far >= int(text):
        return False
    if not here:
        raise Trouble(Fault("rows_lack", value=text), passing=True)
    return True


def _beside(url: str, link: str) -> str:
    """The next address, which has to be of the same server: the secrets go there, too."""
    found = urljoin(url, link)
    here, there = urlsplit(url), urlsplit(found)
    if (here.scheme, here.netloc) != (there.scheme, there.netloc):
        raise Trouble(Fault("next_elsewhere"))
    return found
