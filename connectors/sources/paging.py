"""From page to page: the next link, a cursor, an offset or a number; never round in circles."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from connectors.rules.paths import MISSING, Path, find, find_rows
from connectors.rules.requests import Paging, Request
from connectors.rules.templates import filled, filled_url, filled_value
from connectors.rules.values import text_of
from connectors.sources.answers import entries_of
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
    """Every page of the question; Trouble where a page repeats, lacks, or there are too many.

    Where something is asked first, the pages of all questions that follow from it.
    """
    description, known = caller.description, {**caller.params, **words}
    budget = _Budget()
    question = Question(description.request, description.paging, description.rows)
    question = replace(question, proof=description.proof)
    first = description.each
    if first is None:
        yield from _pages(caller, question, known, budget)
        return
    outer = Question(first.request, first.paging, first.rows)
    for page in _pages(caller, outer, known, _Budget()):
        for row in page.rows:
            filled_in = {name: text_of(find(row, path)) for name, path in first.fills.items()}
            if not all(filled_in.values()):
                raise Trouble(Fault("other_form"))
            more = {name: str(text) for name, text in filled_in.items()}
            yield from _pages(caller, replace(question, outer=row), known | more, budget)


@dataclass(frozen=True)
class Question:
    """What is asked page by page, where its rows are, and the row that they follow from."""

    request: Request
    paging: Paging
    rows: Path
    proof: Path = ()
    outer: object = None


@dataclass
class _Budget:
    """How much all questions of a fetch have brought; more than a limit is Trouble."""

    pages: int = 0
    rows: int = 0
    bytes: int = 0

    def add(self, rows: int, size: int) -> None:
        """Count one page."""
        self.pages, self.rows, self.bytes = self.pages + 1, self.rows + rows, self.bytes + size
        if self.rows > MOST_ROWS or self.bytes > MOST_BYTES:
            raise Trouble(Fault("too_much"))


def _pages(
    caller: Caller, question: Question, words: Mapping[str, str], budget: _Budget
) -> Iterator[Page]:
    """The pages of one question."""
    start = first_question(question.request, question.paging, words)
    asked: Asked | None = start
    watch, so_far = _Watch(), 0
    while asked is not None:
        if budget.pages == MOST_PAGES:
            raise Trouble(Fault("too_many_pages", value=str(MOST_PAGES)))
        value, size = caller.fetch(asked)
        is_json = caller.description.format == "json"
        entries = _entries(value, question) if is_json else value
        watch.look(entries, asked)
        rows = list(find_rows(value, question.rows, question.outer)) if is_json else entries
        yield Page(rows, budget.rows + 1, size)
        budget.add(len(rows), size)
        so_far += len(entries)
        asked = _next(question.paging, start, asked, value, (len(entries), so_far))


def _entries(value: Any, question: Question) -> list[Any]:
    try:
        return entries_of(value, question.rows, question.proof)
    except Unreadable as refusal:
        raise Trouble(refusal.faults[0]) from None


class _Watch:
    """Remembers pages and questions; one that comes again ends the fetch."""

    def __init__(self) -> None:
        self._pages: set[bytes] = set()
        self._asked: set[str] = set()

    def look(self, entries: list[Any], asked: Asked) -> None:
        """Note a page and the question that it answers."""
        question = json.dumps([asked.url, dict(asked.query), asked.json], sort_keys=True)
        text = json.dumps(entries, sort_keys=True, default=str).encode()
        page = hashlib.sha256(text).digest()
        if question in self._asked or (entries and page in self._pages):
            raise Trouble(Fault("page_repeats"))
        self._asked.add(question)
        self._pages.add(page)


def first_question(request: Request, paging: Paging, words: Mapping[str, str]) -> Asked:
    """The question for the first page; headers and query without a word are left out."""
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
    paging: Paging, start: Asked, asked: Asked, value: Any, counts: tuple[int, int]
) -> Asked | None:
    """The question for the page after this one, or None; counts: of the page, and so far."""
    here, so_far = counts
    if paging.kind == "none" or (paging.done and text_of(find(value, paging.done)) == "true"):
        return None
    if paging.kind in ("offset", "page"):
        if not _is_more(paging, value, here, so_far):
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


def _is_more(paging: Paging, value: Any, here: int, so_far: int) -> bool:
    """Whether rows are left; a total that was promised and does not come is no end."""
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
