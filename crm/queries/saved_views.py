"""The views somebody has of a list, as tabs above it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.http import QueryDict
from django.urls import reverse

from crm.models import Person, SavedView

PLACES = frozenset({"after", "before", "view", "shape"})
"""Of a list's query string, what says where one stands and not what is shown."""
SHOWN = 6
"""Saved views that stand as tabs; the rest is behind "More views"."""


@dataclass(frozen=True, slots=True)
class ViewTab:
    view: SavedView
    url: str
    is_current: bool
    is_mine: bool


@dataclass(frozen=True, slots=True)
class ViewTabs:
    """`here` is the view that is open, `changed` whether the list was narrowed or sorted otherwise since."""

    shown: Sequence[ViewTab]
    more: Sequence[ViewTab]
    here: ViewTab | None
    changed: bool
    default: ViewTab | None


def visible_views(user: Person, kind: str) -> list[SavedView]:
    """One's own in one's own order, then the shared ones by name. One query."""
    found = list(SavedView.objects.visible_to(user).filter(kind=kind).select_related("owner"))
    return sorted(found, key=lambda view: (view.owner_id != user.pk, view.position if view.owner_id == user.pk else 0))


def tabs(user: Person, kind: str, query: QueryDict, shapes: Mapping[str, str]) -> ViewTabs:
    """`shapes` are the list's URL names by shape, the usual one under ""."""
    asked = query.get("view", "")
    found = [
        ViewTab(view, url_of(view, shapes), str(view.pk) == asked, view.owner_id == user.pk)
        for view in visible_views(user, kind)
    ]
    here = next((tab for tab in found if tab.is_current), None)
    shown = found[:SHOWN]
    if here is not None and here not in shown:
        shown = [*shown[:-1], here]  # where one is always shows
    return ViewTabs(
        shown=shown,
        more=[tab for tab in found if tab not in shown],
        here=here,
        changed=here is not None and settled(here.view.query) != settled(query.urlencode()),
        default=next((tab for tab in found if tab.is_mine and tab.view.is_default), None),
    )


def url_of(view: SavedView, shapes: Mapping[str, str]) -> str:
    parts = [(name, value) for name, value in parse_qsl(view.query) if name != "view"]
    shape = dict(parts).get("shape", "")
    kept = [(name, value) for name, value in parts if name != "shape"]
    return f"{reverse(shapes.get(shape, shapes['']))}?{urlencode([*kept, ('view', str(view.pk))])}"


def settled(query: str) -> list[tuple[str, str]]:
    """A query string as it compares with others: what it shows, in no particular order, nothing empty."""
    return sorted((name, value) for name, value in parse_qsl(query) if name not in PLACES)
