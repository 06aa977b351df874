"""Parts of addresses: what is written of a call."""

from __future__ import annotations


class Paper:
    regex = "summary|recap"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
