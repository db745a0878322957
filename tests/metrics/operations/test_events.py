"""A file of events becomes counts and people at once; the rate over people is a ratio of sums."""

from datetime import date

import pytest

from metrics.models import Metric
from metrics.operations.rollups import check, roll_up
from metrics.operations.undoing import undo_import
from metrics.queries.series import read_series, read_value
from tests.make.imports import import_file
from tests.make.metrics import make_ratio
from tests.make.workspaces import NOON
from tests.metrics.operations.test_file_forms import EVENT_MAPPING, EVENTS

pytestmark = pytest.mark.django_db
MARCH = {"first": date(2026, 3, 1), "last": date(2026, 3, 31)}


@pytest.fixture
def clickers(acme, ed):
    """The metric of who clicked, brought in by a file of events."""
    assert import_file(ed, EVENTS, EVENT_MAPPING).state == "done"
    roll_up()
    return Metric.objects.get(workspace=acme, key="clickers")


def test_who_clicked_twice_counts_once_and_touches_count_all(acme, clickers):
    assert read_value(clickers, **MARCH) == 2
    days = read_series(clickers, grain="day").series[0].points
    assert [point.value for point in days] == [1, 1]
    touches = Metric.objects.get(workspace=acme, key="touches")
    assert read_value(touches, **MARCH) == 5
    rate = make_ratio(acme, "rate", numerator="touches", denominator="clickers")
    assert read_value(rate, **MARCH) == 250


def test_the_same_events_in_another_order_change_nothing(acme, ed, clickers):
    head, *lines = EVENTS.splitlines(keepends=True)
    again = import_file(ed, head + "".join(reversed(lines)), EVENT_MAPPING)
    assert (again.new, again.changed) == (0, 0)
    assert check(acme) == []


def test_undone_events_leave_nobody(acme, ed, clickers):
    run = import_file(ed, EVENTS.replace("bob", "eve"), EVENT_MAPPING)
    roll_up()
    assert read_value(clickers, **MARCH) == 3
    undo_import(run, at=NOON)
    roll_up()
    assert read_value(clickers, **MARCH) == 2
    assert check(acme) == []
