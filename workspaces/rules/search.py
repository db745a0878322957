"""What somebody who searches has typed: its words, their spellings, the number in it."""

from unicodedata import category

LONGEST = 200
MOST_WORDS = 10
MOST_HITS = 5
MOST_DIGITS = 9
BEFORE_A_WORD = (" ", "-", "_", "(", "/", "“", "«", "#")


def tidied(text: str) -> str:
    """The text on one line; control characters part words, joiners inside a word stay."""
    return " ".join("".join(" " if category(c) == "Cc" else c for c in text).split())


def words_of(text: str) -> list[str]:
    """The words that must all be found; what follows the tenth is one phrase with it."""
    return text.split(maxsplit=MOST_WORDS - 1)


def spellings(word: str) -> list[str]:
    """The ways to write it that a database may hold to be different words.

    SQLite knows small and capital letters of ASCII only, and PostgreSQL those of its locale.
    """
    if word.isascii():
        return [word]
    forms = (word, word.lower(), word.upper(), word.capitalize(), word.title())
    return list(dict.fromkeys(forms))


def number_in(text: str) -> int:
    """The number of "#12", "12" or "۱۲"; 0, which no card has, for anything else."""
    digits = text.removeprefix("#").strip()
    return int(digits) if digits.isdecimal() and len(digits) <= MOST_DIGITS else 0
