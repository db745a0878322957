"""Killed means resumed, cancelled means undone, and no worker can do a row twice."""

from datetime import timedelta

import pytest

from metrics.models.definitions import Metric
from metrics.models.imports import ImportRun
from metrics.models.observations import KeyPlace, Observation
from metrics.operations import import_runs
from metrics.operations.import_runs import claim_import, run_import, run_waiting
from metrics.operations.imports import cancel_import, map_import
from metrics.queries.imports import paths_of, problems_of, progress_of
from metrics.sources.spool import forget
from tests.make.imports import KEYED, bring, clock, import_file, many_rows, plan
from workspaces.rules.errors import Refused

pytestmark = pytest.mark.django_db


def counts(run):
    return run.state, run.new, run.changed, run.unchanged, run.rejected


def facts():
    """Everything that is stored, without who brought it."""
    return sorted(Observation.objects.values_list("series_id", "day", "khash", "value"))


class Killed(BaseException):
    """The worker is gone: nothing catches this."""


def kill_after(monkeypatch, chunks):
    """Let the worker die after so many chunks, in the middle of the next."""
    real, seen = import_runs.load_chunk, []

    def dying(run, readings, **options):
        recorded = real(run, readings, **options)
        seen.append(run)
        if len(seen) > chunks:
            raise Killed
        return recorded

    monkeypatch.setattr(import_runs, "load_chunk", dying)


def killed(ed, noon, monkeypatch, chunks):
    """An import whose worker died behind so many chunks."""
    monkeypatch.setattr(import_runs, "CHUNK", 100)
    run = bring(ed, many_rows(250))
    map_import(run, plan=plan(check_only=False), by=ed, at=noon)
    claim_import(run, at=noon)
    with monkeypatch.context() as patch:
        kill_after(patch, chunks)
        with pytest.raises(Killed):
            run_import(run, clock=clock)
    return run


@pytest.mark.parametrize("chunks", [0, 1, 3])
def test_Q11_a_killed_import_goes_on_where_it_stopped(ed, noon, monkeypatch, chunks):
    run = killed(ed, noon, monkeypatch, chunks)
    done = ImportRun.objects.get(pk=run.pk)
    assert (done.state, done.new, Observation.objects.count()) == (
        "running",
        100 * chunks,
        100 * chunks,
    )
    before = progress_of(done).done
    assert run_waiting(clock=clock) == 0, "its lease still runs"
    assert run_waiting(clock=lambda: noon + timedelta(minutes=2)) == 1
    done.refresh_from_db()
    assert counts(done) == ("done", 500, 0, 0, 0)
    assert Observation.objects.count() == 500
    assert progress_of(done).done >= before


@pytest.mark.parametrize("chunks", [0, 2])
def test_rows_kept_by_an_earlier_version_are_read_anew_and_gone_on_with(
    ed, noon, monkeypatch, chunks
):
    run = killed(ed, noon, monkeypatch, chunks)
    kept = paths_of(run).rows
    kept.rename(kept.with_suffix(".rows"))
    ImportRun.objects.filter(checkpoint__gt=0).update(checkpoint=98_765)  # an offset in that file
    assert run_waiting(clock=lambda: noon + timedelta(minutes=2)) == 1
    run.refresh_from_db()
    assert counts(run) == ("done", 500, 0, 0, 0)
    assert Observation.objects.count() == 500
    forget(paths_of(run))
    assert {path.suffix for path in kept.parent.glob(f"{kept.stem}.*")} == {".csv", ".faults"}


def test_Q11_a_worker_killed_in_pass_1_begins_again(ed, noon, monkeypatch):
    run = bring(ed, many_rows(250))
    map_import(run, plan=plan(check_only=False), by=ed, at=noon)
    claim_import(run, at=noon)

    def die(*_args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(import_runs, "spool", die)
        with pytest.raises(Killed):
            run_import(run, clock=clock)
    assert run_waiting(clock=lambda: noon + timedelta(minutes=2)) == 1
    assert counts(ImportRun.objects.get(pk=run.pk)) == ("done", 500, 0, 0, 0)


def test_a_worker_that_was_thought_dead_stops_at_its_next_chunk(ed, noon, monkeypatch):
    monkeypatch.setattr(import_runs, "CHUNK", 100)
    run = bring(ed, many_rows(100))
    map_import(run, plan=plan(check_only=False), by=ed, at=noon)
    claim_import(run, at=noon)
    slow = ImportRun.objects.get(pk=run.pk)
    assert run_waiting(clock=lambda: noon + timedelta(minutes=2)) == 1
    run_import(slow, clock=clock)
    assert counts(ImportRun.objects.get(pk=run.pk)) == ("done", 200, 0, 0, 0)
    assert Observation.objects.count() == 200


def test_an_import_that_always_kills_its_worker_is_given_up(ed, noon, monkeypatch):
    run = bring(ed)
    map_import(run, plan=plan(check_only=False), by=ed, at=noon)
    monkeypatch.setattr(import_runs, "spool", lambda *_args: (_ for _ in ()).throw(Killed))
    for minutes in range(5):
        with pytest.raises(Killed):
            run_waiting(clock=lambda at=noon + timedelta(minutes=2 * minutes): at)
    run_waiting(clock=lambda: noon + timedelta(hours=1))
    run.refresh_from_db()
    assert run.state == "failed"
    assert problems_of(run)[0].code == "import_gave_up"


def test_two_workers_never_claim_the_same_run(ed, noon):
    run = bring(ed)
    map_import(run, plan=plan(check_only=False), by=ed, at=noon)
    other = ImportRun.objects.get(pk=run.pk)
    assert claim_import(run, at=noon)
    assert not claim_import(other, at=noon)


def test_F11_a_cancelled_import_is_taken_back(ed, noon, monkeypatch):
    monkeypatch.setattr(import_runs, "CHUNK", 100)
    import_file(ed, many_rows(30))
    before = facts()
    changed = many_rows(250).replace(",mail,0,", ",mail,1000,")
    run = bring(ed, changed)
    map_import(run, plan=plan(check_only=False), by=ed, at=noon)
    claim_import(run, at=noon)
    real, seen = import_runs.load_chunk, []

    def cancelled_meanwhile(*args, **options):
        seen.append(1)
        if len(seen) == 3:
            cancel_import(run, by=ed, at=noon)
        return real(*args, **options)

    monkeypatch.setattr(import_runs, "load_chunk", cancelled_meanwhile)
    run_import(run, clock=clock)
    run.refresh_from_db()
    assert counts(run) == ("cancelled", 0, 0, 0, 0)
    assert len(seen) == 3
    assert facts() == before


def test_a_cancelled_import_of_moved_keys_puts_them_back(ed, noon, monkeypatch):
    monkeypatch.setattr(import_runs, "CHUNK", 2)
    import_file(ed, "id,day,clicks,cost\na,2020-01-01,1,1\nb,2020-01-01,2,2\n", KEYED)
    before, places = facts(), sorted(KeyPlace.objects.values_list("khash", "series_id", "day"))
    run = bring(ed, "id,day,clicks,cost\na,2020-03-01,1,9\nc,2020-03-01,2,2\nb,2020-01-01,5,5\n")
    map_import(run, plan=plan(KEYED, check_only=False), by=ed, at=noon)
    claim_import(run, at=noon)
    real, seen = import_runs.load_chunk, []

    def cancelled_meanwhile(*args, **options):
        seen.append(1)
        if len(seen) == 3:
            cancel_import(run, by=ed, at=noon)
        return real(*args, **options)

    monkeypatch.setattr(import_runs, "load_chunk", cancelled_meanwhile)
    run_import(run, clock=clock)
    assert facts() == before
    assert sorted(KeyPlace.objects.values_list("khash", "series_id", "day")) == places


def test_what_is_cancelled_before_it_runs_never_runs(ed, noon):
    run = bring(ed)
    cancel_import(run, by=ed, at=noon)
    assert run_waiting(clock=clock) == 0
    with pytest.raises(Refused):
        map_import(run, plan=plan(), by=ed, at=noon)
    with pytest.raises(Refused):
        cancel_import(run, by=ed, at=noon)


def test_Q12_a_metric_that_is_retired_meanwhile_takes_the_import_back(ed, noon, monkeypatch):
    monkeypatch.setattr(import_runs, "CHUNK", 100)
    run = bring(ed, many_rows(250))
    map_import(run, plan=plan(check_only=False), by=ed, at=noon)
    claim_import(run, at=noon)
    real, seen = import_runs.load_chunk, []

    def retired_meanwhile(*args, **options):
        seen.append(1)
        if len(seen) == 3:
            Metric.objects.filter(key="cost").update(retired_at=noon)
        return real(*args, **options)

    monkeypatch.setattr(import_runs, "load_chunk", retired_meanwhile)
    run_import(run, clock=clock)
    run.refresh_from_db()
    assert counts(run) == ("failed", 0, 0, 0, 0)
    assert not Observation.objects.exists()
    assert problems_of(run)[0].code == "import_refused"
