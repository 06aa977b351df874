"""The demo's quotes: what was sold in the past, and what stands on open deals today, in every state somebody meets.

Through the product's services, each step at its own time, the worker's part too. Chance of its own, so that the deals stay as
they were drawn.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any

from crm.models import Notification, OutboxMessage, Person
from crm.queries.company import company, day_of
from crm.services.audit import Act
from deals.models import Deal
from quotes.models import Approval, Quote, Step
from quotes.services.acceptance import accept
from quotes.services.chains import compute
from quotes.services.decisions import comment, decide
from quotes.services.delegations import delegate
from quotes.services.drafts import create_quote, revise, save_draft
from quotes.services.submissions import submit, withdraw

SEED = 20_240_703
DAY = dt.timedelta(days=1)
SOCKET = 1_900
"""About what a socket comes to in a year: turns a deal's amount into a number of them."""
WORDS = {"vp": "Fits what others of their size got.", "svp": "Agreed, for the reference."}


class Offer:
    """A quote on its way: remembers the clock and whose deal it is."""

    def __init__(self, deal: Deal, people: dict[str, Person], at: dt.datetime, random: Random) -> None:
        self.deal, self.people, self.clock, self.random = deal, people, at, random
        self.seller = deal.owner

    def act(self, by: Person | None, hours: float = 1) -> Act:
        self.clock += dt.timedelta(hours=hours, minutes=self.random.randrange(3, 40))
        return Act(by=by, at=self.clock)

    def draft(self, title: str, **inputs: Any) -> Quote:
        asked = {"price_model": "per_socket", "quantity": self.sockets(), "term_years": 3} | inputs
        return create_quote(act=self.act(self.seller), deal_id=self.deal.pk, title=title, inputs=asked)

    def sockets(self) -> int:
        return max(12, int((self.deal.amount or Decimal(150_000)) / SOCKET))

    def send(self, quote: Quote) -> Approval:
        submit(act=self.act(self.seller), quote_id=quote.pk)
        approval: Approval = Approval.objects.get(revision__quote=quote, state="computing")
        compute(act=self.act(None, hours=0), approval_id=approval.pk)
        approval.refresh_from_db()
        return approval

    def decide(self, approval: Approval, verdict: str = "approve", said: str = "", steps: int = 9) -> Approval:
        """Each step in turn by whoever holds its level, up to so many."""
        for step in Step.objects.filter(approval=approval).order_by("position")[:steps]:
            decide(
                act=self.act(self.people[step.level], hours=self.random.uniform(1, 20)),
                approval_id=approval.pk,
                position=step.position,
                verdict=verdict,
                fingerprint=approval.fingerprint,
                comment=said or WORDS[step.level],
            )
        approval.refresh_from_db()
        return approval

    def sign(self, approval: Approval) -> None:
        act = self.act(self.seller, hours=30)
        accept(act=act, quote_id=approval.revision.quote_id, fingerprint=approval.fingerprint)


def sell(deal: Deal, people: dict[str, Person], *, before: dt.datetime, competitor: str, number: int) -> None:
    """What a deal that is about to be won was sold for, in the week before."""
    random = Random(SEED + number)
    offer = Offer(deal, people, before - 6 * DAY, random)
    given = {
        "strategic": {
            "reason": "displacement" if competitor == "vmware" else random.choice(("lighthouse", "first_in_vertical")),
            "percent": str(random.choice((5, 7.5, 10, 12.5, 15))),
            "got": random.sample(("reference", "case_study", "timing", "expansion"), 2),
        }
    }
    inputs: dict[str, Any] = {"term_years": random.choice((1, 2, 3, 3, 3)), "prepaid": random.random() < 0.4}
    inputs |= given if random.random() < 0.6 else {}
    inputs |= {"partner_tier": "silver"} if random.random() < 0.2 else {}
    offer.sign(offer.decide(offer.send(offer.draft("Subscription", **inputs))))


def make_quotes(people: dict[str, Person], now: dt.datetime) -> None:
    """On open deals in US dollars, each in another state."""
    late = ("proposal", "negotiation", "poc", "demo", "qualified")
    rows = Deal.objects.open().filter(currency="USD", stage__in=late, amount__gte=80_000).select_related("owner")
    deals = sorted(rows, key=lambda deal: (deal.owner.username != "rep", late.index(deal.stage), deal.pk))
    for number, (deal, play) in enumerate(zip(deals, PLAYS, strict=False)):
        play(Offer(deal, people, now - 2 * DAY, Random(SEED + 1_000 + number)))
    sue, vik = people["svp"], people["vp"]
    first = day_of(company(), now) + 12 * DAY
    delegate(
        act=Act(by=sue, at=now - DAY),
        approver_id=sue.pk,
        stand_in_id=vik.pk,
        from_date=first,
        to_date=first + 9 * DAY,
        reason="On leave",
    )
    # Nobody needs to be sent what is over; what waits today stands in queues and bells.
    OutboxMessage.objects.filter(key__startswith="approval:").delete()
    Notification.objects.filter(kind__startswith="approval", at__lt=now - 7 * DAY).delete()


def _lighthouse(percent: str, **inputs: Any) -> dict[str, Any]:
    return {"strategic": {"reason": "lighthouse", "percent": percent, "got": ["reference", "case_study"]}, **inputs}


def _waits_for_svp(offer: Offer) -> None:
    """The sales playbook's own example, with a liability cap that the VP has to agree to first."""
    asked = _lighthouse("10", quantity=500, prepaid=True, liability_cap="months_24")
    approval = offer.send(offer.draft("Platform for three years, prepaid", **asked))
    comment(act=offer.act(offer.people["vp"]), approval_id=approval.pk, text="Is the reference in writing?")
    comment(act=offer.act(offer.seller), approval_id=approval.pk, text="Their CIO confirmed it by e-mail today.")
    offer.decide(approval, said="With the reference in writing.", steps=1)


def _waits_for_vp(offer: Offer) -> None:
    offer.send(offer.draft("Four years", term_years=4, prepaid=True))


def _within_the_rules(offer: Offer) -> None:
    offer.send(offer.draft("Subscription with a gold partner", partner_tier="gold", deal_registered=True))


def _sent_back(offer: Offer) -> None:
    approval = offer.send(offer.draft("First offer", **_lighthouse("25")))
    offer.decide(approval, "send_back", "25 % for one reference is a lot. Ask for the case study too, and try 15.")
    quote = revise(act=offer.act(offer.seller, hours=3), quote_id=approval.revision.quote_id)
    inputs = approval.revision.inputs | _lighthouse("15", prepaid=True)
    save_draft(act=offer.act(offer.seller), quote_id=quote.pk, inputs=inputs)


def _rejected(offer: Offer) -> None:
    approval = offer.send(offer.draft("All they asked for", **_lighthouse("30", liability_cap="unlimited")))
    offer.decide(approval, "reject", "No unlimited liability. Everything else we can talk about.")


def _approved(offer: Offer) -> None:
    offer.decide(offer.send(offer.draft("Edge sites", price_model="per_node", quantity=500, **_lighthouse("10"))))


def _withdrawn(offer: Offer) -> None:
    quote = offer.draft("Five years", term_years=5)
    offer.send(quote)
    withdraw(act=offer.act(offer.seller), quote_id=quote.pk, why="Procurement wants three years after all.")


def _ramp(offer: Offer) -> None:
    offer.draft("A ramp over three years", quantity=[50, 200, 500])


def _unfinished(offer: Offer) -> None:
    offer.draft(
        "Nodes and services", price_model="per_node", quantity="", lines=[{"kind": "service", "label": "Setup"}]
    )


PLAYS = (
    _waits_for_svp,
    _within_the_rules,
    _sent_back,
    _waits_for_vp,
    _ramp,
    _approved,
    _rejected,
    _unfinished,
    _waits_for_vp,
    _withdrawn,
    _within_the_rules,
)
"""In the order of the deals: Rae's first."""
