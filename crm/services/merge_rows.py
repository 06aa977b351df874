"""Moving every row that points at one record to another, and back. Foreign keys are found from the models, so that no app's rows
are ever left behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core import serializers
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError, models, transaction

Moved = dict[str, Any]
"""{"model": "deals.Deal", "field": "account", "ids": [...]}"""


def links(model: type[models.Model]) -> Iterator[tuple[type[models.Model], models.ForeignKey[Any, Any]]]:
    """Every foreign key to a model, hidden ones and those between many and many included; its own trace of merges aside."""
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.field.name != "merged_into":
            theirs: Any = relation.related_model
            yield theirs, relation.field


def move_all(model: type[models.Model], from_id: int, to_id: int) -> tuple[list[Moved], list[str]]:
    """Points all rows of one record at another: what moved, and, serialised, the rows that went because the other had the same
    (somebody on one deal's committee twice)."""
    moved: list[Moved] = []
    dropped: list[str] = []
    for theirs, field in links(model):
        rows = theirs._base_manager.filter(**{field.attname: from_id}).order_by("pk")
        doubled = _doubled(theirs, field, from_id, to_id)
        if doubled:
            dropped += [serializers.serialize("json", [row]) for row in rows.filter(pk__in=doubled)]
            theirs._base_manager.filter(pk__in=doubled).delete()
        ids = list(
            rows.exclude(pk=to_id).values_list("pk", flat=True)
            if theirs is model
            else rows.values_list("pk", flat=True)
        )
        if ids:
            theirs._base_manager.filter(pk__in=ids).update(**{field.attname: to_id})
            moved.append({"model": theirs._meta.label, "field": field.name, "ids": ids})
    return moved, dropped


def _doubled(theirs: type[models.Model], field: Any, from_id: int, to_id: int) -> list[int]:
    """Rows of one record that, pointed at the other, would be there twice."""
    found: set[int] = set()
    for names in _unique_with(theirs, field.name):
        others = [name for name in names if name != field.name]
        there = set(theirs._base_manager.filter(**{field.attname: to_id}).values_list(*others))
        mine = theirs._base_manager.filter(**{field.attname: from_id}).values_list("pk", *others)
        found |= {pk for pk, *key in mine if tuple(key) in there}
    return sorted(found)


def _unique_with(theirs: type[models.Model], name: str) -> Iterator[tuple[str, ...]]:
    for together in theirs._meta.unique_together:
        if name in together:
            yield tuple(together)
    for constraint in theirs._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and name in constraint.fields:
            yield tuple(constraint.fields)


def move_back(moved: list[Moved], from_id: int, to_id: int) -> tuple[dict[str, list[int]], list[str]]:
    """Points rows back at the record they came from, where they still point at the other: their ids by model, and a sentence for
    each that moved on since."""
    back: dict[str, list[int]] = {}
    kept = []
    for part in moved:
        theirs = apps.get_model(part["model"])
        attname = theirs._meta.get_field(part["field"]).attname
        here = dict(theirs._base_manager.filter(pk__in=part["ids"]).values_list("pk", attname))
        ours = [pk for pk in part["ids"] if here.get(pk) == from_id]
        theirs._base_manager.filter(pk__in=ours).update(**{attname: to_id})
        back.setdefault(part["model"], []).extend(ours)
        named = theirs._base_manager.in_bulk([pk for pk in part["ids"] if pk in here and here[pk] != from_id])
        kept += [f"{theirs._meta.verbose_name.capitalize()} {row} belongs elsewhere by now." for row in named.values()]
    return back, kept


def bring_back(dropped: list[str]) -> list[str]:
    """Makes dropped rows again, with their keys: a sentence for each that can't be."""
    kept = []
    for text in dropped:
        try:
            with transaction.atomic():
                for found in serializers.deserialize("json", text):
                    model = type(found.object)
                    if model._base_manager.filter(pk=found.object.pk).exists():
                        raise DatabaseError
                    found.save()
        except (DatabaseError, DeserializationError):
            kept.append("A row both had can't be made again: what it belonged to changed since.")
    return kept
