"""G12, G13: the review of 1,000 goals whose metrics changed, and their tree as a page."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from statistics import median
from time import process_time

import numpy as np
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from django.utils.timezone import now

from benchmarks.data import Ground
from benchmarks.goals import Goal as Aim
from benchmarks.goals import at_most, seconds, times, told
from goals.models import Goal
from goals.operations.reviews import review_goals
from metrics.models import Metric
from metrics.operations.observations import Reading, record_observations
from metrics.operations.rollups import roll_up
from mops.urls import urlpatterns as ours
from tests.make.goals import make_goal
from tests.make.workspaces import owner_of

GOALS, METRICS, HISTORY = 1_000, 50, 730
PART, ROUNDS = 250, 9
LIMIT_MS, PAGE_TIMES, LINEAR = 20, 15, 1.25
BEHIND, AHEAD = 120, (60, 120, 240)  # days of the goals that are over, and that are to come

COLUMNS = [field.attname for field in Goal._meta.concrete_fields]

urlpatterns = [path("hello/", lambda _request: HttpResponse("hello")), path("", include(ours))]


def run(ground: Ground, _rows: int) -> Iterator[Aim]:
    """Goals on the first 50 metrics, each with two years of days; a tenth are above the others."""
    at = now()
    today = ground.workspace.day_of(at)
    metrics = list(Metric.objects.filter(pk__in=ground.metrics[:METRICS]).order_by("pk"))
    fill(metrics, today - timedelta(days=HISTORY), HISTORY, at)
    make_goals(metrics, today, at)
    began = process_time()
    review_goals(at=at)
    taken = 1000 * (process_time() - began) / GOALS
    yield told(f"review of {GOALS:,} goals with its back-tests, a goal", f"{taken:.1f} ms")
    whole = changed(metrics, today, at, GOALS)
    what = f"review of {GOALS:,} goals whose metrics changed, back-tests known, a goal"
    yield at_most("G12", what, 1000 * whole / GOALS, LIMIT_MS, "ms of processor")
    part = changed(metrics, today, at, PART)
    pair = (whole / GOALS, part / PART)
    yield times("G12", f"the same, of a goal among {PART}", pair, LINEAR, least=False)
    yield from pages(ground)


def fill(metrics: list[Metric], first: date, days: int, at: datetime) -> None:
    """A value a day for each metric: noise around a level with a week."""
    random = np.random.default_rng(12)
    for metric in metrics:
        week = np.resize([1, 1, 1, 1, 1, 0.6, 0.5], days)
        values = random.poisson(400 * week)
        readings = [
            Reading(metric.pk, first + timedelta(days=n), int(value), (), f"d{n}")
            for n, value in enumerate(values)
        ]
        send(metric, readings, at)
    roll_up()


def send(metric: Metric, readings: list[Reading], at: datetime) -> None:
    by = owner_of(metric.workspace)
    record_observations(metric.workspace, source="bench", readings=readings, by=by, at=at)


def make_goals(metrics: list[Metric], today: date, at: datetime) -> None:
    """One is set by its operation for each metric, the others are like it."""
    models = [make_goal(one, window=_window(n, today), at=at, value="140000")
              for n, one in enumerate(metrics)]  # fmt: skip
    rows = []
    for number in range(GOALS - len(models)):
        like = models[number % METRICS]
        row = Goal(**{name: getattr(like, name) for name in COLUMNS})
        row.pk, row.title, row.parent_id = None, f"Goal {number}", like.pk
        rows.append(row)
    Goal.objects.bulk_create(rows, batch_size=100)


def _window(number: int, today: date) -> tuple[str, str]:
    ahead = AHEAD[number % len(AHEAD)]
    return str(today - timedelta(days=BEHIND)), str(today + timedelta(days=ahead))


def changed(metrics: list[Metric], today: date, at: datetime, goals: int) -> float:
    """Seconds of processor of a review after the numbers of yesterday were corrected."""
    kept = Goal.objects.order_by("pk").values_list("pk")[:goals]
    Goal.objects.exclude(pk__in=[pk for (pk,) in kept]).update(closed_at=at)
    for metric in metrics:
        send(metric, [Reading(metric.pk, today - timedelta(days=1), goals, (), "d729")], at)
    roll_up()
    began = process_time()
    found = review_goals(at=at)
    taken = process_time() - began
    if found != goals:
        raise AssertionError(f"{found} goals were reviewed, not {goals}")
    Goal.objects.update(closed_at=None)
    return taken


def pages(ground: Ground) -> Iterator[Aim]:
    """The tree of goals through every middleware, beside a view that says hello."""
    client = Client()
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(owner_of(ground.workspace).user, backend=backend)
    page = f"/w/{ground.workspace.slug}/goals/"
    with override_settings(ROOT_URLCONF="benchmarks.review", ALLOWED_HOSTS=["testserver"]):
        size = len(client.get(page).content)
        hello, tree = [], []
        for _round in range(ROUNDS):
            hello.append(seconds(lambda: client.get("/hello/")))
            tree.append(seconds(lambda: client.get(page)))
    what = f"tree of {GOALS:,} goals, {size:,} bytes, of a view that says hello"
    yield times("G13", what, (median(tree), median(hello)), PAGE_TIMES, least=False)
