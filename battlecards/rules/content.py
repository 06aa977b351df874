"""A claim as it is stored, read and compared: its content, what of it is searched, and its digest."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from playbook.schema.cards import KINDS, SECTIONS, SECTIONS_OF, Claim, Row

SECTION_OF = {part.kind: section for section, part in SECTIONS.items()}
"""The section of a card that holds claims of a kind."""

NUMBERED = frozenset("0123456789%$€£")


def claim_of(kind: str, content: Mapping[str, Any]) -> Claim:
    """The claim a content stands for. Raises ValueError (pydantic's) where it is not whole; `faults` says so for people."""
    return KINDS[kind].model_validate(dict(content))


def content_of(claim: Claim) -> dict[str, Any]:
    """A claim as JSON, without what equals a default: the form in which it is stored and compared."""
    return claim.model_dump(mode="json", exclude_defaults=True)


def digest(kind: str, content: Mapping[str, Any]) -> str:
    """SHA-256 of what is said: equal for the same claim, in whatever order its fields came."""
    text = json.dumps([kind, content], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps a claim from being published; `field` is "" for the claim as a whole."""

    field: str
    text: str


_SAID = {
    "missing": "Fill this in.",
    "string_too_short": "Fill this in.",
    "too_short": "Give at least one.",
    "literal_error": "Choose one of these.",
    "string_pattern_mismatch": "Use small letters, digits and underscores, a letter first.",
    "date_from_datetime_parsing": "Give a day as YYYY-MM-DD.",
    "date_parsing": "Give a day as YYYY-MM-DD.",
    "extra_forbidden": "A claim of this kind has no such field.",
}


def faults(kind: str, content: Mapping[str, Any]) -> list[Fault]:
    """Everything that keeps a content from being a claim of this kind, none when it is one."""
    try:
        claim_of(kind, content)
    except ValidationError as error:
        found: dict[str, str] = {}
        for one in error.errors(include_url=False):
            said = _SAID.get(one["type"], one["msg"].removeprefix("Value error, "))
            found.setdefault(_place(one["loc"]), said)
        return [Fault(field, text) for field, text in found.items()]
    return []


def _place(path: tuple[int | str, ...]) -> str:
    """The field a fault is told at: one of several texts is the whole field, a part of the source itself."""
    if len(path) > 1 and path[0] == "source":
        return f"source.{path[1]}"
    return str(path[0]) if path else ""


def normal(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """A content as it is stored: in the form of a published wording where it is whole, as it was typed where it is not."""
    try:
        return content_of(claim_of(kind, content))
    except ValidationError:
        return dict(content)


def passage(claim: Claim) -> tuple[str, str]:
    """A claim as title and body: what is searched, copied and shown in a line."""
    first, *rest = [text for name in claim.words for text in _texts(getattr(claim, name))] or [claim.key]
    return first, "\n".join(rest)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one)
    elif value is not None:
        yield from _texts([value.title, value.text])


def has_number(claim: Claim) -> bool:
    """Whether it says a figure, which has to have a source and a date."""
    return any(set(text) & NUMBERED for name in claim.words for text in _texts(getattr(claim, name)))


def lacks_source(claim: Claim) -> bool:
    """A figure nobody could look up: no source, or one without a date."""
    return has_number(claim) and (claim.source is None or claim.source.date is None)


def has_expired(claim: Claim, today: dt.date) -> bool:
    """From the day it expires on."""
    return claim.expires_on is not None and claim.expires_on <= today


def in_order(sort: str, claims: Sequence[Claim]) -> list[Claim]:
    """The claims section after section, each in the order given."""
    sections = list(SECTIONS_OF[sort])
    return sorted(claims, key=lambda claim: sections.index(SECTION_OF[claim.kind]))


def rows(claims: Sequence[Claim]) -> list[Row]:
    return [claim for claim in claims if isinstance(claim, Row)]
