"""A kind of connector: its description and the words around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Kind:
    """A description that MOps brings; name and sentence are marked for translation."""

    key: str
    name: str
    says: str
    document: Mapping[str, Any]
    icon: str = "plug"


def count(key: str, name: str, description: str = "", **more: Any) -> dict[str, Any]:
    """The definition of a metric that counts."""
    return {"key": key, "name": name, "description": description, **more}


def people(key: str, name: str, stage: str, description: str = "") -> dict[str, Any]:
    """The definition of a metric that counts everybody once."""
    return count(key, name, description, kind="unique", stage=stage)


def level(key: str, name: str, description: str = "", **more: Any) -> dict[str, Any]:
    """The definition of a state, of which the last value counts."""
    return count(key, name, description, kind="last", **more)


def money(key: str, name: str, description: str = "", **more: Any) -> dict[str, Any]:
    """The definition of an amount in the connector's currency."""
    return {
        "key": key, "name": name, "unit": "currency", "currency": "{currency}", "decimals": 2,
        "description": description, **more,
    }  # fmt: skip


def rate(key: str, name: str, over: str, under: str, description: str = "") -> dict[str, Any]:
    """The definition of a ratio in percent."""
    return {
        "key": key, "name": name, "kind": "ratio", "unit": "percent", "decimals": 2,
        "numerator": over, "denominator": under, "scale": "100", "description": description,
    }  # fmt: skip
