"""Reads bodies without losing a digit and without reading more than is allowed."""

import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from workspaces.rules.errors import TooLarge

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
    """JSON with numbers as Decimal; NaN and infinity are no JSON."""

    def parse(
        self, stream: IO[bytes], _media_type: str | None = None, _parser_context: Any = None
    ) -> Any:
        """The body as Python values; 400 for what is no JSON, 413 for too much of it."""
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise _too_large(MOST_BYTES)
        try:
            return json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse)
        except (ValueError, RecursionError, InvalidOperation) as error:
            raise ParseError(_("The body is not JSON.")) from error


def _too_large(limit: int) -> TooLarge:
    return TooLarge(_("The body is larger than %(limit)s bytes.") % {"limit": f"{limit:,}"})


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)
