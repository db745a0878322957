"""A server of another company for tests: answers over real HTTP what it was told to."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass
class Seen:
    """One request that came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def form(self):
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class Reply:
    """What is answered; `pieces` are sent with pauses, `length` may promise too much."""

    body: object = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    pieces: tuple[bytes, ...] = ()
    pause: float = 0

    @property
    def data(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


Answerer = Callable[[Seen], Reply]


@dataclass
class Stub:
    """The running server: its address, what came in, how it answers."""

    url: str
    seen: list[Seen]
    answer: Answerer = lambda _seen: Reply({}, 404)

    def says(self, *replies: Reply) -> None:
        """Answer one after the other; the last one again and again."""
        left = list(replies)
        self.answer = lambda _seen: left.pop(0) if len(left) > 1 else left[0]

    @property
    def asked(self) -> list[str]:
        return [seen.path for seen in self.seen]


@contextmanager
def stub_server() -> Iterator[Stub]:
    """A server on a free port of this machine."""
    stub = Stub("", [])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self):
            length = int(self.headers.get("Content-Length") or 0)
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(length)
            seen = Seen(self.command, parts.path, query, headers, body)
            stub.seen.append(seen)
            reply = stub.answer(seen)
            data = reply.data
            promised = sum(map(len, reply.pieces)) or len(data)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(reply.length or promised))
            self.end_headers()
            try:
                for piece in reply.pieces or (data,):
                    self.wfile.write(piece)
                    self.wfile.flush()
                    time.sleep(reply.pause)
            except OSError:
                pass
            if reply.length:
                self.close_connection = True

        do_GET = do_POST = handle_one  # noqa: N815  the names that http.server looks for

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
