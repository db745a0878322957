import subprocess
import sys
from pathlib import Path

from mops import bootstrap
from mops.bootstrap_children import run, start, stop
from mops.bootstrap_console import Trouble
from tests.support.processes import wait_until

ROOT = Path(__file__).resolve().parents[2]


def test_the_bootstrap_needs_nothing_but_the_standard_library():
    ask = "import sys; import mops.bootstrap; print(*{m.partition('.')[0] for m in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {ask}"],
        capture_output=True,
        text=True,
        check=True,
    )
    foreign = set(done.stdout.split()) - set(sys.stdlib_module_names) - {"__main__", "mops"}
    assert foreign == set()


def test_trouble_is_told_in_plain_lines_and_ends_with_one(monkeypatch, capsys):
    def fail(_arguments):
        raise Trouble("Nothing here.\nGet it there.")

    monkeypatch.setitem(bootstrap.WORDS, "demo", fail)
    assert bootstrap.main(["manage.py", "demo"]) == 1
    assert capsys.readouterr().err == "\nNothing here.\nGet it there.\n"


def test_what_the_system_refuses_is_told_without_a_traceback(monkeypatch, capsys):
    def fail(_arguments):
        raise PermissionError(13, "Permission denied", "/somewhere/.venv")

    monkeypatch.setitem(bootstrap.WORDS, "demo", fail)
    assert bootstrap.main(["manage.py", "demo"]) == 1
    assert (
        capsys.readouterr().err == "\nThe system refused: Permission denied (/somewhere/.venv).\n"
    )


def test_ctrl_c_is_no_error_with_a_traceback(monkeypatch, capsys):
    def interrupted(_arguments):
        raise KeyboardInterrupt

    monkeypatch.setitem(bootstrap.WORDS, "verify", interrupted)
    assert bootstrap.main(["manage.py", "verify"]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_a_newcomer_is_told_to_run_the_demo_first(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / "nothing")
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    assert bootstrap.main(["manage.py", "create_workspace"]) == 1
    told = capsys.readouterr().err
    assert "python3 manage.py demo" in told
    assert len(told.strip().splitlines()) == 1


def test_a_commands_words_are_kept_and_given_back(tmp_path):
    log = tmp_path / "log" / "x.log"
    run([sys.executable, "-c", "print('first')"], env={}, log=log)
    ended = run([sys.executable, "-c", "print('second'); raise SystemExit(3)"], env={}, log=log)
    assert (ended.code, ended.last_line) == (3, "second")
    assert "first" in log.read_text()
    assert "first" not in ended.words


def test_stopping_a_child_ends_what_the_child_started(tmp_path):
    script = (
        "import subprocess, sys, time, signal\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "open(sys.argv[1], 'w').write(str(child.pid))\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "time.sleep(60)\n"
    )
    note = tmp_path / "pid"
    process = start([sys.executable, "-c", script, str(note)], env={})
    while not (note.exists() and note.read_text()):
        assert process.poll() is None
    grandchild = int(note.read_text())
    stop(process, patience=0.5)
    assert process.returncode == -9
    wait_until("the grandchild has ended", lambda: has_ended(grandchild), seconds=10)


def has_ended(pid):
    """Whether a process is gone, or dead and not yet collected by whoever inherited it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"
    except FileNotFoundError:
        return True
