"""The one client by which MOps talks to other servers: public addresses, bounded bytes and time.

The name is resolved once, every address that it has is judged, and the connection is made to the
address that was judged, so that a second answer of the name server changes nothing. Redirects are
not followed, no proxy of the environment is used, an answer is read up to a limit.
"""

import gzip
import socket
import ssl
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpcore
import httpx

from workspaces.rules.addresses import fault_of_url, is_public

SECONDS = 60.0
CONNECT = 10.0
SILENCE = 15.0  # seconds between two bytes
LARGEST = 16 * 1024 * 1024
PIECE = 64 * 1024
REDIRECTS = range(300, 400)
LOOPBACK = "127.0.0.1"


class Unreachable(Exception):
    """No whole answer came; `code` says why and `passing` whether a later try may help."""

    def __init__(self, code: str, *, passing: bool) -> None:
        """Keep the code: no address, no message of a library, so no secret either."""
        super().__init__(code)
        self.code, self.passing = code, passing


@dataclass(frozen=True)
class Asked:
    """A request; `headers` and `query` may hold secrets and are never shown."""

    method: str
    url: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] | None = None
    content: bytes | None = None


@dataclass(frozen=True)
class Limits:
    """How long one answer may take, in seconds, and how large it may be, in bytes."""

    seconds: float = SECONDS
    largest: int = LARGEST
    loopback: bool = False


@dataclass(frozen=True)
class Answer:
    """What came back, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(asked: Asked, limits: Limits) -> Answer:
    """Send a request and read the whole answer; Unreachable where there is none."""
    fault = fault_of_url(asked.url, loopback=limits.loopback)
    if fault:
        raise Unreachable(fault, passing=False)
    deadline = time.monotonic() + limits.seconds
    timeout = httpx.Timeout(SILENCE, connect=CONNECT)
    transport = _Guarded(deadline, loopback=limits.loopback)
    headers = {"Accept-Encoding": "gzip", "User-Agent": "MOps", **asked.headers}
    try:
        with httpx.Client(
            transport=transport, timeout=timeout, trust_env=False, follow_redirects=False
        ) as client:
            request = client.build_request(
                asked.method, httpx.URL(asked.url).copy_merge_params(dict(asked.query)),
                headers=headers, json=asked.json, data=asked.form, content=asked.content,
            )  # fmt: skip
            answer = client.send(request, stream=True)
            if answer.status_code in REDIRECTS:
                raise Unreachable("redirected", passing=False)
            body = b"".join(_pieces(answer, limits.largest))
            return Answer(answer.status_code, dict(answer.headers), body)
    except (httpx.HTTPError, httpcore.TimeoutException, httpcore.NetworkError) as error:
        raise _unreachable(error, deadline) from None
    except (httpcore.ProtocolError, httpx.InvalidURL, httpx.StreamError) as error:
        raise _unreachable(error, deadline) from None


def _unreachable(error: Exception, deadline: float) -> Unreachable:
    """The code for what a library raised; its own words may repeat an address with a secret."""
    if time.monotonic() >= deadline or isinstance(
        error, (httpx.TimeoutException, httpcore.TimeoutException)
    ):
        return Unreachable("too_slow", passing=True)
    if isinstance(error, (httpx.ConnectError, httpcore.ConnectError)):
        return Unreachable("no_connection", passing=True)
    if isinstance(error, (httpx.InvalidURL, httpx.LocalProtocolError, httpcore.LocalProtocolError)):
        return Unreachable("url_form", passing=False)
    return Unreachable("cut_off", passing=True)


def _pieces(answer: httpx.Response, largest: int) -> Iterator[bytes]:
    """The body, unpacked piece by piece, so that a small answer cannot grow without limit."""
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "", "gzip"):
        raise Unreachable("packed_otherwise", passing=False)
    unpack = zlib.decompressobj(wbits=31) if encoding == "gzip" else None
    room = largest
    try:
        for raw in answer.iter_raw(PIECE):
            for piece in _unpacked(unpack, raw, room):
                room -= len(piece)
                if room < 0:
                    raise Unreachable("too_large", passing=False)
                yield piece
    except (zlib.error, gzip.BadGzipFile):
        raise Unreachable("cut_off", passing=True) from None
    if unpack is not None and not unpack.eof and room < largest:
        raise Unreachable("cut_off", passing=True)


def _unpacked(unpack: Any, raw: bytes, room: int) -> Iterator[bytes]:
    """One raw piece as pieces of bounded size; stops when there is more than there is room for."""
    if unpack is None:
        yield raw
        return
    while raw:
        piece = unpack.decompress(raw, PIECE)
        room -= len(piece)
        yield piece
        raw = unpack.unconsumed_tail
        if room < 0:
            return


class _Guarded(httpx.BaseTransport):
    """Sends requests over connections that are judged before they are made, until a deadline."""

    def __init__(self, deadline: float, *, loopback: bool) -> None:
        context = ssl.create_default_context()
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=1,
            retries=0,
            network_backend=_Judging(deadline, loopback=loopback),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        stream = _Stream(answer.stream)
        return httpx.Response(answer.status, headers=answer.headers, stream=stream)

    def close(self) -> None:
        self._pool.close()


class _Stream(httpx.SyncByteStream):
    """The body as it comes."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __iter__(self) -> Iterator[bytes]:
        yield from self._inner

    def close(self) -> None:
        self._inner.close()


class _Judging(httpcore.NetworkBackend):
    """Connects to public addresses only, and ends every wait at the deadline."""

    def __init__(self, deadline: float, *, loopback: bool) -> None:
        self._inner = httpcore.SyncBackend()
        self._deadline, self._loopback = deadline, loopback

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        del local_address
        address = self._judged(host, port)
        left = _left(self._deadline, timeout)
        stream = self._inner.connect_tcp(address, port, left, None, socket_options)
        return _Timed(stream, self._deadline)

    def _judged(self, host: str, port: int) -> str:
        """The address to connect to; one that is not public among them refuses them all."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise Unreachable("no_such_host", passing=True) from None
        addresses = [str(entry[4][0]) for entry in found]
        if self._loopback and set(addresses) == {LOOPBACK}:
            return LOOPBACK
        if not addresses or not all(map(is_public, addresses)):
            raise Unreachable("inward", passing=False)
        return addresses[0]


class _Timed(httpcore.NetworkStream):
    """A stream whose every read and write ends at the deadline: drops do not prolong it."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._deadline, timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(self._deadline, timeout)
        return _Timed(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(deadline: float, timeout: float | None) -> float:
    """The seconds that one wait may take."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left if timeout is None else min(left, timeout)
