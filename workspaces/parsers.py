"""Reads bodies without losing a digit and without reading more than is allowed."""

from dataclasses import dataclass
from decimal import InvalidOperation
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import DataAndFiles, JSONParser, MultiPartParser

from workspaces.rules.errors import Invalid, Problem, TooLarge, at_field
from workspaces.rules.exact_json import EXACT_JSON, RepeatedKey, half_letters

MOST_BYTES = 4 * 1024 * 1024
IN_MEMORY = 1024 * 1024
PIECE = 64 * 1024


@dataclass(frozen=True)
class Spooled:
    """A body put aside, at its beginning, and the hash of its bytes."""

    file: IO[bytes]
    digest: str


def spooled(stream: Any, limit: int) -> Spooled:
    """Put a body aside, on disk when it is large; TooLarge once more comes than is allowed."""
    file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  closed with the request that holds it
    hashed, read = sha256(), 0
    while piece := stream.read(PIECE):
        read += len(piece)
        if read > limit:
            file.close()
            raise _too_large(limit)
        hashed.update(piece)
        file.write(piece)
    file.seek(0)
    return Spooled(file, hashed.hexdigest())


class ExactJSONParser(JSONParser):
    """JSON with numbers as Decimal; a repeated key and half letters are refused, never kept."""

    def parse(
        self, stream: IO[bytes], _media_type: str | None = None, _parser_context: Any = None
    ) -> Any:
        """The body as Python values; 400 for what is no JSON, 413 for too much of it."""
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise _too_large(MOST_BYTES)
        try:
            found = EXACT_JSON.decode(body.decode("utf-8-sig"))
        except RepeatedKey as error:
            message = _("This key comes twice.")
            raise Invalid([at_field(error.key, "repeated_key", message)]) from error
        except (ValueError, RecursionError, InvalidOperation) as error:
            raise ParseError(_("The body is not JSON.")) from error
        _refuse_half_letters(found, body)
        return found


class FilesParser(MultiPartParser):
    """A form with files; a name that is too long for its part's head is told as that."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Any = None,
    ) -> DataAndFiles:  # type: ignore[type-arg]
        """The form's texts and files; 400 for what is no form."""
        try:
            return super().parse(stream, media_type=media_type, parser_context=parser_context)
        except ParseError as error:
            if "header size" not in str(error.detail):
                raise ParseError(_("The body is not a form with files.")) from error
            message = _("The name of the file is too long.")
            raise Invalid([at_field("file", "name_too_long", message)]) from error


def _too_large(limit: int) -> TooLarge:
    return TooLarge(_("The body is larger than %(limit)s bytes.") % {"limit": f"{limit:,}"})


def _refuse_half_letters(found: Any, body: bytes) -> None:
    """Invalid names every text with half of a surrogate pair; only an escape can write one."""
    if b"\\u" not in body:
        return
    message = _("This text holds half of a letter (a lone surrogate).")
    code = "surrogate_characters_not_allowed"
    problems = [
        Problem(message, code, pointer, None, pointer.rpartition("/")[2])
        for pointer in half_letters(found)
    ]
    if problems:
        raise Invalid(problems)
