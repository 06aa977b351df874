"""Sending a draft for approval, and taking it back."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from crm.lib.errors import Clash, Invalid
from crm.models import PlaybookVersion, Product
from crm.queries.company import company, day_of
from crm.rules.fact_words import show_date
from crm.rules.formatting import money
from crm.services import jobs
from crm.services.audit import Act
from deals.models import Deal
from quotes.models import Approval, ApprovalState, Quote, Revision
from quotes.queries import prices
from quotes.queries.people import named_on
from quotes.queries.preview import rivals_on
from quotes.queries.standing import extra_of, fingerprint_of
from quotes.rules.asking import Ask
from quotes.rules.book import PriceRules
from quotes.rules.pricing import Priced
from quotes.rules.refusals import Refused
from quotes.rules.states import State
from quotes.rules.stored import priced_json
from quotes.rules.warnings import before_sending, displaces_nobody
from quotes.services import telling
from quotes.services.base import locked_approval, locked_quote, settle, touch, void
from quotes.services.drafts import take_price, tried

CHAIN_TASK = "quotes.tasks.compute_chain"


def submit(*, act: Act, quote_id: int, expected_version: int | None = None) -> Quote:
    """Sends the draft as it was saved for approval; a worker then says who has to agree, or approves it at once.

    It is priced again by the playbook in force. Where that comes to something else than was saved, the draft is saved with it
    and Clash says so: nobody sends what they have not seen. Raises as `locked_quote`; Invalid by field with whatever keeps it
    from being priced or sent; Clash without a draft, on a closed deal and for a quote the customer has accepted.
    """
    with transaction.atomic():
        quote = locked_quote(act, quote_id, expected_version=expected_version)
        draft = _draft(quote)
        number, rules = prices.current()
        priced, refusals = tried(draft.inputs, number)
        if priced is None:
            raise Invalid(Refused(refusals).by_field())
        said = _repriced(quote, draft, priced, number, rules)
        if said:
            _keep(quote, draft, priced, number, rules, act)
        else:
            _refuse(priced, rules, quote.deal)
            _submit(quote, draft, priced, number, rules, act)
            return quote
    raise Clash(said)


@transaction.atomic
def withdraw(*, act: Act, quote_id: int, expected_version: int | None = None, why: str = "") -> Quote:
    """Takes back what waits for approval or has it; the next revision begins with the same. Raises as `locked_quote`, and
    Clash where nothing waits and nothing is approved."""
    quote = locked_quote(act, quote_id, expected_version=expected_version)
    out = quote.revisions.filter(state__in=(State.SUBMITTED, State.APPROVED)).order_by("-number").first()
    if out is None:
        raise Clash("Nothing of this quote waits for approval or has it.")
    approval = locked_approval(dataclasses.replace(act, by=None), out.approval.pk)
    approval.revision.quote = quote
    asked = telling.asked_now(approval, act)
    settle(approval, ApprovalState.WITHDRAWN, act=dataclasses.replace(act, why=why.strip()), verb="withdrawn")
    telling.tell_of_withdrawal(act, approval, asked)
    return quote


def _draft(quote: Quote) -> Revision:
    if not quote.deal.is_open:
        raise Clash(f"The deal is {quote.deal.get_outcome_display().lower()}. Reopen it before you send a quote.")
    states = dict(quote.revisions.values_list("state", "number"))
    if State.ACCEPTED in states:
        raise Clash(f"The customer accepted revision {states[State.ACCEPTED]}. Duplicate the quote for another offer.")
    rows = quote.revisions.select_related("playbook").defer("playbook__data")
    draft: Revision | None = rows.filter(state=State.DRAFT).first()
    if draft is None:
        raise Clash("There is no draft to send. Revise the quote first.")
    return draft


def _repriced(quote: Quote, draft: Revision, priced: Priced, number: int, rules: PriceRules) -> str:
    """What became of a draft since it was saved, under another playbook or a hand that changed it; "" where it is what was seen."""
    new, old = priced_json(priced), draft.priced or {}
    since = "By the playbook in force since then" if draft.playbook.number != number else "Worked out again,"
    then = "Look at it, then send it."
    if draft.total is None:
        return f"{since} this can be had, for {money(priced.total, rules.currency)}. {then}"
    if draft.total != priced.total or quote.currency != rules.currency:
        before, now = money(draft.total, quote.currency), money(priced.total, rules.currency)
        return f"{since} it comes to {now} instead of {before}. {then}"
    if _levels(old) != _levels(new):
        return f"{since} others have to agree. {then}"
    if old.get("years") != new["years"]:
        return f"{since} its prices are others. {then}"
    return ""


def _levels(priced: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    return [(one["level"], [rule["rule"] for rule in one["rules"]]) for one in priced.get("approvals", [])]


def _keep(quote: Quote, draft: Revision, priced: Priced, number: int, rules: PriceRules, act: Act) -> None:
    """The draft with its new price, as if it had just been saved; who drafted it stays."""
    old = draft.total
    take_price(draft, priced)
    draft.refusals, draft.playbook_id = [], prices.version_id(number)
    draft.save()
    if quote.currency != rules.currency:
        quote.currency = rules.currency
        Quote.objects.filter(pk=quote.pk).update(currency=rules.currency)
    touch(quote, act=act, verb="repriced", changes={"total": (old, draft.total)}, latest=draft)


def _refuse(priced: Priced, rules: PriceRules, deal: Deal) -> None:
    """Raises Invalid by field for what may be drafted and not sent."""
    found = before_sending((*priced.warnings, *displaces_nobody(priced.ask, rules, rivals_on(deal))))
    errors = Refused(found).by_field() | _unknown_products(priced.ask)
    if errors:
        raise Invalid(errors)


def _unknown_products(ask: Ask) -> dict[str, list[str]]:
    named = {line.product for line in ask.lines if line.product}
    known = set(Product.objects.filter(key__in=named, in_playbook=True).values_list("key", flat=True))
    return {
        f"lines.{place}.product": ["Choose one of the playbook's products."]
        for place, line in enumerate(ask.lines)
        if line.product and line.product not in known
    }


def _submit(quote: Quote, draft: Revision, priced: Priced, number: int, rules: PriceRules, act: Act) -> None:
    assert act.by is not None, "somebody asks for an approval"
    replaced = list(quote.revisions.filter(state=State.APPROVED).values_list("approval", flat=True))
    draft.playbook, draft.refusals = _version(number), []
    take_price(draft, priced)
    draft.valid_until = _valid_until(draft, rules, act)
    draft.segment = quote.deal.account.segment
    draft.extra = extra_of(quote, draft) | named_on(quote.deal, act.by, day_of(company(), act.now))
    draft.fingerprint = fingerprint_of(priced.ask, draft)
    draft.state, draft.submitted_by, draft.submitted_at = State.SUBMITTED, act.by, act.now
    draft.save()
    for approval_id in replaced:
        old = locked_approval(Act(by=None, at=act.at), approval_id)
        old.revision.quote = quote
        void(act, old, f"Revision {draft.number} was submitted in its place.")
    approval = Approval.objects.create(
        revision=draft, fingerprint=draft.fingerprint, requested_by=act.by, requested_at=act.now
    )
    jobs.enqueue(
        CHAIN_TASK,
        key=f"chain:{approval.pk}",
        args={"approval_id": approval.pk},
        label=f"Approvals of {quote.reference}",
        by=act.by,
        is_first=True,
    )
    changes = {"revision": (None, draft.number), "total": (None, draft.total), "valid_until": (None, draft.valid_until)}
    touch(quote, act=act, verb="submitted", changes=changes, latest=draft)


def _version(number: int) -> PlaybookVersion:
    return PlaybookVersion.objects.defer("data").get(number=number)


def _valid_until(draft: Revision, rules: PriceRules, act: Act) -> dt.date:
    today = day_of(company(), act.now)
    if draft.valid_until is None:
        return today + dt.timedelta(days=rules.terms.validity_days)
    if draft.valid_until < today:
        said = f"It was valid until {show_date(draft.valid_until.isoformat())}. Choose today or a later day, or none."
        raise Invalid({"valid_until": said})
    return draft.valid_until
