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
