"""Each service's command, environment and health check, run as processes instead of containers."""

import subprocess
from contextlib import ExitStack

import pytest

from mops.bootstrap_redis import server_program
from tests.support import compose
from tests.support.processes import clean_env, free_port, launch, wait_until
from tests.support.stack import SECRET

pytestmark = pytest.mark.services

OPERATOR = {"SECRET_KEY": SECRET, "SERVICES_PASSWORD": "inside123"}


class Containers:
    """The services with the addresses of containers replaced by those of processes."""

    def __init__(self, folder, server):
        self.folder, self.server = folder, server
        self.services = compose.filled(OPERATOR)
        self.web, self.redis = free_port(), free_port()
        self.database = server.create(f"compose_{self.web}")
        self.running = ExitStack()

    def place(self, text):
        replaced = {
            "0.0.0.0:8000": f"127.0.0.1:{self.web}",
            "127.0.0.1:8000": f"127.0.0.1:{self.web}",
            "@redis:6379": f"@127.0.0.1:{self.redis}",
            "=/tmp/": f"={self.folder}/",
        }
        for container, process in replaced.items():
            text = text.replace(container, process)
        return text

    def env(self, name):
        environment = self.services[name].get("environment", {})
        settings = {key: self.place(str(value)) for key, value in environment.items()}
        if "DATABASE_URL" in settings:
            assert settings["DATABASE_URL"] == "postgres://mops:inside123@db:5432/mops"
            settings["DATABASE_URL"] = self.database
        return clean_env(**settings, MOPS_VAR=str(self.folder), PGHOST=str(self.server.folder))

    def start(self, name, *more):
        command = [self.place(word) for word in self.services[name]["command"]]
        child = launch([*command, *more], env=self.env(name), log=self.folder / f"{name}.log")
        self.running.callback(child.stop)
        return child

    def is_healthy(self, name, **more):
        kind, *test = self.services[name]["healthcheck"]["test"]
        words = [self.place(word) for word in test]
        command = ["sh", "-c", *words] if kind == "CMD-SHELL" else words
        env = {**self.env(name), **more}
        return subprocess.run(command, env=env, capture_output=True, check=False).returncode == 0


@pytest.fixture
def containers(tmp_path, database_server):
    made = Containers(tmp_path, database_server)
    with made.running:
        yield made


def start_redis(containers):
    """Redis by its own command line, only its program and its port are ours."""
    services = containers.services
    assert services["redis"]["command"][0] == "redis-server"
    services["redis"]["command"][0] = str(server_program())
    place = ["--port", str(containers.redis), "--bind", "127.0.0.1"]
    return containers.start("redis", *place, "--dir", str(containers.folder))


def redis_cli(containers):
    folder = containers.folder / "bin"
    folder.mkdir(exist_ok=True)
    client = folder / "redis-cli"
    client.write_text(
        f'#!/bin/sh\nexec {server_program().parent}/redis-cli -p {containers.redis} "$@"\n'
    )
    client.chmod(0o755)
    return {"PATH": f"{folder}:{clean_env()['PATH']}"}


def test_the_health_check_of_the_database_tells_up_from_down(containers):
    path = {"PATH": f"{containers.server.programs}:{clean_env()['PATH']}"}
    assert containers.is_healthy("db", **path)
    assert not containers.is_healthy("db", **path, PGHOST="/nowhere")


def test_redis_starts_by_its_command_wants_its_password_and_keeps_its_keys(containers):
    tools = redis_cli(containers)
    assert not containers.is_healthy("redis", **tools)
    first = start_redis(containers)
    wait_until("Redis is healthy", lambda: containers.is_healthy("redis", **tools), seconds=15)
    assert not containers.is_healthy("redis", **tools, REDISCLI_AUTH="wrong")
    client = [server_program().parent / "redis-cli", "-p", str(containers.redis)]
    env = {**clean_env(), "REDISCLI_AUTH": "inside123"}
    subprocess.run([*client, "set", "kept", "yes"], env=env, check=True, capture_output=True)
    first.stop()
    containers.services = compose.filled(OPERATOR)
    start_redis(containers)
    wait_until("Redis is healthy", lambda: containers.is_healthy("redis", **tools), seconds=15)
    answer = subprocess.run([*client, "get", "kept"], env=env, check=True, capture_output=True)
    assert answer.stdout == b"yes\n"


def test_migrate_web_worker_and_beat_run_by_their_commands_and_are_healthy(containers):
    start_redis(containers)
    assert not containers.is_healthy("web")
    migrate = containers.start("migrate")
    assert migrate.process.wait(120) == 0, migrate.words[-2000:]
    started = {name: containers.start(name) for name in ("web", "worker", "beat")}
    for name, child in started.items():

        def healthy(name=name, child=child):
            assert child.process.poll() is None, child.words[-2000:]
            return containers.is_healthy(name)

        wait_until(f"{name} is healthy", healthy, seconds=90, pause=0.5)
    for name, child in started.items():
        child.stop(patience=30)
        assert not containers.is_healthy(name), f"{name} is gone and still called healthy"
