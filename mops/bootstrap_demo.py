"""`manage.py demo`: everything in two processes, the web with its worker and beat, and Redis."""

import contextlib
import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mops.bootstrap_children import Env, run, start, stop
from mops.bootstrap_console import Trouble, say, show
from mops.bootstrap_places import BIN, PYTHON, Stamp, digest, files_below, shown, var
from mops.bootstrap_ports import answers, free_port, is_free, is_loopback, who_listens
from mops.bootstrap_redis import private_folder, server_program, start_redis
from mops.bootstrap_secret import local_secret
from mops.bootstrap_setup import set_up, static_stamp

PEOPLE = ("owner", "manager", "editor", "viewer")
DEFAULT_PASSWORD = "demo"  # noqa: S105  known to everybody, and so refused off loopback
SHORTEST_PASSWORD = 8
HIGHEST_PORT = 65535
PATIENCE = 90.0  # seconds for the web to answer, on a busy machine
MOST_REDIS_RESTARTS = 5
ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  how to reach what listens everywhere


@dataclass(frozen=True)
class Place:
    """Where the demo listens, and the password of its people."""

    host: str
    port: int
    password: str

    @property
    def address(self) -> str:
        """What to type into the browser."""
        if is_loopback(self.host) or self.host in ANY_ADDRESS:
            return f"http://localhost:{self.port}"
        return f"http://{self.host}:{self.port}"

    @property
    def probe(self) -> str:
        """The address at which this machine reaches it."""
        return ANY_ADDRESS.get(self.host, self.host)


def demo(arguments: list[str]) -> int:
    """Set up what is missing, prepare the data, serve until stopped."""
    if arguments:
        raise Trouble("demo takes no arguments; PORT and HOST are read from the environment.")
    with only_one() as note:
        place = choose_place()
        env = {**set_up("run"), **demo_env(place)}
        for name in ("SECRET_KEY_FILE", "DATABASE_URL_FILE", "REDIS_URL_FILE"):
            env.pop(name, None)
        with contextlib.ExitStack() as running:
            redis = EmbeddedRedis(env)
            running.callback(redis.stop)
            prepare(env, place)
            web = start_web(env, place)
            running.callback(stop, web, patience=15)
            note(place.address)
            wait_until_it_answers(web, place)
            greet(place)
            with contextlib.suppress(KeyboardInterrupt):
                watch(web, redis)
            say("Stopping")
    say("Stopped; the data is kept")
    return 0


@contextlib.contextmanager
def only_one() -> Iterator["Note"]:
    """Refuse a second demo on one clone; the kernel frees the lock however this one ends."""
    path = var() / "demo.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(_already_running(path)) from None
        note = Note(path)
        note("")
        yield note


@dataclass(frozen=True)
class Note:
    """What the lock file tells a second demo about the first."""

    path: Path

    def __call__(self, address: str) -> None:
        """Leave the process and its address."""
        self.path.write_text(
            json.dumps({"process": os.getpid(), "address": address}), encoding="utf-8"
        )


def _already_running(path: Path) -> str:
    try:
        first = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        first = {}
    where = first.get("address") or "still starting"
    return (
        f"The demo of this clone is running already: {where} (process {first.get('process')}).\n"
        "Stop it there with Ctrl-C, or start another one from another clone."
    )


def choose_place() -> Place:
    """Read HOST, PORT and the password; never show a known password to a network."""
    host = os.environ.get("HOST") or "127.0.0.1"
    password = os.environ.get("MOPS_DEMO_PASSWORD") or DEFAULT_PASSWORD
    weak = password == DEFAULT_PASSWORD or len(password) < SHORTEST_PASSWORD
    if weak and not is_loopback(host):
        raise Trouble(
            f"HOST={host} would show the demo to the network, with a password easily guessed.\n"
            f"Set MOPS_DEMO_PASSWORD ({SHORTEST_PASSWORD} characters or more), or leave HOST out."
        )
    return Place(host, choose_port(host, os.environ.get("PORT", "")), password)


def choose_port(host: str, wanted: str) -> int:
    """The port that was asked for, or 8000, or the next free one when nobody asked."""
    if wanted and not (wanted.isascii() and wanted.isdigit() and 0 < int(wanted) <= HIGHEST_PORT):
        raise Trouble(f"PORT must be a number from 1 to {HIGHEST_PORT}, not {wanted!r}.")
    port = int(wanted or 8000)
    if is_free(host, port):
        return port
    if wanted:
        raise Trouble(
            f"Port {port} on {host} is taken by {who_listens(port)}.\n"
            "Choose another PORT, or leave it out and a free one is found."
        )
    free = free_port(host, port)
    say(f"Port {port} is taken by {who_listens(port)}; using {free}")
    return free


def demo_env(place: Place) -> dict[str, str]:
    """The settings of the demo, and those of the caller that do not contradict it."""
    env = {
        "MOPS_EMBEDDED": "1",
        "MOPS_VAR": str(var()),
        "MOPS_STATIC_ROOT": str(var() / "static"),
        "MOPS_DEMO_PASSWORD": place.password,
        "SECRET_KEY": os.environ.get("SECRET_KEY") or local_secret(),
        "CREDENTIALS_KEY": os.environ.get("CREDENTIALS_KEY") or local_secret("credentials-key"),
        "BASE_URL": os.environ.get("BASE_URL") or place.address,
        "REDIS_URL": "",
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "mops.settings",
    }
    if not is_loopback(place.host):
        env["ALLOWED_HOSTS"] = os.environ.get("ALLOWED_HOSTS") or _names_of(place.host)
    return env


def _names_of(host: str) -> str:
    own = [os.uname().nodename] if host in ANY_ADDRESS else [host]
    return ",".join(["localhost", "127.0.0.1", "[::1]", *own])


class EmbeddedRedis:
    """The Redis child, or none where there is no server (then all stays in the process)."""

    def __init__(self, env: dict[str, str]) -> None:
        """Start it and put its address into the environment of everything that follows."""
        self.env = env
        self.restarts = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.program = server_program()
        if self.program is None:
            say("No Redis for this machine: jobs and caches stay inside the process")
            return
        self.folder = private_folder()
        self.socket = self.folder / "redis.sock"
        say("Starting Redis on a private socket")
        self.process = start_redis(self.program, self.socket, env)
        env["REDIS_URL"] = f"unix://{self.socket}"

    def keep_alive(self) -> None:
        """Start it again when it ended by itself; nothing is lost, the rows are the queue."""
        if self.program is None or self.process is None or self.process.poll() is None:
            return
        self.restarts += 1
        if self.restarts > MOST_REDIS_RESTARTS:
            raise Trouble(
                "Redis keeps ending; its words are in " + shown(var() / "log" / "redis.log") + "."
            )
        say("Redis ended; starting it again")
        self.process = start_redis(self.program, self.socket, self.env)

    def stop(self) -> None:
        """End it, and leave no socket behind."""
        if self.process is None:
            return
        stop(self.process, patience=5)
        self.socket.unlink(missing_ok=True)
        if self.folder != var() / "run":
            shutil.rmtree(self.folder, ignore_errors=True)


def prepare(env: Env, place: Place) -> None:
    """Migrate, seed and collect static files in one process, unless nothing has changed."""
    static = static_stamp()
    prepared = Stamp(var() / "prepared.stamp", _state_of_data(place))
    if prepared.fresh() and static.fresh():
        return
    say("Preparing the database and the demo workspace")
    collect = [] if static.fresh() else ["--collect-static"]
    prepared.clear()
    log = var() / "log" / "prepare.log"
    ended = run([PYTHON, "manage.py", "prepare_demo", *collect], env=env, log=log)
    if ended.code:
        raise Trouble(f"Preparing the demo failed: {ended.last_line}\nMore in {shown(log)}.")
    static.write()
    Stamp(prepared.path, _state_of_data(place)).write()


def _state_of_data(place: Place) -> str:
    """What the data was prepared from, for which day, and what migrations it says it has."""
    apps = ("mops", "workspaces", "metrics", "connectors", "goals", "tasks", "reports")
    seeds = ("demo", "prepare_demo")
    sources = [p for p in files_below(*apps) if "migrations" in p.parts or p.name.startswith(seeds)]
    today = date.today().isoformat()  # noqa: DTZ011  the day as this machine has it
    words = [place.password, today, _applied_migrations()]
    return digest([*sources, *files_below("requirements/run.txt")], *words)


def _applied_migrations() -> str:
    database = var() / "mops.sqlite3"
    if not database.is_file():
        return "no database"
    try:
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as reader:
            return repr(
                reader.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
            )
    except sqlite3.Error as error:
        return f"unreadable: {error}"


def start_web(env: Env, place: Place) -> subprocess.Popen[bytes]:
    """The one process that serves pages, works and keeps time."""
    say("Starting the web, the worker and the beat")
    options = [
        "--host",
        place.host.strip("[]"),
        "--port",
        str(place.port),
        "--log-level",
        "warning",
    ]
    quick = ["--timeout-graceful-shutdown", "3"]
    plain = ["--no-server-header", "--no-proxy-headers"]  # only TRUSTED_PROXIES may say who asks
    return start([BIN / "uvicorn", "mops.embedded:application", *options, *quick, *plain], env=env)


def wait_until_it_answers(web: subprocess.Popen[bytes], place: Place) -> None:
    """Wait for our own health answer on the port."""
    until = time.monotonic() + PATIENCE
    while not answers(place.probe, place.port):
        if web.poll() is not None:
            raise Trouble(
                f"The web process ended while starting (code {web.returncode}); it says why above."
            )
        if time.monotonic() > until:
            raise Trouble(
                f"The web process did not answer on port {place.port} within {PATIENCE:.0f} s."
            )
        time.sleep(0.1)


def greet(place: Place) -> None:
    """Say where it is and who may come in."""
    say("MOps is running")
    names = ", ".join(f"{name}@demo.example" for name in PEOPLE)
    known = (
        place.password if place.password == DEFAULT_PASSWORD else "the one in MOPS_DEMO_PASSWORD"
    )
    show(
        [
            "",
            f"  {place.address}",
            f"  sign in as {names}",
            f"  password   {known}",
            "",
            "  Ctrl-C stops it.",
        ]
    )
    if not is_loopback(place.host):
        show(["  Other machines reach it by the names in ALLOWED_HOSTS."])


def watch(web: subprocess.Popen[bytes], redis: EmbeddedRedis) -> None:
    """Serve until somebody stops us or the web ends by itself."""
    while web.poll() is None:
        redis.keep_alive()
        time.sleep(0.3)
    raise Trouble(
        f"The web process ended by itself (exit code {web.returncode}); it says why above."
    )
