"""A strict reader of RFC 5545: what it does not know how to read, it refuses."""

import re
from dataclasses import dataclass, field

LINE = re.compile(
    r"(?P<name>[A-Z][A-Z0-9-]*)(?P<params>(?:;[A-Z-]+=[^;:,\"]+)*):(?P<value>.*)", re.DOTALL
)
TEXTS = {"SUMMARY", "DESCRIPTION", "UID", "NAME", "X-WR-CALNAME"}
DAY, INSTANT = re.compile(r"\d{8}"), re.compile(r"\d{8}T\d{6}Z")
KINDS = {"VCALENDAR", "VEVENT", "VTODO", "VTIMEZONE", "STANDARD"}


@dataclass
class Part:
    """A component: its properties by name, with their parameters, and what it holds."""

    kind: str
    said: dict[str, tuple[str, str]] = field(default_factory=dict)
    parts: list["Part"] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.said[name][1]


def read(body: bytes) -> Part:
    """The calendar, or an error that says what is wrong with it."""
    assert body.endswith(b"\r\n")
    raw = body.removesuffix(b"\r\n").split(b"\r\n")
    for line in raw:
        assert len(line) <= 75, line
        assert not {*b"\r\n"} & {*line}, line
        line.decode()  # no character is torn apart
    lines = body.replace(b"\r\n ", b"").removesuffix(b"\r\n").decode().split("\r\n")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", "".join(lines))
    top = Part("")
    open_parts = [top]
    for line in lines:
        found = LINE.fullmatch(line)
        assert found, line
        name, value = found["name"], found["value"]
        if name == "BEGIN":
            assert value in KINDS
            part = Part(value)
            open_parts[-1].parts.append(part)
            open_parts.append(part)
        elif name == "END":
            assert open_parts.pop().kind == value
        else:
            assert name not in open_parts[-1].said, f"{name} twice"
            open_parts[-1].said[name] = (found["params"], checked(name, found["params"], value))
    assert open_parts == [top]
    (calendar,) = top.parts
    assert calendar.kind == "VCALENDAR"
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]
    assert calendar.parts
    for part in calendar.parts:
        if part.kind != "VTIMEZONE":
            assert {"UID", "DTSTAMP", "SEQUENCE", "SUMMARY"} <= part.said.keys()
    return calendar


def checked(name: str, params: str, value: str) -> str:
    """The value, unescaped where it is a text; days and instants have their shape."""
    if params == ";VALUE=DATE":
        assert DAY.fullmatch(value), value
    elif name in {"DTSTAMP", "CREATED", "LAST-MODIFIED", "COMPLETED"}:
        assert INSTANT.fullmatch(value), value
    if name in TEXTS:
        assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value), value
        assert not re.search(r"(?<!\\)(?:\\\\)*\\[^\\;,n]", value), value
        return re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], value)
    return value
