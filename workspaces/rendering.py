"""JSON as the framework writes it, an order of magnitude faster."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS
encoder = JSONEncoder()


class FastJSONRenderer(JSONRenderer):
    """The same bytes as JSONRenderer's, by orjson where it can write them.

    What it cannot (whole numbers of more than 64 bits, texts that are no Unicode, indented
    answers) the framework's own renderer writes, or refuses.
    """

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The answer's body."""
        if data is None:
            return b""
        if self.get_indent(accepted_media_type or "", renderer_context or {}) is None:
            try:
                told = orjson.dumps(data, default=encoder.default, option=OPTIONS)
            except orjson.JSONEncodeError:
                pass
            else:
                return told.replace("\u2028".encode(), b"\\u2028").replace(
                    "\u2029".encode(), b"\\u2029"
                )
        return super().render(data, accepted_media_type, renderer_context)
