"""Bodies: JSON of a bounded size, and forms for files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser, MultiPartParser

from crm.lib.api.errors import BadForm, TooLarge

LARGEST_BODY = 1_000_000
"""Bytes. The longest body that makes sense is a deal's MEDDPICC tables, a few kilobytes."""
DEEPEST = 20
"""Levels of objects and lists in each other; a MEDDPICC table is four deep."""


class BoundedJSONParser(JSONParser):
    """Refuses what is too large before reading it (Django's own limit counts form data only), and what is nested so deep
    that walking through it would fail."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        length = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        if not str(length).isdigit() or int(length) > LARGEST_BODY:
            raise TooLarge
        too_deep = ParseError(f"It is nested more than {DEEPEST} levels deep")
        try:
            body = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise too_deep from None
        if not _is_shallow(body):
            raise too_deep
        return body


class BoundedFormParser(MultiPartParser):
    """A form with a file, as large as a file may be and a little more for what stands beside it."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        length = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        if not str(length).isdigit() or int(length) > settings.ATTACHMENT_LARGEST + LARGEST_BODY:
            raise TooLarge
        try:
            return super().parse(stream, media_type, parser_context)
        except ParseError as broken:
            raise BadForm from broken


def _is_shallow(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [inner for outer in level if isinstance(outer, dict | list) for inner in _within(outer)]
    return not level


def _within(value: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value
