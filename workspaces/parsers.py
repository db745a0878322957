"""Reads JSON bodies without losing a digit and without reading more than is allowed."""

import json
from decimal import Decimal, InvalidOperation
from typing import IO, Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from workspaces.rules.errors import TooLarge

MOST_BYTES = 4 * 1024 * 1024


class ExactJSONParser(JSONParser):
    """JSON with numbers as Decimal; NaN and infinity are no JSON."""

    def parse(
        self, stream: IO[bytes], _media_type: str | None = None, _parser_context: Any = None
    ) -> Any:
        """The body as Python values; 400 for what is no JSON, 413 for too much of it."""
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise TooLarge(
                _("The body is larger than %(limit)s bytes.") % {"limit": f"{MOST_BYTES:,}"}
            )
        try:
            return json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse)
        except (ValueError, RecursionError, InvalidOperation) as error:
            raise ParseError(_("The body is not JSON.")) from error


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)
