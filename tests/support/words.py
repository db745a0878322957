"""What a page says in words: a page also holds random keys, where any two letters come up."""

import re


def says(page: str, word: str) -> bool:
    """Whether a page holds a word by itself, not as a part of another or of a random key."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", page) is not None
