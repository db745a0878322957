"""The words of the log: what can happen, and the sentence that tells it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verb:
    """One kind of event: its name (noun.past) and a sentence with {who} and the event's data."""

    name: str
    sentence: str


REGISTRY: dict[str, Verb] = {}


def verb(name: str, sentence: str) -> Verb:
    """Register a verb once; `sentence` is marked for translation by the caller."""
    if name in REGISTRY and REGISTRY[name].sentence != sentence:
        raise ValueError(f"{name} is already a verb with another sentence")
    REGISTRY[name] = Verb(name, sentence)
    return REGISTRY[name]
