"""One follower of one stream: what waits to be sent, and the endless answer that sends it."""

import asyncio
import json
import threading
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress

from workspaces.queries.passes import Pass

NO_STREAM = 0  # of who follows a whole workspace
HEARTBEAT = 15.0  # seconds of silence after which proxies and browsers are told that we live
RETRY = 1500  # milliseconds that a browser waits before it comes back
MOST_WAITING = 4000  # messages for a follower who does not read; then it has to come back
BEAT = b": here\n\n"


def message(event: str, data: object, seq: int | None = None) -> bytes:
    """One server-sent event; `seq` is what the follower says when it comes back."""
    told = json.dumps(data, separators=(",", ":"))
    number = "" if seq is None else f"id: {seq}\n"
    return f"{number}event: {event}\ndata: {told}\n\n".encode()


class Seat:
    """A follower; told by the hub's thread, read by the loop that answers.

    `seen` is the last number that it has been told; before the hub has looked for the first time
    what it says itself, None for "from now on". One with a `workspace_id` follows all streams of
    that workspace at once, and its number is theirs added up.
    """

    def __init__(
        self,
        holder: Pass,
        stream_id: int,
        seen: int | None,
        *,
        came: float,
        workspace_id: int | None = None,
    ) -> None:
        """Nothing waits; `came` is the hub's clock."""
        self.holder, self.stream_id, self.seen, self.came = holder, stream_id, seen, came
        self.workspace_id = workspace_id
        self.settled = False
        self.people: object = None  # who was there when this follower was last told
        self.closed = False
        self.waiting: deque[bytes] = deque()
        self.loop: asyncio.AbstractEventLoop | None = None
        self.news = asyncio.Event()
        self.lock = threading.Lock()

    def tell(self, words: bytes) -> None:
        """Leave a message; a follower who does not read is let go."""
        with self.lock:
            if not self.closed:
                self.waiting.append(words)
        if len(self.waiting) > MOST_WAITING:
            self.close()
        self._nudge()

    def close(self) -> None:
        """End the answer; what it has not read it does not get."""
        with self.lock:
            self.closed = True
            self.waiting.clear()
        self._nudge()

    async def messages(self) -> AsyncIterator[bytes]:
        """What is to be sent, with a beat in times of silence, until it is closed."""
        self.loop = asyncio.get_running_loop()
        yield f"retry: {RETRY}\n\n".encode()
        while True:
            self.news.clear()
            while words := self._next():
                yield words
            if self.closed:
                return
            try:
                await asyncio.wait_for(self.news.wait(), HEARTBEAT)
            except TimeoutError:
                yield BEAT

    def _next(self) -> bytes:
        with self.lock:
            return self.waiting.popleft() if self.waiting else b""

    def _nudge(self) -> None:
        if self.loop is not None:
            with suppress(RuntimeError):  # the loop has ended, and its answers with it
                self.loop.call_soon_threadsafe(self.news.set)
