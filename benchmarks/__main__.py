"""`manage.py bench [NAMES] [--rows N]`: the goals of storage, in a database made for it.

DATABASE_URL says where: on PostgreSQL a database `..._bench` is made and dropped, else a SQLite
file in a folder that goes away. The results of a part replace those of the same part and database
in docs/benchmarks.md.
"""
# ruff: noqa: E402  Django is set up with the database made for it

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

DOCUMENT = Path(__file__).parents[1] / "docs" / "benchmarks.md"
ROWS = 200_000


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py bench", description="Measure the goals.")
    parser.add_argument(
        "names",
        nargs="*",
        help="ingest, files, drain, people, review, boards, forecast (all, if none); board-browser",
    )
    parser.add_argument("--rows", type=int, default=ROWS, help=f"default {ROWS:,}")
    parser.add_argument("--no-document", action="store_true", help="print only")
    return parser.parse_args()


ASKED = arguments()
FOLDER = tempfile.TemporaryDirectory()
SERVER = os.environ.get("DATABASE_URL", "")


def own_database() -> str:
    """The address of a fresh database on the server asked for."""
    if not SERVER.startswith("postgres"):
        return f"sqlite:///{FOLDER.name}/bench.sqlite3"
    _ask_server(f'DROP DATABASE IF EXISTS "{_own_name()}"', f'CREATE DATABASE "{_own_name()}"')
    return urlsplit(SERVER)._replace(path=f"/{_own_name()}").geturl()


def _own_name() -> str:
    return urlsplit(SERVER).path.strip("/") + "_bench"


def _ask_server(*statements: str) -> None:
    connection = psycopg2.connect(SERVER)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    connection.close()


os.environ |= {
    "DATABASE_URL": own_database(),
    "MOPS_VAR": FOLDER.name,
    "DJANGO_SETTINGS_MODULE": "tests.settings",
    "REDIS_URL": "",
    "MOPS_EMBEDDED": "1",
}

import django

django.setup()

from django.core.management import call_command
from django.db import connection, connections
from django.utils.timezone import now

from benchmarks import board_browser, boards, drain, files, ingest, people, review
from benchmarks.data import Ground
from benchmarks.forecasting import table

PARTS = {
    "ingest": ingest.run,
    "files": files.run_files,
    "people": people.run,
    "drain": drain.run,
    "review": review.run,
    "boards": boards.run,
    "board-browser": board_browser.run,
    "forecast": table.run,  # writes its own document
}
MILLION = 1_000_000
MOST = {"ingest": MILLION, "files": MILLION, "people": MILLION}  # what the goals speak of
SAID = ["server_version", "fsync", "shared_buffers"]
TITLES = "| goal | what | measured | limit | ratio | wanted | |\n|" + " --- |" * 7


def main() -> int:
    call_command("migrate", verbosity=0)
    for name in ASKED.names or [name for name in PARTS if name != "board-browser"]:
        call_command("flush", interactive=False, verbosity=0)
        rows = min(ASKED.rows, MOST.get(name, ASKED.rows))
        found = []
        for goal in PARTS[name](Ground(rows), rows):
            found.append(goal)
            print(f"{goal.name:4} {goal.what:76} {goal.measured:>16} / {goal.limit:>16} / "
                  f"{goal.ratio:>9}  ({goal.wanted}) {goal.verdict}", flush=True)  # fmt: skip
        if not ASKED.no_document and name != "forecast":
            write(name, rows, found)
    return 0


def write(name: str, rows: int, goals: list) -> None:
    """Put the results of this part on this database in place of the last ones."""
    lines = [
        f"### {connection.display_name}: {name}",
        "",
        f"`python manage.py bench {name} --rows {rows}`, {now():%Y-%m-%d}, {server()}, Python "
        f"{platform.python_version()}, {os.cpu_count()} cores, load "
        f"{os.getloadavg()[0]:.1f} at the end.",
        "",
        TITLES,
        *(
            f"| {g.name} | {g.what} | {g.measured} | {g.limit} | {g.ratio} | {g.wanted} | "
            f"{g.verdict} |"
            for g in goals
        ),
    ]
    head, *parts = DOCUMENT.read_text().split("\n### ")
    kept = {part.split("\n", 1)[0]: f"### {part.rstrip()}" for part in parts}
    kept[lines[0].removeprefix("### ")] = "\n".join(lines)
    DOCUMENT.write_text("\n\n".join([head.rstrip(), *(kept[key] for key in sorted(kept))]) + "\n")


def server() -> str:
    """The database, and what of its settings makes it fast or safe."""
    if connection.vendor != "postgresql":
        return f"SQLite {sqlite3.sqlite_version}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, current_setting(name) FROM unnest(%s) AS x (name)", [SAID])
        said = dict(cursor.fetchall())
    version, *others = (said[name] for name in SAID)
    told = ", ".join(f"{name} {said}" for name, said in zip(SAID[1:], others, strict=True))
    return f"PostgreSQL {version.split()[0]} ({told})"


if __name__ == "__main__":
    try:
        code = main()
    finally:
        connections.close_all()
        if SERVER.startswith("postgres"):
            _ask_server(f'DROP DATABASE IF EXISTS "{_own_name()}"')
        FOLDER.cleanup()
    sys.exit(code)
