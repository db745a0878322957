"""`python3 manage.py demo` as a person starts it: what it prints, what it stops, what it keeps."""

import http.client
import os
import re
import signal
import sqlite3
import sys
import time
from pathlib import Path

import pytest

from mops.bootstrap_ports import answers, is_free
from tests.support.processes import clean_env, launch, wait_until

pytestmark = pytest.mark.services

ADDRESS = re.compile(r"http://localhost:(\d+)")


class Demo:
    """One start of the demo with its data in a folder of the test."""

    def __init__(self, var, number, *, shell="", **settings):
        env = clean_env(MOPS_VAR=str(var), **settings)
        log = var.parent / f"demo-{number}.log"
        command = [sys.executable, "manage.py", "demo"]
        if shell:
            command = ["sh", "-c", f'{shell}; exec "$@"', "sh", *command]
        self.child = launch(command, env=env, log=log)

    def wait(self, seconds=300):
        def started():
            assert self.child.process.poll() is None, self.child.words
            return "Ctrl-C stops it." in self.child.words

        wait_until("the demo runs", started, seconds=seconds, pause=0.2)
        return self

    @property
    def port(self):
        return int(ADDRESS.search(self.child.words).group(1))

    def children(self):
        process = self.child.process.pid
        return [
            int(pid) for pid in Path(f"/proc/{process}/task/{process}/children").read_text().split()
        ]

    def interrupt(self, number=signal.SIGINT):
        """What Ctrl-C sends; how long it took and the exit code."""
        began = time.monotonic()
        self.child.process.send_signal(number)
        code = self.child.process.wait(30)
        return time.monotonic() - began, code


def is_gone(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def count(var, table):
    reader = sqlite3.connect(f"file:{var / 'mops.sqlite3'}?mode=ro", uri=True)
    try:
        return reader.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    finally:
        reader.close()


def sign_in_as_strangers_elsewhere(port):
    """What the page answers when each try claims to come from another address."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/accounts/login/", headers={"Host": "localhost"})
    page = connection.getresponse()
    page.read()
    token, told = re.search(r"mopscsrf=(\w+)", page.headers["Set-Cookie"]).group(1), []
    for number in range(12):
        headers = {
            "Host": "localhost",
            "Cookie": f"mopscsrf={token}",
            "X-CSRFToken": token,
            "X-Forwarded-For": f"198.51.100.{number}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = f"login=nobody{number}%40demo.example&password=wrong"
        connection.request("POST", "/accounts/login/", body, headers)
        told.append(connection.getresponse().read().decode())
    connection.close()
    return told


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    return tmp_path_factory.mktemp("demo") / "var"


def test_it_prints_where_it_is_and_who_may_come_in_then_stops_without_a_trace(var):
    demo = Demo(var, 1).wait()
    try:
        assert answers("127.0.0.1", demo.port)
        for name in ("owner", "manager", "editor", "viewer"):
            assert f"{name}@demo.example" in demo.child.words
        connection = http.client.HTTPConnection("127.0.0.1", demo.port, timeout=20)
        connection.request("GET", "/accounts/login/", headers={"Host": "localhost"})
        assert connection.getresponse().status == 200
        connection.close()
        assert "Too many failed" in sign_in_as_strangers_elsewhere(demo.port)[-1]
        children = demo.children()
        assert len(children) == 2
        seconds, code = demo.interrupt()
    finally:
        demo.child.kill()
    assert code == 0
    assert seconds < 20
    assert all(is_gone(pid) for pid in children)
    assert is_free("127.0.0.1", demo.port)
    assert list((var / "run").iterdir()) == []
    assert "Traceback" not in demo.child.words


def test_started_again_it_has_kept_its_data_and_a_second_one_is_sent_to_the_first(var):
    workspaces = count(var, "workspaces_workspace")
    events = count(var, "workspaces_event")
    demo = Demo(var, 2).wait(60)
    try:
        assert "Preparing" not in demo.child.words
        second = Demo(var, 3)
        assert second.child.process.wait(30) == 1
        assert f"http://localhost:{demo.port}" in second.child.words
        assert "running already" in second.child.words
        assert answers("127.0.0.1", demo.port)
        _seconds, code = demo.interrupt(signal.SIGTERM)
    finally:
        demo.child.kill()
    assert code == 0
    assert count(var, "workspaces_workspace") == workspaces == 1
    assert count(var, "workspaces_event") >= events


def test_killed_outright_it_takes_its_children_along_and_starts_again(var):
    demo = Demo(var, 4).wait(60)
    children = demo.children()
    demo.child.process.kill()
    demo.child.process.wait()
    wait_until("its children are gone", lambda: all(map(is_gone, children)), seconds=30, pause=0.2)
    again = Demo(var, 5, shell="trap '' INT").wait(60)  # as a script's & does
    _seconds, code = again.interrupt()
    assert code == 0


def test_redis_that_dies_is_started_again_while_the_web_goes_on(var):
    demo = Demo(var, 6).wait(60)
    try:
        redis = next(p for p in demo.children() if "redis-server" in _command(p))
        os.kill(redis, signal.SIGKILL)  # as when memory runs out
        wait_until("Redis is started again", lambda: "starting it again" in demo.child.words)
        wait_until("it is ready", lambda: _ready(demo.port), seconds=20, pause=0.2)
        _seconds, code = demo.interrupt()
    finally:
        demo.child.kill()
    assert code == 0


def _command(pid):
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def _ready(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
