"""The elements of a JSON array while it is read: what is held is one element and one piece."""

import codecs
import json
import re
from collections.abc import Iterator
from decimal import InvalidOperation
from typing import IO, Any

from workspaces.rules.exact_json import EXACT_JSON, RepeatedKey

PIECE = 64 * 1024
LONGEST = 64 * 1024  # letters of an element
SPACE = re.compile(r"[ \t\n\r]*")


class NotJson(Exception):
    """Why the body cannot be read; the code is a key of `bodies._framing`."""

    def __init__(
        self, code: str, pointer: str = "", row: int | None = None, column: str = ""
    ) -> None:
        """Keep what it is and where it stands."""
        super().__init__(code)
        self.code, self.pointer, self.row, self.column = code, pointer, row, column


def elements(file: IO[bytes], name: str) -> Iterator[tuple[str, Any]]:
    """Yield (pointer to the array, element) of an array, or of the array under that one name.

    Numbers with a point become Decimal; NaN and infinity are no JSON.
    """
    text = _Text(file)
    prefix = ""
    if text.peek() == "{":
        prefix = f"/{name}"
        yield from _under(text, name, prefix)
    elif text.peek() == "[":
        yield from ((prefix, value) for value in _array(text, prefix))
    else:
        text.value("")
        raise NotJson("not_a_list" if not text.peek() else "not_json")
    if text.peek():
        raise NotJson("not_json")


def _under(text: "_Text", name: str, prefix: str) -> Iterator[tuple[str, Any]]:
    """The elements of the array that is the one field of an object."""
    text.take("{")
    if text.peek() == "}":
        raise NotJson("not_a_list", prefix)
    field = text.value("")
    text.take(":")
    if field != name:
        raise NotJson("unknown_field", f"/{field}", None, str(field))
    if text.peek() != "[":
        raise NotJson("not_a_list", prefix)
    yield from ((prefix, value) for value in _array(text, prefix))
    if text.peek() == ",":
        text.take(",")
        field = text.value("")
        raise NotJson("unknown_field", f"/{field}", None, str(field))
    text.take("}")


def _array(text: "_Text", prefix: str) -> Iterator[Any]:
    text.take("[")
    place = 0
    if text.peek() == "]":
        text.take("]")
        return
    while True:
        yield text.value(f"{prefix}/{place}", place + 1)
        place += 1
        if text.peek() != ",":
            break
        text.take(",")
    text.take("]")


class _Text:
    """The body as text, of which only what has not been taken yet is held."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._held, self._at, self._ended = "", 0, False

    def peek(self) -> str:
        """The next letter that is no space; nothing at the end."""
        while True:
            found = SPACE.match(self._held, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._held) or self._ended:
                return self._held[self._at : self._at + 1]
            self._more()

    def take(self, letter: str) -> None:
        """Pass over one letter that has to stand here."""
        if self.peek() != letter:
            raise NotJson("not_json")
        self._at += 1

    def value(self, pointer: str, row: int | None = None) -> Any:
        """The next value; more is read until it is whole."""
        self.peek()
        while True:
            try:
                found, end = EXACT_JSON.raw_decode(self._held, self._at)
            except RepeatedKey as error:
                raise NotJson("repeated_key", pointer, row, error.key) from error
            except (ValueError, RecursionError, InvalidOperation) as error:
                if self._ended or len(self._held) - self._at > LONGEST:
                    code = "too_long" if not self._ended and self._is_cut(error) else "not_json"
                    raise NotJson(code, pointer, row) from error
            else:
                if end < len(self._held) or self._ended:  # else a number may go on
                    self._at = end
                    return found
            self._more()

    def _is_cut(self, error: Exception) -> bool:
        """Whether what is held is the beginning of a value, rather than none at all."""
        return isinstance(error, json.JSONDecodeError) and (
            error.msg.startswith("Unterminated") or error.pos >= len(self._held) - 1
        )

    def _more(self) -> None:
        piece = self._file.read(PIECE)
        self._ended = not piece
        try:
            text = self._decode(piece, self._ended)
        except UnicodeDecodeError as error:
            raise NotJson("not_json") from error
        self._held, self._at = self._held[self._at :] + text, 0
