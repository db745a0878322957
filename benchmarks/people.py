"""G9: how many different people, by bitmaps and sketches, against COUNT(DISTINCT)."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from math import sqrt

from django.db import connection

from benchmarks.data import Ground
from benchmarks.goals import Goal, at_most, seconds, times
from metrics.rules.uniques import hash_recipient, load_tally, merge, tally_of

DAYS, TRIES, TRIALS = 30, 20, 8
FIRST = date(2026, 1, 1)


def run(_ground: Ground, rows: int) -> Iterator[Goal]:
    """A campaign to `rows` people, of whom a fifth opens on each of 30 days."""
    chance = random.Random(9)
    days = [chance.sample(range(1, rows + 1), rows // 5) for _day in range(DAYS)]
    stored = [tally_of(((1, FIRST, who, 0) for who in day), sketched=False).dump() for day in days]
    union = min(seconds(lambda: total(stored)) for _try in range(TRIES))
    counted = count_distinct(days)
    if total(stored) != counted[1]:
        raise AssertionError("two ways to count people differ")
    what = f"{DAYS} days of a campaign to {rows:,} people united"
    yield at_most("G9", what, 1000 * union, 2, "ms")
    yield times("G9", "the same, of COUNT(DISTINCT)", (union, counted[0]), 500, least=True)
    yield at_most("G9", "error of the sketches, RMS", 100 * sketch_error(), 1, "%")


def total(stored: list[bytes]) -> int:
    last = FIRST + timedelta(DAYS)
    return merge(map(load_tally, stored)).count(FIRST, last).lower


def count_distinct(days: list[list[int]]) -> tuple[float, int]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE bench_people (day integer, who integer)")
        for place, day in enumerate(days):
            listed = ",".join(f"({place},{who})" for who in day)
            cursor.execute(f"INSERT INTO bench_people VALUES {listed}")
        found = []

        def count() -> None:
            cursor.execute("SELECT count(DISTINCT who) FROM bench_people")
            found.append(cursor.fetchone()[0])

        taken = min(seconds(count) for _try in range(3))
        cursor.execute("DROP TABLE bench_people")
    return taken, found[0]


def sketch_error() -> float:
    """The root of the mean squared error of 12 days of 12,000 draws from 60,000, eight times."""
    errors = []
    for trial in range(TRIALS):
        chance = random.Random(trial)
        days = [[chance.randrange(60_000) for _n in range(12_000)] for _day in range(12)]
        tallies = [
            tally_of(((1, FIRST, hash_recipient(trial, str(who)), 0) for who in day), sketched=True)
            for day in days
        ]
        real = len({who for day in days for who in day})
        value = merge(tallies).count(FIRST, FIRST).value or 0
        errors.append(value / real - 1)
    return sqrt(sum(error * error for error in errors) / TRIALS)
