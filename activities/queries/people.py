"""The people a note mentions or a task is given to, and whether they see what it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from activities.queries.subjects import Subject, sees
from activities.rules.mentions import mentioned
from crm.models import Person
from crm.rules import access

MOST = 6
"""People offered while one types a name."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """`seeing` will be told; `blind` don't see the record and won't be."""

    seeing: tuple[Person, ...]
    blind: tuple[Person, ...]


def people_in(text: str) -> list[Person]:
    """The active people whose user names the text mentions, whatever the case."""
    names = mentioned(text)
    if not names:
        return []
    wanted = Q()
    for name in names:
        wanted |= Q(username__iexact=name)
    return list(Person.objects.filter(wanted, is_active=True).select_related("team").order_by("pk"))


def mentions_in(text: str, subject: Subject) -> Mentions:
    found = people_in(text)
    seeing = tuple(one for one in found if sees(one, subject))
    return Mentions(seeing, tuple(one for one in found if one not in seeing))


@dataclass(frozen=True, slots=True)
class Candidate:
    person: Person
    sees: bool


def candidates(text: str, subject: Subject) -> list[Candidate]:
    """A few active people whose user name or names begin with the text, and whether each sees the record."""
    word = text.strip().lstrip("@")
    rows = Person.objects.filter(is_active=True).select_related("team")
    if word:
        begins = Q(username__istartswith=word) | Q(first_name__istartswith=word) | Q(last_name__istartswith=word)
        rows = rows.filter(begins)
    return [Candidate(one, sees(one, subject)) for one in rows.order_by("first_name", "last_name", "pk")[:MOST]]


def assignable() -> list[Person]:
    """Whom a task can be given to: active people who see deals in full, at least some."""
    people = Person.objects.filter(is_active=True).order_by("first_name", "last_name", "pk")
    return [one for one in people if access.sees_contacts(one.roles)]


def by_id(ids: Iterable[int]) -> dict[int, Person]:
    return {one.pk: one for one in Person.objects.filter(pk__in=set(ids))}
