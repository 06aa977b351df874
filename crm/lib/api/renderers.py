"""JSON as REST framework writes it, by a writer that takes a tenth of the time over a page of deals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder

# Times and text of other kinds are left to REST framework's own encoder, so that they are spelled one way.
OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
_other = JSONEncoder().default


class FastJSONRenderer(JSONRenderer):
    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        if data is None:
            return b""
        try:
            return orjson.dumps(data, default=_other, option=OPTIONS)
        except TypeError:  # a whole number beyond 64 bits, or text that is no UTF-8
            pass
        try:
            return super().render(data, accepted_media_type, renderer_context)
        except UnicodeEncodeError:  # half a surrogate pair that was sent, quoted in a refusal
            return super().render(_readable(data), accepted_media_type, renderer_context)


def _readable(value: Any) -> Any:
    """The same with the mark for what can't be read in place of every half of a surrogate pair."""
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case Mapping():
            return {_readable(key): _readable(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_readable(inner) for inner in value]
    return value
