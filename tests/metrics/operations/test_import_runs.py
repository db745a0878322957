"""An import runs whole or not at all, once, whatever happens to the worker."""

import os
from datetime import timedelta

import pytest

from metrics.models.definitions import Metric
from metrics.models.imports import ImportRun
from metrics.models.observations import Observation, ObservationHistory
from metrics.operations import import_runs
from metrics.operations.import_runs import run_waiting
from metrics.operations.imports import confirm_import, forget_abandoned, map_import
from metrics.operations.observations import Reading, record_observations
from metrics.queries.imports import paths_of, problems_of, report_of, result_of
from tests.make.imports import (
    CLICKS,
    COST,
    FILE,
    KEYED,
    MAPPING,
    bring,
    check_file,
    clock,
    import_file,
    many_rows,
    plan,
)
from workspaces.rules.errors import Invalid, Refused

pytestmark = pytest.mark.django_db


def counts(run):
    return run.state, run.new, run.changed, run.unchanged, run.rejected


def facts():
    """Everything that is stored, without who brought it."""
    return sorted(Observation.objects.values_list("series_id", "day", "khash", "value"))


def test_a_file_becomes_observations(ed):
    run = import_file(ed)
    assert counts(run) == ("done", 6, 0, 0, 0)
    assert (run.rows_total, run.rows_done, run.received) == (3, 3, 6)
    assert sorted(Observation.objects.values_list("value", flat=True)) == [5, 7, 10, 25, 150, 200]
    assert set(Observation.objects.values_list("import_id", flat=True)) == {run.pk}
    assert {m.key: m.decimals for m in Metric.objects.all()} == {"clicks": 0, "cost": 2}


def test_the_spool_goes_and_the_raw_file_stays(ed, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        run = import_file(ed)
    assert paths_of(run).raw.read_text() == FILE
    assert not paths_of(run).rows.exists()


def test_the_same_file_again_changes_nothing_by_its_hash(ed):
    first = import_file(ed)
    again = import_file(ed)
    assert counts(again) == ("done", 0, 0, 6, 0)
    assert again.details["same_as"] == first.pk
    assert Observation.objects.filter(import_id=again.pk).count() == 0


def test_the_same_rows_by_another_mapping_change_nothing_row_by_row(ed):
    import_file(ed)
    again = import_file(ed, mapping=MAPPING | {"create": []})
    assert counts(again) == ("done", 0, 0, 6, 0)
    assert "same_as" not in again.details


def test_the_hash_does_not_hide_that_a_fact_was_corrected_since(ed, noon):
    import_file(ed)
    clicks = Metric.objects.get(key="clicks")
    fact = Observation.objects.get(value=10)
    dims = (("channel", "mail"),)
    key = '2020-01-01|{"channel":"mail"}|1'
    reading = Reading(clicks.pk, fact.day, 11, dims, key)
    record_observations(ed.workspace, source="ads", readings=[reading], by=ed, at=noon)
    again = import_file(ed)
    assert counts(again) == ("done", 0, 1, 5, 0)
    assert Observation.objects.filter(value=10).exists()


def test_the_hash_does_not_hide_that_an_import_was_taken_back(ed):
    before = import_file(ed)
    Observation.objects.all().delete()
    ImportRun.objects.filter(pk=before.pk).update(state="cancelled")
    assert counts(import_file(ed)) == ("done", 6, 0, 0, 0)


def test_a_corrected_file_corrects(ed):
    import_file(ed)
    again = import_file(ed, FILE.replace("mail,10,", "mail,12,"))
    assert counts(again) == ("done", 0, 1, 5, 0)
    assert ObservationHistory.objects.get().value == 10


def test_honest_repeats_count_and_importing_them_again_changes_nothing(ed):
    content = FILE + "2020-01-01,mail,10,1.50\n"
    assert counts(import_file(ed, content)) == ("done", 8, 0, 0, 0)
    again = import_file(ed, content + "\n")
    assert counts(again) == ("done", 0, 0, 8, 0)
    assert Observation.objects.filter(value=10).count() == 2


def test_a_missing_value_is_no_observation_and_a_missing_dimension_is_null(ed):
    mapping = MAPPING | {"file": {"missing": ["#N/A"]}}
    run = import_file(
        ed, "day,channel,clicks,cost\n2020-01-01,#N/A,,1\n2020-01-02, ,#N/A,0\n", mapping
    )
    assert counts(run) == ("done", 2, 0, 0, 0)
    assert sorted(Observation.objects.values_list("value", flat=True)) == [0, 100]
    for dims in Observation.objects.values_list("series__dims", flat=True):
        assert dims.get("channel") is None


def test_values_are_rounded_half_up_to_the_metrics_decimals(ed):
    import_file(ed, "day,channel,clicks,cost\n2020-01-01,m,1.5,0.125\n2020-01-02,m,-1.5,-0.125\n")
    assert sorted(Observation.objects.values_list("value", flat=True)) == [-13, -2, 2, 13]


def test_of_rows_with_the_same_key_the_last_one_counts(ed):
    content = "id,day,clicks,cost\na,2020-01-01,1,1\nb,2020-01-01,2,2\na,2020-01-03,3,3\n"
    run = import_file(ed, content, KEYED)
    assert counts(run) == ("done", 4, 0, 0, 0)
    assert run.duplicates == 1
    assert counts(import_file(ed, content + "\n", KEYED)) == ("done", 0, 0, 4, 0)


def test_a_key_that_comes_on_another_day_moves_its_fact(ed):
    import_file(ed, "id,day,clicks,cost\na,2020-01-01,1,1\n", KEYED)
    run = import_file(ed, "id,day,clicks,cost\na,2020-02-01,1,1\n", KEYED)
    assert counts(run) == ("done", 0, 2, 0, 0)
    assert {str(day) for day in Observation.objects.values_list("day", flat=True)} == {"2020-02-01"}


def test_F11_a_bad_row_stores_nothing_at_all(ed):
    run = import_file(ed, many_rows(300) + "2020-13-01,mail,1,1\n")
    assert counts(run) == ("refused", 0, 0, 0, 1)
    assert not Observation.objects.exists()
    assert not Metric.objects.exists()
    problem = problems_of(run)[0]
    assert (problem.row, problem.column, problem.code) == (302, "day", "not_a_day")


def test_bad_rows_are_left_out_where_that_is_asked(ed):
    run = import_file(ed, FILE + "2020-01-03,mail,x,1\n2020-01-04,mail\n", skip=True)
    assert counts(run) == ("done", 6, 0, 0, 2)
    assert [(p.row, p.column, p.code) for p in problems_of(run)] == [
        (5, "clicks", "not_a_number"),
        (6, "", "ragged"),
    ]


def test_a_file_of_nothing_but_bad_rows_is_refused_even_so(ed):
    run = import_file(ed, "day,channel,clicks,cost\nx,mail,1,1\n", skip=True)
    assert counts(run) == ("refused", 0, 0, 0, 1)


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("2020-02-30,mail,1,1", "day", "not_a_day"),
        (",mail,1,1", "day", "no_day"),
        ("9999-01-01,mail,1,1", "day", "not_a_day"),
        ("2020-01-01,mail,ten,1", "clicks", "not_a_number"),
        ("2020-01-01,mail,NaN,1", "clicks", "not_a_number"),
        ("2020-01-01,mail,5%,1", "clicks", "is_percent"),
        ('2020-01-01,mail,"1,5",1', "clicks", "other_decimal_mark"),
        ("2020-01-01,mail,1e400,1", "clicks", "out_of_range"),
        ("2020-01-01,mail,1000000000000001,1", "clicks", "out_of_range"),
        ("2020-01-01,mail,1,10000000000000.01", "cost", "out_of_range"),
        (f"2020-01-01,{'x' * 201},1,1", "channel", "bad_dimension"),
    ],
)
def test_each_bad_cell_is_named_by_row_column_and_reason(ed, row, column, code):
    run = import_file(ed, FILE + row + "\n")
    problem = problems_of(run)[0]
    assert (run.state, problem.row, problem.column, problem.code) == ("refused", 5, column, code)
    assert not Observation.objects.exists()


@pytest.mark.parametrize("value", ["1000000000000000", "-1000000000000000"])
def test_Q14_the_largest_value_fits(ed, value):
    import_file(ed, f"day,channel,clicks,cost\n2020-01-01,m,{value},\n")
    assert Observation.objects.get().value == int(value)


def test_a_dry_run_counts_by_the_real_code_and_stores_nothing(ed):
    import_file(ed, FILE)
    content = FILE.replace("mail,10,", "mail,12,") + "2020-01-05,tv,1,1\n"
    run = check_file(ed, content)
    assert run.state == "checked"
    assert result_of(run) == {
        "rows": 4, "new": 2, "changed": 1, "unchanged": 5, "rejected": 0, "import": run.pk,
    }  # fmt: skip
    assert Observation.objects.count() == 6


def test_a_dry_run_of_metrics_that_are_not_there_makes_none(ed):
    run = check_file(ed)
    assert result_of(run)["new"] == 6
    assert not Metric.objects.exists()
    assert not Observation.objects.exists()


def test_what_was_checked_is_imported_without_being_read_again(ed, noon, monkeypatch):
    run = check_file(ed)
    monkeypatch.setattr(import_runs, "spool", lambda *_args: pytest.fail("read twice"))
    confirm_import(run, skip_bad_rows=False, by=ed, at=noon)
    run_waiting(clock=clock)
    run.refresh_from_db()
    assert counts(run) == ("done", 6, 0, 0, 0)


def test_rejected_rows_ask_for_a_decision(ed, noon):
    run = check_file(ed, FILE + "x,mail,1,1\n")
    with pytest.raises(Refused):
        confirm_import(run, skip_bad_rows=False, by=ed, at=noon)
    confirm_import(run, skip_bad_rows=True, by=ed, at=noon)
    run_waiting(clock=clock)
    run.refresh_from_db()
    assert counts(run) == ("done", 6, 0, 0, 1)


def test_an_import_is_confirmed_once(ed, noon):
    run = check_file(ed)
    again = ImportRun.objects.get(pk=run.pk)
    confirm_import(run, skip_bad_rows=False, by=ed, at=noon)
    with pytest.raises(Refused):
        confirm_import(again, skip_bad_rows=False, by=ed, at=noon)


def test_a_metric_that_differs_from_its_definition_is_refused_by_name(ed, noon):
    import_file(ed)
    run = bring(ed)
    other = MAPPING | {"create": [CLICKS, COST | {"decimals": 4}]}
    with pytest.raises(Invalid) as refusal:
        map_import(run, plan=plan(other), by=ed, at=noon)
    problem = refusal.value.problems[0]
    assert (problem.pointer, problem.code) == ("/create/1", "metric_differs")
    assert "cost" in problem.message
    assert "decimals" in problem.message


RATIO = {"key": "r", "name": "R", "kind": "ratio", "numerator": "clicks", "denominator": "cost"}


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"create": [CLICKS]}, "/metrics/1/metric", "metric_unknown"),
        ({"day": {"column": "date"}}, "/day/column", "no_column"),
        ({"dims": {"x": {"column": "Channel"}}}, "/dims/x/column", "no_column"),
        ({"create": [CLICKS, COST | {"unit": "currency"}]}, "/create/1/currency", None),
        (
            {"create": [CLICKS, COST, RATIO | {"denominator": "nope"}]},
            "/create/2/denominator",
            None,
        ),
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_be_used_is_refused_before_anything_is_read(
    ed, noon, change, pointer, code
):
    run = bring(ed)
    with pytest.raises(Invalid) as refusal:
        map_import(run, plan=plan(MAPPING | change), by=ed, at=noon)
    problem = refusal.value.problems[0]
    assert problem.pointer == pointer
    assert code in (None, problem.code)
    assert not Metric.objects.exists()
    run.refresh_from_db()
    assert run.state == "uploaded"


def test_a_ratio_is_made_with_its_inputs(ed):
    ratio = {
        "key": "cpc", "name": "Cost per click", "kind": "ratio", "unit": "number", "decimals": 2,
        "numerator": "cost", "denominator": "clicks",
    }  # fmt: skip
    run = import_file(ed, mapping=MAPPING | {"create": [ratio, CLICKS, COST]})
    assert run.state == "done"
    assert Metric.objects.get(key="cpc").is_ratio


def test_a_file_that_was_cut_in_the_middle_stores_nothing(ed):
    run = import_file(ed, many_rows(6000)[:-8])
    assert counts(run)[0] == "failed"
    problem = problems_of(run)[0]
    assert (problem.code, problem.row) == ("file_is_cut", 6001)
    assert not Observation.objects.exists()


def test_a_last_row_without_a_line_end_is_told_as_a_warning(ed):
    assert not report_of(import_file(ed))["ends_short"]
    assert report_of(check_file(ed, FILE.rstrip()))["ends_short"]


def test_a_short_file_that_was_cut_is_not_even_taken(ed, settings):
    with pytest.raises(Invalid, match="ends in the middle of row 301"):
        bring(ed, many_rows(300)[:-8])
    assert not ImportRun.objects.exists()
    assert not list((settings.MEDIA_ROOT / "imports").rglob("*.*"))


def test_F10_abandoned_uploads_and_files_without_an_import_are_forgotten(ed, noon, settings):
    kept = import_file(ed)
    abandoned, fresh = bring(ed), bring(ed)
    ImportRun.objects.filter(pk=abandoned.pk).update(created_at=noon - timedelta(days=8))
    orphan = settings.MEDIA_ROOT / "imports" / str(ed.workspace_id) / "0123.csv"
    orphan.write_text("left by a worker that was killed")
    old = (noon - timedelta(days=8)).timestamp()
    for path in (orphan, paths_of(abandoned).raw, paths_of(kept).raw):
        os.utime(path, (old, old))
    assert forget_abandoned(at=noon) == 2
    assert set(ImportRun.objects.values_list("pk", flat=True)) == {kept.pk, fresh.pk}
    assert paths_of(kept).raw.exists()
    assert paths_of(fresh).raw.exists()
    assert not paths_of(abandoned).raw.exists()
    assert not orphan.exists()
