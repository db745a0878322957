"""Reads docs/api.md: its examples as requests with the answers that they promise, and its tables.

A block of code holds examples, with empty lines between them, when `<!-- example -->` stands above
it, and the content of a file when `<!-- file: NAME -->` does. In an answer, … stands for any value
or for the rest of a list or object. Lines such as `Content-Type: text/csv` below the address are
headers; a body of a type of its own is sent as it stands.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
BLOCK = re.compile(r"<!-- (example|file: (?P<name>\S+)) -->\n```\w*\n(?P<text>.*?)\n```", re.DOTALL)
STATUS = re.compile(r"^\d{3}\b", re.MULTILINE)
HEADER = re.compile(r"([A-Z][A-Za-z-]+): (.+)\n")
PART = re.compile(r"-F (\w+)=(@?)(\S+)")
ROW = re.compile(
    r"^\| `(?P<path>[^`|]*)` \| (?P<methods>(?:GET|POST|PUT|PATCH|DELETE)\b[^|]*) \|", re.MULTILINE
)
REST = "…"


@dataclass(frozen=True)
class Example:
    """One request and what is promised; `parts` are those of a form, files as bytes with a name."""

    method: str
    path: str
    body: Any
    parts: dict[str, str | tuple[str, bytes]]
    headers: dict[str, str]
    status: int
    answer: Any

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def examples(text: str) -> Iterator[Example]:
    """The examples of the page from top to bottom: each stands on those before it."""
    files: dict[str, bytes] = {}
    for found in BLOCK.finditer(text):
        if found["name"]:
            files[found["name"]] = found["text"].encode() + b"\n"
        else:
            yield from (_example(text, files) for text in found["text"].split("\n\n"))


def _example(text: str, files: dict[str, bytes]) -> Example:
    cut = STATUS.search(text)
    assert cut, f"no status in {text!r}"
    asked, answer = text[: cut.start()].strip(), text[cut.end() :].strip()
    first, _, body = asked.partition("\n")
    headers = {}
    while found := HEADER.match(body):
        headers[found[1]], body = found[2], body[found.end() :]
    parts: dict[str, str | tuple[str, bytes]] = {
        name: (value, files[value]) if at else value for name, at, value in PART.findall(asked)
    }
    if parts:
        method, path = "POST", asked.rpartition("$BASE/")[2]
    else:
        method, path = first.split()
    return Example(
        method=method,
        path=path,
        body=body if "Content-Type" in headers else json.loads(body) if body else None,
        parts=parts,
        headers=headers,
        status=int(cut.group()),
        answer=json.loads(_quoted(answer)) if answer else None,
    )


def _quoted(text: str) -> str:
    """The answer as JSON: each … that stands outside a text becomes one."""
    text = re.sub(r"(?<=[{,])\s*…(?=\s*\})", f'"{REST}": "{REST}"', text)
    return re.sub(r'(?<!")…(?!")', f'"{REST}"', text)


def differences(shown: Any, told: Any, at: str = "") -> list[str]:
    """Where the answer is not what the page shows."""
    if shown == REST:
        return []
    if isinstance(shown, dict) and isinstance(told, dict):
        return _of_objects(shown, told, at)
    if isinstance(shown, list) and isinstance(told, list):
        return _of_lists(shown, told, at)
    return [] if shown == told else [f"{at}: shown {shown!r}, told {told!r}"]


def _of_objects(shown: dict[str, Any], told: dict[str, Any], at: str) -> list[str]:
    wanted = shown.keys() - {REST}
    found = [f"{at}/{name}: not told" for name in sorted(wanted - told.keys())]
    if REST not in shown:
        found += [f"{at}/{name}: not shown" for name in sorted(told.keys() - wanted)]
    for name in shown:
        if name in wanted and name in told:
            found += differences(shown[name], told[name], f"{at}/{name}")
    return found


def _of_lists(shown: list[Any], told: list[Any], at: str) -> list[str]:
    rest = REST in shown[-1:]
    wanted = shown[:-1] if rest else shown
    if len(told) < len(wanted) or (len(told) > len(wanted) and not rest):
        return [f"{at}: shown {len(wanted)}, told {len(told)}"]
    pairs = enumerate(zip(wanted, told, strict=False))
    return [line for place, (a, b) in pairs for line in differences(a, b, f"{at}/{place}")]


def resources(text: str) -> dict[str, str]:
    """The table of resources: by path, which method takes which role."""
    return {row["path"].removeprefix("/"): row["methods"].strip() for row in ROW.finditer(text)}
