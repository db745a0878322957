"""What the bootstrap says, and how it fails: in plain lines, never with a traceback."""

import sys
import time
from collections.abc import Iterable

STARTED = time.monotonic()


class Trouble(Exception):
    """Something is missing or in the way; the message says what, and how to get on."""


def say(message: str) -> None:
    """Print one line of progress with the seconds since the start."""
    sys.stdout.write(f"[{time.monotonic() - STARTED:6.1f}s] {message}\n")
    sys.stdout.flush()


def show(lines: Iterable[str]) -> None:
    """Print lines as they are."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def complain(message: str) -> None:
    """Print what went wrong where errors go, after everything said so far."""
    sys.stdout.flush()
    sys.stderr.write(f"\n{message}\n")
    sys.stderr.flush()
