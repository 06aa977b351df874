"""The accounts and contacts somebody looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crm.models import Account, Contact, Person
from crm.models.accounts import AccountQuerySet, ContactQuerySet


@dataclass(frozen=True, slots=True)
class AccountFilter:
    q: str = ""
    segment: str = ""
    vertical: str = ""
    region: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> AccountFilter:
        return cls(**{name: (query.get(name) or "").strip()[:200] for name in ("q", "segment", "vertical", "region")})


def filtered_accounts(user: Person, wanted: AccountFilter) -> AccountQuerySet:
    rows = Account.objects.visible_to(user)
    exact = {name: getattr(wanted, name) for name in ("segment", "vertical", "region") if getattr(wanted, name)}
    rows = rows.filter(**exact)
    return rows.named_like(wanted.q) if wanted.q else rows


def filtered_contacts(user: Person, *, q: str = "", persona: str = "") -> ContactQuerySet:
    rows = Contact.objects.visible_to(user)
    if persona:
        rows = rows.filter(persona=persona)
    return rows.named_like(q) if q else rows


def accounts_by_name(user: Person, text: str, *, most: int = 20) -> list[Account]:
    """The first accounts whose name begins with `text`, then those that have it elsewhere; a few, for choosing one."""
    key = text.casefold().strip()
    if not key:
        return []
    rows = Account.objects.visible_to(user).order_by("name_key", "pk")
    found = list(rows.filter(name_key__startswith=key)[:most])
    if len(found) < most:
        found += rows.named_like(text).exclude(name_key__startswith=key)[: most - len(found)]
    return found
