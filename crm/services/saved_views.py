"""Saving the list one looks at under a name, sharing it, putting it in order. Only its owner changes a view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.db.models import Max, QuerySet

from crm.lib.errors import EditConflict, Invalid, NotAllowed
from crm.list_kinds import list_kinds
from crm.models import Person, SavedView, SharedWith
from crm.models.lists import LONGEST_QUERY, TOO_LONG
from crm.services.audit import Act, apply_changes, record

EDITABLE = ("name", "query", "shared", "is_default")
MOST = 50
"""Views of one kind somebody may keep."""


@transaction.atomic
def create_view(*, act: Act, kind: str, values: Mapping[str, Any]) -> SavedView:
    """Raises NotAllowed for people who don't see such lists, Invalid with a sentence per field."""
    owner = _asker(act)
    if kind not in list_kinds:
        raise Invalid({"kind": f"There is no such list. There is: {', '.join(list_kinds.keys())}."})
    if not list_kinds.get(kind).may_see(owner.roles):
        raise NotAllowed(f"Your role does not see {list_kinds.get(kind).many}.")
    Person.objects.select_for_update(no_key=True).get(pk=owner.pk)  # two windows take turns
    mine = SavedView.objects.filter(owner=owner, kind=kind)
    if mine.count() >= MOST:
        raise Invalid({"name": f"You keep {MOST} views already. Delete one first."})
    view = SavedView(kind=kind, owner=owner, position=(mine.aggregate(Max("position"))["position__max"] or 0) + 1)
    changes = _set(view, {"name": "", **values})
    view.save()
    record(act=act, kind="view", record_id=view.pk, verb="created", changes=changes)
    return view


@transaction.atomic
def update_view(*, act: Act, view_id: int, values: Mapping[str, Any], expected_version: int | None = None) -> SavedView:
    """Raises SavedView.DoesNotExist, NotAllowed for a view of somebody else, EditConflict and Invalid."""
    view = _mine(act, view_id)
    if expected_version is not None and view.version != expected_version:
        raise EditConflict(view)
    changes = _set(view, values)
    if changes:
        view.version += 1
        view.save()
        record(act=act, kind="view", record_id=view.pk, verb="changed", changes=changes)
    return view


@transaction.atomic
def move_view(*, act: Act, view_id: int, by: int) -> SavedView:
    """Moves a view `by` places among one's own of its kind; past the ends it stays at the end."""
    view = _mine(act, view_id)
    row = list(SavedView.objects.select_for_update().filter(owner=view.owner_id, kind=view.kind))
    place = next(number for number, one in enumerate(row) if one.pk == view.pk)
    row.insert(min(max(place + by, 0), len(row) - 1), row.pop(place))
    for number, one in enumerate(row, start=1):
        one.position = number
    SavedView.objects.bulk_update(row, ["position"])
    return next(one for one in row if one.pk == view.pk)


@transaction.atomic
def delete_view(*, act: Act, view_id: int, expected_version: int | None = None) -> None:
    view = _mine(act, view_id)
    if expected_version is not None and view.version != expected_version:
        raise EditConflict(view)
    gone = {field: (getattr(view, field), None) for field in ("name", "query", "shared")}
    record(act=act, kind="view", record_id=view.pk, verb="deleted", changes=gone)
    view.delete()


def _asker(act: Act) -> Person:
    assert act.by is not None, "views are people's"
    return act.by


def _mine(act: Act, view_id: int) -> SavedView:
    return owned_view(act, SavedView.objects.visible_to(_asker(act)).select_for_update(of=("self",)), view_id)


def owned_view(act: Act, rows: QuerySet[SavedView], view_id: int) -> SavedView:
    """A view of those seen that is one's own. Raises SavedView.DoesNotExist, and NotAllowed for one that is only shared."""
    view = rows.get(pk=view_id)
    if view.owner_id != _asker(act).pk:
        raise NotAllowed(f"This view is {view.owner}'s. Save it under a name of your own to change it.")
    return view


def _set(view: SavedView, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Sets checked values; a new default takes the place of the one before."""
    strange = set(values) - set(EDITABLE)
    if strange:
        raise Invalid(dict.fromkeys(sorted(strange), "This can't be changed here."))
    clean = dict(values)
    if "name" in clean:
        clean["name"] = str(clean["name"] or "").strip()
    if "query" in clean:
        parts = parse_qsl(str(clean["query"]))
        clean["query"] = urlencode([part for part in parts if part[0] not in {"after", "before", "view"}])
    if errors := _errors(view, clean):
        raise Invalid(errors)
    if clean.get("is_default"):
        mine = SavedView.objects.filter(owner=view.owner, kind=view.kind, is_default=True)
        mine.exclude(pk=view.pk).update(is_default=False)
    return apply_changes(view, clean, EDITABLE)


def _errors(view: SavedView, values: Mapping[str, Any]) -> dict[str, str]:
    errors = {}
    if "name" in values:
        others = SavedView.objects.filter(owner=view.owner, kind=view.kind).exclude(pk=view.pk)
        if not values["name"] or len(values["name"]) > 60:
            errors["name"] = "Give the view a name of up to 60 letters."
        elif others.filter(name=values["name"]).exists():
            errors["name"] = "You have a view of this name. Choose another one, or update that view."
    if "query" in values and (said := _query_error(view, values["query"])):
        errors["query"] = said
    if "shared" in values and values["shared"] not in SharedWith.values:
        errors["shared"] = f"Choose one of: {', '.join(SharedWith.values)}."
    if values.get("shared") == SharedWith.TEAM and view.owner.team_id is None:
        errors["shared"] = "You are in no team, so there is none to share it with."
    return errors


def _query_error(view: SavedView, query: str) -> str:
    if len(query) > LONGEST_QUERY:
        return TOO_LONG
    kind, parts = list_kinds.get(view.kind), dict(parse_qsl(query))
    columns = {column.key for column in kind.columns(view.owner)}
    strange = [name for name in parts.get("columns", "").split(",") if name and name not in columns]
    said = [one.refused() for one in kind.reads(view.owner, parts).dropped]
    return " ".join([*said, *(f"There is no column “{name}”." for name in strange)])
