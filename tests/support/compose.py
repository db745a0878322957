"""docker-compose.yml as a program reads it: merged, and with the operator's variables filled in."""

import re
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parents[2] / "docker-compose.yml"
VARIABLE = re.compile(r"\$(\$)|\$\{(\w+)(?::(-|\?)([^}]*))?\}")


def text() -> str:
    """The file as it stands."""
    return FILE.read_text(encoding="utf-8")


def raw() -> dict[str, Any]:
    """The file with its anchors merged and its variables still in it."""
    return yaml.safe_load(text())


def variables() -> dict[str, str]:
    """Each variable of the operator, with what follows its first use: `-default`, `?message`."""
    found: dict[str, str] = {}
    for _dollar, name, kind, rest in VARIABLE.findall(text()):
        if name:
            found.setdefault(name, kind + rest)
    return found


def filled(values: dict[str, str]) -> dict[str, Any]:
    """The services as containers get them; KeyError for a required variable not given."""
    return _fill(raw()["services"], values)


def _fill(node: Any, values: dict[str, str]) -> Any:
    if isinstance(node, dict):
        return {key: _fill(value, values) for key, value in node.items()}
    if isinstance(node, list):
        return [_fill(value, values) for value in node]
    return VARIABLE.sub(lambda m: _value(m, values), node) if isinstance(node, str) else node


def _value(match: re.Match[str], values: dict[str, str]) -> str:
    dollar, name, kind, rest = match.groups()
    if dollar:
        return "$"
    return values.get(name) or rest if kind == "-" else values[name]
