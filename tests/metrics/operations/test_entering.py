"""Values that were seen before they are changed: of two who see the same, one is told."""

import threading
from datetime import date

import pytest
from django.db import connections

from metrics.models.imports import Source
from metrics.models.observations import Observation
from metrics.operations.entering import MANUAL, Entry, enter_values
from metrics.operations.observations import Reading
from tests.make.metrics import make_metric
from tests.make.workspaces import NOON, make_workspace
from workspaces.rules.errors import Stale


def entry(metric, value, seen, **options):
    return Entry(Reading(metric.pk, date(2026, 1, 31), value), seen, **options)


def enter(acme, *entries):
    return enter_values(acme, source=MANUAL, entries=entries, by=None, at=NOON)


def test_all_entries_are_stored_or_none(acme):
    clicks, sends = make_metric(acme), make_metric(acme, "sends")
    assert enter(acme, entry(clicks, 5, None)).new == 1
    with pytest.raises(Stale) as told:
        enter(acme, entry(sends, 9, None), entry(clicks, 6, None))
    [fact] = told.value.current.values()
    assert fact.value == 5
    assert [row.value for row in Observation.objects.all()] == [5]
    done = enter(acme, entry(sends, 9, None), entry(clicks, 0, fact.import_id, withdrawn=True))
    assert (done.new, done.withdrawn) == (1, 1)


def test_whatever_stands_there_is_replaced_where_nobody_looked(acme):
    clicks = make_metric(acme)
    for value in (5, 6):
        enter_values(
            acme, source=MANUAL, entries=[entry(clicks, value, -1)], by=None, at=NOON
        )  # fmt: skip
    assert Observation.objects.get().value == 6


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_who_fill_an_empty_cell_at_once_one_does():
    acme = make_workspace("acme")
    clicks = make_metric(acme)
    Source.objects.create(workspace=acme, name=MANUAL)
    barrier = threading.Barrier(8)
    done = []

    def fill(value):
        try:
            barrier.wait()
            enter(acme, entry(clicks, value, None))
            done.append(value)
        except Stale:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=fill, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(done) == 1
    assert Observation.objects.get().value == done[0]
