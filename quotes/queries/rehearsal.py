"""Who would have to agree to the open quotes under a playbook that might be published.

A quote that waits for approval keeps the rules it was submitted under, whatever is published; what is told of it here is what
sending it again would ask for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from crm.registry import Rehearsal, rehearsals
from crm.rules.rehearsal import JudgedQuote, Plan, Rehearsed
from playbook.schema import Playbook
from quotes.models import Revision
from quotes.rules.book import NoPrices, PriceRules, price_rules
from quotes.rules.pricing import price
from quotes.rules.reading import read
from quotes.rules.refusals import Refused
from quotes.rules.states import State


def register() -> None:
    rehearsals.add(Rehearsal(key="quotes", rank=30, judge=judge))


def judge(plan: Plan, found: Sequence[Rehearsed]) -> None:
    """Both sides of every open quote of these deals: drafts, and what waits for approval. One query."""
    if _parts(plan.before) == _parts(plan.after):
        return
    try:
        before, after = price_rules(plan.before), price_rules(plan.after)
    except NoPrices:
        return  # nothing can be quoted under one of them
    wanted = {one.subject.id: one for one in found}
    rows = Revision.objects.filter(
        quote__deal__in=list(wanted), state__in=(State.DRAFT, State.SUBMITTED), quote__deal__deleted_at__isnull=True
    )
    sides: defaultdict[int, list[tuple[JudgedQuote, JudgedQuote]]] = defaultdict(list)
    for revision in rows.select_related("quote").order_by("quote_id", "number").iterator(chunk_size=500):
        sides[revision.quote.deal_id].append((_judged(revision, before), _judged(revision, after)))
    for deal_id, pairs in sides.items():
        wanted[deal_id].before.quotes = tuple(old for old, _ in pairs)
        wanted[deal_id].after.quotes = tuple(new for _, new in pairs)


def _parts(playbook: Playbook) -> tuple[object, ...]:
    return playbook.pricing, playbook.discounts, playbook.terms, playbook.approvals


def _judged(revision: Revision, rules: PriceRules) -> JudgedQuote:
    name = revision.quote.reference
    try:
        priced = price(read(revision.ask or revision.inputs, rules), rules)
    except Refused as error:
        return JudgedQuote(revision.pk, name, refused=str(error))
    labels = {level.key: level.label for level in rules.approvals.levels}
    return JudgedQuote(revision.pk, name, tuple(labels[level] for level in priced.levels))
