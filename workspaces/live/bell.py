"""The hurry of streams: a word from whoever changed something to whoever follows.

Inside a process it is an event of threads, between processes Redis' publish and subscribe. A word
that is lost costs a second: followers look at the database that often anyway.
"""

import logging
import threading
from contextlib import closing
from functools import cache

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from workspaces.live.breaker import Breaker

log = logging.getLogger(__name__)

CHANNEL = "mops:streams"
HERE = "here:"  # before a stream's number: somebody came, went or opened something
PATIENCE = 0.2  # seconds that a request gives Redis
LISTENS = 1.0  # seconds between two looks at whether anybody still wants to hear


class Bell:
    """Rung by any thread of any process, heard by one thread of each."""

    def __init__(self) -> None:
        """Nothing has been heard."""
        self.heard = threading.Event()
        self.words: set[str] = set()
        self.lock = threading.Lock()
        self.breaker = Breaker()

    def ring(self, word: str) -> None:
        """Tell this process and the others; never raise, hardly wait (PATIENCE)."""
        self.hear(word)
        if not settings.REDIS_URL or self.breaker.is_open():
            return
        try:
            _redis().publish(CHANNEL, word)
        except (RedisError, OSError) as error:
            self.breaker.trip()
            log.warning("streams: not rung, followers will look: %s", type(error).__name__)

    def hear(self, word: str) -> None:
        """Take a word in and wake who waits."""
        with self.lock:
            self.words.add(word)
        self.heard.set()

    def wait(self, seconds: float) -> set[str]:
        """Wait for a word, but no longer than that; all that was said since the last time."""
        self.heard.wait(seconds)
        with self.lock:
            self.heard.clear()
            said, self.words = self.words, set()
        return said

    def listen(self, wanted: threading.Event) -> None:
        """Take in what other processes say, as long as somebody wants it."""
        while wanted.is_set() and settings.REDIS_URL:
            try:
                self._listen(wanted)
            except (RedisError, OSError) as error:
                log.warning("streams: Redis is not heard: %s", type(error).__name__)
                threading.Event().wait(LISTENS)

    def _listen(self, wanted: threading.Event) -> None:
        with closing(_redis().pubsub(ignore_subscribe_messages=True)) as ear:  # type: ignore[no-untyped-call]
            ear.subscribe(CHANNEL)
            self.hear("")  # what was said while nobody listened
            while wanted.is_set():
                message = ear.get_message(timeout=LISTENS)
                if message:
                    self.hear(message["data"].decode())


@cache
def _redis() -> Redis:
    limits = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    return Redis.from_url(settings.REDIS_URL, retry=Retry(NoBackoff(), 0), **limits)


bell = Bell()


def announce(stream_id: int) -> None:
    """Say that the stream has news."""
    bell.ring(str(stream_id))
