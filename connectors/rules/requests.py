"""The part of a description that says how to ask: request, authentication, pages."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.rules.paths import Path, is_single, read_path
from connectors.rules.templates import BLANK, IN_A_HOST, blanks_in, filled, host_of
from metrics.rules.documents import Walk, escaped
from workspaces.rules.addresses import fault_of_url

MOST_NAMES = 50
LONGEST_TEXT = 8000
DEEPEST_BODY = 12
TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
PRINTABLE = re.compile(r"[\x20-\x7e]*")
NOT_OURS = frozenset({
    "host", "content-length", "transfer-encoding", "connection", "te", "trailer", "upgrade",
    "expect", "keep-alive", "authorization", "proxy-authorization", "cookie", "accept-encoding",
    "content-encoding",
})  # fmt: skip
AUTH_KINDS = (
    "none", "bearer", "header", "query", "basic", "client_credentials", "refresh_token",
    "service_account",
)  # fmt: skip
OAUTH = ("client_credentials", "refresh_token", "service_account")
ACCOUNTS = ("", "service_account")
SECRETS: Mapping[str, tuple[str, ...]] = {
    "none": (),
    "bearer": ("token",),
    "header": ("key",),
    "query": ("key",),
    "basic": ("user", "password"),
    "client_credentials": ("client_id", "client_secret"),
    "refresh_token": ("client_id", "client_secret", "refresh_token"),
    "service_account": ("service_account",),
}
PAGING_KINDS = ("none", "next", "cursor", "offset", "page")
PLACES = ("query", "body")


@dataclass(frozen=True)
class Request:
    """What is asked; query, headers and body may have blanks."""

    method: str
    url: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True)
class Auth:
    """How the asker is known; `headers` are further headers, each with the name of its secret.

    `instead` is another kind, by which one may be known as well.
    """

    kind: str = "none"
    instead: str = ""
    name: str = ""
    token_url: str = ""
    scope: str = ""
    client: str = "body"
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of all secrets that it may need."""
        return tuple(dict.fromkeys(name for way in self.ways for name in way))

    @property
    def ways(self) -> list[tuple[str, ...]]:
        """The names of the secrets that are needed together: one way, or one of two."""
        kinds = (self.kind, self.instead) if self.instead else (self.kind,)
        both = ((*SECRETS[kind], *self.headers.values()) for kind in kinds)
        return [tuple(dict.fromkeys(names)) for names in both]

    def kind_by(self, given: Collection[str]) -> str:
        """The kind that goes with the names of the secrets that there are."""
        return self.instead if set(SECRETS.get(self.instead, ())) & set(given) else self.kind

    def needs(self, given: Collection[str]) -> tuple[str, ...]:
        """The names of the secrets that are needed, where these are there."""
        return self.ways[-1 if self.kind_by(given) == self.instead else 0]


@dataclass(frozen=True)
class Paging:
    """How the next page is asked for.

    `path` leads to the next address or cursor, `done` to a truth that says that there is none,
    `total` to the number of all rows; `param` is the name under which cursor, offset or page number
    are sent, in `place`; `size_param` names how many rows of `size` a page is to have.
    """

    kind: str = "none"
    path: Path = ()
    done: Path = ()
    total: Path = ()
    param: str = ""
    place: str = "query"
    size_param: str = ""
    size: int = 0
    first: int = 1


@dataclass(frozen=True)
class Each:
    """What is asked first: for each row of its answer the request is made, `fills` its blanks."""

    request: Request
    rows: Path
    fills: Mapping[str, Path]
    paging: Paging


class Reader:
    """What the parts share: the walk with its faults, the known blanks, whether tests may come."""

    def __init__(
        self, walk: Walk, shapes: Mapping[str, str], words: frozenset[str], *, loopback: bool
    ) -> None:
        """Know the shapes of the parameters and the words of the window."""
        self.walk, self._shapes, self._loopback = walk, shapes, loopback
        self._known = words | shapes.keys()

    def blanks(self, value: object, at: str) -> None:
        """Note every blank that nothing fills."""
        for name in blanks_in(value):
            if name not in self._known:
                known = ", ".join(sorted(self._known))
                self.walk.fault(at, "unknown_blank", value=name, known=known)

    def path(self, given: Mapping[str, Any], name: str, at: str, *, single: bool = True) -> Path:
        """A path; nothing where it is not given."""
        text = given.get(name, "")
        found = read_path(text) if isinstance(text, str) else None
        if found is None or (single and not is_single(found)):
            self.walk.fault(f"{at}/{name}", "bad_path", value=text)
            return ()
        self.blanks([step.text for step in found], f"{at}/{name}")
        return found

    def url(self, given: Mapping[str, Any], name: str, at: str) -> str:
        """A public https address with blanks; those in the host are of a shape that fits there."""
        text = given.get(name, "")
        if not isinstance(text, str):
            self.walk.fault(f"{at}/{name}", "url_form", value=text)
            return ""
        self.blanks(text, f"{at}/{name}")
        host = host_of(text)
        for blank in BLANK.findall(host):
            if self._shapes.get(blank) not in IN_A_HOST:
                self.walk.fault(f"{at}/{name}", "blank_in_host", value=blank)
        fault = fault_of_url(filled(text, dict.fromkeys(self._known, "x")), loopback=self._loopback)
        if fault:
            self.walk.fault(f"{at}/{name}", fault, value=host)
        return text

    def texts(self, value: object, at: str) -> dict[str, str]:
        """An object of texts with blanks."""
        if not isinstance(value, Mapping) or len(value) > MOST_NAMES:
            self.walk.fault(at, "mapping_object", value="")
            return {}
        found = {}
        for name, text in value.items():
            if not isinstance(text, str) or len(text) > LONGEST_TEXT:
                self.walk.fault(f"{at}/{escaped(name)}", "mapping_text", most=LONGEST_TEXT)
                continue
            self.blanks(text, f"{at}/{escaped(name)}")
            found[str(name)] = text
        return found

    def headers(self, value: object, at: str) -> dict[str, str]:
        """Headers that a description may set: no control characters, none that HTTP itself uses."""
        found = self.texts(value, at)
        for name, text in found.items():
            self.header_name(name, f"{at}/{escaped(name)}")
            if not PRINTABLE.fullmatch(text):
                self.walk.fault(f"{at}/{escaped(name)}", "bad_header", value=name)
        return found

    def header_name(self, name: str, at: str) -> None:
        """Note a name that is no header's, or one that is not the description's to set."""
        if not TOKEN.fullmatch(name) or name.lower() in NOT_OURS:
            self.walk.fault(at, "bad_header", value=name)


def read_request(reader: Reader, value: object, at: str = "/request") -> Request:
    """The request of a description."""
    walk = reader.walk
    given = walk.members(value, at, ("method", "url", "query", "headers", "body"), needed=("url",))
    body = given.get("body")
    if body is not None and not (isinstance(body, Mapping) and _depth(body) <= DEEPEST_BODY):
        walk.fault(f"{at}/body", "mapping_object")
        body = None
    reader.blanks(body, f"{at}/body")
    return Request(
        method=walk.choice(given, "method", at, ("GET", "POST"), "GET"),
        url=reader.url(given, "url", at),
        query=reader.texts(given.get("query", {}), f"{at}/query"),
        headers=reader.headers(given.get("headers", {}), f"{at}/headers"),
        body=body,
    )


def _depth(value: object) -> int:
    if isinstance(value, Mapping):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0


def read_auth(reader: Reader, value: object) -> Auth:
    """How the asker is known; secrets themselves never stand in a description."""
    at = "/auth"
    walk = reader.walk
    known = ("kind", "instead", "name", "token_url", "scope", "client", "headers")
    given = walk.members(value, at, known, needed=("kind",))
    kind = walk.choice(given, "kind", at, AUTH_KINDS, "none")
    name, token_url = walk.text(given, "name", at, ""), ""
    if kind in ("header", "query") and not name:
        walk.fault(f"{at}/name", "mapping_needed", value="name")
    if kind == "header" and name and name.lower() != "authorization":
        reader.header_name(name, f"{at}/name")
    if kind in OAUTH:
        token_url = reader.url(given, "token_url", at)
    headers = reader.texts(given.get("headers", {}), f"{at}/headers")
    for header, secret in headers.items():
        reader.header_name(header, f"{at}/headers/{escaped(header)}")
        walk.name({"secret": secret}, "secret", f"{at}/headers/{escaped(header)}")
    return Auth(
        kind=kind,
        instead=walk.choice(given, "instead", at, ACCOUNTS if kind in OAUTH else ("",), ""),
        name=name,
        token_url=token_url,
        scope=walk.text(given, "scope", at, ""),
        client=walk.choice(given, "client", at, ("body", "basic"), "body"),
        headers=headers,
    )


NEEDED: Mapping[str, tuple[str, ...]] = {
    "none": (),
    "next": ("path",),
    "cursor": ("path", "param"),
    "offset": ("param", "size"),
    "page": ("param", "size"),
}


def read_each(reader: Reader, value: object) -> Each | None:
    """The first question of two; None where there is one."""
    if value is None:
        return None
    at = "/each"
    walk = reader.walk
    given = walk.members(
        value, at, ("request", "rows", "fills", "paging"), needed=("request", "rows", "fills")
    )
    fills = reader.texts(given.get("fills", {}), f"{at}/fills")
    for name in fills:
        walk.name({"name": name}, "name", f"{at}/fills/{escaped(name)}")
    return Each(
        request=read_request(reader, given.get("request"), f"{at}/request"),
        rows=reader.path(given, "rows", at, single=False),
        fills={name: reader.path(fills, name, f"{at}/fills") for name in fills},
        paging=read_paging(reader, given.get("paging", {"kind": "none"}), f"{at}/paging"),
    )


def read_paging(reader: Reader, value: object, at: str = "/paging") -> Paging:
    """How the next page is found."""
    walk = reader.walk
    known = ("kind", "path", "done", "total", "param", "place", "size_param", "size", "first")
    given = walk.members(value, at, known, needed=("kind",))
    kind = walk.choice(given, "kind", at, PAGING_KINDS, "none")
    for name in NEEDED[kind]:
        if name not in given:
            walk.fault(f"{at}/{name}", "mapping_needed", value=name)
    return Paging(
        kind=kind,
        path=reader.path(given, "path", at),
        done=reader.path(given, "done", at),
        total=reader.path(given, "total", at),
        param=walk.text(given, "param", at, ""),
        place=walk.choice(given, "place", at, PLACES, "query"),
        size_param=walk.text(given, "size_param", at, ""),
        size=walk.whole(given, "size", at, 0, (0, 100_000)) or 0,
        first=walk.whole(given, "first", at, 1, (0, 1)) or 0,
    )
