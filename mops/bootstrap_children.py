"""Child processes: started so that they cannot outlive us, stopped in order, logged."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mops.bootstrap_console import say
from mops.bootstrap_places import ROOT

PR_SET_PDEATHSIG = 1
STILL_WORKING = 15.0  # seconds of silence before we say that we are not stuck
TAIL = 40_000

Command = Sequence[str | Path]
Env = Mapping[str, str]


def die_with_parent(number: int = signal.SIGTERM) -> Callable[[], None] | None:
    """What a child does first on Linux: ask the kernel to end it when we die, however we die."""
    if sys.platform != "linux":
        return None
    libc, parent = ctypes.CDLL(None, use_errno=True), os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # we died between fork and prctl
            os._exit(1)

    return ask


def start(
    command: Command, *, env: Env, output: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own: Ctrl-C reaches only us, and we stop it in order."""
    return subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        start_new_session=True,
        preexec_fn=die_with_parent(),  # noqa: PLW1509  we have one thread
    )


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Finish what we are at, whoever asks us to stop meanwhile."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def stop(process: subprocess.Popen[bytes], *, patience: float = 10.0) -> None:
    """Ask a child to end, wait, then end it and whatever it started; nobody interrupts this."""
    with _undisturbed():
        if process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(patience)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code and the last of what it said."""

    code: int
    words: str

    @property
    def last_line(self) -> str:
        """The line that most often says why."""
        lines = [line.strip() for line in self.words.splitlines() if line.strip()]
        return lines[-1] if lines else f"exit code {self.code}"


def run(command: Command, *, env: Env, log: Path) -> Ended:
    """Run a command to its end, its words into a log, saying now and then that we still work."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        began = output.tell()
        process = start(command, env=env, output=output)
        try:
            code = _wait(process)
        finally:
            stop(process, patience=5)
    with log.open("rb") as words:
        words.seek(max(began, log.stat().st_size - TAIL))
        return Ended(code, words.read().decode("utf-8", "replace"))


def _wait(process: subprocess.Popen[bytes]) -> int:
    began = time.monotonic()
    while True:
        try:
            return process.wait(STILL_WORKING)
        except subprocess.TimeoutExpired:
            say(f"    still at it after {time.monotonic() - began:.0f} s")


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Let SIGTERM and a closed terminal end us the way Ctrl-C does.

    Ctrl-C counts even where a script that started us in the background has switched it off;
    a closed terminal does not where somebody asked for that, as nohup does.
    """

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
