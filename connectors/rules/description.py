"""A description: where numbers are fetched from and how they are read (version 1)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from connectors.rules.paths import Path
from connectors.rules.requests import (
    Auth,
    Each,
    Paging,
    Reader,
    Request,
    read_auth,
    read_each,
    read_paging,
    read_request,
)
from connectors.rules.templates import SHAPES, blanks_in, filled, filled_url, host_of
from connectors.rules.values import DAYS, FACTORS, NUMBER, TODAY
from connectors.rules.windows import WORDS, Window
from metrics.rules.dayformats import directives_of
from metrics.rules.dims import is_sound
from metrics.rules.documents import Walk, escaped
from metrics.rules.faults import SHOWN, Fault, Unreadable
from metrics.rules.measures import NewMetric, new_metrics

VERSION = 1
FORMATS = ("json", "ndjson", "csv")
MOST_METRICS, MOST_DIMS, MOST_KEYS, MOST_PARAMS = 50, 10, 5, 20
MEMBERS = (
    "version", "params", "auth", "request", "format", "rows", "paging", "window", "day", "key",
    "dims", "metrics", "expect", "replace", "create", "proof", "busy",
    "outside", "each", "same",
)  # fmt: skip


@dataclass(frozen=True)
class Param:
    """What a connector may say of itself: of a shape, with a default, needed or not."""

    shape: str
    default: str = ""
    needed: bool = True


@dataclass(frozen=True)
class Place:
    """Where a text stands in a row: a path, or the same constant in every row."""

    path: Path = ()
    constant: str = ""


@dataclass(frozen=True)
class MetricField:
    """One metric of a row: a value, a constant, or for unique metrics the id of who did it.

    `absent` says that no value means zero; `when` picks the rows.
    """

    metric: str
    path: Path = ()
    constant: str = ""
    id: Path = ()
    transform: str = NUMBER
    absent_is_zero: bool = False
    when: Path = ()
    when_is: tuple[str, ...] = ()
    day: Path = ()
    day_as: str = ""


@dataclass(frozen=True)
class Description:
    """The whole document, checked.

    `proof` leads to something that stands in every answer, also in one without rows; `busy` with
    `busy_is` are the errors by which a server says "later" without saying it in HTTP. With
    `replace` the answer is all that there is for its days; `skip_outside` leaves out rows of other
    days; `add_same` adds up rows of the same day and dimensions.
    """

    request: Request
    rows: Path
    day: Path
    day_as: str
    metrics: tuple[MetricField, ...]
    format: str = "json"
    auth: Auth = field(default_factory=Auth)
    paging: Paging = field(default_factory=Paging)
    window: Window = field(default_factory=Window)
    params: Mapping[str, Param] = field(default_factory=dict)
    key: tuple[Path, ...] = ()
    dims: Mapping[str, Place] = field(default_factory=dict)
    expect: tuple[tuple[Path, str], ...] = ()
    each: Each | None = None
    replace: bool = False
    skip_outside: bool = False
    add_same: bool = False
    create: tuple[NewMetric, ...] = ()
    proof: Path = ()
    busy: Path = ()
    busy_is: tuple[str, ...] = ()

    def hosts(self, params: Mapping[str, str]) -> set[str]:
        """Every host that the secrets are sent to."""
        urls = [self.request.url, self.auth.token_url]
        urls += [self.each.request.url] if self.each else []
        return {host_of(filled_url(url, params)) for url in urls if url}


def read_description(content: bytes | str, *, loopback: bool = False) -> Description:
    """A description from JSON text; Unreadable where it is none."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unreadable(Fault("mapping_json", more=(("why", str(error)[:SHOWN]),))) from error
    return parse_description(document, loopback=loopback)


def parse_description(document: object, *, loopback: bool = False) -> Description:
    """Check a document; raise Unreadable naming each fault by its JSON pointer.

    `loopback` lets addresses of this machine through, for tests.
    """
    walk = Walk()
    top = walk.members(document, "", MEMBERS, needed=("version", "request", "day", "metrics"))
    if walk.faults and not top:
        raise Unreadable(*walk.faults)
    if not all(map(is_sound, _texts(document))):
        raise Unreadable(Fault("odd_characters"))
    if "version" in top and top["version"] != VERSION:
        walk.fault("/version", "mapping_version", value=top["version"])
    params = _params(walk, top.get("params", {}))
    shapes = {name: param.shape for name, param in params.items()}
    reader = Reader(walk, shapes, WORDS, loopback=loopback)
    each = read_each(reader, top.get("each"))
    asker = Reader(walk, shapes, WORDS | set(each.fills if each else ()), loopback=loopback)
    day, day_as = _day_or_today(reader, top.get("day"))
    busy, busy_is = _when(reader, top.get("busy"), "/busy")
    found = Description(
        request=read_request(asker, top.get("request")),
        each=each,
        format=walk.choice(top, "format", "", FORMATS[:1] if each else FORMATS, "json"),
        rows=reader.path(top, "rows", "", single=False),
        day=day,
        day_as=day_as,
        metrics=_metrics(reader, top.get("metrics", [])),
        auth=read_auth(reader, top.get("auth", {"kind": "none"})),
        paging=read_paging(reader, top.get("paging", {"kind": "none"})),
        window=_window(walk, top.get("window"), today_only=day_as == TODAY),
        params=params,
        key=_keys(reader, top.get("key", [])),
        dims=_dims(reader, top.get("dims", {})),
        expect=_expect(reader, top.get("expect", {})),
        skip_outside=walk.choice(top, "outside", "", ("refuse", "skip"), "refuse") == "skip",
        add_same=_adds_same(walk, top),
        replace=_truth(walk, top, "replace", ""),
        create=_create(reader, top.get("create", [])),
        proof=reader.path(top, "proof", "", single=False),
        busy=busy,
        busy_is=busy_is,
    )
    if walk.faults:
        raise Unreadable(*walk.faults)
    return found


def _texts(value: object) -> Iterator[str]:
    """Every text of a JSON value, the names of members among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, entry in value.items():
            yield str(name)
            yield from _texts(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry)


def _truth(walk: Walk, given: Mapping[str, Any], name: str, at: str) -> bool:
    value = given.get(name, False)
    if not isinstance(value, bool):
        walk.fault(f"{at}/{name}", "mapping_choice", value=value, known="true false")
    return value is True


def _adds_same(walk: Walk, top: Mapping[str, Any]) -> bool:
    """Whether rows of the same day and dimensions are added; rows with a key are told apart."""
    adds = walk.choice(dict(top), "same", "", ("refuse", "add"), "refuse") == "add"
    is_today = isinstance(top.get("day"), Mapping) and top["day"].get("as") == TODAY
    if top.get("key") and (adds or is_today):
        walk.fault("/key", "key_of_none")
    return adds


def _params(walk: Walk, value: object) -> dict[str, Param]:
    """What is different from one connector of this description to the next."""
    if not isinstance(value, Mapping) or len(value) > MOST_PARAMS:
        walk.fault("/params", "mapping_object")
        return {}
    found = {}
    for name, entry in value.items():
        at = f"/params/{escaped(name)}"
        walk.name({"name": name}, "name", at)
        given = walk.members(entry, at, ("shape", "default", "needed"), needed=("shape",))
        needed = given.get("needed", True)
        shape = walk.choice(given, "shape", at, tuple(SHAPES), "word")
        default = walk.text(given, "default", at, "")
        if not isinstance(needed, bool) or (default and not SHAPES[shape].fullmatch(default)):
            walk.fault(at, "param_shape", value=name)
        if name in WORDS:
            walk.fault(at, "mapping_twice", value=name)
        found[str(name)] = Param(shape, default, needed=needed is True)
    return found


def _day(reader: Reader, value: object, at: str) -> tuple[Path, str]:
    """Where the day of a row stands, and as what: a word of DAYS, or a format."""
    walk = reader.walk
    given = walk.members(value, at, ("path", "as"), needed=("path",))
    transform = walk.text(given, "as", at, "date")
    if transform not in DAYS:
        try:
            directives_of(transform)
        except ValueError:
            walk.fault(f"{at}/as", "mapping_day_format", value=transform)
    return reader.path(given, "path", at), transform


def _day_or_today(reader: Reader, value: object) -> tuple[Path, str]:
    """Where the day of a row stands; the day of asking where the rows have none."""
    if isinstance(value, Mapping) and value.get("as") == TODAY:
        reader.walk.members(value, "/day", ("as",))
        return (), TODAY
    return _day(reader, value, "/day")


def _window(walk: Walk, value: object, *, today_only: bool) -> Window:
    at = "/window"
    usual = Window()
    if today_only and value is not None:
        walk.fault(at, "window_of_today")
    if today_only or value is None:
        return Window(today_only=today_only)
    given = walk.members(value, at, ("days_back", "overlap", "chunk", "lag"))
    return Window(
        days_back=walk.whole(given, "days_back", at, usual.days_back, (1, 3660)) or 1,
        overlap=walk.whole(given, "overlap", at, usual.overlap, (1, 400)) or 1,
        chunk=walk.whole(given, "chunk", at, usual.chunk, (1, 3660)) or 1,
        lag=walk.whole(given, "lag", at, usual.lag, (0, 60)) or 0,
    )


def _keys(reader: Reader, value: object) -> tuple[Path, ...]:
    entries = reader.walk.texts(value, "/key", most=MOST_KEYS)
    named = {str(place): text for place, text in enumerate(entries)}
    return tuple(reader.path(named, name, "/key") for name in named)


def _dims(reader: Reader, value: object) -> dict[str, Place]:
    walk, found = reader.walk, {}
    if not isinstance(value, Mapping) or len(value) > MOST_DIMS:
        walk.fault("/dims", "mapping_object")
        return {}
    for name, entry in value.items():
        at = f"/dims/{escaped(name)}"
        walk.name({"name": name}, "name", at)
        given = walk.members(entry, at, ("path", "constant"))
        _one_of(walk, given, at)
        constant = walk.text(given, "constant", at, "")
        reader.blanks(constant, f"{at}/constant")
        found[str(name)] = Place(reader.path(given, "path", at), constant)
    return found


def _one_of(walk: Walk, given: Mapping[str, Any], at: str) -> None:
    if sum(bool(given.get(name)) for name in ("path", "constant", "id")) != 1:
        walk.fault(at, "path_or_constant")


def _metrics(reader: Reader, value: object) -> tuple[MetricField, ...]:
    walk, found, seen = reader.walk, [], set()
    for place, entry in enumerate(walk.array(value, "/metrics", least=1, most=MOST_METRICS)):
        at = f"/metrics/{place}"
        known = ("metric", "path", "constant", "id", "as", "absent", "when", "day")
        given = walk.members(entry, at, known, needed=("metric",))
        _one_of(walk, given, at)
        metric = walk.name(given, "metric", at)
        if metric in seen:
            walk.fault(f"{at}/metric", "mapping_twice", value=metric)
        seen.add(metric)
        when, when_is = _when(reader, given.get("when"), f"{at}/when")
        who = walk.members(given.get("id", {}), f"{at}/id", ("path",))
        own = given.get("day")
        day, day_as = ((), "") if own is None else _day(reader, own, f"{at}/day")
        found.append(
            MetricField(
                metric=metric,
                path=reader.path(given, "path", at),
                constant=walk.text(given, "constant", at, ""),
                id=reader.path(who, "path", f"{at}/id"),
                transform=walk.choice(given, "as", at, tuple(FACTORS), NUMBER),
                absent_is_zero=walk.choice(given, "absent", at, ("skip", "zero"), "skip") == "zero",
                when=when,
                when_is=when_is,
                day=day,
                day_as=day_as,
            )
        )
    return tuple(found)


def _when(reader: Reader, value: object, at: str) -> tuple[Path, tuple[str, ...]]:
    """Which rows count: those where the path leads to one of these texts."""
    if value is None:
        return (), ()
    given = reader.walk.members(value, at, ("path", "is"), needed=("path", "is"))
    texts = reader.walk.texts(given.get("is", []), f"{at}/is", most=50)
    return reader.path(given, "path", at), texts


def _expect(reader: Reader, value: object) -> tuple[tuple[Path, str], ...]:
    """What every row has to say, such as its currency; otherwise it is refused."""
    found = []
    for name, text in reader.texts(value, "/expect").items():
        path = reader.path({name: name}, name, "/expect")
        found.append((path, text))
    return tuple(found)


def _create(reader: Reader, value: object) -> tuple[NewMetric, ...]:
    """The metrics to define where they are not there yet, as a mapping says it, with blanks."""
    reader.blanks(value, "/create")
    return new_metrics(reader.walk, value)


def settled_params(description: Description, given: Mapping[str, str]) -> dict[str, str]:
    """The parameters with defaults put in; raise Unreadable naming what is missing or misshapen."""
    faults, found = [], {}
    for name in given:
        if name not in description.params:
            known = ", ".join(description.params)
            more = (("known", known),)
            faults.append(
                Fault("mapping_unknown", value=name, pointer=f"/params/{escaped(name)}", more=more)
            )
    for name, param in description.params.items():
        word = given.get(name) or param.default
        if not isinstance(word, str) or (word and not SHAPES[param.shape].fullmatch(word)):
            faults.append(Fault("param_shape", value=name, pointer=f"/params/{name}"))
        elif param.needed and not word:
            faults.append(Fault("mapping_needed", value=name, pointer=f"/params/{name}"))
        else:
            found[name] = word
    if faults:
        raise Unreadable(*faults)
    return found


def definitions_of(description: Description, params: Mapping[str, str]) -> list[NewMetric]:
    """The metrics to define, with their blanks filled."""
    return [_filled(entry, params) for entry in description.create]


def _filled(entry: NewMetric, params: Mapping[str, str]) -> NewMetric:
    texts: dict[str, Any] = {
        name: filled(text, params)
        for name, text in vars(entry).items()
        if isinstance(text, str) and any(blanks_in(text))
    }
    return replace(entry, **texts)
