"""Requests with blanks: `{from}` and `{account}` are filled with days and with parameters."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

BLANK = re.compile(r"\{([a-z][a-z_]{0,40})\}")
SHAPES: Mapping[str, re.Pattern[str]] = {
    "digits": re.compile(r"[0-9]{1,20}"),
    "word": re.compile(r"[A-Za-z0-9_.-]{1,100}"),
    "subdomain": re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,98}[a-z0-9])?"),
    "currency": re.compile(r"[A-Z]{3}"),
    "text": re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff{}]{1,200}"),
}
IN_A_HOST = ("digits", "subdomain")


def blanks_in(value: object) -> Iterator[str]:
    """The names of all blanks in a text, or in the texts of a JSON value."""
    if isinstance(value, str):
        yield from BLANK.findall(value)
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from blanks_in(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from blanks_in(entry)


def filled(text: str, words: Mapping[str, str]) -> str:
    """The text with its blanks filled; a blank without a word stays empty."""
    return BLANK.sub(lambda match: words.get(match[1], ""), text)


def filled_value(value: object, words: Mapping[str, str]) -> object:
    """A JSON value with the blanks in its texts filled; its form stays as it is."""
    if isinstance(value, str):
        return filled(value, words)
    if isinstance(value, Mapping):
        return {name: filled_value(entry, words) for name, entry in value.items()}
    if isinstance(value, list):
        return [filled_value(entry, words) for entry in value]
    return value


def host_of(url: str) -> str:
    """Scheme and host of a template, blanks and all."""
    scheme, _colon, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0].partition('?')[0]}"


def filled_url(url: str, words: Mapping[str, str]) -> str:
    """The address with its blanks filled, quoted so that a word never makes a step of the path."""
    host = host_of(url)
    quoted = {name: quote(word, safe="") for name, word in words.items()}
    return filled(host, words) + filled(url[len(host) :], quoted)
