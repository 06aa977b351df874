"""Accounts that may be the same company as one about to be made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import and_

from django.db.models import Q

from crm.models import Account, Person
from crm.rules.duplicates import LEGAL_FORMS, Likeness, core, likeness

CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class Similar:
    account: Account
    because: Likeness

    @property
    def reason(self) -> str:
        return {"domain": "same domain", "name": "same name", "similar": "similar name"}.get(self.because, "")


def similar_accounts(user: Person, *, name: str, domain: str = "", exclude: int | None = None) -> list[Similar]:
    """The likeliest five. A bounded look for each way two accounts may be one, so that a thousand names with a common word
    do not hide the one with the same address. One query; indexes serve each look: a folded column is compared as it is stored."""
    rows = Account.objects.visible_to(user).exclude(pk=exclude or 0)
    wanted = Q(pk__in=[])
    for look in _looks(name, domain):
        wanted |= Q(pk__in=rows.filter(look).order_by("name_key", "pk").values("pk")[:CANDIDATES])
    found = [Similar(row, likeness(name, domain, row.name, row.domain)) for row in rows.filter(wanted)]
    order = {"domain": 0, "name": 1, "similar": 2}
    return sorted((hit for hit in found if hit.because), key=lambda hit: (order[hit.because], hit.account.name_key))[:5]


def _looks(name: str, domain: str) -> Iterator[Q]:
    """The same address; all words of the name; its first letters with one of its words; its first letters; a long word."""
    if domain:
        yield Q(domain=domain.casefold().strip())
    key = name.casefold().strip()
    # The folded words as they are stored, and without accents as others may have typed them. Trigrams need three letters.
    typed = [word for word in re.findall(r"[^\W_]+", key) if len(word) >= 3 and word not in LEGAL_FORMS]
    words = sorted({*typed, *(word for word in core(name).split() if len(word) >= 3)}, key=lambda one: (-len(one), one))
    if typed:
        yield reduce(and_, (Q(name_key__contains=word) for word in typed))
    beginnings = {text[:3] for text in (key, core(name)) if len(text) >= 3}
    for beginning in sorted(beginnings):
        for word in words[:2]:
            yield Q(name_key__startswith=beginning, name_key__contains=word)
        yield Q(name_key__startswith=beginning)
    for word in words[:3]:
        yield Q(name_key__contains=word)
