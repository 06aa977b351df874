"""Whether an approval still is of what is stored: worked out anew wherever it matters, never believed.

Pages and services can't change a submitted revision; an import, a script or a hand on the database can. What they leave
behind has another price than its own rules give, or another fingerprint than was approved, and so does not stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crm.queries.merging import survivors
from crm.rules.currencies import to_cents
from crm.rules.formatting import money
from quotes.models import Approval, Quote, Revision
from quotes.queries import prices
from quotes.rules.asking import Ask
from quotes.rules.pricing import Priced, price
from quotes.rules.reading import read
from quotes.rules.refusals import Refused
from quotes.rules.states import State
from quotes.rules.stored import ask_json, fingerprint, priced_json

TEXTS = ("warnings", "because", "rules")
"""What is said about a price: a later release may say it in other words."""


def priced_again(revision: Revision) -> Priced:
    """What a revision asks for, priced by the rules of its own playbook version. Raises Refused."""
    rules = prices.rules_of(revision.playbook.number)
    return price(read(revision.ask or {}, rules), rules)


def extra_of(quote: Quote, revision: Revision) -> dict[str, Any]:
    """What the paper says besides the price, as it stands now."""
    account, until = quote.deal.account, revision.valid_until
    return {
        "account": account.pk,
        "customer": account.name,
        "currency": quote.currency,
        "valid_until": until.isoformat() if until else None,
        "note": revision.note,
        "title": quote.title,
    }


def fingerprint_of(ask: Ask, revision: Revision) -> str:
    return fingerprint(ask, playbook=prices.digest_of(revision.playbook.number), extra=revision.extra)


def standing(approval: Approval) -> str:
    """Why an approval does not hold for what is stored; "" where it does.

    The customer's name and the quote's title are those of the day it was submitted: a deal that went to another account is
    another offer, an account that was renamed or merged is not. What a customer accepted is theirs, wherever the deal goes.
    """
    revision = approval.revision
    if not isinstance(revision.ask, dict) or not isinstance(revision.extra, dict):
        return "What it asks for can't be read any more."
    try:
        priced = priced_again(revision)
    except Refused as error:
        return f"What it asks for can't be had any more: {error}"
    return next(_differences(approval, revision, priced), "")


def _differences(approval: Approval, revision: Revision, priced: Priced) -> Iterator[str]:
    quote, said = revision.quote, revision.extra
    theirs, may_move = said.get("account"), revision.state == State.ACCEPTED
    if not may_move and theirs != quote.deal.account_id and not _merged(theirs, quote.deal.account_id):
        yield f"It was made for {said.get('customer', 'another customer')}; its deal is with {quote.deal.account} now."
    if said.get("currency") != quote.currency:
        yield f"It was submitted in {said.get('currency')} and is in {quote.currency} now."
    now = extra_of(quote, revision)
    for name, label in (("valid_until", "The day it is valid until"), ("note", "Its note to the customer")):
        if said.get(name) != now[name]:
            yield f"{label} is another than was submitted."
    if revision.total != priced.total:
        there = f"{money(priced.total, quote.currency)} by its own rules"
        yield f"It comes to {there}, not to the {money(revision.total, quote.currency)} that stand there."
    kept = (revision.arr, revision.yearly, revision.discount_percent)
    figures = (priced.arr, to_cents(priced.yearly), priced.discount_percent)
    if kept != figures or _figures(revision.priced) != _figures(priced_json(priced)):
        yield "The prices that stand there are not those its own rules give."
    found = fingerprint_of(priced.ask, revision)
    if ask_json(priced.ask) != revision.ask or not found == revision.fingerprint == approval.fingerprint:
        yield "What it says is not what was submitted."


def _merged(before: Any, now: int) -> bool:
    return isinstance(before, int) and survivors("account", [before]).get(before) == now


def _figures(value: Any) -> Any:
    """A stored price without what is said about it."""
    if isinstance(value, dict):
        return {key: _figures(inner) for key, inner in value.items() if key not in TEXTS}
    return [_figures(inner) for inner in value] if isinstance(value, list) else value
