"""The shipped playbook as a database keeps it, written and read once for all tests of a process.

Nearly every test stores it and reads it back. It is a quarter of a megabyte of JSON, and takes longer than what most tests do
with it. Any other playbook is written and read as ever.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from crm.models import PlaybookVersion


@contextmanager
def once(data: Mapping[str, Any]) -> Iterator[None]:
    """`data` itself is written, and given back for what was written. Who wants to change it, copies it first."""
    text = json.dumps(data)
    read = {text}  # and as each engine gives it back: PostgreSQL sorts keys

    class Encoder(json.JSONEncoder):
        def encode(self, o: Any) -> str:
            return text if o is data else super().encode(o)

    class Decoder(json.JSONDecoder):
        def decode(self, s: str, *rest: Any) -> Any:
            if s in read:
                return data
            found = super().decode(s, *rest)
            if found == data:
                read.add(s)
            return found

    field = PlaybookVersion._meta.get_field("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(field, "encoder", Encoder)
        patch.setattr(field, "decoder", Decoder)
        yield
