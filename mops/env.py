"""Typed readers of the environment; each takes the name and a safe default."""

import os
from pathlib import Path


class MissingSetting(Exception):
    """A setting that has no safe default was not given."""


def text(name: str, default: str = "") -> str:
    """Read a text; an empty variable counts as not set."""
    return os.environ.get(name) or default


def flag(name: str, *, default: bool = False) -> bool:
    """Read a yes/no: 1, true, yes, on (any case) mean yes."""
    value = os.environ.get(name)
    if not value:
        return default
    return value.strip().lower() in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    """Read a whole number; raise MissingSetting when it is not one."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise MissingSetting(f"{name} must be a whole number, not {value!r}.") from error


def words(name: str, default: str = "") -> list[str]:
    """Read a comma-separated list without empty entries."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def secret(name: str, default: str = "") -> str:
    """Read a secret from NAME, or from the file that NAME_FILE names."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return text(name, default)
