"""A card in one line: what of it says who, until when, what about, how much, and what it is called.

@name is who is responsible, #label a label, !high a priority, ~2h an estimate, /goal a goal; a day
stands as people write it. What could mean two things is not read, nor is what stands in quotation
marks; what is not read stays in the title.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from unicodedata import normalize

from tasks.rules.natural_days import Clock, find_day, folded
from workspaces.rules.letters import seen

LONGEST_LINE = 500
MOST_LINES = 100
MINUTES = 60
QUOTED = re.compile(r'"[^"]*"|“[^”]*”|„[^”“]*[”“]|«[^»]*»')
SIGNED = re.compile(r"(?<!\S)([@#/])(?=[^\s@#/!~])")
PRIORITY = re.compile(r"(?<!\S)!([^\s!]+)(?!\S)")
HOURS = r"h|hr|hrs|hour|hours|g|godz|godz\.|ชม\.|ชม|ชั่วโมง|giờ|ساعت"
HALVES = r"m|min|minutes|นาที|phút|دقیقه"
ESTIMATE = re.compile(
    rf"(?<!\S)~(?:(?P<hours>\d{{1,4}}(?:[.,٫]\d{{1,2}})?)\s?(?:{HOURS})"
    rf"(?:\s?(?P<rest>\d{{1,2}})\s?(?:{HALVES})?)?|(?P<minutes>\d{{1,4}})\s?(?:{HALVES}))(?!\S)"
)
PRIORITIES = {
    1: ("low", "1", "niski", "thấp", "ต่ำ", "کم"),
    2: ("medium", "med", "2", "średni", "vừa", "กลาง", "متوسط"),
    3: ("high", "3", "wysoki", "cao", "สูง", "زیاد", "بالا"),
    4: ("urgent", "4", "pilny", "pilne", "gấp", "ด่วน", "فوری"),
}
BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,3}[.)])\s+")
CENT = Decimal("0.01")
GAP = re.compile(r"\s+([,.;:])(?!\S)")  # before a mark whose word is gone
ENDS = " ,.;:!?"
TAKEN = "\0"  # in place of what is read or must not be


class Kind(StrEnum):
    """What a part of the line says."""

    ASSIGNEE = "assignee"
    LABEL = "label"
    GOAL = "goal"
    PRIORITY = "priority"
    ESTIMATE = "estimate"
    DUE = "due"


SIGNS = {"@": Kind.ASSIGNEE, "#": Kind.LABEL, "/": Kind.GOAL}


@dataclass(frozen=True)
class Named:
    """Something that a line can name, by any of its names."""

    id: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Names:
    """What can be named; `me` is the id of the one who writes."""

    people: Sequence[Named] = ()
    labels: Sequence[Named] = ()
    goals: Sequence[Named] = ()
    me: int | None = None


@dataclass(frozen=True)
class Part:
    """A piece of the line that was read: its text, where it stands, and what it means."""

    kind: Kind
    text: str
    start: int
    end: int
    value: int | Decimal | date


@dataclass(frozen=True)
class ReadLine:
    """What a line says, and the title that is left of it."""

    title: str
    parts: tuple[Part, ...]

    def value(self, kind: Kind) -> int | Decimal | date | None:
        """What is said of a kind that is said once."""
        return next((part.value for part in self.parts if part.kind == kind), None)

    @property
    def labels(self) -> list[int]:
        """The ids of the labels, each once."""
        found = (int(part.value) for part in self.parts if part.kind == Kind.LABEL)  # type: ignore[arg-type]
        return list(dict.fromkeys(found))


def read_line(
    line: str, names: Names, *, today: date, week_starts_on: int, unread: Iterable[str] = ()
) -> ReadLine:
    """Read a line; the texts of `unread` were taken back and stay in the title."""
    line = normalize("NFC", line)
    kept = {folded(normalize("NFC", text)) for text in unread}
    left = QUOTED.sub(_blank, folded(line))
    parts: list[Part] = []
    seen: set[Kind] = set()
    for kind, start, end, value in sorted(_signs(left, names), key=lambda found: found[1]):
        if left[start:end] in kept or (kind in seen and kind != Kind.LABEL):
            continue
        seen.add(kind)
        parts.append(Part(kind, line[start:end], start, end, value))
    masked = _masked(left, parts)
    for text in kept:
        masked = masked.replace(text, TAKEN * len(text)) if text else masked
    day = find_day(masked, Clock(today, week_starts_on))
    if day is not None:
        parts.append(Part(Kind.DUE, line[day.start : day.end], day.start, day.end, day.day))
    return ReadLine(_title(line, parts), tuple(sorted(parts, key=lambda part: part.start)))


Found = tuple[Kind, int, int, int | Decimal]


def _signs(left: str, names: Names) -> Iterator[Found]:
    """What stands behind a sign and means exactly one thing."""
    rows = {
        Kind.ASSIGNEE: [*names.people, *([Named(names.me, ("me",))] if names.me else [])],
        Kind.LABEL: names.labels,
        Kind.GOAL: names.goals,
    }
    for match in SIGNED.finditer(left):
        kind = SIGNS[match[1]]
        found = _named(left[match.end() :].split(TAKEN)[0], rows[kind])
        if found:
            yield kind, match.start(), match.end() + found[1], found[0]
    for match in PRIORITY.finditer(left):
        for number, words in PRIORITIES.items():
            if match[1] in map(folded, words):
                yield Kind.PRIORITY, match.start(), match.end(), number
    for match in ESTIMATE.finditer(left):
        hours = _hours(match)
        if hours:
            yield Kind.ESTIMATE, match.start(), match.end(), hours


def _named(rest: str, rows: Sequence[Named]) -> tuple[int, int] | None:
    """The one thing that the text begins with, and how long its name is there."""
    whole = {
        (row.id, len(name))
        for row in rows
        for name in map(_name, row.names)
        if name and rest.startswith(name) and not rest[len(name) :][:1].isalnum()
    }
    if whole:
        longest = max(length for _id, length in whole)
        ids = {pk for pk, length in whole if length == longest}
        return (ids.pop(), longest) if len(ids) == 1 else None
    word = rest.split()[0].rstrip(ENDS) if rest.split() else ""
    ids = {row.id for row in rows for name in row.names if word and _begins(_name(name), word)}
    return (ids.pop(), len(word)) if len(ids) == 1 else None


def _name(name: str) -> str:
    return folded(normalize("NFC", " ".join(name.split())))


def _begins(name: str, word: str) -> bool:
    """Whether a name, or a word of it, begins so; between words there may be a joiner."""
    tight = re.sub(r"[\s_.-]+", "", name)
    return tight.startswith(re.sub(r"[_.-]+", "", word) or word) or any(
        part.startswith(word) for part in name.split()
    )


def _hours(match: re.Match[str]) -> Decimal | None:
    whole = Decimal((match["hours"] or "0").replace(",", ".").replace("٫", "."))
    minutes = Decimal(match["rest"] or match["minutes"] or 0)
    return (whole + minutes / MINUTES).quantize(CENT) or None


def _blank(match: re.Match[str]) -> str:
    return TAKEN * len(match[0])


def _masked(left: str, parts: Sequence[Part]) -> str:
    """The line with spaces where something is read already."""
    for part in parts:
        left = left[: part.start] + " " * (part.end - part.start) + left[part.end :]
    return left


def _title(line: str, parts: Sequence[Part]) -> str:
    """The line without what is read."""
    rest = _masked(line, parts)
    words = " ".join(rest.split())
    return GAP.sub(r"\1", words).rstrip(" ,;") if parts else words


def lines_of(text: str) -> list[str]:
    """The lines of a text that was pasted, without marks of lists; empty ones fall out."""
    clean = (BULLET.sub("", line).strip() for line in text.splitlines())
    return [line for line in clean if seen(line)]
