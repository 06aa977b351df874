"""A revision of a quote as its customer gets it.

Everything comes from what the revision keeps: its price, its ask, the names of the day it was submitted, and the playbook version
it is pinned to. Nothing is read from the deal or the account, unless it is a draft, which has nothing else yet.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from crm.queries import playbook as playbooks
from crm.queries.company import company, day_of
from quotes.models import Approval, ApprovalState, Revision
from quotes.queries import prices
from quotes.queries.people import named_on
from quotes.queries.standing import extra_of, standing
from quotes.rules.reading import read
from quotes.rules.refusals import Refused
from quotes.rules.states import State
from reports.documents.frame import Document
from reports.rules.quotes import long_date, paper

NO_OFFER = "Draft, not an offer"
SHORT = 8
"""Characters of a fingerprint by which people compare two papers."""


class NotPriced(Exception):
    """There is nothing to print; `sentences` say why."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def is_offer(revision: Revision) -> bool:
    """Approved or accepted, and that approval still of what is stored: looked at each time, never believed."""
    if revision.state not in (State.APPROVED, State.ACCEPTED):
        return False
    approval = Approval.objects.filter(revision=revision, state=ApprovalState.APPROVED).first()
    if approval is None:
        return False
    approval.revision = revision
    return not standing(approval)


def quote_document(revision: Revision) -> Document:
    """`revision` with its playbook (data left out), quote, deal and account. Raises NotPriced."""
    quote, number = revision.quote, revision.playbook.number
    if revision.priced is None or revision.ask is None:
        raise NotPriced([one["text"] for one in revision.refusals] or ["It has no lines yet."])
    rules = prices.rules_of(number)
    whole = playbooks.by_number(number)
    try:
        ask = read(revision.ask, rules)
    except Refused as error:
        raise NotPriced([one.text for one in error.refusals]) from error
    said, offer = _said(revision), is_offer(revision)
    shown = paper(ask, revision.priced, rules, {product.key: product.label for product in whole.products})
    ours = whole.identity.company
    title = f"Quote {quote.reference} for {said['customer']}"
    marks = {"quote": quote.reference, "revision": str(revision.number), "playbook": str(number)}
    if revision.fingerprint:
        marks["fingerprint"] = revision.fingerprint
    return Document(
        template="quotes/print/quote.html",
        name=f"{quote.reference} revision {revision.number}",
        title=title if offer else f"{title} ({NO_OFFER.lower()})",
        author=ours,
        sheet="quote.css",
        footer=_footer(revision, number),
        made_at=revision.submitted_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if revision.submitted_at
        else "",
        watermark="" if offer else NO_OFFER,
        rows=shown.rows,
        marks=marks,
        values={
            "paper": shown,
            "said": said,
            "ours": ours,
            "sides": (said["customer"], ours),
            "reference": quote.reference,
            "revision": revision.number,
            "day": long_date(said.get("day")),
            "valid_until": long_date(said.get("valid_until")),
        },
    )


def _said(revision: Revision) -> dict[str, Any]:
    """What the paper says besides the price: as it was submitted, or, of a draft, as it would be today."""
    if revision.extra:
        return dict(revision.extra)
    quote, day = revision.quote, day_of(company(), revision.drafted_at)
    return extra_of(quote, revision) | named_on(quote.deal, revision.drafted_by, day)


def _footer(revision: Revision, playbook: int) -> str:
    parts = [revision.quote.reference, f"revision {revision.number}"]
    if revision.fingerprint:
        parts.append(f"fingerprint {revision.fingerprint[:SHORT]}")
    return " · ".join((*parts, f"playbook version {playbook}"))
