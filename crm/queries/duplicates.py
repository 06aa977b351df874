"""Accounts that may be the same company as one about to be made."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from crm.models import Account, Person
from crm.rules.duplicates import Likeness, core, likeness

CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class Similar:
    account: Account
    because: Likeness

    @property
    def reason(self) -> str:
        return {"domain": "same domain", "name": "same name", "similar": "similar name"}.get(self.because, "")


def similar_accounts(user: Person, *, name: str, domain: str = "", exclude: int | None = None) -> list[Similar]:
    """The likeliest five. Candidates share the domain, a long word of the name, or its first letters: a bounded look that
    indexes serve (trigrams need three letters; a folded column compared as it is stored)."""
    key = name.casefold().strip()
    words = {word for word in (*core(name).split(), *key.split()) if len(word) >= 3}
    wanted = Q(pk__in=[])
    for word in sorted(words, key=lambda word: (-len(word), word))[:3]:
        wanted |= Q(name_key__contains=word)
    if len(key) >= 3:
        wanted |= Q(name_key__startswith=key[:4])
    if domain:
        wanted |= Q(domain=domain.casefold().strip())
    rows = Account.objects.visible_to(user).filter(wanted).exclude(pk=exclude or 0)[:CANDIDATES]
    found = [Similar(row, likeness(name, domain, row.name, row.domain)) for row in rows]
    order = {"domain": 0, "name": 1, "similar": 2}
    return sorted((hit for hit in found if hit.because), key=lambda hit: (order[hit.because], hit.account.name_key))[:5]
