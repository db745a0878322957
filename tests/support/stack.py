"""A whole installation of real processes: a database with one workspace, web, worker, beat."""

import contextlib
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.postgres import Postgres
from tests.support.processes import (
    BIN,
    ROOT,
    Child,
    Web,
    clean_env,
    free_port,
    launch,
    must_manage,
    wait_until,
)
from tests.support.redis import RedisServer

SLUG = "acme"
OWNER = "olga@acme.example"
PASSWORD = "correct horse battery"
SECRET = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-0123"
API = f"/api/v1/workspaces/{SLUG}"
OPEN = f"""
import django
from django.core.management import call_command
django.setup()
call_command("upgrade", verbosity=0)
who = {{"slug": "{SLUG}", "name": "Acme", "timezone": "UTC", "owner": "{OWNER}"}}
call_command("create_workspace", **who, password="{PASSWORD}")
call_command("create_token", workspace="{SLUG}", user="{OWNER}")
"""  # the commands of an operator, in one start of Django instead of three


@dataclass(frozen=True)
class Template:
    """A database with a workspace and a token, made once and copied for each test."""

    kind: str  # "embedded" or "production"
    source: str  # a file of SQLite, or the name of a PostgreSQL database
    token: str


@dataclass
class Stack:
    """The environment of one installation and the processes started in it."""

    env: dict[str, str]
    folder: Path
    redis: RedisServer
    token: str
    server: Postgres | None = None
    database: str = ""
    running: ExitStack = field(default_factory=ExitStack)
    started: int = 0

    @property
    def embedded(self) -> bool:
        """Whether this is one process on SQLite."""
        return self.server is None

    def launch(self, name: str, command: Sequence[str | Path], **settings: str) -> Child:
        """Start one process of the installation; it is killed at the end, nobody waits for it."""
        self.started += 1
        log = self.folder / f"{self.started}-{name}.log"
        child = launch(command, env={**self.env, **settings}, log=log)
        self.running.callback(child.kill)
        return child

    def start_web(self, *, wait: bool = True) -> Web:
        """The pages and the API; on SQLite worker and beat come with them."""
        port = free_port()
        address = ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
        whole = [
            "uvicorn",
            "mops.embedded:application",
            *address,
            "--timeout-graceful-shutdown",
            "2",
            "--no-proxy-headers",
        ]
        pages = ["gunicorn", "mops.wsgi", f"--bind=127.0.0.1:{port}", "--workers=1", "--threads=4"]
        pages += ["--worker-class=gthread", "--no-control-socket"]
        name, *options = whole if self.embedded else pages
        web = Web(self.launch("web", [BIN / name, *options]), port, self.token)
        if wait:
            wait_until("the web answers", web.is_alive, seconds=60)
        return web

    def start_worker(self) -> Child:
        """Celery's own worker with processes of its own."""
        options = [
            "worker",
            "--concurrency=2",
            "--loglevel=WARNING",
            f"--hostname=w{self.started}@%h",
        ]
        return self.launch("worker", [BIN / "celery", "-A", "mops", *options])

    def start_beat(self) -> Child:
        """Celery's own beat."""
        schedule = self.folder / f"beat-{self.started}"
        options = ["beat", "--loglevel=WARNING", f"--schedule={schedule}", "--pidfile="]
        return self.launch("beat", [BIN / "celery", "-A", "mops", *options])

    def start_jobs(self) -> list[Child]:
        """Worker and beat, where they are processes of their own."""
        return [] if self.embedded else [self.start_worker(), self.start_beat()]

    def ask_database(self, sql: str) -> list[tuple[Any, ...]]:
        """Read what is stored, past the application."""
        if self.server:
            connection = self.server.connect(self.database)
            with contextlib.closing(connection), connection.cursor() as cursor:
                cursor.execute(sql)
                return list(cursor.fetchall())
        path = f"file:{self.folder / 'mops.sqlite3'}?mode=ro"
        with contextlib.closing(sqlite3.connect(path, uri=True, timeout=20)) as reader:
            return reader.execute(sql).fetchall()

    def marks(self) -> int:
        """How many changes still wait to be rolled up."""
        tables = ("metrics_dirtymark", "metrics_totalmark")
        return sum(self.ask_database(f"SELECT count(*) FROM {table}")[0][0] for table in tables)

    def difference(self) -> str:
        """What a recompute finds wrong in the rollups; nothing when they are right."""
        return must_manage(self.env, "rebuild_rollups", "--workspace", SLUG, "--check")


def make_template(kind: str, env: dict[str, str], source: str, also: str = "") -> Template:
    """Migrate an empty database and open one workspace in it; `also`: more commands after that."""
    done = subprocess.run(
        [sys.executable, "-c", OPEN + also],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    token = next(line for line in done.stdout.split() if line.startswith("mops_"))
    return Template(kind, source, token)


def embedded_env(folder: Path) -> dict[str, str]:
    """The settings of one process on SQLite."""
    return clean_env(MOPS_EMBEDDED="1", MOPS_VAR=str(folder), **_static(folder))


def production_env(folder: Path, database_url: str) -> dict[str, str]:
    """The settings of PostgreSQL and processes of their own."""
    settings = {"SECRET_KEY": SECRET, "DATABASE_URL": database_url, "MOPS_VAR": str(folder)}
    return clean_env(**settings, **_static(folder))


def _static(folder: Path) -> dict[str, str]:
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    return {"MOPS_STATIC_STORAGE": plain, "MOPS_STATIC_ROOT": str(folder / "static")}


@contextlib.contextmanager
def installation(
    template: Template, folder: Path, redis: RedisServer, server: Postgres | None = None
) -> Iterator[Stack]:
    """A fresh copy of the template with its own Redis; everything started in it ends with it."""
    if server is None:
        shutil.copy(template.source, folder / "mops.sqlite3")
        stack = Stack(embedded_env(folder), folder, redis, template.token)
    else:
        name = f"mops_{folder.name.replace('-', '_')}"[:60]
        url = server.create(name, copied_from=template.source)
        env = production_env(folder, url)
        stack = Stack(env, folder, redis, template.token, server, name)
    stack.env |= {"REDIS_URL": redis.url, "CELERY_SKIP_CHECKS": "1"}  # checked already, by upgrade
    with stack.running:
        yield stack
