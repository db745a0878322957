"""Start real processes for a test, wait for what they should do, and leave nothing behind."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mops.bootstrap_children import die_with_parent
from mops.bootstrap_verify import settings_read

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
Env = Mapping[str, str]


def clean_env(**settings: str) -> dict[str, str]:
    """The caller's environment without any setting of ours, and then these settings."""
    ours = {*settings_read(), *(f"{name}_FILE" for name in settings_read())}
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ours and not name.startswith("DJANGO_")  # the tests' own
    }
    kept.pop("PYTHONDONTWRITEBYTECODE", None)  # so many starts: each module is compiled once
    kept["PATH"] = f"{BIN}{os.pathsep}{kept.get('PATH', os.defpath)}"
    kept["DJANGO_SETTINGS_MODULE"] = "mops.settings"
    return {**kept, "PYTHONUNBUFFERED": "1", **settings}


def free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(
    what: str, condition: Callable[[], Any], *, seconds: float = 30, pause: float = 0.05
) -> Any:
    """Ask until the answer is true; fail saying what did not come about."""
    until = time.monotonic() + seconds
    while not (answer := condition()):
        if time.monotonic() > until:
            message = f"within {seconds:.0f} s it did not come about that {what}"
            raise AssertionError(message)
        time.sleep(pause)
    return answer


@dataclass
class Child:
    """A process with its log."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def words(self) -> str:
        """All that it has said."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def send(self, number: int) -> None:
        """Send a signal to it and to its own children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """End it and its children at once, as a power cut would."""
        self.send(signal.SIGKILL)
        self.process.wait()

    def stop(self, *, by: int = signal.SIGTERM, patience: float = 15) -> int | None:
        """Ask it to end; end it when it does not; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(by)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        self.kill()
        return self.process.returncode


def launch(
    command: Sequence[str | Path], *, env: Env, log: Path, cwd: Path = ROOT, **options: Any
) -> Child:
    """Start a process in a group of its own that cannot outlive the tests."""
    log.parent.mkdir(parents=True, exist_ok=True)
    ends_by = options.pop("ends_by", signal.SIGTERM)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(ends_by),  # noqa: PLW1509  tests start from one thread
            **options,
        )
    return Child(process, log)


def manage(env: Env, *words: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
    """Run a management command to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        env=dict(env),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def must_manage(env: Env, *words: str) -> str:
    """Run a management command that has to succeed; what it printed."""
    done = manage(env, *words)
    assert done.returncode == 0, (
        f"{' '.join(words)} ended with {done.returncode}:\n{done.stderr[-2000:]}"
    )
    return done.stdout.strip()


@dataclass
class Answer:
    """What a server answered, and how long it took."""

    status: int
    body: Any
    seconds: float


@dataclass
class Web:
    """A running server of ours, asked over HTTP."""

    child: Child
    port: int
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self, path: str, *, json_body: object = None, method: str = "", seconds: float = 15
    ) -> Answer:
        """Send one request; an answer of 4xx or 5xx is an answer too."""
        data = None if json_body is None else json.dumps(json_body).encode()
        headers = {"Content-Type": "application/json", **self.headers}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(self.url + path, data, headers, method=method or None)
        began = time.monotonic()
        try:
            with urllib.request.urlopen(request, timeout=seconds) as response:
                status, raw = response.status, response.read()
        except urllib.error.HTTPError as error:
            status, raw = error.code, error.read()
        try:
            body = json.loads(raw)
        except ValueError:
            body = raw.decode("utf-8", "replace")
        return Answer(status, body, time.monotonic() - began)

    def is_alive(self) -> bool:
        """Whether it answers as MOps."""
        if self.child.process.poll() is not None:
            raise AssertionError(f"the server ended:\n{self.child.words[-3000:]}")
        with contextlib.suppress(OSError):
            return bool(self.ask("/healthz", seconds=2).body == {"app": "mops", "status": "ok"})
        return False


@contextlib.contextmanager
def stopping(*children: Child) -> Iterator[None]:
    """Stop these children at the end, the last one first."""
    try:
        yield
    finally:
        for child in reversed(children):
            child.stop()
