"""Bodies: JSON of a bounded size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import JSONParser

from crm.lib.api.errors import TooLarge

LARGEST_BODY = 1_000_000
"""Bytes. The longest body that makes sense is a deal's MEDDPICC tables, a few kilobytes."""


class BoundedJSONParser(JSONParser):
    """Refuses what is too large before reading it; Django's own limit counts form data only."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        length = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        if not str(length).isdigit() or int(length) > LARGEST_BODY:
            raise TooLarge
        return super().parse(stream, media_type, parser_context)
