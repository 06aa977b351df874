"""The price rules in force, and those of older versions."""

from __future__ import annotations

from functools import lru_cache

from crm.models import PlaybookVersion
from crm.queries import playbook as playbooks
from quotes.rules.book import PriceRules, price_rules


@lru_cache(maxsize=8)
def rules_of(number: int) -> PriceRules:
    """Of a playbook version. Raises NoPrices where it has none."""
    return price_rules(playbooks.by_number(number))


def current() -> tuple[int, PriceRules]:
    """The newest version's number and price rules. Raises NoPrices."""
    number = playbooks.current_number()
    return number, rules_of(number)


@lru_cache(maxsize=8)
def version_id(number: int) -> int:
    """The row of a version; a version's never changes."""
    return PlaybookVersion.objects.values_list("pk", flat=True).get(number=number)


@lru_cache(maxsize=8)
def digest_of(number: int) -> str:
    """The digest of a version's content, which stands for it in a fingerprint."""
    return PlaybookVersion.objects.values_list("digest", flat=True).get(number=number)
