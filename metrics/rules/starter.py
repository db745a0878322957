"""What a metric of the starter catalogue says about itself."""

from dataclasses import dataclass

AWARENESS, CONSIDERATION, DECISION, RETENTION = (
    "awareness",
    "consideration",
    "decision",
    "retention",
)


def gettext_noop(text: str) -> str:
    """Mark a text for the translators; who shows it translates it."""
    return text


@dataclass(frozen=True)
class Starter:
    """A ready definition: what it is made of by keys of others, and how vendors differ.

    A ratio has `above`, `below` and `scale`, a derived metric a `formula`; money takes the
    currency of the workspace that picks it.
    """

    key: str
    name: str
    description: str
    vendors: str
    kind: str = "additive"
    unit: str = "count"
    decimals: int = 0
    direction: str = "up"
    stage: str = ""
    above: str = ""
    below: str = ""
    scale: str = "1"
    formula: str = ""
    group: str = ""

    @property
    def is_money(self) -> bool:
        """Whether it needs a currency."""
        return self.unit == "currency"


def rate(key: str, name: str, parts: tuple[str, str], *words: str, **more: str) -> Starter:
    """A share of one in the other, in percent with two decimals."""
    above, below = parts
    description, vendors = words
    return Starter(
        key, name, description, vendors, kind="ratio", unit="percent", decimals=2, above=above,
        below=below, scale="100", direction=more.get("direction", "up"), stage=more["stage"],
    )  # fmt: skip


def price(key: str, name: str, parts: tuple[str, str], *words: str, **more: str) -> Starter:
    """Money for each of something."""
    above, below = parts
    description, vendors = words
    return Starter(
        key, name, description, vendors, kind="ratio", unit="currency", decimals=2, above=above,
        below=below, scale=more.get("scale", "1"), direction=more.get("direction", "down"),
        stage=more["stage"],
    )  # fmt: skip
