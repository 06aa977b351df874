"""`{% load cards %}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(found: Mapping[str, Any], key: str) -> Any:
    """What a mapping has for a key that only the page knows; None where it has nothing."""
    return found.get(key)
