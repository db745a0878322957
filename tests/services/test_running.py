"""The commands of docs/running.md, word for word; only addresses and folders are replaced."""

import re
import shlex
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.make.readings import define_clicks, is_rolled_up, readings, send_all
from tests.support.processes import BIN, ROOT, Web, clean_env, free_port, launch, wait_until

pytestmark = pytest.mark.services

PAGE = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")


def block(name):
    """The lines of one tested block of the page."""
    found = re.search(rf"<!-- tested: {name} -->\s*```sh\n(.*?)```", PAGE, re.DOTALL)
    assert found, name
    return [line.strip() for line in found.group(1).splitlines() if line.strip()]


@pytest.fixture
def written(tmp_path, database_server, redis):
    """mops.env as the page writes it, with this machine's addresses."""
    settings = dict(line.split("=", 1) for line in block("settings"))
    settings["DATABASE_URL"] = database_server.create(f"running_{free_port()}")
    settings["REDIS_URL"] = redis.url
    settings["MOPS_VAR"] = str(tmp_path)
    settings["MOPS_STATIC_STORAGE"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    file = tmp_path / "mops.env"
    file.write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in settings.items()))
    return file


def command(line, file, port):
    """One line as a shell runs it, with the settings loaded as the page loads them."""
    words = line.replace(".venv/bin/", f"{BIN}/").replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    load = block("prepare")[0].replace("./mops.env", shlex.quote(str(file)))
    return ["sh", "-c", f"{load}\nexec {words}"]


def test_the_steps_of_growing_up_lead_to_a_running_installation(written, tmp_path):
    port = free_port()
    env = clean_env()
    for line in block("prepare")[1:]:
        done = subprocess.run(
            command(line, written, port),
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stderr[-2000:]}"
    children = [
        launch(command(line, written, port), env=env, log=tmp_path / f"{number}.log")
        for number, line in enumerate(block("serve"))
    ]
    try:
        web = Web(
            children[0], port, headers={"X-Forwarded-Proto": "https", "Host": "mops.example.org"}
        )
        wait_until("the web answers", web.is_alive, seconds=60)
        assert web.ask("/readyz").status == 200
        token = "create_token --workspace acme --user you@example.org"
        line = command(f".venv/bin/python manage.py {token}", written, port)
        made = subprocess.run(line, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
        web.token = made.stdout.strip()
        define_clicks(web)
        send_all(web, readings(days=40))
        wait_until("the worker rolled up", lambda: is_rolled_up(web), seconds=60, pause=0.3)
    finally:
        for child in reversed(children):
            child.kill()


def test_the_backup_of_sqlite_is_whole_while_it_is_being_written(tmp_path):
    (tmp_path / "var").mkdir()
    writer = sqlite3.connect(tmp_path / "var" / "mops.sqlite3", isolation_level=None)
    writer.executescript("PRAGMA journal_mode=WAL; CREATE TABLE t (n)")
    writer.executemany("INSERT INTO t VALUES (?)", [(n,) for n in range(1000)])
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO t VALUES (-1)")
    subprocess.run(["sh", "-c", *block("backup")], cwd=tmp_path, env=clean_env(), check=True)
    writer.execute("COMMIT")
    writer.close()
    copy = sqlite3.connect(Path(tmp_path) / "backup.sqlite3")
    assert copy.execute("SELECT count(*), min(n) FROM t").fetchone() == (1000, 0)
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copy.close()
