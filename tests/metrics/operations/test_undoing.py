"""An import that is undone has never been."""

from datetime import date, timedelta

import pytest

from metrics.models.definitions import Metric
from metrics.models.imports import ImportRun
from metrics.models.observations import KeyPlace, Observation, ObservationHistory
from metrics.models.rollups import MetricRollup, Rollup
from metrics.operations.import_runs import run_waiting
from metrics.operations.rollups import check, roll_up
from metrics.operations.undoing import undo_finished
from metrics.queries.known import facts_as_known
from tests.make.imports import KEYED, clock, import_file, many_rows
from tests.make.metrics import observe
from tests.make.recompute import marks_left, wrong_rollups
from workspaces.rules.errors import Refused

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
E = date(2026, 3, 9)


def undo(run, by, at):
    undo_finished(ImportRun.objects.get(pk=run.pk), by=by, at=at)
    assert run_waiting(clock=clock) == 1
    roll_up()
    run.refresh_from_db()
    assert run.state == "undone"


def everything():
    """All that is stored, but for who brought it."""
    return (
        sorted(Observation.objects.values_list("series_id", "day", "khash", "value", "span")),
        sorted(KeyPlace.objects.values_list("metric_id", "source", "khash", "series_id", "day")),
        sorted(Rollup.objects.values_list()),
        sorted(MetricRollup.objects.values_list()),
    )


def test_import_undo_import_is_identity(ed, noon):
    before = everything()
    run = import_file(ed, many_rows(250))
    roll_up()
    after = everything()
    undo(run, ed, noon)
    assert everything() == before
    assert (marks_left(), check(ed.workspace)) == (0, [])
    again = import_file(ed, many_rows(250))
    roll_up()
    assert again.new == run.new
    assert everything() == after
    assert wrong_rollups() == []


def test_only_what_was_stored_can_be_undone_and_only_once(ed, noon):
    run = import_file(ed, many_rows(5))
    undo(run, ed, noon)
    with pytest.raises(Refused) as refusal:
        undo_finished(run, by=ed, at=noon)
    assert refusal.value.code == "not_stored"


@pytest.fixture
def chain(ed, noon):
    """A fact that one file brought and two others corrected; each as (run, value)."""
    return [import_file(ed, KEYED_ROWS.format(value), mapping=KEYED) for value in (1, 2, 3)]


KEYED_ROWS = "id,day,clicks,cost\na,2026-03-09,{},1\n"


def value():
    clicks = Observation.objects.filter(series__metric__key="clicks")
    return list(clicks.values_list("value", flat=True))


@pytest.mark.parametrize(
    ("order", "values"),
    [
        ((2, 1, 0), [[2], [1], []]),
        ((0, 1, 2), [[3], [3], []]),
        ((1, 0, 2), [[3], [3], []]),
        ((1, 2, 0), [[3], [1], []]),
        ((0, 2, 1), [[3], [2], []]),
    ],
)
def test_imports_are_undone_in_any_order(ed, noon, chain, order, values):
    for place, left in zip(order, values, strict=True):
        undo(chain[place], ed, noon)
        assert value() == left
        assert wrong_rollups() == []
    assert not KeyPlace.objects.exists()
    assert not ObservationHistory.objects.exclude(reason="undone").exists()


def test_no_instant_knows_an_import_that_was_undone(ed, noon):
    run = import_file(ed, many_rows(3))
    metric = Metric.objects.get(key=run.mapping["metrics"][0]["metric"])

    def known():
        rows = facts_as_known([metric.pk], date.min, date.max, noon + HOUR, of_series=False)
        return list(rows)

    assert known()
    undo(run, ed, noon + 2 * HOUR)
    assert known() == []


def test_what_others_brought_stays(ed, noon):
    run = import_file(ed, many_rows(3))
    metric = Metric.objects.get(key=run.mapping["metrics"][0]["metric"])
    observe(metric, {E: 7}, source="crm")
    undo(run, ed, noon)
    assert list(Observation.objects.values_list("day", "value")) == [(E, 7)]
