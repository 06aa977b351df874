"""The customer said yes: the deal takes over what was sold, and keeps what was given for what."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from crm.lib.errors import Clash, Invalid
from crm.models import Product
from crm.queries.company import company, day_of
from crm.rules.fact_words import show_date
from crm.services.audit import Act
from deals.models import Deal
from deals.services.base import locked_deal
from deals.services.deals import update_deal
from quotes.models import Approval, ApprovalState, Concession, Quote, Revision
from quotes.queries.approvers import rules_for
from quotes.queries.standing import priced_again, standing
from quotes.rules.pricing import Priced
from quotes.rules.selling import given, sold
from quotes.rules.states import LABELS, State
from quotes.services import telling
from quotes.services.base import locked_approval, locked_quote, touch, void


def accept(*, act: Act, quote_id: int, fingerprint: str, expected_version: int | None = None) -> Quote:
    """The approved revision with this fingerprint is what the customer signed.

    In one transaction the deal gets its amount (`arr`: what comes again every year, see `quotes.rules.selling`), currency, term
    and product lines in place of what stood there, the gives and gets are kept with it, and the revision is accepted. Other
    quotes of the deal, and a draft of this one, stay as they are.

    Raises as `locked_quote`; Clash for a closed deal, where nothing is approved, for another fingerprint, after the day it was
    valid until, where the deal can't take it over (says why), and where what stands there is not what was approved: that is
    then void.
    """
    with transaction.atomic():
        deal_id = Quote.objects.visible_to(act.by).values_list("deal", flat=True).get(pk=quote_id) if act.by else None
        if deal_id is not None:
            locked_deal(act, deal_id, must_be_open=True)
        quote = locked_quote(act, quote_id, expected_version=expected_version)
        if not quote.deal.is_open:
            raise Clash(f"The deal is {quote.deal.get_outcome_display().lower()}. Reopen it first.")
        approval = _approved(quote)
        why = standing(approval)
        if why:
            void(act, approval, why)
        else:
            _refuse_another(approval, fingerprint, act)
            _accept(quote, approval, act)
            return quote
    raise Clash(f"This approval is void. {why} Nothing was accepted.")


def _approved(quote: Quote) -> Approval:
    states = {state: number for number, state in quote.revisions.values_list("number", "state")}
    if State.ACCEPTED in states:
        raise Clash(f"The customer accepted revision {states[State.ACCEPTED]} of this quote already.")
    rows = quote.revisions.filter(state=State.APPROVED, approval__state=ApprovalState.APPROVED).order_by("-number")
    pk = rows.values_list("approval", flat=True).first()
    if pk is None:
        now = LABELS[State(quote.state)].lower()
        raise Clash(f"Only an approved quote can be accepted. This one is: {now}.")
    approval = locked_approval(Act(by=None), pk)
    approval.revision.quote = quote
    return approval


def _refuse_another(approval: Approval, fingerprint: str, act: Act) -> None:
    revision = approval.revision
    if fingerprint != approval.fingerprint:
        raise Clash(f"What is approved is revision {revision.number}, not what you were looking at. Look at it again.")
    until, today = revision.valid_until, day_of(company(), act.now)
    if until is not None and until < today:
        raise Clash(f"It was valid until {show_date(until.isoformat())}. Revise the quote and have it approved again.")


def _accept(quote: Quote, approval: Approval, act: Act) -> None:
    revision, rules = approval.revision, rules_for(approval)
    priced = priced_again(revision)
    _sell(quote, revision, priced, sold(priced, rules), act)
    Concession.objects.bulk_create(
        Concession(
            deal_id=quote.deal_id,
            revision=revision,
            given=rule,
            given_text=text[:300],
            got=list(got),
            note=note,
            made_at=act.now,
        )
        for rule, text, got, note in given(priced.ask, rules)
    )
    revision.state, revision.accepted_by, revision.accepted_at = State.ACCEPTED, act.by, act.now
    revision.save(update_fields=["state", "accepted_by", "accepted_at"])
    state = (LABELS[State.APPROVED], LABELS[State.ACCEPTED])
    changes = {"revision": (None, revision.number), "state": state, "total": (None, revision.total)}
    touch(quote, act=act, verb="accepted", changes=changes, latest=revision)
    telling.tell_of_acceptance(act, approval)


def _sell(quote: Quote, revision: Revision, priced: Priced, parts: tuple[tuple[str, Decimal], ...], act: Act) -> None:
    values = {
        "amount": revision.arr,
        "currency": quote.currency,
        "term_months": 12 * priced.ask.term_years,
        "lines": _lines(quote.deal, parts),
    }
    try:
        update_deal(act=act, deal_id=quote.deal_id, values=values)
    except Invalid as error:
        raise Clash(f"The deal can't take this over: {error}") from error


def _lines(deal: Deal, parts: tuple[tuple[str, Decimal], ...]) -> list[Mapping[str, Any]]:
    """As the deal's service takes them. A quote that names no product, or one that is gone, leaves the deal's products, without
    amounts: nobody knows which part is whose."""
    known = set(Product.objects.filter(key__in=[key for key, _ in parts]).values_list("key", flat=True))
    if parts and known == {key for key, _ in parts}:
        return [{"product": key, "amount": amount} for key, amount in parts]
    return [{"product": line.product.key, "amount": None} for line in deal.lines.select_related("product")]
