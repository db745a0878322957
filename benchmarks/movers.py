"""Twenty people who move cards at once, and two who write to one card at the same moment."""

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

from django.db import connection, connections, transaction
from django.utils.timezone import now

from benchmarks.goals import Goal, told
from tasks.models import Board, Card
from tasks.operations.edits import edit_card
from tasks.operations.moves import move_card
from tasks.operations.places import Spot, stand
from workspaces.rules.errors import Refused, Stale

MOVERS, MOVES, SLOW_MOVES, PAIRS = 20, 500, 200, 20
FASTER = 15
NUMBERED = """
    CREATE TABLE bench_numbered (id int PRIMARY KEY, col int NOT NULL, pos int NOT NULL);
    CREATE INDEX bench_numbered_places ON bench_numbered (col, pos);
    CREATE TABLE bench_columns (id integer PRIMARY KEY);
    INSERT INTO bench_columns SELECT generate_series(0, 4);
    INSERT INTO bench_numbered SELECT n, n % 5, n / 5 FROM generate_series(0, 999) AS n;
"""
LOCKED = "SELECT id FROM bench_columns WHERE id IN (%s, %s) ORDER BY id FOR UPDATE"
CLOSED_UP = "UPDATE bench_numbered SET pos = pos - 1 WHERE col = %s AND pos > %s"


def run_movers(board: Board, people: list) -> Iterator[Goal]:
    """G12 and table (f) of the peers; PostgreSQL alone, since SQLite lets one writer in."""
    if connection.vendor != "postgresql":
        yield told("20 movers at once", "SQLite has one writer")
        return
    with connection.cursor() as cursor:
        cursor.execute(NUMBERED)
    columns = list(board.columns.order_by("position"))
    cards = list(Card.objects.filter(board=board).select_related("column", "board"))
    ours, failed = crowd(lambda chance: place(chance, cards, columns), MOVES)
    numbered, _failed = crowd(renumber, SLOW_MOVES)
    doubles = doubled(board)
    yield Goal(
        "G12", f"{MOVERS} movers at once, places alone, of integer renumbering with locks",
        f"{ours:,.0f} moves/s", f"{numbered:,.0f} moves/s", f"{ours / numbered:,.1f} x",
        f">= {FASTER} x", ours / numbered >= FASTER,
    )  # fmt: skip
    yield exactly("G12", "of them failed, or share a place", failed + doubles, 0)
    whole, failed = crowd(lambda chance: move(chance, cards, columns, people), MOVES)
    what = f"{MOVERS} movers at once, whole moves with events and notices"
    yield told(what, f"{whole:,.0f} moves/s")
    yield exactly("G12", "of them failed, or share a place", failed + doubled(board), 0)
    yield from two_writers(board, people)


def exactly(name: str, what: str, found: int, wanted: int) -> Goal:
    """A goal that is a count."""
    return Goal(name, what, f"{found}", f"{wanted}", "", f"= {wanted}", found == wanted)


def crowd(work: Callable[[random.Random], None], count: int) -> tuple[float, int]:
    """How many a second MOVERS do together, and how many of them failed."""
    barrier, faults = threading.Barrier(MOVERS + 1), []

    def one(number: int) -> None:
        chance = random.Random(number)
        connection.ensure_connection()
        barrier.wait()
        for _each in range(count // MOVERS):
            try:
                work(chance)
            except Exception as fault:  # noqa: BLE001  counted
                faults.append(repr(fault))
        connections.close_all()

    with ThreadPoolExecutor(MOVERS) as pool:
        running = [pool.submit(one, number) for number in range(MOVERS)]
        barrier.wait()
        began = perf_counter()
        for each in running:
            each.result()
        took = perf_counter() - began
    return count / took, len(faults)


def place(chance: random.Random, cards: list[Card], columns: list) -> None:
    """Give a card another place as the product does, and nothing else."""
    card, to = chance.choice(cards), chance.choice(columns)
    siblings = Card.objects.filter(column=to).exclude(pk=card.pk)
    with transaction.atomic():
        stand(
            Spot(siblings, None),
            lambda key: Card.objects.filter(pk=card.pk).update(position=key, column=to),
        )


def renumber(chance: random.Random) -> None:
    """Give a card another place as boards do that count their places."""
    card, to = chance.randrange(1000), chance.randrange(5)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT col FROM bench_numbered WHERE id = %s", [card])
        was = cursor.fetchone()[0]
        cursor.execute(LOCKED, [was, to])
        cursor.execute("SELECT col, pos FROM bench_numbered WHERE id = %s", [card])
        was, pos = cursor.fetchone()
        cursor.execute(CLOSED_UP, [was, pos])
        cursor.execute("UPDATE bench_numbered SET pos = pos + 1 WHERE col = %s", [to])
        cursor.execute("UPDATE bench_numbered SET col = %s, pos = 0 WHERE id = %s", [to, card])


def move(chance: random.Random, cards: list[Card], columns: list, people: list) -> None:
    """Move a card as it stands now to the top of a column; who comes second tries again."""
    pk, to = chance.choice(cards).pk, chance.choice(columns)
    for _try in range(MOVERS):
        card = Card.objects.select_related("column", "board").get(pk=pk)
        try:
            by, seen = chance.choice(people), card.version
            move_card(card, to=to, after=None, version=seen, by=by, at=now())
        except (Refused, Stale):
            continue
        return
    raise AssertionError("refused as often as there are movers")


def doubled(board: Board) -> int:
    """Cards that share a place with another: none, ever."""
    places = list(Card.objects.filter(board=board).values_list("column", "position"))
    return len(places) - len(set(places))


def two_writers(board: Board, people: list) -> Iterator[Goal]:
    """Table (f): two people at one card at once, twenty times each."""
    cards = list(Card.objects.filter(board=board).order_by("pk")[: 3 * PAIRS])
    columns = list(board.columns.order_by("position"))
    lost = both = second = 0
    for number in range(PAIRS):
        first, other, third = (cards[3 * number + n] for n in range(3))
        title, due = f"Title {number}", now().date()
        said = at_once(
            lambda: edit(first, {"title": title}, people[0]),  # noqa: B023  used at once
            lambda: edit(first, {"due_on": due}, people[1]),  # noqa: B023
        )
        kept = Card.objects.get(pk=first.pk)
        lost += sum(said) - (kept.title == title) - (kept.due_on == due)
        both += sum(said) == 2
        said = at_once(
            lambda: edit(other, {"title": "One"}, people[0]),  # noqa: B023
            lambda: edit(other, {"title": "Two"}, people[1]),  # noqa: B023
        )
        second += sum(said) == 1
        said = at_once(
            lambda: go(third, columns[1], people[0]),  # noqa: B023
            lambda: go(third, columns[2], people[1]),  # noqa: B023
        )
        second += sum(said) == 1
    yield exactly("(f)", "edits of different fields at once: acknowledged and lost", lost, 0)
    yield exactly("(f)", f"of {PAIRS} pairs both were kept", both, PAIRS)
    what = f"of {2 * PAIRS} pairs at the same field or place one was done and one told of the other"
    yield exactly("(f)", what, second, 2 * PAIRS)


def at_once(*works: Callable[[], bool]) -> list[bool]:
    """Both at the same moment; whether each was acknowledged."""
    barrier = threading.Barrier(len(works))

    def one(work: Callable[[], bool]) -> bool:
        connection.ensure_connection()
        barrier.wait()
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def edit(card: Card, changes: dict[str, object], by: object) -> bool:
    try:
        edit_card(card, version=card.version, changes=changes, by=by, at=now())
    except (Refused, Stale):
        return False
    return True


def go(card: Card, to: object, by: object) -> bool:
    try:
        move_card(card, to=to, after=None, version=card.version, by=by, at=now())
    except (Refused, Stale):
        return False
    return True
