"""The command: one JSON line on stdout, sentences on stderr, an exit status."""

import json

import pytest
from django.core.management import CommandError, call_command

from metrics.models.imports import ImportRun
from metrics.models.observations import Observation
from tests.make.imports import FILE, MAPPING, write_mapping

pytestmark = pytest.mark.django_db


@pytest.fixture
def run_command(acme, tmp_path, capsys):
    """Run the command; returns (exit status, what stdout said as JSON, what stderr said)."""

    def run(content=FILE, *options, mapping=None, path=None, workspace="acme"):
        file = path or tmp_path / "ads.csv"
        if content is not None:
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        arguments = [
            str(file),
            "--workspace",
            workspace,
            "--mapping",
            str(write_mapping(tmp_path, mapping)),
        ]
        status, message = 0, ""
        try:
            call_command("import_observations", *arguments, *options)
        except CommandError as error:
            status, message = error.returncode, str(error)
        except SystemExit as stop:
            status = stop.code
        told = capsys.readouterr()
        lines = told.out.splitlines()
        assert len(lines) <= 1
        return status, json.loads(lines[0]) if lines else None, told.err + message

    return run


def test_it_prints_one_json_line(run_command):
    status, found, told = run_command()
    run = ImportRun.objects.get()
    assert (status, told) == (0, "")
    assert found == {
        "rows": 3, "new": 6, "changed": 0, "unchanged": 0, "rejected": 0, "import": run.pk,
    }  # fmt: skip
    assert run.kind == "command"


def test_the_same_file_twice_is_0_new_0_changed(run_command):
    run_command()
    status, found, _told = run_command()
    assert status == 0
    assert (found["rows"], found["new"], found["changed"], found["unchanged"]) == (3, 0, 0, 6)


def test_rejected_rows_store_nothing_and_exit_with_2(run_command):
    status, found, told = run_command(FILE + "2020-01-03,mail,ten,1\n")
    assert status == 2
    assert (found["rows"], found["new"], found["rejected"]) == (4, 0, 1)
    assert "row 5, column clicks: “ten” is not a number." in told
    assert not Observation.objects.exists()


def test_bad_rows_can_be_skipped(run_command):
    status, found, told = run_command(FILE + "2020-01-03,mail,ten,1\n", "--skip-bad-rows")
    assert (status, found["new"], found["rejected"]) == (0, 6, 1)
    assert "row 5" in told


def test_a_dry_run_stores_nothing(run_command):
    status, found, _told = run_command(FILE, "--dry-run")
    assert (status, found["rows"], found["new"]) == (0, 3, 6)
    assert not Observation.objects.exists()


def test_a_dry_run_of_bad_rows_exits_with_2(run_command):
    assert run_command(FILE + "x,mail,1,1\n", "--dry-run")[0] == 2
    assert run_command(FILE + "x,mail,1,1\n", "--dry-run", "--skip-bad-rows")[0] == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"day,channel,clicks,cost\n", "no row below it"),
        (b"PK\x03\x04abc", "archive"),
        (b"\x89PNG\r\n\x1a\n", "binary"),
        (
            b"day,channel,clicks\n2020-01-01,m,1\n",
            "no column “cost”. Its columns are: day, channel, clicks.",
        ),
        (FILE.encode() + b"2020-01-03,ma", "ends in the middle of row 5"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_plainly_with_exit_1(run_command, content, words):
    status, found, told = run_command(content)
    assert (status, found) == (1, None)
    assert words in told
    assert not Observation.objects.exists()
    assert not ImportRun.objects.filter(state="done").exists()


def test_a_file_past_the_limit_is_told_with_the_limit(run_command, settings, tmp_path):
    settings.MAX_IMPORT_BYTES = 20
    status, _found, told = run_command()
    assert status == 1
    assert "20\u00a0bytes" in told
    assert not list((settings.MEDIA_ROOT / "imports").rglob("*.csv"))


def test_what_is_not_there_is_named(run_command, tmp_path):
    assert "no workspace “nowhere”" in run_command(workspace="nowhere")[2]
    assert "missing.csv" in run_command(None, path=tmp_path / "missing.csv")[2]
    status, _found, told = run_command(mapping=MAPPING | {"colour": "red"})
    assert status == 1
    assert "/colour: “colour” is not known here." in told


def test_a_mapping_that_is_no_json_is_told(acme, tmp_path):
    (tmp_path / "m.json").write_text("{")
    (tmp_path / "f.csv").write_text(FILE)
    with pytest.raises(CommandError, match="not valid JSON"):
        call_command(
            "import_observations", str(tmp_path / "f.csv"), "--workspace", "acme",
            "--mapping", str(tmp_path / "m.json"),
        )  # fmt: skip
