"""Who did what on which day, recorded for unique metrics."""

from metrics.models import Metric
from metrics.operations.observations import Reading, record_observations
from metrics.operations.rollups import roll_up
from metrics.rules.dims import canonical
from tests.make.metrics import as_day, make_metric
from tests.make.workspaces import NOON, owner_of


def make_unique(workspace, key="openers", *, counting="exact", **fields) -> Metric:
    metric = make_metric(workspace, key, kind="unique", **fields)
    Metric.objects.filter(pk=metric.pk).update(counting=counting)
    metric.counting = counting
    return metric


def meet(metric, days, *, dims=None, source="mail", key=None, at=NOON, roll=True):
    """Record who was there: {day: "abc"} are three people with ids of one letter."""
    people = [
        Reading(metric.pk, as_day(day), 0, canonical(dims or {}), key, recipient=who)
        for day, names in days.items()
        for who in names
    ]
    return _send(metric, people, source, at, roll)


def snapshot(metric, day, count, *, span=1, dims=None, source="mail", at=NOON, roll=True):
    """Record a count without ids over the days that end with this one."""
    reading = Reading(metric.pk, as_day(day), count, canonical(dims or {}), span=span)
    return _send(metric, [reading], source, at, roll)


def _send(metric, readings, source, at, roll):
    by = owner_of(metric.workspace)
    done = record_observations(metric.workspace, source=source, readings=readings, by=by, at=at)
    if roll:
        roll_up()
    return done
