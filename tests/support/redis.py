"""A real Redis for tests, on a private socket; it can be stopped, frozen, started again."""

import contextlib
import shutil
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from mops.bootstrap_redis import arguments, server_program
from tests.support.processes import Child, clean_env, launch, wait_until


@dataclass
class RedisServer:
    """A running server and its socket."""

    folder: Path
    program: Path
    child: Child | None = None

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.folder / "redis.sock"

    @property
    def url(self) -> str:
        """The REDIS_URL."""
        return f"unix://{self.socket}"

    def client(self) -> Redis:
        """A client that does not wait long."""
        return Redis.from_url(self.url, socket_timeout=1, socket_connect_timeout=1)

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.socket.unlink(missing_ok=True)
        command = arguments(self.program, self.socket)
        self.child = launch(command, env=clean_env(), log=self.folder / "redis.log")
        wait_until("Redis answers", self.answers, seconds=10, pause=0.02)

    def answers(self) -> bool:
        """Whether it answers now."""
        try:
            return bool(self.client().ping())
        except RedisError:
            return False

    def stop(self) -> None:
        """End it; what it held is gone."""
        if self.child:
            self.child.stop()

    def freeze(self) -> None:
        """Let it hang: connections stay, answers do not come."""
        assert self.child
        self.child.send(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self.child
        self.child.send(signal.SIGCONT)


@contextlib.contextmanager
def redis_server() -> Iterator[RedisServer]:
    """A fresh server, gone afterwards."""
    program = server_program()
    assert program, "no redis-server: install requirements/dev.txt"
    folder = Path(tempfile.mkdtemp(prefix="mops-redis-", dir="/tmp"))
    server = RedisServer(folder, program)
    try:
        server.start()
        yield server
    finally:
        with contextlib.suppress(AssertionError):
            server.thaw()
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
