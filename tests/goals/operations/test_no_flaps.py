"""A status is no weather vane: 120 days of the real review job on a series on its line."""

import random
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine

from goals.jobs import review_goals as job
from goals.models import Goal
from goals.queries.pages import SUBJECT
from goals.queries.standing import standings
from goals.rules.status import BANDS, CHANCES, MARGIN, verdict
from tests.make.goals import day, every_day, make_goal, measured, observe
from workspaces.queries.events import events_of

pytestmark = pytest.mark.django_db
FIRST, DAYS = day("2026-03-01"), 120


def morning(n):
    """Six in the morning, where the workspace lives, after the n-th day has ended."""
    on = FIRST + timedelta(days=n + 1)
    return datetime(on.year, on.month, on.day, 6, tzinfo=ZoneInfo("Europe/Warsaw"))


def looks(goals, values):
    """Review them each morning with the day before: what stood then, and what the numbers said."""
    seen = {goal.pk: [] for goal in goals}
    for n in range(DAYS):
        on = (FIRST + timedelta(days=n)).isoformat()
        for metric, series in values.items():
            if series[n] is not None:
                observe(metric, {on: series[n]}, at=morning(n))
        with time_machine.travel(morning(n), tick=False):
            job()
        rows = list(Goal.objects.select_related("metric", "workspace"))
        found = standings(rows[0].workspace, rows, morning(n), curves=False)
        for row in rows:
            facts = found[row.pk].facts
            seen[row.pk].append((row.status, verdict(facts).value, facts))
    return seen


def changes(goal):
    events = events_of(goal.workspace, SUBJECT, goal.pk, 500)
    return [(e.data["was"], e.data["now"]) for e in events if e.verb == "goal.status_changed"][::-1]


def flips(seen):
    """How often it would change if the numbers of the day alone decided."""
    return sum(before[1] != after[1] for before, after in pairwise(seen))


def allowed(seen):
    """How often the rule of hysteresis lets it change, by the verdicts alone.

    Within a run of equal verdicts it changes at most once: on the second day of the run, or on a
    day whose number lies 0.05 inside of the band.
    """
    runs = [list(run) for _word, run in groupby(seen, key=lambda one: one[1])]
    return sum(len(run) > 1 or any(is_clear(*one[1:]) for one in run) for run in runs)


def is_clear(word, facts):
    number, bands = (facts.chance, CHANCES) if facts.is_forecast else (facts.pace, BANDS)
    if word not in bands or number is None:
        return True
    low, high = bands[word]
    return (low is None or number >= low + MARGIN) and (high is None or number <= high - MARGIN)


@pytest.mark.once
def test_noise_on_the_line_changes_no_status_oftener_than_the_rule_allows(acme):
    chance = random.Random(5)
    past = every_day("2025-11-01", "2026-02-28", 100)
    noisy = {on: 100 + chance.randint(-20, 20) for on in past}
    clicks = measured(acme, "clicks", {**noisy, "2026-02-28": 90})
    visits = measured(acme, "visits", every_day("2026-02-01", "2026-02-28", 10))
    window = {"window": ("2026-03-01", "2026-08-31")}
    kept = make_goal(clicks, aim="above", value="87", basis="level", grain="day", **window)
    drawn = make_goal(clicks, value="19050", **window)
    late = make_goal(visits, aim="above", value="5", basis="level", grain="day", **window)
    silent = range(40, 60)
    seen = looks(
        [kept, drawn, late],
        {
            clicks: [107 + chance.randint(-25, 20) for _ in range(DAYS)],
            visits: [None if n in silent else 10 for n in range(DAYS)],
        },
    )
    for goal in (kept, drawn):
        days = seen[goal.pk]
        assert 2 <= len(changes(goal)) <= allowed(days)
        assert len(changes(goal)) < flips(days)
    assert changes(late) == [("new", "on_track"), ("on_track", "unknown"), ("unknown", "on_track")]
