"""Where a value stands in a JSON answer: a small language of paths, read once, then followed.

`a.b` names members, `a[0]` an entry, `a[]` every entry, `a[kind=lead]` the first entry whose member
`kind` is the text `lead`. An empty path is the whole answer. In a row, `^` is what encloses it: the
entry of the list further out. Nothing else is possible.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from connectors.rules.templates import filled

LONGEST = 200
MOST_STEPS = 12
STEP = re.compile(
    r"(?P<name>[^.\[\]\x00-\x1f]{1,100})|\[(?P<every>)\]|\[(?P<index>[0-9]{1,3})\]"
    r"|\[(?P<key>[A-Za-z0-9_]+)=(?P<text>[^\[\]]{1,100})\]"
)
MISSING = object()
ENCLOSING = "^"


@dataclass(frozen=True)
class Step:
    """One step: a member's name, an index, every entry, or the entry where `key` is `text`."""

    name: str = ""
    index: int = -1
    every: bool = False
    key: str = ""
    text: str = ""


Path = tuple[Step, ...]


def read_path(text: str) -> Path | None:
    """The steps of a path, or None where it is none."""
    if len(text) > LONGEST:
        return None
    steps: list[Step] = []
    at = 0
    while at < len(text):
        if text[at] == "." and steps:
            at += 1
            if at == len(text) or text[at] == "[":
                return None
        elif text[at] != "[" and steps:
            return None
        match = STEP.match(text, at)
        if match is None or len(steps) == MOST_STEPS:
            return None
        steps.append(_step(match))
        at = match.end()
    return tuple(steps)


def _step(match: re.Match[str]) -> Step:
    if match["name"]:
        return Step(name=match["name"])
    if match["index"]:
        return Step(index=int(match["index"]))
    if match["key"]:
        return Step(key=match["key"], text=match["text"])
    return Step(every=True)


def with_words(path: Path, words: Mapping[str, str]) -> Path:
    """The path with the blanks in the texts that it looks for filled."""
    return tuple(replace(step, text=filled(step.text, words)) for step in path)


def is_single(path: Path) -> bool:
    """Whether the path leads to one value at most."""
    return not any(step.every for step in path)


def find(value: object, path: Path) -> object:
    """The value at the end of a single path, or MISSING; null is missing, too."""
    for step in path:
        value = _follow(value, step)
        if value is MISSING or value is None:
            return MISSING
    return MISSING if value is None else value


def find_all(value: object, path: Path) -> Iterator[object]:
    """Every value at the end of the path; a part of the way that is not there yields none."""
    if not path:
        if value is not None and value is not MISSING:
            yield value
        return
    step, rest = path[0], path[1:]
    if step.every:
        for entry in value if isinstance(value, list) else ():
            yield from find_all(entry, rest)
    else:
        yield from find_all(_follow(value, step), rest)


def find_rows(value: object, path: Path, outer: object = None) -> Iterator[object]:
    """The same, each object knowing by `^` the entry that encloses it, the outermost `outer`."""
    if not path:
        if value is not None and value is not MISSING:
            yield _within(outer, value)
        return
    step, rest = path[0], path[1:]
    if step.every:
        for entry in value if isinstance(value, list) else ():
            yield from find_rows(entry, rest, _within(outer, entry) if rest else outer)
    else:
        yield from find_rows(_follow(value, step), rest, outer)


def _within(outer: object, value: object) -> object:
    return {**value, ENCLOSING: outer} if outer is not None and isinstance(value, dict) else value


def leads_somewhere(value: object, path: Path) -> bool:
    """Whether the lists that the path walks through are there, be they empty.

    An answer without them is of another form than was described, and is not "no rows".
    """
    for place, step in enumerate(path):
        if step.every:
            return isinstance(value, list) and all(
                leads_somewhere(entry, path[place + 1 :]) for entry in value
            )
        value = _follow(value, step)
        if value is MISSING:
            return False
    return True


def _follow(value: object, step: Step) -> object:
    """One step on, or MISSING."""
    if step.name:
        return value.get(step.name, MISSING) if isinstance(value, dict) else MISSING
    if not isinstance(value, list):
        return MISSING
    if step.index >= 0:
        return value[step.index] if step.index < len(value) else MISSING
    for entry in value:
        if isinstance(entry, dict) and str(entry.get(step.key)) == step.text:
            return entry
    return MISSING
