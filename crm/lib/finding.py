"""Records by a text in their name, a few at once and fast at any size."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)

SHORTEST = 3
"""Characters from which on a text is looked for anywhere in a name: an index over trigrams finds nothing shorter."""


def by_name(rows: QuerySet[M, Any], text: str, most: int) -> list[Any]:
    """Up to `most` rows whose `name_key` begins with the text, by name, then those that have it elsewhere.

    The first are read off the index of names from the text on, which needs no more than these rows; the others, of which
    there may be many, come as the database finds them.
    """
    key = text.casefold().strip()
    if not key:
        return []
    onwards = rows.filter(name_key__gte=key).order_by("name_key", "pk")[:most]
    found = [row for row in onwards if row.name_key.startswith(key)]
    if len(found) < most and len(key) >= SHORTEST:
        known = {row.pk for row in found}
        # No order: with one, the database would sort all that match, or walk the index of names through the whole table.
        elsewhere = rows.order_by().filter(name_key__contains=key)[: most + len(known)]
        found += [row for row in elsewhere if row.pk not in known]
    return found[:most]
