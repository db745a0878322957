from datetime import date

import pytest
from celery import current_app

from metrics import jobs
from metrics.models.observations import DirtyMark
from metrics.operations.observations import record_observations
from tests.make.metrics import make_metric, observe
from workspaces.operations import waking

pytestmark = pytest.mark.django_db


def test_the_jobs_have_the_names_that_the_schedule_asks_for():
    assert {"metrics.roll_up", "metrics.run_imports"} <= set(current_app.tasks)


def test_rolling_up_is_safe_to_run_twice(acme):
    observe(make_metric(acme), {date(2026, 1, 1): 5}, roll=False)
    assert jobs.roll_up() == 1
    assert jobs.roll_up() == 0
    assert not DirtyMark.objects.exists()


def test_recording_wakes_the_rollup_and_a_repetition_does_not(
    acme, monkeypatch, noon, django_capture_on_commit_callbacks
):
    woken = []
    monkeypatch.setattr(waking, "_senders", [woken.append])
    metric = make_metric(acme)
    for again in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            observe(metric, {date(2026, 1, 1): 5}, roll=False)
        assert woken == ["roll_up"], again
    record_observations(acme, source="test", readings=[], by=None, at=noon)
    assert woken == ["roll_up"]
