"""ETags and the conditions of a request.

An ETag is `"<version>-<digest>"`. The version counts what people wrote; the digest changes whenever anything shown
does (a worker's new score, a renamed account), so that "not modified" is always true. If-Match compares versions
alone: a new score must not refuse somebody's change. Records without a version have only the digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from django.utils.http import parse_etags
from rest_framework.request import Request

from crm.lib.api.errors import PreconditionRequired, Stale


@dataclass(frozen=True, slots=True)
class Shown:
    """A record as this person is shown it, JSON-ready, and its version (None where it has none)."""

    data: Mapping[str, Any]
    version: int | None = None

    @property
    def etag(self) -> str:
        digest = hashlib.blake2b(orjson.dumps(self.data, option=orjson.OPT_NON_STR_KEYS), digest_size=6).hexdigest()
        return f'"{digest}"' if self.version is None else f'"{self.version}-{digest}"'


def not_modified(request: Request, etag: str) -> bool:
    """Whether If-None-Match names this representation. Compared weakly: a proxy that compresses marks tags as weak."""
    header = request.headers.get("If-None-Match", "")
    return any(tag == "*" or tag.removeprefix("W/") == etag for tag in parse_etags(header))


def match(request: Request, current: Shown) -> int:
    """The version a write expects, out of If-Match: 428 without the header, 412 where it names another version.

    `"7"` does as well as the whole tag, and `*` takes whatever is there.
    """
    header = request.headers.get("If-Match")
    if header is None:
        raise PreconditionRequired
    for tag in parse_etags(header):
        if tag == "*" or _same(tag.removeprefix("W/"), current):
            return current.version or 0
    raise Stale(current.data, current.etag)


def _same(tag: str, current: Shown) -> bool:
    if current.version is None:
        return tag == current.etag
    return tag.strip('"').split("-", 1)[0] == str(current.version)
