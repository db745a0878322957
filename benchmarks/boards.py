"""G11, G12: boards as pages and as JSON, and many people who move cards at once."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from os import sysconf
from pathlib import Path
from statistics import median
from time import process_time

from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from django.utils.timezone import now
from rest_framework.test import APIClient

from benchmarks.data import Ground
from benchmarks.goals import Goal, at_most, seconds, times, told
from benchmarks.movers import run_movers
from mops.urls import urlpatterns as ours
from tasks.models import Board, Card, ChecklistItem
from tasks.operations.boards import open_board
from tasks.operations.cards import CardDraft, add_card
from tasks.operations.moves import move_card
from tests.make.workspaces import make_member, owner_of
from workspaces.models import Workspace
from workspaces.operations.tokens import issue_token
from workspaces.rules.roles import Role

SMALL, LARGE = 1_000, 10_000
PEOPLE, ROUNDS, MOVES = 12, 15, 60
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PLANE_PAGE, PLANE_MOVE = 574, 212  # ms of processor on a board of 10,000 cards, by peers.md
CREATE = 15  # queries

urlpatterns = [path("hello/", lambda _request: HttpResponse("hello")), path("", include(ours))]


def run(ground: Ground, _rows: int) -> Iterator[Goal]:
    """A board of 1,000 cards and one of 10,000, as a team has them."""
    people = [owner_of(ground.workspace)]
    for number in range(PEOPLE - 1):
        email = f"p{number}@bench.example"
        people.append(make_member(ground.workspace, email, Role.EDITOR, at=now()))
    small, large = make_board(people, SMALL), make_board(people, LARGE)
    with override_settings(ROOT_URLCONF="benchmarks.boards", ALLOWED_HOSTS=["testserver"]):
        yield from pages(small, large, people[0])
    yield from writes(small, large, people)
    yield from run_movers(small, people)


def make_board(people: list, size: int) -> Board:
    """A board of `size` cards in five columns: people, due days, checklists."""
    workspace, at = people[0].workspace, now()
    today = workspace.day_of(at)
    board = open_board(workspace, name=f"Bench {size}", by=people[0], at=at)
    columns, first = list(board.columns.order_by("position")), Card.objects.count() + 1
    cards = Card.objects.bulk_create(
        Card(
            workspace=workspace,
            board=board,
            column=columns[n % 5],
            number=first + n,
            position=f"b{n:05}V",
            title=f"Card number {n}: redefine the e-mail contact lists",
            assignee=people[n % PEOPLE],
            due_on=today + timedelta(days=n % 60 - 20) if n % 3 else None,
            done_at=at if n % 5 == 4 else None,
            created_by=people[0],
            created_at=at,
            column_since=at,
        )
        for n in range(size)
    )
    ChecklistItem.objects.bulk_create(
        ChecklistItem(workspace=workspace, card=card, text=f"Step {n}", position=f"a{n}V")
        for card in cards[::2]
        for n in range(4)
    )
    Workspace.objects.filter(pk=workspace.pk).update(last_card_number=Card.objects.count())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return board


def pages(small: Board, large: Board, member: object) -> Iterator[Goal]:
    """First answers of boards through every middleware, beside a view that says hello."""
    browser, program = Client(), APIClient()
    browser.force_login(member.user, backend=BACKEND)
    _row, text = issue_token(member, name="bench", scope="read", by=member, at=now())
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    slug = small.workspace.slug
    page = {board: f"/w/{slug}/boards/{board.pk}/" for board in (small, large)}
    rest = f"/api/v1/workspaces/{slug}/boards/{small.pk}/cards/"
    tag = program.get(rest)["ETag"]

    def anew(board: Board) -> Callable[[], object]:
        def get() -> object:
            caches["drawn"].clear()
            return browser.get(page[board])

        return get

    ways: dict[str, Callable[[], object]] = {
        "hello": lambda: browser.get("/hello/"),
        "page": anew(small),
        "kept": lambda: browser.get(page[small]),
        "large": anew(large),
        "json": lambda: program.get(rest),
        "same": lambda: program.get(rest, headers={"If-None-Match": tag}),
    }
    took = {name: median(found) for name, found in rounds(ways).items()}
    hello = took["hello"]
    sizes = [len(browser.get(page[small]).content), len(program.get(rest).content)]
    what = f"page of a board of {SMALL:,} cards, 30 a column, {sizes[0]:,} bytes, of hello"
    yield times("G11", what, (took["page"], hello), 40, least=False)
    yield times("G11", "the same where nothing has changed", (took["kept"], hello), 10, least=False)
    what = f"page of a board of {LARGE:,} cards, of hello"
    yield times("G11", what, (took["large"], hello), 40, least=False)
    what = f"JSON of all {SMALL:,} cards, {sizes[1]:,} bytes, of hello"
    yield times("G11", what, (took["json"], hello), 40, least=False)
    pair = (took["same"], hello)
    yield times("G11", "the same where nothing has changed (304)", pair, 10, least=False)
    addresses = count()
    cost = spent(lambda: browser.get(f"{page[large]}?n={next(addresses)}"), ROUNDS)
    what = f"processor to draw it after a change: a tenth of Plane's {PLANE_PAGE} ms"
    yield at_most("peers", what, cost, PLANE_PAGE / 10, "ms")


def rounds(ways: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Seconds of each way; interleaved, so that a busy machine slows all alike."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for work in ways.values():
        work()
    for _round in range(ROUNDS):
        for name, work in ways.items():
            found[name].append(seconds(work))
    return found


def spent(work: Callable[[], object], turns: int) -> float:
    """Milliseconds of processor of one of so many, ours and the database's."""
    began = processor()
    for _each in range(turns):
        work()
    return 1000 * (processor() - began) / turns


def processor() -> float:
    """Seconds that this process has worked, and the server's for our connection if it is here."""
    if connection.vendor != "postgresql":
        return process_time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    ticks = stat.read_text().rsplit(") ", 1)[1].split()[11:13] if stat.exists() else ()
    return process_time() + sum(map(int, ticks)) / sysconf("SC_CLK_TCK")


def writes(small: Board, large: Board, people: list) -> Iterator[Goal]:
    """Moves and creates: what they ask, and whether they cost the same on a larger board."""
    mover = people[0]
    moved = {board: spent(move_on(board, mover), MOVES) for board in (small, large)}
    what = f"processor for a move on {LARGE:,} cards: a fifth of Plane's {PLANE_MOVE} ms"
    yield at_most("peers", what, moved[large], PLANE_MOVE / 5, "ms")
    pair = (moved[large] / 1000, moved[small] / 1000)
    yield times("G12", f"the same, of one on {SMALL:,} cards", pair, 1.5, least=False)
    column = small.columns.order_by("position").first()
    with CaptureQueriesContext(connection) as seen:
        add_card(column, draft=CardDraft(title="One more"), nonce="", by=mover, at=now())
    asked = [q for q in seen.captured_queries if "SAVEPOINT" not in q["sql"].upper()]
    yield at_most("G12", "a new card", len(asked), CREATE, "queries")

    def create() -> None:
        add_card(column, draft=CardDraft(title="Yet another"), nonce="", by=mover, at=now())

    yield told("processor for a new card", f"{spent(create, MOVES):.1f} ms")


def move_on(board: Board, mover: object) -> Callable[[], object]:
    """Moves the next card of the first column to the top of the second."""
    first, second = board.columns.order_by("position")[:2]
    cards = iter(list(Card.objects.filter(column=first).order_by("position")[: 2 * MOVES]))

    def move() -> None:
        card = next(cards)
        card.column, card.board = first, board
        move_card(card, to=second, after=None, version=1, by=mover, at=now())

    return move
