"""`manage.py verify`: everything that must hold, in one go, with a table at the end."""

import contextlib
import os
import re
import shutil
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mops.bootstrap_children import Env, start, stop
from mops.bootstrap_console import Trouble, say, show
from mops.bootstrap_places import BIN, PYTHON, ROOT, shown, var
from mops.bootstrap_setup import collect_static, set_up

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
NO_CHROMIUM = "no Chromium found; Debian, Ubuntu: apt-get install chromium"
NO_TESTS = 5  # pytest's exit code when nothing was collected
READS = re.compile(r"env\.(?:text|flag|number|words|secret)\(\s*\"(\w+)\"")
PRODUCTION = {
    "SECRET_KEY": "only-for-the-deploy-check-0123456789-abcdefghijklmnopqrstuvwxyz",
    "BASE_URL": "https://mops.example.org",
    "ALLOWED_HOSTS": "mops.example.org",
    "DATABASE_URL": "postgres://mops:secret@db.example.org/mops",
    "REDIS_URL": "redis://redis.example.org:6379/0",
}


@dataclass(frozen=True)
class Step:
    """One thing that must hold."""

    title: str
    command: list[str | Path]
    env: dict[str, str] = field(default_factory=dict)
    report: Path | None = None  # where pytest counts
    skipped: str = ""


@dataclass(frozen=True)
class Outcome:
    """How a step went."""

    step: Step
    word: str
    seconds: float
    counts: tuple[int, int, int] = (0, 0, 0)  # passed, failed, skipped
    cores: float = 0.0  # kept busy on average; 0 where that was not measured


def verify(arguments: list[str]) -> int:
    """Set up, then go through all steps whatever fails, then tell."""
    quick = "--quick" in arguments
    extra = [a for a in arguments if a != "--quick"]
    env = {**set_up("dev"), "MOPS_STATIC_ROOT": str(var() / "static")}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes start: compile once
    for name in settings_read():
        if name != "MOPS_STATIC_ROOT":
            env.pop(name, None)
            env.pop(f"{name}_FILE", None)
    collect_static({**env, **embedded(var())})
    reports = var() / "verify"
    shutil.rmtree(reports, ignore_errors=True)
    reports.mkdir(parents=True)
    first, *others = test_runs(reports, extra, quick=quick)
    with beside(types(), reports / "mypy.txt", env) as told:  # it has work for one core only
        outcomes = [carry_out(step, env) for step in (*static_checks(), first)]
        outcomes.append(told())
    return tell(outcomes + [carry_out(step, env) for step in others])


def settings_read() -> list[str]:
    """Every environment variable that the settings read: the caller's must not count."""
    return READS.findall((ROOT / "mops" / "settings.py").read_text(encoding="utf-8"))


def embedded(place: Path) -> dict[str, str]:
    """The settings of the embedded default, with its data somewhere else."""
    return {"MOPS_EMBEDDED": "1", "MOPS_VAR": str(place)}


def types() -> Step:
    """The types of the whole source."""
    return Step("mypy", [BIN / "mypy"], checking())


def checking() -> dict[str, str]:
    """The settings of what reads our source."""
    return {**embedded(var() / "verify" / "checks"), "PYTHONPATH": str(ROOT)}


def static_checks() -> Iterator[Step]:
    """Everything else that needs no test to run."""
    django = checking()
    manage = [PYTHON, "manage.py"]
    yield Step("ruff check", [BIN / "ruff", "check", "--output-format=concise", "."])
    yield Step("ruff format", [BIN / "ruff", "format", "--check", "--quiet", "."])
    yield Step("lint-imports", [BIN / "lint-imports"], django)
    yield Step("migrations", [*manage, "makemigrations", "--check", "--dry-run"], django)
    deploy = ["check", "--deploy", "--fail-level", "WARNING"]
    yield Step("check --deploy", [*manage, *deploy], {**PRODUCTION, "MOPS_VAR": django["MOPS_VAR"]})


def test_runs(reports: Path, extra: list[str], *, quick: bool) -> Iterator[Step]:
    """The tests on both databases, then those that start processes and a browser."""
    both = ["-n", "2", "-m", "not services and not browser", *extra]
    settings = embedded(reports / "var")
    yield _pytest("tests on SQLite", reports / "sqlite.xml", both, settings)
    if quick:
        return
    real = [PYTHON, "-m", "tests.support.services"]
    yield _pytest("tests on PostgreSQL and Redis", reports / "postgres.xml", both, settings, real)
    three = ["-n", "3", "--dist"]  # half of their time they wait for others
    files = [*three, "loadfile", "--no-loadscope-reorder"]  # what a file's tests share is made once
    one = [*files, "-m", "services", *(extra or ["tests/services"])]
    yield _pytest("processes", reports / "services.xml", one, settings)
    walk = [*three, "worksteal", "-m", "browser", *(extra or ["tests/browser"])]
    chromium = find_chromium()
    missing = "" if chromium else NO_CHROMIUM
    settings = {**settings, "CHROMIUM": chromium}
    yield _pytest("browser", reports / "browser.xml", walk, settings, skipped=missing)


def _pytest(
    title: str,
    report: Path,
    options: list[str],
    settings: dict[str, str],
    around: list[str | Path] | None = None,
    *,
    skipped: str = "",
) -> Step:
    command = [*(around or []), PYTHON, "-m", "pytest", f"--junitxml={report}", "-rfEs", *options]
    return Step(title, command, settings, report, skipped)


def find_chromium() -> str:
    """A Chromium on this machine; empty when there is none."""
    asked = os.environ.get("CHROMIUM", "")
    return asked or next((path for name in CHROMIUMS if (path := shutil.which(name))), "")


@contextlib.contextmanager
def beside(step: Step, log: Path, env: Env) -> Iterator[Callable[[], Outcome]]:
    """Run a step while others run; call what is given to wait for it and to show its words."""
    began = time.time()
    with log.open("wb") as output:
        process = start(step.command, env={**env, **step.env}, output=output)

    def told() -> Outcome:
        code = process.wait()
        head(step)
        show(log.read_text(encoding="utf-8", errors="replace").splitlines())
        seconds = log.stat().st_mtime - began  # until its last word
        return Outcome(step, "FAILED" if code else "ok", seconds)

    try:
        yield told
    finally:
        stop(process)


def head(step: Step) -> None:
    """Say what comes."""
    show(["", f"== {step.title} " + "=" * max(0, 66 - len(step.title))])


def carry_out(step: Step, env: Env) -> Outcome:
    """Run one step in front of the reader."""
    head(step)
    if step.skipped:
        say(f"SKIPPED: {step.skipped}")
        return Outcome(step, "skipped", 0.0)
    began, busy = time.monotonic(), processor_seconds()
    process = start(step.command, env={**env, **step.env})
    try:
        code = process.wait()
    finally:
        stop(process)
    seconds = time.monotonic() - began
    cores = (processor_seconds() - busy) / seconds
    counts = count(step.report) if step.report else (0, 0, 0)
    if step.report and code == NO_TESTS:
        return Outcome(step, "no tests", seconds, counts, cores)
    return Outcome(step, "FAILED" if code else "ok", seconds, counts, cores)


def processor_seconds() -> float:
    """What all children that have ended have cost."""
    told = os.times()
    return told.children_user + told.children_system


def count(report: Path) -> tuple[int, int, int]:
    """Passed, failed and skipped, from pytest's own report."""
    if not report.is_file():
        return (0, 0, 0)
    suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314  our own file
    if suite is None:
        return (0, 0, 0)
    total, errors, failures, skipped = (
        int(suite.get(name, "0")) for name in ("tests", "errors", "failures", "skipped")
    )
    return (total - errors - failures - skipped, errors + failures, skipped)


def tell(outcomes: list[Outcome]) -> int:
    """Print the table and the closing line; 1 when anything failed."""
    rows = ["", "-" * 78]
    for o in outcomes:
        tests = (
            "{} passed, {} failed, {} skipped".format(*o.counts)
            if o.step.report and any(o.counts)
            else ""
        )
        busy = f"{o.cores:.1f} cores" if o.cores else ""
        rows.append(
            f"{o.word:>9}  {o.step.title:<30} {o.seconds:6.1f} s  {busy:>9}  "
            f"{tests or o.step.skipped}".rstrip()
        )
    passed, failed, skipped = (sum(o.counts[i] for o in outcomes) for i in range(3))
    broken = [o.step.title for o in outcomes if o.word == "FAILED"]
    rows += ["-" * 78, f"verify: {passed} passed, {failed} failed, {skipped} skipped"]
    show(rows)
    if passed + failed == 0:
        raise Trouble("No test ran.")
    if broken:
        raise Trouble(f"Failed: {', '.join(broken)}. Reports are in {shown(var() / 'verify')}.")
    say("Everything holds")
    return 0
