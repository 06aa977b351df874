"""The objection library as others know it: what may be raised on a deal, by key."""

from __future__ import annotations

from collections.abc import Sequence

from battlecards.models import Card, Placed, Sort
from crm.registry.objections import KnownObjection, ObjectionLibrary, objection_libraries


def library() -> Card | None:
    """The published library, the first one where there should be several."""
    found: Card | None = (
        Card.objects.published().filter(sort=Sort.OBJECTIONS).select_related("current").order_by("pk").first()
    )
    return found


def objections() -> Sequence[KnownObjection]:
    """Its objections that are not retired, in its order."""
    rows = Placed.objects.filter(
        version__in=Card.objects.published().filter(sort=Sort.OBJECTIONS).values("current"),
        wording__kind="objection",
        wording__retired=False,
    )
    found = rows.order_by("version_id", "place").values_list("wording__claim__key", "wording__content")
    return [
        KnownObjection(key, said["objection"], said.get("quick", ""), said.get("category", "")) for key, said in found
    ]


def register() -> None:
    objection_libraries.add(ObjectionLibrary(key="battlecards", objections=objections))
