"""The kinds of notices that a member can get, each of which a member can switch off."""

REGISTRY: dict[str, str] = {}


def notice(kind: str, words: str) -> str:
    """Register a kind once; `words` say when it comes and are marked for translation."""
    if REGISTRY.get(kind, words) != words:
        raise ValueError(f"{kind} is already a notice with other words")
    REGISTRY[kind] = words
    return kind
